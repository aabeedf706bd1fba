import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { refusals } from "#connectors/contract.ts";
import { roles } from "#shared/api/role.ts";
import { channels } from "#shared/case/channel.ts";
import { actions, commandStatusSchema } from "#shared/case/command.ts";
import { deadlineKinds, deadlineSchema, onExpirySchema } from "#shared/case/deadline.ts";
import { moneyAxisSchema, moneyPartSchema } from "#shared/case/observation.ts";
import { reasonCodes, reasonOf } from "#shared/case/reason.ts";
import { refusedSentences } from "#shared/case/refused.ts";
import { usualRungs } from "#shared/case/rung.ts";
import { shopModeSchema, shopSchema } from "#shared/case/shop.ts";
import { heldStateSchema } from "#shared/case/states.ts";
import * as words from "#shared/case/vocabulary.ts";
import { errorCodes } from "#shared/errors.ts";

const root = join(import.meta.dirname, "..");
const textOf = (file: string) => readFileSync(join(root, file), "utf8");

/** Every vocabulary, under the heading of the glossary that explains it. */
const vocabularies: Readonly<Record<string, readonly string[]>> = {
  "The parts": channels,
  States: heldStateSchema.options,
  Types: words.caseTypes,
  Outcomes: words.outcomes,
  "Who must act next": words.waitingOnSchema.options,
  Goods: words.goodsStatusSchema.options,
  Money: [
    ...words.refundStatusSchema.options,
    ...moneyPartSchema.shape.kind.options,
    ...moneyPartSchema.shape.ledger.options,
    ...moneyPartSchema.shape.status.options,
    ...moneyAxisSchema.shape.executedBy.unwrap().options,
  ],
  Dispute: words.disputeStatusSchema.options,
  Deadlines: [
    ...Object.keys(deadlineKinds),
    ...onExpirySchema.options,
    ...deadlineSchema.shape.status.options,
    ...usualRungs,
    ...deadlineSchema.shape.source.options.map((each) => each.shape.from.value),
  ],
  Actions: [...Object.keys(actions), "ask_person"],
  "Command statuses": commandStatusSchema.options,
  "Why a command may not be given": Object.keys(refusedSentences),
  Flags: words.flagSchema.options,
  "Modes of a shop": [...shopModeSchema.options, ...shopSchema.shape.status.options],
  "Roles of an operator": roles,
  Reasons: reasonCodes,
  Evidence: words.evidenceKindSchema.options,
  "Why a push was refused": refusals,
  Errors: Object.keys(errorCodes),
};

describe("the glossary", () => {
  const sections = new Map(
    textOf("docs/glossary.md")
      .split(/^## /m)
      .map((section) => [section.split(/ · |\n/, 1)[0] ?? "", section]),
  );

  it.each(Object.entries(vocabularies))("explains every word of: %s", (heading, vocabulary) => {
    expect(vocabulary.length).toBeGreaterThan(0);
    expect(vocabulary.filter((word) => !sections.get(heading)?.includes(`\`${word}\``))).toEqual([]);
  });

  it("says of each error whether it is worth repeating, as the code does", () => {
    for (const [code, { retryable }] of Object.entries(errorCodes)) {
      expect(sections.get("Errors")).toMatch(new RegExp(`\`${code}\` \\| [^|]+ \\| ${retryable ? "yes" : "no"} \\|`));
    }
  });

  it("says of which reasons a person looks, as the code does", () => {
    const rows = (sections.get("Reasons") ?? "").split("\n");
    for (const code of reasonCodes) {
      const row = rows.find((each) => each.startsWith(`| \`${code}\``));
      expect([code, row?.includes("a person looks")]).toEqual([code, reasonOf(code).review === true]);
    }
  });
});
