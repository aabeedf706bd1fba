import Table from "cli-table3";
import type * as z from "zod";
import type * as forms from "#shared/api/forms.ts";
import { decimalOf, type Money } from "#shared/case/money.ts";

const plain = { style: { head: [], border: [], compact: true } };

/** Lines of cells under a head. What came from outside cannot move the cursor or turn the line around. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[], whenNone: string): string {
  if (rows.length === 0) return whenNone;
  const table = new Table({ head: [...head], ...plain });
  for (const row of rows) table.push(row.map(harmless));
  return table.toString();
}

/** Without control characters, bidirectional overrides and zero-width characters. */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ");
}

const money = (sum: Money | undefined) => (sum ? `${decimalOf(sum)} ${sum.currency}` : "");
const time = (instant: string | undefined) => (instant ? `${instant.slice(0, 10)} ${instant.slice(11, 16)}` : "");

export function showRows({ cases }: { cases: z.infer<typeof forms.worklistRowForm>[] }): string {
  const rows = cases.map((each) => [
    each.caseId,
    each.type,
    each.state,
    time(each.deadline?.dueAt),
    each.deadline?.onExpiry ?? "",
    money(each.expectedLoss),
    [...each.proposed, ...(each.tasks > 0 ? [`${each.tasks} to do`] : [])].join(" "),
  ]);
  const head = ["case", "type", "state", "due (UTC)", "then", "expected loss", "waits for you"];
  return tableOf(head, rows, "no cases");
}

export function showWorklist(list: z.infer<typeof forms.worklistForm>): string {
  return [showRows(list), ...(list.next ? [`more: --cursor ${list.next}`] : [])].join("\n");
}

export function showCase({ case: subject, timeline, consoleLink, evidence }: z.infer<typeof forms.caseForm>): string {
  const { facts, commands, tasks, deadlines } = subject;
  const facing = [
    ["case", subject.caseId],
    ["type", facts.type.known ? facts.type.value : `unknown (${facts.type.raw})`],
    ["state", facts.state.known ? facts.state.value : `unknown (${facts.state.raw})`],
    ["waits on", facts.waitingOn],
    ["orders", facts.orders.map(({ orderId }) => orderId).join(", ")],
    ["reason", facts.reason.code],
    ["claimed", money(facts.money.claimed)],
    ["settled", money(facts.money.settled)],
    ["flags", facts.flags.join(", ")],
    ["console", consoleLink ?? ""],
  ].filter(([, value]) => value !== "");
  const parts = [
    facing.map(([name = "", value = ""]) => `${name.padEnd(9)}${harmless(value)}`).join("\n"),
    tableOf(
      ["clock", "due (UTC)", "then", "status", "from"],
      deadlines.map(({ kind, dueAt, onExpiry, status, source }) => [kind, time(dueAt), onExpiry, status, source.from]),
      "no clocks",
    ),
    tableOf(
      ["command", "status", "asked by", "problem"],
      commands.map(({ commandId, status, askedBy, problem = "" }) => [commandId, status, askedBy, problem]),
      "no commands",
    ),
    ...evidence.map(({ evidence: file, link }) => {
      const what = file.status === "kept" ? `${file.mediaType}, sha256 ${file.sha256}` : file.status;
      const why = file.status === "refused" ? [file.why, harmless(file.host ?? "")] : [];
      return [`${file.evidenceId} shown by ${harmless(file.source)}: ${what}`, ...why, link].filter(Boolean).join("  ");
    }),
    ...tasks.map(({ what, dueAt, link }) => `to do: ${[harmless(what), time(dueAt), link].filter(Boolean).join("  ")}`),
    tableOf(
      ["when (UTC)", "what", "details"],
      timeline.map(({ news }) => [time(news.at), news.name, detailsOf(news.data)]),
      "no story yet",
    ),
  ];
  return parts.join("\n\n");
}

/** The plain values of a piece of news, in one line. */
function detailsOf(data: object): string {
  const plainOnes = Object.entries(data).filter(([, value]) => typeof value !== "object");
  return plainOnes
    .map(([name, value]) => `${name}=${value}`)
    .join(" ")
    .slice(0, 70);
}

export function showShops({ shops }: z.infer<typeof forms.shopsForm>): string {
  const rows = shops.map(({ channel, shopId, name, mode, status, addresses }) => [
    ...[channel, shopId, name, mode, status],
    String(addresses.length),
  ]);
  return tableOf(["channel", "shop", "name", "mode", "status", "addresses"], rows, "no shops");
}

export const showShop = (shop: z.infer<typeof forms.shopForm>): string => showShops({ shops: [shop] });

export function showCommand({ commandId, status, caseId }: z.infer<typeof forms.commandAnswerForm>): string {
  return `${commandId} on ${caseId} is ${status}`;
}

export function showOperator({ personId, role, tenantId }: z.infer<typeof forms.operatorForm>): string {
  return `${harmless(personId)}, ${role} of ${tenantId}`;
}

export function showAddresses({ addresses, links }: z.infer<typeof forms.addressesForm>): string {
  const rows = addresses.map(({ version, warehouse: { addressId, name, region, markets, intake } }) => [
    ...[addressId, name, region, markets.join(" "), intake, String(version)],
    links
      .filter(({ linked }) => linked.some((each) => each.addressId === addressId))
      .map(({ channel, shopId }) => `${channel}:${shopId}`)
      .join(" "),
  ]);
  const lost = links.flatMap(({ channel, shopId, lost }) =>
    lost.map((addressId) => `${channel}:${shopId} no longer lists the id of ${addressId}`),
  );
  const unlinked = links.flatMap(({ channel, shopId, unlinked }) =>
    unlinked.map(
      ({ addressId, label }) => `${channel}:${shopId} lists ${addressId}, no warehouse of ours: ${harmless(label)}`,
    ),
  );
  const head = ["id", "name", "region", "markets", "intake", "version", "listed in"];
  return [tableOf(head, rows, "no warehouses"), ...lost, ...unlinked].join("\n");
}

export function showAddress({ version, warehouse }: z.infer<typeof forms.addressForm>): string {
  return `${warehouse.addressId} is at version ${version}`;
}

/** What a rule asks of the goods, in the order in which the rules are asked. */
export function showAddressRules({ version, rules }: z.infer<typeof forms.savedAddressRulesForm>): string {
  const rows = rules.rules.map(({ id, to, ...asks }) => [
    id,
    Object.entries(asks)
      .map(([what, of]) => `${what}: ${of?.join(" ")}`)
      .join("; ") || "anything",
    to === "nearest" ? to : to.join(", "),
  ]);
  const table = tableOf(["rule", "goods", "to"], rows, "no rules");
  return [table, `otherwise: ${rules.usual ?? "the only one that can take them"}`, `version ${version}`].join("\n");
}

export function showInstructions(answer: z.infer<typeof forms.instructionsForm>): string {
  const passed = answer.passedOver.map(({ addressId, why }) => `passed over: ${addressId} (${why})`);
  if (!answer.found) return ["no warehouse can take the goods", ...passed].join("\n");
  const to = `to ${answer.addressId} by ${answer.rule}${answer.platformId ? `, ${answer.platformId} on the channel` : ""}`;
  // The isolates of a text that runs from the right are wanted here; the rest of the line is ours.
  return [to, ...passed, "", answer.text ?? ""].join("\n");
}

export function showLink({ url, expiresAt }: z.infer<typeof forms.authorizationLinkForm>): string {
  return `Open this in the browser of whoever has the shop's account, before ${time(expiresAt)} UTC:\n${url}`;
}
