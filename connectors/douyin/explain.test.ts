import { describe, expect, it } from "vitest";
import { codes, explain, subCodes } from "./explain.ts";
import { answer, failure } from "./fixtures/build.ts";
import { errorFixtures } from "./fixtures/errors.ts";

const shown = new Set(errorFixtures.flatMap(({ name }) => name.split(" ")));

describe("explain", () => {
  it.each(Object.keys(codes))("has a tried example for code %s", (code) => expect(shown).toContain(code));

  it.each(Object.entries(subCodes))("knows %s under any number", (subCode, { code }) => {
    for (const number of [20000, 40003, 50002, 90000]) expect(explain(failure(number, subCode))?.code).toBe(code);
  });

  it.each([
    "isv.access-token-expired",
    "isv.access-token-no-existed",
    "isv.access-token-invalid",
  ])("says that the token is the cause: %s", (subCode) =>
    expect(explain(failure(40003, subCode))?.details.tokenExpired).toBe(true));

  it("does not blame the token for a closed authorisation", () => {
    expect(explain(failure(30001, "dop.authorization-closed"))?.details.tokenExpired).toBeUndefined();
  });

  it("says that only a person can do it", () => {
    expect(explain(failure(50002, "isv.business-failed:11001"))?.details.manualOnly).toBe(true);
  });

  it("keeps the channel's codes and its log id, and none of its words", () => {
    const error = explain(failure(50002, "isv.business-failed:11005"));
    expect(error?.details).toMatchObject({
      channelCode: "50002 isv.business-failed:11005",
      logId: "20260921143000000002",
    });
    expect(JSON.stringify([error, error?.message])).not.toContain("示例");
  });

  it("waits as long as the edge says, up to an hour", () => {
    const throttled = (after: string) => explain({ ...answer("", 429), headers: { "retry-after": after } });
    expect(throttled("7")?.details.retryAfterMs).toBe(7000);
    expect(throttled("999999")?.details.retryAfterMs).toBe(3_600_000);
    expect(throttled("tomorrow")?.details.retryAfterMs).toBe(1000);
  });
});
