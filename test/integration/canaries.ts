import type { DemoShop } from "../../local/stack.ts";

/** What must not be found where it does not belong, by what it is. */
export type Kind = "person" | "secret" | "parcel" | "note";
export type Place = "logs" | "metrics" | "events" | "items" | "dead letters" | "answers" | "errors" | "quarantine";

/**
 * What each place may hold. A parcel's number and what people write with a command are part of a case and of its news
 * (docs/events.md); both leave with `case.redacted`. Quarantined records are the platform's text as it came
 * (docs/architecture.md, "Where data lies"). Everything else is nobody's to hold.
 */
export const allowed: Readonly<Record<Place, readonly Kind[]>> = {
  logs: [],
  metrics: [],
  events: ["parcel", "note"],
  items: ["parcel", "note"],
  "dead letters": [],
  answers: [],
  errors: [],
  quarantine: ["person"],
};

/**
 * What the simulators show masked, and an unmasked word that stands in its place on the way to us. Of Taobao, Shopify and
 * Amazon our calls ask for no field of a person at all.
 */
export const unmasked: Readonly<Record<string, readonly (readonly [shown: string, canary: string])[]>> = {
  douyin: [['"reason_remark":""', '"reason_remark":"请打周建国的电话 13712349876"']],
  jd: [
    ["柳**", "柳如是甲"],
    ["136****5521", "13655215521"],
    ["jd_sim**********", "jd_liurushi77"],
  ],
};

export const buyerOfShopify = {
  name: "Kanaria Vogelsang",
  email: "kanaria.vogelsang@buyers.example",
  phone: "+49 30 5550 7777",
  address1: "Lindenallee 1212",
  note: "Kanaria here, ring twice",
};

export const merchantsNote = "Reply that belongs to case and news alone";
export const parcel = "SF7301234500077";
/** A grant that a merchant pastes wrongly. */
export const pastedSecret = "pasted-token-0badc0de-9f1e";

export interface Canary {
  kind: Kind;
  word: string;
}

/** Every word that is looked for. */
export function canariesOf(shops: readonly DemoShop[]): Canary[] {
  const people = [
    ...Object.values(buyerOfShopify),
    ...["周建国", "13712349876"],
    ...Object.values(unmasked).flatMap((pairs) => pairs.map(([, word]) => word.replaceAll('"', ""))),
    // As the simulator of Shopify makes its buyers.
    ...["Jonas Weber", "Aiko Tanaka", "Marie Dubois", "Liam Carter", "@buyers.example", "+49 30 5550"],
    ...["Lindenallee", "Ginza 4-2-8", "12 rue des Lilas", "48 Mill Lane"],
  ].filter((word) => !word.includes("reason_remark"));
  const settings = shops.flatMap(({ credentials, market }) => [
    ...Object.entries(credentials).filter(([name]) => /token/i.test(name)),
    ...Object.entries(market.appSettings()).filter(([name]) => /secret/i.test(name)),
  ]);
  const secrets = settings.map(([, value]) => value).filter((value): value is string => typeof value === "string");
  const of = (kind: Kind, words: readonly string[]) => words.map((word) => ({ kind, word }));
  return [
    ...of("person", people),
    ...of("secret", [...secrets, pastedSecret]),
    ...of("parcel", [parcel]),
    ...of("note", [merchantsNote]),
  ];
}

/** The words of a place that may not stand in it, each with a piece of the text around it. */
export function strayIn(place: Place, texts: readonly string[], canaries: readonly Canary[]): string[] {
  return canaries
    .filter(({ kind }) => !allowed[place].includes(kind))
    .flatMap(({ kind, word }) => {
      const text = texts.find((each) => each.includes(word) || each.includes(JSON.stringify(word).slice(1, -1)));
      if (text === undefined) return [];
      return [`${place} hold a ${kind}: ${word} in ${text.slice(Math.max(0, text.indexOf(word) - 150)).slice(0, 300)}`];
    });
}
