import { channels } from "#shared/case/channel.ts";
import { leastPersonsDays, personsTermOf } from "#shared/case/persons-term.ts";
import { itemTerms, otherTerms } from "#shared/case/retention.ts";

const daysInWords = (days: number) => {
  if (days < 1) return `${Math.round(days * 1440)} minutes`;
  if (days % 366 === 0) return `${days / 366} years`;
  return `${days} days`;
};

/** What leads to a person in a case that is over, by channel. */
export function personsTable(): string {
  const rows = channels.map((channel) => {
    const { days, most, after, source } = personsTermOf(channel);
    const choice = `${leastPersonsDays} to ${most}`;
    return `| ${channel} | ${days} days after ${after} | ${choice} days | ${source} |`;
  });
  return ["| channel | kept for | the merchant may choose | source |", "|---|---|---|---|", ...rows].join("\n");
}

/** Every kind of item in the table. */
export function itemsTable(): string {
  const rows = Object.entries(itemTerms).map(([kind, term]) =>
    "days" in term
      ? `| \`${kind}\` | ${daysInWords(term.days)} after ${term.after} | ${term.because} |`
      : `| \`${kind}\` | until ${term.until} | |`,
  );
  return ["| item | kept | because |", "|---|---|---|", ...rows].join("\n");
}

/** What lies outside of the table. */
export function elsewhereTable(): string {
  const rows = Object.values(otherTerms).map(
    ({ days, what, where }) => `| ${what} | ${where} | ${daysInWords(days)} |`,
  );
  return ["| what | where | kept |", "|---|---|---|", ...rows].join("\n");
}
