import { describe, expect, it } from "vitest";
import type { Connector, RawCase } from "#connectors/contract.ts";
import { type CaseObservation, caseObservationSchema, wholeCase } from "#shared/case/observation.ts";
import { isSuiteError } from "#shared/errors.ts";
import { damaged } from "./damaged.ts";
import type { ConnectorFixtures } from "./fixtures.ts";
import { expectWithout, textOf } from "./leaks.ts";

/** Raw payload in, observation out. */
export function describeNormalize<App, Credentials>(
  connector: Connector<App, Credentials>,
  { cases, unknownStatus, personal, shopId, now }: ConnectorFixtures<App, Credentials>,
): void {
  const context = { shopId, observedAt: now };
  const normalize = (raw: RawCase) => connector.normalize(frozen(raw), context);
  const named = cases.map(({ name, ...rest }): [string, typeof rest] => [name, rest]);
  const all = [...cases, ...unknownStatus];

  describe("normalize", () => {
    it.each(named)("states what the channel says: %s", (_, { raw, observation }) => {
      expect(withoutUnset(normalize(raw))).toEqual(withoutUnset(observation));
    });

    it.each(named)("gives an observation that the model accepts: %s", (_, { raw }) => {
      expect(caseObservationSchema.safeParse(normalize(raw)).error?.issues ?? []).toEqual([]);
    });

    it.each(named)("says the same when asked twice, and leaves the payload alone: %s", (_, { raw }) => {
      const before = JSON.stringify(raw);
      expect(normalize(raw)).toEqual(normalize(raw));
      expect(JSON.stringify(raw)).toBe(before);
    });

    it("states money in whole minor units and times in UTC", () => {
      for (const { raw } of all) {
        for (const [key, value] of leavesOf(normalize(raw))) {
          if (key === "amountMinor") expect(Number.isSafeInteger(value)).toBe(true);
          if (key.endsWith("At")) expect(value).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        }
      }
    });

    it.each(
      unknownStatus.map(({ name, raw }): [string, RawCase] => [name, raw]),
    )("keeps an unknown status as unknown, flagged and never final: %s", (_, raw) => {
      const { facts } = normalize(raw);
      expect(facts.state?.known ?? false).toBe(false);
      expect(facts.state?.raw).not.toBe("");
      expect(facts.flags).toContain("unknown_status");
      expect(facts.outcome).toBeUndefined();
      expect(caseObservationSchema.safeParse(normalize(raw)).error?.issues ?? []).toEqual([]);
    });

    it("shows at least one unknown status", () => expect(unknownStatus.length).toBeGreaterThan(0));

    it("states each fact in one facet only, and the case itself in the facet of that name", () => {
      const facets = new Map<string, string>();
      for (const { facet, facts } of cases.map(({ raw }) => normalize(raw))) {
        for (const fact of Object.keys(withoutUnset(facts))) {
          expect(facets.get(fact) ?? facet, fact).toBe(facet);
          facets.set(fact, facet);
        }
      }
      expect(facets.get("state")).toBe(wholeCase);
    });

    it("lets no personal data out, though the payloads hold it", () => {
      const payloads = JSON.stringify(all.map(({ raw }) => raw));
      expect(personal.length).toBeGreaterThan(0);
      for (const word of personal) expect(payloads.includes(word), `no payload holds ${word}`).toBe(true);
      for (const { raw } of all) expectWithout(personal, normalize(raw));
    });

    it.each([
      null,
      undefined,
      [],
      {},
      "text",
      12,
      true,
      [[]],
      { payload: {} },
    ])("refuses a payload that is no case: %j", (payload) => {
      expect(endOf({ payload })).toBe("payload_invalid");
    });

    it.each(named)("ends a damaged payload in payload_invalid or in a valid observation: %s", (_, { raw }) => {
      for (const payload of damaged(raw.payload)) {
        const end = endOf({ payload });
        if (end === "payload_invalid") continue;
        const issues = typeof end === "string" ? [end] : (caseObservationSchema.safeParse(end).error?.issues ?? []);
        expect(issues, JSON.stringify(payload)?.slice(0, 400)).toEqual([]);
      }
    });

    it.each(named)("takes no harm from __proto__ keys: %s", (_, { raw }) => {
      const text = JSON.stringify(raw.payload).replaceAll("{", '{"__proto__":{"polluted":true},').replaceAll(",}", "}");
      expect(withoutUnset(normalize({ payload: JSON.parse(text) }))).toEqual(withoutUnset(normalize(raw)));
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    });
  });

  function endOf(raw: RawCase): CaseObservation | string {
    try {
      return connector.normalize(raw, context);
    } catch (error) {
      expectWithout(personal, textOf(error));
      return isSuiteError(error, "payload_invalid") ? "payload_invalid" : textOf(error);
    }
  }
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) frozen(member);
  }
  return value;
}

/** As it would be stored: members that are undefined are not there. */
function withoutUnset<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

function leavesOf(value: unknown, key = ""): [key: string, value: unknown][] {
  if (typeof value !== "object" || value === null) return value === undefined ? [] : [[key, value]];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, Array.isArray(value) ? key : name));
}
