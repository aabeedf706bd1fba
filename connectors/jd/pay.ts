import type { Case } from "#shared/case/case.ts";
import type { CommandArgs } from "#shared/case/command.ts";
import { SuiteError } from "#shared/errors.ts";
import { partsOfJd } from "./case-id.ts";
import { command as ask, type JdWorld, query } from "./client.ts";
import { given, long, refusedHere } from "./refused-here.ts";
import { refundApplySchema, refundPageSchema } from "./schema.ts";
import { processStatuses } from "./status.ts";
import { actorOf, codesOf, type JdAction, offeredIf, type Request, ticketNow } from "./subject.ts";

/**
 * Arguments of the refund of a received return. Their tables are not public; these are what a third party's connector
 * of 2025 sends (B), read 2026-11-25.
 */
const refundCodes = { processType: "1", source: "10", isFreight: "2", returnPackFeeFlag: "2", country: "CN" };

/** `status` of the answer to an application. */
const replies = { approve: 1, refuse: 2, intercept: 6, forceClose: 9, followUp: 10 } as const;
const agreeingReplies: readonly number[] = [replies.approve, replies.intercept, replies.forceClose, replies.followUp];
const rejectTypes = /^[1-5]$/;

/**
 * Agrees to a cancellation, or pays for a return that is back. The channel says only that it has accepted: the proof
 * comes by reading. It takes no idempotency key, so an unclear answer must never be followed by a second call.
 */
export const agreeRefund: JdAction = {
  wholeClaimOnly: true,
  offered: (subject, _args, credentials) => {
    const { family, status } = codesOf(subject);
    if (family === "refund")
      return offeredIf(status === 0, "Look at the application in the merchant's console: it is answered already.");
    const isDue = family === "ticket" && processStatuses.includes(status) && isReturn(subject);
    if (!isDue) return offeredIf(false, "Agree to the refund in the merchant's console, if the case still allows it.");
    return offeredIf(
      credentials?.switches.refundByApi === true,
      "Pay for the received return in the merchant's console: the shop has not switched on refunds by call.",
    );
  },
  send: async (request, world) => {
    checkAmount(request.subject, request.command.args);
    if (codesOf(request.subject).family === "refund") return replyRefund(request, world, agreement(request));
    if (!world.credentials.switches.refundByApi) throw refusedHere("the shop has not switched on refunds by call");
    const { serviceStatus } = await ticketNow(request, world);
    if (!processStatuses.includes(serviceStatus))
      throw new SuiteError("case_changed", "the ticket is no longer waiting");
    const afsServiceId = given(partsOfJd(request.subject.channelCaseId)?.id, "serviceId");
    await ask(world, "jingdong.pop.afs.soa.afsRefundApply", { afsServiceId, ...refundCodes });
  },
};

function isReturn({ facts }: Case): boolean {
  return facts.type.known && facts.type.value === "return_refund";
}

/** Neither call takes an amount, so another one must not be asked for. */
function checkAmount({ facts }: Case, { amount }: CommandArgs): void {
  const { claimed } = facts.money;
  if (!amount || !claimed) return;
  if (amount.currency !== claimed.currency || amount.amountMinor !== claimed.amountMinor)
    throw refusedHere("the channel refunds exactly what the buyer claims");
}

/** How to agree: to an order that has left, with an intercept of the parcel. A person may name another of the replies. */
function agreement({ subject, command }: Request): number {
  const { reasonCode } = command.args;
  const { shipped } = subject.facts;
  const isPerson = command.askedBy.startsWith("person:");
  if (shipped === undefined && !isPerson)
    throw refusedHere("nobody knows whether the order has left; only a person may agree");
  if (reasonCode === undefined) return shipped ? replies.intercept : replies.approve;
  const reply = Number(reasonCode);
  if (!agreeingReplies.includes(reply)) throw refusedHere("reasonCode is no reply of the channel: 1, 6, 9 or 10");
  return reply;
}

/** Refuses a cancellation; the reason is one of the channel's five. */
export function refuseRefund(request: Request, world: JdWorld): Promise<void> {
  const { reasonCode } = request.command.args;
  if (!reasonCode || !rejectTypes.test(reasonCode)) throw refusedHere("reasonCode is no rejectType: 1 to 5");
  return replyRefund(request, world, replies.refuse, Number(reasonCode));
}

async function replyRefund(
  { subject, command }: Request,
  world: JdWorld,
  status: number,
  rejectType?: number,
): Promise<void> {
  const id = long(partsOfJd(subject.channelCaseId)?.id, "id");
  await checkUnanswered(id, world);
  const { shipped } = subject.facts;
  await ask(world, "jingdong.pop.afs.soa.refundapply.replyRefund", {
    id,
    status,
    checkUserName: actorOf(command),
    remark: command.args.note ?? (status === replies.refuse ? "不同意取消" : "同意取消"),
    rejectType,
    outWareStatus: shipped === undefined ? undefined : shipped ? 1 : 2,
  });
}

/** An application has no version, so it is read right before the answer. */
async function checkUnanswered(id: bigint, world: JdWorld): Promise<void> {
  const method = "jingdong.pop.afs.soa.refundapply.queryById";
  const { result } = await query(world, method, { id }, refundPageSchema);
  const { data } = refundApplySchema.pick({ status: true }).safeParse(result[0]);
  if (data?.status !== 0) throw new SuiteError("case_changed", "the application has been answered meanwhile");
}
