import { describe, expect, it } from "vitest";
import type { Connector } from "#connectors/contract.ts";
import type { ConnectorFixtures } from "./fixtures.ts";
import { expectWithout } from "./leaks.ts";

// As long as the real ones, of characters that must be escaped in an address.
const state = `acme.${"a".repeat(22)}.${"B_-9".repeat(10)}xyz`;
const codeChallenge = "c".repeat(43);

/** How a merchant is sent to the channel's page. What is made of its answer is peculiar to each channel. */
export function describeAuthorization<App, Credentials>(
  { id, authorization }: Connector<App, Credentials>,
  { app, secrets }: ConnectorFixtures<App, Credentials>,
): void {
  if (!authorization) return;
  const { asks = [], pkce } = authorization;
  const asked = Object.fromEntries(asks.map(({ name, example }) => [name, example]));
  const redirectUri = `https://suite.example/connect/${id}/callback`;
  const request = { state, redirectUri, asked, ...(pkce && { codeChallenge }) };
  const consentUrl = () => authorization.consentUrl(request, app);

  describe("consent", () => {
    it("asks what can be answered, and bounds each answer", () => {
      expect(new Set(asks.map(({ name }) => name)).size).toBe(asks.length);
      for (const { name, label, example, pattern, choices = [] } of asks) {
        expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
        expect([label.en.trim(), label.zh.trim()]).not.toContain("");
        const fits = (answer: string) => new RegExp(`^(?:${pattern.source})$`, pattern.flags).test(answer);
        for (const answer of [example, ...choices]) expect(fits(answer), answer).toBe(true);
        if (choices.length > 0) expect(choices).toContain(example);
        for (const answer of ["", " ", `${example}\n`, `${example}@evil.example/`, "x".repeat(500)])
          expect(fits(answer), JSON.stringify(answer)).toBe(false);
      }
    });

    it("is asked for over TLS, with the state as it is, our own address, and no secret", () => {
      const url = consentUrl();
      expect(url.protocol).toBe("https:");
      expect([url.username, url.password, url.hash]).toEqual(["", "", ""]);
      expect(url.searchParams.getAll("state")).toEqual([state]);
      for (const given of url.searchParams.getAll("redirect_uri")) expect(given).toBe(redirectUri);
      expect(new Set(url.searchParams.keys()).size).toBe(url.searchParams.size);
      expectWithout(secrets, decodeURIComponent(url.href));
    });

    it("is asked for with the challenge where the channel takes one, and with none elsewhere", () => {
      const { searchParams } = consentUrl();
      expect(searchParams.get("code_challenge")).toBe(pkce ? codeChallenge : null);
      expect(searchParams.get("code_challenge_method")).toBe(pkce ? "S256" : null);
    });

    it("is another address for another state, and the same for the same", () => {
      const other = authorization.consentUrl({ ...request, state: `${state}2` }, app);
      expect(other.href).not.toBe(consentUrl().href);
      expect(consentUrl().href).toBe(consentUrl().href);
    });
  });
}
