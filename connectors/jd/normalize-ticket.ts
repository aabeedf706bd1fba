import type { StatedDeadline, UnreadableDeadline } from "#shared/case/deadline.ts";
import type { Instant } from "#shared/case/instant.ts";
import { type CaseObservation, type Facts, wholeCase } from "#shared/case/observation.ts";
import { type CaseState, isFinal } from "#shared/case/states.ts";
import type { CaseType, Flag, Outcome } from "#shared/case/vocabulary.ts";
import { SuiteError } from "#shared/errors.ts";
import { caseIdOfJd } from "./case-id.ts";
import { ticketGoods, waybillOf } from "./goods.ts";
import { asksForMoney, financeRefused, ticketMoney } from "./money.ts";
import { ticketReason } from "./reason.ts";
import type { Bill, RawTicket } from "./schema.ts";
import { approvedAs, auditStatuses, expectTable, sentBack, sentBackWords, ticketTable } from "./status.ts";
import { instantOf } from "./time.ts";

type Context = { shopId: CaseObservation["shopId"]; observedAt: Date };

/** A service ticket: normally one unit of a request. Its version is `sysVersion`, which every write must echo. */
export function ticketObservation(raw: RawTicket, { shopId, observedAt }: Context): CaseObservation {
  return {
    channel: "jd",
    shopId,
    channelCaseId: caseIdOfJd("ticket", raw.bill.serviceId),
    facet: wholeCase,
    version: raw.bill.sysVersion,
    observedAt: observedAt.toISOString(),
    facts: factsOf(raw),
  };
}

function factsOf(raw: RawTicket): Facts {
  const { bill } = raw;
  const flags: Flag[] = [];
  const unreadable: UnreadableDeadline[] = [];
  const type = typeOf(bill, flags);
  const state = stateOf(raw, type);
  const money = ticketMoney(raw, type, state);
  const entry = ticketTable[bill.serviceStatus];
  if (!state) flags.push("unknown_status");
  flags.push(...(entry?.flags ?? []));
  if (raw.proof?.status === financeRefused) flags.push("refund_failed");
  // The channel calls it finished but shows no amount.
  if (state === "refunded" && money.status !== "paid") flags.push("needs_review");
  const outcome = outcomeOf(bill, type, state, money);
  const rawStatus = String(bill.serviceStatus);
  // The way back that the buyer chose stands beside: it decides by which call we agree.
  const rawType = `${bill.customerExpect}/${bill.expectPickwareType ?? bill.pickwareType ?? ""}`;
  return {
    orders: [{ orderId: bill.orderId }],
    groupKey: bill.applyId ? `apply-${bill.applyId}` : `order-${bill.orderId}`,
    type: type ? { known: true, value: type, raw: rawType } : { known: false, raw: rawType },
    shipped: true,
    state: state ? { known: true, value: state, raw: rawStatus } : { known: false, raw: rawStatus },
    ...(outcome && { outcome }),
    waitingOn: waitingOn(raw, type, state),
    goods: ticketGoods(raw, type, state),
    money,
    dispute: {
      status: raw.disputed
        ? { known: true, value: "under_review", raw: "jdInterveneFlag" }
        : { known: true, value: "none", raw: "" },
    },
    deadlines: deadlinesOf(raw, { type, flags, unreadable }),
    ...(unreadable.length > 0 && { unreadableDeadlines: unreadable }),
    reason: ticketReason(bill),
    evidence: evidenceOf(bill),
    flags: [...new Set(flags)].sort(),
    openedAt: needed(instantOf(bill.applyTime), "applyTime"),
    changedAt: needed(instantOf(bill.updateDate ?? bill.updateTime ?? bill.applyTime), "updateDate"),
    raw: { status: rawStatus, type: String(bill.customerExpect), apiVersion: "2.0" },
  };
}

function typeOf({ customerExpect, approveResult }: Bill, flags: Flag[]): CaseType | undefined {
  const key = String(customerExpect);
  const entry = Object.hasOwn(expectTable, key) ? expectTable[key] : undefined;
  if (!entry || entry.unmapped) flags.push("type_unmapped");
  return approvedAs[key]?.[approveResult ?? ""] ?? entry?.type;
}

function stateOf(raw: RawTicket, type: CaseType | undefined): CaseState | undefined {
  const { bill } = raw;
  const rule = ticketTable[bill.serviceStatus]?.state;
  switch (rule) {
    case "by_parcel":
      return waybillOf(raw) ? "return_in_transit" : "approved";
    case "refunding_by_type":
      return asksForMoney(type) ? "refunding" : "received";
    case "final_by_type":
      return asksForMoney(type) && (raw.proof || !wentBack(bill)) ? "refunded" : "closed";
    default:
      return rule;
  }
}

/** The unit was sent back to the buyer as it was: no money moved, whatever was asked for. */
function wentBack({ processResult, processResultName = "" }: Bill): boolean {
  return processResult === sentBack || sentBackWords.test(processResultName);
}

function outcomeOf(
  bill: Bill,
  type: CaseType | undefined,
  state: CaseState | undefined,
  { settled, claimed }: Facts["money"],
): Outcome | undefined {
  if (state === "refunded") {
    return settled && claimed && settled.amountMinor < claimed.amountMinor ? "partially_refunded" : "refunded";
  }
  if (state !== "closed") return undefined;
  // Cancelled: the channel does not say by whom; a buyer's withdrawal is the usual case.
  if (bill.serviceStatus === 10011) return "withdrawn";
  if (type === "repair") return "repaired";
  return asksForMoney(type) || wentBack(bill) ? "refused" : "replaced";
}

function waitingOn(raw: RawTicket, type: CaseType | undefined, state: CaseState | undefined): Facts["waitingOn"] {
  if (state && isFinal(state)) return "nobody";
  if (raw.disputed) return "channel";
  if (state === "return_in_transit" || (state === "approved" && type === "reissue")) return "merchant";
  return ticketTable[raw.bill.serviceStatus]?.waitingOn ?? "merchant";
}

/** Only the audit has a clock on the wire; it stands still while the buyer is asked. None is ever computed here. */
function deadlinesOf(
  { bill, audit }: RawTicket,
  { type, flags, unreadable }: { type: CaseType | undefined; flags: Flag[]; unreadable: UnreadableDeadline[] },
): StatedDeadline[] {
  const { auditOvertime } = audit ?? {};
  const isOurs = auditStatuses.includes(bill.serviceStatus) || !Object.hasOwn(ticketTable, bill.serviceStatus);
  if (auditOvertime === undefined || !isOurs) return [];
  const dueAt = instantOf(auditOvertime);
  if (!dueAt) {
    flags.push("deadline_unreadable");
    unreadable.push({ kind: "respond", field: "auditOvertime", raw: String(auditOvertime).slice(0, 100) });
    return [];
  }
  // That an audit is made by itself is known; what it grants without goods is not.
  const onExpiry = type && type !== "refund_only" && ticketTable[bill.serviceStatus] ? "auto_approve" : "unknown";
  return [{ kind: "respond", dueAt, source: { from: "channel", field: "auditOvertime" }, onExpiry }];
}

/** How the addresses of pictures are joined is not documented. */
function evidenceOf({ questionPic }: Bill): Facts["evidence"] {
  const count = (questionPic ?? "").split(/[,;|\s]+/).filter(Boolean).length;
  return count > 0 ? [{ kind: "photo", source: "buyer", count }] : [];
}

export function needed(value: Instant | undefined, field: string): Instant {
  if (value) return value;
  throw new SuiteError("payload_invalid", `the case's ${field} is missing or malformed`, { details: { field } });
}
