import type { Problem } from "#shared/api/problem.ts";
import { type Case, channelVersionOf } from "#shared/case/case.ts";
import type { Command } from "#shared/case/command.ts";
import { approve, plan, settle } from "#shared/case/commands.ts";
import { type CaseId, partsOf } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import { limitsOf } from "#shared/case/write-limits.ts";
import type { Operator } from "./operator.ts";
import { refusal } from "./refusal.ts";
import type { Deps, Work } from "./works.ts";

type Decision = { next: Case; commandId: string } | Problem;

export const planCommand: Work<"plan_command"> = async ({ operator, params: { caseId }, body }, deps) => {
  const { action, args } = body;
  const place = placeOf(caseId);
  const found = place && (await deps.store.shops.get({ tenantId: operator.tenantId, ...place }));
  if (!found) return { problem: "not_found" };
  const { needs = [], wholeClaimOnly = false } = deps.connectorOf(found.shop.channel).actions?.[action] ?? {};
  const limits = limitsOf(await deps.store.limits.get(operator.tenantId), found.shop);
  const addresses = found.shop.addresses.map(({ addressId }) => addressId);
  const missing = needs.filter((name) => args[name] === undefined);
  return decide(caseId, operator, deps, (current, { askedBy, now }) => {
    if (missing.length > 0) return refusal("argument_missing", `It needs ${missing.join(", ")}.`);
    const decidedOnVersion = channelVersionOf(current);
    const planned = plan(current, {
      ...{ action, args, askedBy, mode: found.shop.mode, decidedOnVersion, now, limits, addresses },
      channel: { offered: true, needs, wholeClaimOnly },
    });
    return planned.ok ? { next: planned.next, commandId: planned.command.commandId } : refusal(planned.reason);
  });
};

export const approveCommand: Work<"approve_command"> = async ({ operator, params }, deps) =>
  decide(params.caseId, operator, deps, (current, { askedBy, now }) => {
    if (!commandIn(current, params.commandId)) return { problem: "not_found" };
    const approved = approve(current, params.commandId, askedBy, now);
    return approved.ok ? { next: approved.next, commandId: params.commandId } : refusal(approved.reason);
  });

export const cancelCommand: Work<"cancel_command"> = async ({ operator, params }, deps) =>
  decide(params.caseId, operator, deps, (current, { askedBy, now }) => {
    const command = commandIn(current, params.commandId);
    if (!command) return { problem: "not_found" };
    if (command.status !== "proposed" && command.status !== "planned") return refusal("not_cancellable");
    const next = settle(current, command.commandId, { as: "expired", problem: `cancelled by ${askedBy}`, now });
    return next ? { next, commandId: command.commandId } : refusal("not_cancellable");
  });

/** Decides on the case as it is, again from the start when another was faster. @throws SuiteError `case_not_found`, `case_changed` */
async function decide(
  caseId: CaseId,
  { tenantId, personId }: Operator,
  { store, clock }: Deps,
  on: (current: Case, by: { askedBy: string; now: string }) => Decision,
) {
  let decided: Decision = { problem: "not_found" };
  const { current } = await store.cases.change(tenantId, caseId, (before) => {
    decided = on(before, { askedBy: `person:${personId}`, now: instant(clock.now()) });
    return "next" in decided ? decided.next : undefined;
  });
  const outcome = decided as Decision; // it was decided inside the call
  if (!("next" in outcome)) return outcome;
  const { commandId } = outcome;
  return { caseId, commandId, status: commandIn(current, commandId)?.status ?? "planned" };
}

function commandIn({ commands }: Case, commandId: string): Command | undefined {
  return commands.find((each) => each.commandId === commandId);
}

/** Undefined for an id that no case of ours can have. */
function placeOf(caseId: CaseId) {
  try {
    const { channel, shopId } = partsOf(caseId);
    return { channel, shopId };
  } catch (fault) {
    if (fault instanceof RangeError) return undefined;
    throw fault;
  }
}
