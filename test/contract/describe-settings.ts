import { describe, expect, it } from "vitest";
import type { Connector } from "#connectors/contract.ts";
import type { ConnectorFixtures } from "./fixtures.ts";
import { isLacking } from "./fixtures.ts";
import { expectWithout, suiteErrorOf } from "./leaks.ts";
import { scriptedHttp, worldOf } from "./scripted-http.ts";

/** Settings, and how access is renewed. */
export function describeSettings<App, Credentials>(
  connector: Connector<App, Credentials>,
  fixtures: ConnectorFixtures<App, Credentials>,
): void {
  const { settings, tokens } = connector;

  it("accepts complete settings and no others", () => {
    expect(settings.app.parse(fixtures.app)).toEqual(fixtures.app);
    expect(settings.credentials.parse(fixtures.credentials)).toEqual(fixtures.credentials);
    for (const nothing of [undefined, null, {}, [], "text", 1]) {
      expect(settings.app.safeParse(nothing).success).toBe(false);
      expect(settings.credentials.safeParse(nothing).success).toBe(false);
    }
  });

  const access = fixtures.tokens;
  if (isLacking(access)) {
    it(`renews no access: ${access.lacks}`, () => expect(tokens).toBeUndefined());
    return;
  }
  describe("access", () => {
    it("is renewed into credentials that pass the schema and end later", async () => {
      const { http, requests } = scriptedHttp(access.answers);
      const renewed = await tokens?.refresh(worldOf(fixtures, http));
      const credentials = settings.credentials.parse(renewed);
      expect(tokens?.expiresAt(credentials)).toEqual(access.expiresAt);
      expect(access.expiresAt.getTime()).toBeGreaterThan(fixtures.now.getTime() + (tokens?.refreshBeforeMs ?? 0));
      expect(requests).toHaveLength(access.answers.length);
    });

    it("that the merchant has ended is credentials_rejected", async () => {
      const { http } = scriptedHttp([...access.answers.slice(0, -1), access.dead]);
      const error = await suiteErrorOf(() => tokens?.refresh(worldOf(fixtures, http)));
      expect(error.code).toBe("credentials_rejected");
      expectWithout(fixtures.secrets, error);
    });

    it("is asked for again later when the channel is down or its answer is not readable", async () => {
      for (const [status, body] of [
        [500, "oops"],
        [200, "<html>"],
        [200, "{}"],
        [200, "null"],
      ] as const) {
        const { http } = scriptedHttp([{ status, headers: {}, body: new TextEncoder().encode(body) }]);
        const error = await suiteErrorOf(() => tokens?.refresh(worldOf(fixtures, http)));
        expect(["channel_unavailable", "payload_invalid"]).toContain(error.code);
        expectWithout(fixtures.secrets, error);
      }
    });
  });
}
