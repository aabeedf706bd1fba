/**
 * In which zone the days of an Amazon store begin, by market. Amazon documents none for its returns reports (C). These are
 * the zones in which it counts the days of the same stores elsewhere: campaigns and their reports, where North America is
 * Pacific time throughout, even for Mexico. Stores that are not in that list have the zone of their country.
 * Source: amzn/selling-partner-api-models, thread 5209, which asks for the rule and has no answer; the list of the Ads API's
 * profiles as quoted by ScaleLeap/amazon-marketplaces, pull request 534. Read 2026-11-25.
 */
export const storeTimeZones: Readonly<Record<string, string>> = {
  US: "America/Los_Angeles",
  CA: "America/Los_Angeles",
  MX: "America/Los_Angeles",
  BR: "America/Sao_Paulo",
  GB: "Europe/London",
  IE: "Europe/Dublin",
  DE: "Europe/Paris",
  FR: "Europe/Paris",
  IT: "Europe/Paris",
  ES: "Europe/Paris",
  NL: "Europe/Amsterdam",
  BE: "Europe/Brussels",
  SE: "Europe/Stockholm",
  PL: "Europe/Warsaw",
  TR: "Europe/Istanbul",
  SA: "Asia/Riyadh",
  AE: "Asia/Dubai",
  EG: "Africa/Cairo",
  IN: "Asia/Kolkata",
  ZA: "Africa/Johannesburg",
  JP: "Asia/Tokyo",
  AU: "Australia/Sydney",
  SG: "Asia/Singapore",
};

/** UTC for a market without a store: nothing better is known. */
export function storeTimeZone(market: string | undefined): string {
  return (market !== undefined && Object.hasOwn(storeTimeZones, market) && storeTimeZones[market]) || "UTC";
}
