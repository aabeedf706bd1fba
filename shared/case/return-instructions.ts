import type { Language, Warehouse } from "./address-book.ts";
import type { Case } from "./case.ts";
import type { Instant } from "./instant.ts";
import { type FreightPayer, reasonOf } from "./reason.ts";

/** What a buyer must know to send goods back, as facts; texts in the buyer's language are made of them. */
export interface ReturnInstructions {
  warehouse: Pick<Warehouse, "contact" | "street" | "city" | "postcode" | "region" | "carriers" | "acceptsCollect">;
  /** To be written on the parcel, so that the warehouse finds the case. */
  packageMark: string;
  /** The buyer's clock on the channel; absent when the channel sets none. */
  returnBy?: Instant | undefined;
  /** The zone to say that day in. */
  timeZone: string;
  freightPayer: FreightPayer;
  /** True when an insurance shares in this case: it pays only by the tracking number on the platform. */
  insured: boolean;
}

/** The instructions for a case and the warehouse its goods go to. */
export function returnInstructions(
  { channelCaseId, deadlines, facts }: Pick<Case, "channelCaseId" | "deadlines" | "facts">,
  warehouse: Warehouse,
): ReturnInstructions {
  const clock = deadlines.find(({ kind, status }) => kind === "buyer_return" && status === "running");
  const { contact, street, city, postcode, region, carriers, acceptsCollect, hours } = warehouse;
  return {
    warehouse: { contact, street, city, postcode, region, carriers, acceptsCollect },
    packageMark: `RMA ${channelCaseId}`,
    returnBy: clock?.dueAt,
    timeZone: hours?.timeZone ?? "UTC",
    freightPayer: reasonOf(facts.reason.code).returnFreight,
    insured: (facts.money.parts ?? []).some(({ ledger }) => ledger === "insurance"),
  };
}

/** Markets and the language in which their buyers are written to. English for all others. */
const languageOfMarket: Readonly<Record<string, Language>> = {
  ...{ CN: "zh", HK: "zh", MO: "zh", TW: "zh", SG: "en" },
  ...{ ES: "es", MX: "es", AR: "es", CL: "es", CO: "es", PE: "es" },
  ...{ TH: "th" },
  ...{ AE: "ar", SA: "ar", EG: "ar", KW: "ar", QA: "ar", BH: "ar", OM: "ar", JO: "ar", MA: "ar" },
};

export function languageFor(market: string | undefined): Language {
  return (market && languageOfMarket[market.slice(0, 2)]) || "en";
}
