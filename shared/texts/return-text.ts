import { IntlMessageFormat } from "intl-messageformat";
import type { Language } from "#shared/case/address-book.ts";
import type { ReturnInstructions } from "#shared/case/return-instructions.ts";
import { type MessageName, returnMessages } from "./return-messages.ts";

/** Mainland China is written to in simplified characters; each language counts and dates in its own way. */
const localeOf: Readonly<Record<Language, string>> = { zh: "zh-CN", en: "en-GB", es: "es", th: "th", ar: "ar" };
const rightToLeft: readonly Language[] = ["ar"];

/**
 * The instructions as a text in the buyer's language, a line each. How long a channel lets it be is the channel's to say:
 * the lines stand in the order of need, so cutting the last loses the least.
 */
export function returnText(instructions: ReturnInstructions, language: Language): string {
  const { warehouse, packageMark, returnBy, timeZone, freightPayer, insured } = instructions;
  const say = (name: MessageName, values: Record<string, string | number | Date> = {}) =>
    String(messageOf(language, name, timeZone).format(values));
  const own = (text: string) => isolated(text, language);
  const { contact, street, city, postcode, carriers, acceptsCollect } = warehouse;
  const list = new Intl.ListFormat(localeOf[language], { type: "disjunction" });
  return [
    say("address"),
    ...[contact.name, contact.phone, ...street, [postcode, city].filter(Boolean).join(" ")].map(own),
    say("mark", { mark: own(packageMark) }),
    ...(returnBy ? [say("by", { returnBy: new Date(returnBy) })] : []),
    say("tracking"),
    ...(insured ? [say("insured")] : []),
    say("freight", { payer: freightPayer }),
    ...(carriers.length > 0
      ? [say("carriers", { count: carriers.length, carriers: list.format(carriers.map(own)) })]
      : []),
    ...(acceptsCollect ? [] : [say("collect")]),
  ].join("\n");
}

const compiled = new Map<string, IntlMessageFormat>();

/** Parsing a message costs more than all else here, so each is parsed once. */
function messageOf(language: Language, name: MessageName, timeZone: string): IntlMessageFormat {
  const key = `${language} ${name} ${timeZone}`;
  const known = compiled.get(key);
  if (known) return known;
  const day = { year: "numeric", month: "long", day: "numeric", timeZone } as const;
  const made = new IntlMessageFormat(returnMessages[language][name], localeOf[language], { date: { day } });
  compiled.set(key, made);
  return made;
}

/**
 * A value that keeps its own direction and cannot turn what stands around it: in a text that runs from the right, a phone
 * number or a Latin street would else change places with its neighbours. Marks that come with the value are dropped.
 * Source: Unicode Standard Annex 9, 2.4 "Explicit directional isolates".
 */
function isolated(text: string, language: Language): string {
  const bare = text.replace(/\p{Bidi_Control}/gu, "");
  return rightToLeft.includes(language) ? `\u2068${bare}\u2069` : bare;
}
