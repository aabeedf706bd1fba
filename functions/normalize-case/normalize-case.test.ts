import { afterEach, beforeEach, expect, it } from "vitest";
import { rereadNotice } from "#connectors/session/reread.ts";
import { defaultClockRules } from "#shared/case/clock-rules.ts";
import type { CaseObservation } from "#shared/case/observation.ts";
import { type ErrorCode, SuiteError } from "#shared/errors.ts";
import { someCase, someObservation } from "../../test/builders/case-builder.ts";
import { holding, listen, sessionDeps, shopsOf, someConnector, someShop } from "../../test/builders/fakes.ts";
import { normalizeCase } from "./normalize-case.ts";

let heard: ReturnType<typeof listen>;
beforeEach(() => {
  heard = listen();
});
afterEach(() => heard.end());

const notice = { ...rereadNotice(someCase(), "test"), opens: true };

async function run({
  found = [someObservation(1)],
  fault,
  shop = someShop() as ReturnType<typeof someShop> | null,
}: {
  found?: CaseObservation[];
  fault?: Error;
  shop?: ReturnType<typeof someShop> | null;
} = {}) {
  const { cases, held } = holding();
  const connector = someConnector({
    fetch: async () => {
      if (fault) throw fault;
      return found.map((payload) => ({ payload }));
    },
    normalize: ({ payload }) => payload as CaseObservation,
  });
  const deps = {
    ...sessionDeps(connector, shopsOf(shop ?? undefined).shops),
    cases,
    clockRulesOf: async () => defaultClockRules,
  };
  await normalizeCase(notice, deps);
  return held();
}

it("reads the case and saves it once, with a line that names it and nothing of the buyer", async () => {
  expect(await run()).toMatchObject({
    revision: 1,
    channelCaseId: notice.subject.kind === "case" && notice.subject.channelCaseId,
  });
  expect(heard.said()).toEqual([
    {
      level: "info",
      message: "case observed",
      channel: "douyin",
      shopId: "10437917",
      caseId: someCase().caseId,
      revision: 1,
      via: "reread",
    },
  ]);
});

it("says so when the channel knows no such case", async () => {
  expect(await run({ found: [] })).toBeUndefined();
  expect(heard.said()).toMatchObject([{ level: "warn", message: "the channel knows no such case" }]);
});

it("counts a notice of a shop that nobody has connected and lets it go", async () => {
  expect(await run({ shop: null })).toBeUndefined();
  expect(heard.metric("ShopUnknown")).toEqual([1]);
});

it.each([
  ["rate_limited", "ChannelRateLimited"],
  ["channel_unavailable", "ChannelUnavailable"],
] as const)("lets %s out, to be tried again, and counts it", async (code, metric) => {
  await expect(run({ fault: new SuiteError(code, "later") })).rejects.toMatchObject({ code, retryable: true });
  expect(heard.metric(metric)).toEqual([1]);
});

it.each(["payload_invalid", "store_unavailable", "case_changed"] satisfies ErrorCode[])("lets %s out", async (code) => {
  await expect(run({ fault: new SuiteError(code, "no") })).rejects.toMatchObject({ code });
});
