import { type Case, stateOf } from "#shared/case/case.ts";
import { type Action, isOpen } from "#shared/case/command.ts";
import { demoTenant, type LocalStack } from "../stack.ts";

const answers: Readonly<Record<string, Action>> = {
  refund_only: "agree_refund",
  return_refund: "agree_return",
  exchange: "agree_exchange",
  reissue: "agree_reissue",
  repair: "agree_repair",
};

/** Of ten cases that ask for a person, this many get one in time; the rest is for rules, or is missed. */
const seenOfTen = 6;

/** One round of the merchant's people over what waits for them. Overworked: some cases they never look at. */
export async function workRound({ desk, call, shops }: LocalStack): Promise<number> {
  const addresses = new Map<string, string | undefined>();
  for (const { shop } of await Promise.all(shops.map((each) => found(desk, each.shopId, each.market.channel)))) {
    addresses.set(shop.shopId, shop.addresses.find(({ isDefault }) => isDefault)?.addressId);
  }
  let answered = 0;
  for await (const subject of desk.store.cases.worklist(demoTenant, "merchant")) {
    const action = answerTo(subject);
    if (!action) continue;
    const { tenantId, caseId, shopId } = subject;
    const addressId = action === "agree_refund" ? undefined : addresses.get(shopId);
    await call("plan-command", { tenantId, caseId, personId: "demo", action, args: addressId ? { addressId } : {} });
    answered++;
  }
  return answered;
}

async function found(desk: LocalStack["desk"], shopId: string, channel: string) {
  const key = { tenantId: demoTenant, shopId, channel } as Parameters<typeof desk.store.shops.get>[0];
  const connected = await desk.store.shops.get(key);
  if (!connected) throw new Error(`The shop ${shopId} is not connected.`);
  return connected;
}

function answerTo(subject: Case): Action | undefined {
  const { type, flags, dispute } = subject.facts;
  if (!type.known || subject.decision?.action !== "ask_person" || flags.includes("not_actionable")) return undefined;
  if (!dispute.status.known || dispute.status.value !== "none") return undefined;
  if (subject.commands.some((command) => isOpen(command) || command.status === "refused")) return undefined;
  if (numberOf(subject.caseId) % 10 >= seenOfTen) return undefined;
  const state = stateOf(subject);
  if (state === "requested") return answers[type.value];
  return state === "received" && type.value === "return_refund" ? "agree_refund" : undefined;
}

function numberOf(caseId: string): number {
  return [...caseId].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 1_000_003, 7);
}
