import type { Money } from "#shared/case/money.ts";
import type { Facts, Line } from "#shared/case/observation.ts";
import type { CaseState } from "#shared/case/states.ts";
import type { Flag } from "#shared/case/vocabulary.ts";
import { type Ledger, ledgerOf } from "./ledger.ts";
import type { Events, Held, RefundResult } from "./schema.ts";

export interface MoneyRead {
  money: Facts["money"];
  /** The money proves the end of the case. */
  isRefunded: boolean;
  isWhole: boolean;
  dispute: Facts["dispute"] | undefined;
  /** What was paid for one unit, by line. */
  unitPaid: ReadonlyMap<string, Money> | undefined;
  /** The order items that Finances names for lines that the report does not. */
  itemIds: ReadonlyMap<string, string> | undefined;
}

interface MoneyKnown {
  events: Events | undefined;
  held: Held | undefined;
  lines: readonly Line[];
  openedAt: string;
  /** What the report itself says was refunded. */
  reported?: Money | undefined;
  paidByAmazon?: boolean;
  /** What became of our own refund, as its feed's end tells it. */
  refund?: RefundResult | undefined;
}

/**
 * Where the money is. Finances proves; what the report says counts until then; what was proven before stays. Only Amazon
 * grants a claim or pays by itself, and then we must not pay.
 */
export function moneyOf(known: MoneyKnown): MoneyRead {
  const { events, held, lines, openedAt, reported, refund } = known;
  const ledger = events && ledgerOf(events, lines, openedAt);
  const before = held?.money;
  const isByAmazon = known.paidByAmazon === true || ledger?.claimGranted === true;
  const executedBy = isByAmazon ? ("platform_robot" as const) : before?.executedBy;
  const worth = worthOf(ledger, before);
  const dispute = disputeOf(ledger);
  const rates = { unitPaid: ledger?.paid?.unitPaid, itemIds: ledger?.paid?.itemIds };
  const rest = { ...worth, ...(executedBy && { executedBy }) };
  if (ledger?.isCovered) {
    const { settled, settledAt, isWhole } = ledger;
    const money = { status: "paid" as const, ...rest, ...(settled && { settled }), ...(settledAt && { settledAt }) };
    return { money, isRefunded: true, isWhole, dispute, ...rates };
  }
  if (before?.status === "paid") {
    const money = { ...before, ...rest };
    return { money, isRefunded: true, isWhole: true, dispute, ...rates };
  }
  if (reported) {
    return {
      money: { status: "paid", ...rest, settled: reported },
      isRefunded: true,
      isWhole: true,
      dispute,
      ...rates,
    };
  }
  const settled = ledger?.settled ?? before?.settled;
  return {
    money: { ...unproven(refund, before), ...rest, ...(settled && { settled }) },
    isRefunded: false,
    isWhole: false,
    dispute,
    ...rates,
  };
}

/** While Finances show nothing: what the refund's feed says, else what it said before. */
function unproven(
  refund: RefundResult | undefined,
  before: Facts["money"] | undefined,
): Pick<Facts["money"], "status" | "failedAt"> {
  if (refund?.is === "failed") return { status: "failed", failedAt: refund.at };
  if (refund?.is === "done") return { status: "moving" };
  if (before?.status === "failed") return { status: "failed", ...(before.failedAt && { failedAt: before.failedAt }) };
  return { status: before?.status === "moving" ? "moving" : "pending" };
}

function worthOf(ledger: Ledger | undefined, before: Facts["money"] | undefined): Partial<Facts["money"]> {
  if (ledger?.paid) {
    const { claimed, left, parts } = ledger.paid;
    return { claimed, ceiling: left, parts };
  }
  const { claimed, ceiling, parts } = before ?? {};
  return { ...(claimed && { claimed }), ...(ceiling && { ceiling }), ...(parts && { parts }) };
}

function disputeOf(ledger: Ledger | undefined): Facts["dispute"] | undefined {
  if (ledger?.claimGranted) return dispute("decided_for_buyer", "GuaranteeClaimEvent");
  // The buyer's bank asks; what it decides is not told here.
  return ledger?.chargedBack ? dispute("evidence_due", "ChargebackEvent") : undefined;
}

export function dispute(
  value: Extract<Facts["dispute"]["status"], { known: true }>["value"],
  raw: string,
): Facts["dispute"] {
  return { status: { known: true, value, raw } };
}

/** Who must act next. An open claim waits for the seller, because nothing but Amazon's e-mail says whom it waits for. */
export function waitingOn(state: CaseState | undefined, { status }: Facts["dispute"]): Facts["waitingOn"] {
  if (state === "refunded" || state === "closed") return "nobody";
  if (status.known && status.value === "evidence_due") return "merchant";
  if (state === "approved" || state === "return_in_transit" || state === "rejected") return "buyer";
  return state === "refunding" ? "channel" : "merchant";
}

export function sorted(flags: readonly Flag[]): Flag[] {
  return [...new Set(flags)].sort();
}
