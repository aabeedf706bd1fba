import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** One misuse: what is tried, and the whole of what comes of it. */
export interface Attack {
  attack: string;
  /** As `run` tells it. It stands in docs/security.md, so what stands there is true. */
  answer: string;
  run: () => Promise<string> | string;
}

/**
 * Attacks by the one defence that holds against them. The defence's name is also in test/security/defences, where it is
 * switched off to see that each of its attacks then ends differently.
 */
export type Book = Readonly<Record<string, readonly Attack[]>>;

const page = join(import.meta.dirname, "../../docs/security.md");

/** Tries every attack of a book, and holds the section of the page to it. `WRITE_DOCS=1` writes the section anew. */
export function describeAttacks(surface: string, file: string, book: Book): void {
  describe(surface, () => {
    describe.each(Object.entries(book))("%s", (_, attacks) => {
      it.each(attacks.map((each) => [each.attack, each] as const))("%s", async (_title, { answer, run }) => {
        expect(await run()).toBe(answer);
      });
    });

    it("stands on the page as it is tried", () => {
      const section = sectionOf(surface, file, book);
      const [start, end] = marksOf(file);
      const text = readFileSync(page, "utf8");
      const [before = "", rest = ""] = text.split(start);
      const [held = "", after = ""] = rest.split(end);
      if (process.env.WRITE_DOCS) writeFileSync(page, `${before}${start}${section}${end}${after}`);
      else expect(held).toBe(section);
    });
  });
}

const marksOf = (file: string) => [`<!-- ${file} -->\n`, `<!-- end of ${file} -->`] as const;

function sectionOf(surface: string, file: string, book: Book): string {
  const rows = Object.entries(book).flatMap(([defence, attacks]) =>
    attacks.map(({ attack, answer }) => `| ${[attack, answer, defence].map(cell).join(" | ")} |`),
  );
  return [
    `### ${surface}`,
    "",
    `\`test/security/${file}.test.ts\`, ${rows.length} cases`,
    "",
    "| what is tried | what comes of it | what stands against it |",
    "| --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
