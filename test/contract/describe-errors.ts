import { describe, expect, it } from "vitest";
import type { Connector } from "#connectors/contract.ts";
import { SuiteError } from "#shared/errors.ts";
import { type ConnectorFixtures, expectedErrorCodes, isLacking } from "./fixtures.ts";
import { expectWithout, suiteErrorOf } from "./leaks.ts";
import { scriptedHttp, worldOf } from "./scripted-http.ts";

/** Failed answers in, our errors out. */
export function describeErrors<App, Credentials>(
  connector: Connector<App, Credentials>,
  fixtures: ConnectorFixtures<App, Credentials>,
): void {
  const { errors, errorsNeverGiven = {}, successes, personal, secrets } = fixtures;
  const named = errors.map(({ name, ...rest }): [string, typeof rest] => [name, rest]);

  describe("explain", () => {
    it.each(named)("tells what a failed answer means: %s", (_, { response, code, retryAfterMs }) => {
      const error = connector.explain(response);
      expect(error).toBeInstanceOf(SuiteError);
      expect(error?.code).toBe(code);
      if (retryAfterMs !== undefined) expect(error?.details.retryAfterMs).toBe(retryAfterMs);
      if (code === "rate_limited") expect(error?.details.retryAfterMs).toBeGreaterThan(0);
      if (code === "channel_refused") expect(error?.details.channelCode).toBeTruthy();
      expectWithout([...personal, ...secrets], error);
    });

    it.each(expectedErrorCodes)("has an answer for %s, or says why none is ever given", (code) => {
      const isShown = errors.some((each) => each.code === code);
      expect(isShown || Boolean(errorsNeverGiven[code])).toBe(true);
    });

    it("is silent about answers that are no failure", () => {
      expect(successes.length).toBeGreaterThan(0);
      for (const response of successes) expect(connector.explain(response)).toBeUndefined();
    });

    it.each([
      ["a server error without a body", 500, ""],
      ["a server error in HTML", 502, "<html>bad gateway</html>"],
      ["a gateway timeout", 504, "null"],
      ["a success in HTML", 200, "<html></html>"],
      ["a success without a body", 200, ""],
      ["a success that is null", 200, "null"],
      ["a success that is a list", 200, "[]"],
      ["a success cut short", 200, '{"data":'],
      ["a success nested deeply", 200, `${"[".repeat(50_000)}${"]".repeat(50_000)}`],
    ])("gives an error, never an exception, for %s", (_, status, body) => {
      const error = connector.explain({ status, headers: {}, body: new TextEncoder().encode(body) });
      expect(error?.code).toBe(status >= 500 ? "channel_unavailable" : "payload_invalid");
    });
  });

  const reads = fixtures.fetch;
  if (isLacking(reads)) return;
  const notice = reads[0]?.notice;
  if (!notice) throw new Error("fetch fixtures need a notice");

  it.each(named)("fetch throws what explain says: %s", async (_, { response, code }) => {
    const { http } = scriptedHttp([response]);
    const error = await suiteErrorOf(() => connector.fetch?.(notice, worldOf(fixtures, http)));
    expect(error.code).toBe(code);
    expectWithout([...personal, ...secrets], error);
  });

  it("fetch can be repeated when no answer came", async () => {
    const { http } = scriptedHttp([new SuiteError("answer_unclear", "no answer")]);
    const error = await suiteErrorOf(() => connector.fetch?.(notice, worldOf(fixtures, http)));
    expect(error.code).toBe("channel_unavailable");
  });
}
