import { describe, expect, it } from "vitest";
import type { HttpResponse } from "../contract.ts";
import { noteAnswer, takeCall } from "./pace.ts";

const at = (seconds: number) => new Date(Date.UTC(2026, 2, 20) + seconds * 1000);
const answer = (status: number, headers: Record<string, string> = {}): HttpResponse => ({
  ...{ status, headers },
  body: new Uint8Array(),
});

/** Calls of one operation by a process that has just begun. */
function process(operation: "createReport" | "getFeed" = "createReport") {
  const counted = { http: async () => answer(200), app: "app", shopId: "A1", operation };
  /** How many calls go before one must wait, and for how long that is. */
  const spend = (seconds: number) => {
    for (let calls = 0; calls < 100; calls++) {
      try {
        takeCall(counted, at(seconds));
      } catch (fault) {
        return [calls, (fault as { details: { retryAfterMs: number } }).details.retryAfterMs];
      }
    }
    return [100, 0];
  };
  return { counted, spend, note: (given: HttpResponse, seconds: number) => noteAnswer(counted, given, at(seconds)) };
}

describe("a usage plan", () => {
  it("lets as many go at once as the model says, and then one at its rate", () => {
    const { spend } = process();
    expect(spend(0)).toEqual([15, 59_881]);
    expect(spend(30)).toEqual([0, 29_881]);
    expect(spend(61)[0]).toBe(1);
    expect(spend(61 + 3600)[0]).toBe(15);
  });

  it("follows the rate that Amazon last granted, and is empty after a refusal", () => {
    const { spend, note } = process();
    note(answer(202, { "x-amzn-ratelimit-limit": "0.5" }), 0);
    expect(spend(0)).toEqual([15, 2000]);
    const other = process("getFeed");
    other.note(answer(429), 0);
    expect(other.spend(0)).toEqual([0, 500]);
  });

  it("is each seller's and each operation's own", () => {
    const { counted, spend } = process();
    spend(0);
    expect(() => takeCall({ ...counted, shopId: "A2" }, at(0))).not.toThrow();
    expect(() => takeCall({ ...counted, operation: "getFeed" }, at(0))).not.toThrow();
    expect(() => takeCall(counted, at(0))).toThrow(expect.objectContaining({ code: "rate_limited" }));
  });
});
