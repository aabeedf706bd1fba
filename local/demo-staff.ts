import { type Case, stateOf } from "#shared/case/case.ts";
import { type Action, isOpen } from "#shared/case/command.ts";
import type { DemoShop, LocalStack } from "./stack.ts";
import { demoTenant } from "./stack.ts";

/** What the demo merchant's staff answer to a case that no rule answers: they are friendly and agree to everything. */
const answers: Readonly<Record<string, Action>> = {
  refund_only: "agree_refund",
  price_protection: "agree_refund",
  return_refund: "agree_return",
  exchange: "agree_exchange",
  reissue: "agree_reissue",
  repair: "agree_repair",
};

/** Plays the merchant's people for one round: answers each case that waits for a person. Returns what was asked for. */
export async function staffRound({
  desk,
  call,
  shops,
}: Pick<LocalStack, "desk" | "call" | "shops">): Promise<string[]> {
  const done: string[] = [];
  for await (const subject of desk.store.cases.worklist(demoTenant, "merchant")) {
    const shop = shops.find(({ shopId }) => shopId === subject.shopId);
    const action = shop && answerTo(subject, shop);
    if (!action) continue;
    const { tenantId, caseId } = subject;
    const addressId = (await desk.store.shops.get(subject))?.shop.addresses.find(
      ({ isDefault }) => isDefault,
    )?.addressId;
    const args = action.startsWith("agree_") && action !== "agree_refund" && addressId ? { addressId } : {};
    // A call that fails is made again in the next round, as people do.
    const answer = await call("plan-command", { tenantId, caseId, personId: "demo", action, args }).catch(
      () => undefined,
    );
    if (typeof answer === "object" && answer && "ok" in answer && answer.ok) done.push(`${action} ${caseId}`);
  }
  return done;
}

function answerTo(subject: Case, { market }: DemoShop): Action | undefined {
  const { type, flags } = subject.facts;
  const state = stateOf(subject);
  const asksPerson = subject.decision?.action === "ask_person";
  if (!type.known || !asksPerson || flags.includes("not_actionable")) return undefined;
  if (subject.commands.some((command) => isOpen(command) || command.status === "refused")) return undefined;
  const plan = market.truth().find(({ channelCaseId }) => channelCaseId === subject.channelCaseId)?.plan ?? "";
  // Where the plan has the merchant's staff act in the platform's console, they are the same people: once is enough.
  if (!market.plans[plan]?.needsAnswer && state !== "requested") return undefined;
  if (state === "requested") return answers[type.value];
  if (state === "received" && type.value === "return_refund") return "agree_refund";
  return undefined;
}
