import type { Span } from "../calendar.ts";
import type { Confidence, DeadlineKind, OnExpiry } from "../deadline.ts";
import type { Facts } from "../observation.ts";
import type { CaseState } from "../states.ts";
import type { CaseType, DisputeStatus, Flag, GoodsStatus } from "../vocabulary.ts";

/**
 * The fact a clock starts from. Where a case lacks it the last change stands in, and the row is an estimate; but what runs
 * after the end of a case waits for its fact. `returned_or_settled` is the later of what there is of the two.
 */
export type StartFact = "opened" | "changed" | "sent_back" | "returned" | "settled" | "returned_or_settled";

/** One published rule about one clock. Data: adding one changes no code. */
export interface PolicyRow {
  id: string;
  /** Keyed by name, because a rule may be known before its channel has a connector. */
  channels: readonly string[];
  /** A law that a tenant sells under, by the tenant's own word. */
  law?: "EU" | "GB" | "US" | "CN";
  markets?: readonly string[];
  exceptMarkets?: readonly string[];
  types?: readonly CaseType[];
  /** The channel's own type code, where the rule is about a part of our type. */
  rawType?: string;
  shipped?: boolean;
  /** Who paid the buyer. */
  executedBy?: Facts["money"]["executedBy"];
  exceptDispute?: DisputeStatus;
  exceptFlag?: Flag;
  goods?: readonly GoodsStatus[];
  during: { states: readonly CaseState[] } | { dispute: DisputeStatus };
  kind: DeadlineKind;
  start: StartFact;
  lasts: Span;
  /** Where it differs from the market's calendar. */
  hours?: { opensAt: number; closesAt: number };
  /** Where it differs from the zone of the market's calendar; and where it differs by market. */
  timeZone?: string;
  timeZones?: Readonly<Record<string, string>>;
  onExpiry: OnExpiry;
  /** First and last day on which a clock that starts then follows this row. */
  validFrom?: string;
  validUntil?: string;
  /** A page, or a text of law or help by its number. */
  link: string;
  readOn: string;
  confidence: Confidence;
}
