import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleCase } from "../../test/sample-case.ts";
import { channels } from "./channel.ts";
import { leastPersonsDays, personsDaysOf, personsTermOf, personsTermStart } from "./persons-term.ts";
import { tenantRulePartsSchema } from "./tenant-rules.ts";

const shop = (channel: string) => ({ channel, shopId: "1" });
const takes = (personsForDays: object) => tenantRulePartsSchema.safeParse({ personsForDays }).success;

describe("the days for which a case that is over may lead to a person", () => {
  it("are the merchant's, the shop's before the channel's, and ours where it has chosen none", () => {
    expect(personsDaysOf(shop("douyin"), {})).toBe(90);
    expect(personsDaysOf(shop("douyin"), { douyin: 30, taobao: 10 })).toBe(30);
    expect(personsDaysOf(shop("douyin"), { douyin: 30, "douyin:1": 60 })).toBe(60);
  });

  it("lie within what the channel allows, whatever is stored", () => {
    const stored = fc.dictionary(fc.constantFrom("amazon", "amazon:1", "jd", "jd:1"), fc.integer());
    fc.assert(
      fc.property(fc.constantFrom(...channels), stored, (channel, chosen) => {
        const days = personsDaysOf(shop(channel), chosen);
        expect(days).toBeGreaterThanOrEqual(leastPersonsDays);
        expect(days).toBeLessThanOrEqual(personsTermOf(channel).most);
      }),
    );
    expect(personsTermOf("amazon").most).toBe(30);
  });

  it.each([
    [{ jd: 6 }, false],
    [{ jd: 7 }, true],
    [{ jd: 365 }, true],
    [{ jd: 366 }, false],
    [{ "amazon:A1": 30 }, true],
    [{ "amazon:A1": 31 }, false],
    [{ jd: 30.5 }, false],
    [{ "JD#1": 30 }, false],
  ])("may be chosen so: %j, %s", (chosen, isTaken) => expect(takes(chosen)).toBe(isTaken));
});

describe("the term of a case that ended", () => {
  const ended = "2026-12-20T00:00:00.000Z";
  const of = (channel: "amazon" | "douyin", facts = {}) =>
    personsTermStart({ ...sampleCase({ facts }), channel }, ended);

  it("counts from its end", () => expect(of("douyin", { deliveredAt: "2026-11-20T00:00:00.000Z" })).toBe(ended));

  it("counts on Amazon from the delivery, or from the opening where none is told, and never from later than its end", () => {
    expect(of("amazon", { deliveredAt: "2026-11-20T00:00:00.000Z" })).toBe("2026-11-20T00:00:00.000Z");
    expect(of("amazon")).toBe("2026-11-25T12:00:00.000Z");
    expect(of("amazon", { openedAt: "2026-12-24T00:00:00.000Z" })).toBe(ended);
  });
});
