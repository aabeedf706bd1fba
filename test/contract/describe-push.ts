import { describe, expect, it } from "vitest";
import type { Connector, PushOutcome, PushRequest } from "#connectors/contract.ts";
import { noticeSchema } from "#shared/case/notice.ts";
import { shopNoticeSchema } from "#shared/case/shop-notice.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { badBodies, withProtoKeys } from "./bad-bodies.ts";
import { type ConnectorFixtures, isLacking } from "./fixtures.ts";
import { expectWithout } from "./leaks.ts";

const outcomes: readonly PushOutcome[] = [
  "accepted",
  "unauthorized",
  "unreadable",
  "unsupported_media",
  "too_large",
  "unavailable",
];

/** Messages that the channel sends to us. */
export function describePush<App, Credentials>(
  { push }: Connector<App, Credentials>,
  fixtures: ConnectorFixtures<App, Credentials>,
): void {
  const given = fixtures.push;
  if (isLacking(given)) {
    it(`takes no pushes: ${given.lacks}`, () => expect(push).toBeUndefined());
    return;
  }
  if (!push) throw new Error("there are push fixtures but no push");
  const { now, personal, secrets } = fixtures;
  const app = push.app(fixtures.app);
  const messages = given.messages.map(({ name, ...rest }): [string, typeof rest] => [name, rest]);
  const first = given.messages[0]?.request;
  if (!first) throw new Error("push fixtures need a message");
  const signed = (body: Uint8Array, at = now) => given.sign(body, at);

  describe("push", () => {
    it("takes the app settings without a schema and says which one is wrong", () => {
      // A part of them: what only a page of consent or a call needs is left out.
      expect(fixtures.app).toMatchObject(app as object);
      for (const nothing of [undefined, null, {}, [], "text"]) {
        expect(() => push.app(nothing)).toThrowError(expect.objectContaining({ code: "misconfigured" }));
      }
    });

    it.each(messages)("verifies a genuine message: %s", (_, { request }) => {
      expect(push.verify(request, [app], now)).toEqual({ ok: true, live: 0 });
    });

    it("verifies with the old secret during a rotation, and says so", () => {
      const renewed = altered(app, secrets);
      expect(push.verify(first, [renewed, app], now)).toEqual({ ok: true, live: 1 });
      expect(push.verify(first, [renewed], now).ok).toBe(false);
    });

    it("refuses a forged message: every byte of the body counts", () => {
      for (const at of [0, Math.floor(first.body.length / 2), first.body.length - 1]) {
        const body = Uint8Array.from(first.body, (byte, index) => (index === at ? byte ^ 1 : byte));
        expect(push.verify({ ...first, body }, [app], now)).toEqual({ ok: false, reason: "signature_mismatch" });
      }
    });

    it("refuses missing, doubled and garbled headers without throwing", () => {
      const { headers } = first;
      expect(push.verify({ headers: {}, body: first.body }, [app], now).ok).toBe(false);
      for (const name of Object.keys(headers)) {
        for (const value of [undefined, "", "0", "\u{1f440}", `${headers[name]},${headers[name]}`, "a".repeat(9000)]) {
          const result = push.verify({ ...first, headers: { ...headers, [name]: value } }, [app], now);
          if (!result.ok) expect(result.reason).toMatch(/^[a-z_]+$/);
        }
      }
      expect(push.verify(first, [], now).ok).toBe(false);
    });

    if (isLacking(given.signedTime)) {
      it.skip(`refuses a stale message: ${given.signedTime.lacks}`, () => {});
    } else {
      const { toleranceMs } = given.signedTime;
      it.each([
        ["just young enough", -toleranceMs + 1000, "ok"],
        ["stale", -toleranceMs - 1000, "too_old"],
        ["from the future", toleranceMs + 1000, "too_new"],
      ])("judges a message that is %s", (_, offsetMs, expected) => {
        const result = push.verify(signed(first.body, new Date(now.getTime() + offsetMs)), [app], now);
        expect(result.ok ? "ok" : result.reason).toBe(expected);
      });
    }

    it.each(messages)("reads what changed: %s", (_, { request, notices, ignored = [], rejected = 0, shopNotices }) => {
      const reading = push.read(request);
      expect(reading.notices).toEqual(notices);
      for (const notice of reading.notices) expect(noticeSchema.parse(notice)).toEqual(notice);
      expect(reading.ignored.map(({ topic }) => topic)).toEqual(ignored);
      for (const { why } of reading.ignored) expect(why).not.toBe("");
      expect(reading.rejected).toHaveLength(rejected);
      expect(reading.shopNotices).toEqual(shopNotices);
      for (const notice of reading.shopNotices ?? []) expect(shopNoticeSchema.parse(notice)).toEqual(notice);
    });

    it.each(messages)("reads the same message twice the same way: %s", (_, { request }) => {
      expect(push.read(request)).toEqual(push.read(request));
    });

    it.each(messages)("lets no personal data out: %s", (_, { request }) => {
      const { notices, ignored, rejected, shopNotices } = push.read(request);
      const out = { notices, ignored, shopNotices, why: rejected.map(({ why }) => why) };
      expectWithout([...personal, ...secrets], out);
    });

    it.each(messages)("takes no harm from __proto__ keys: %s", (_, { request, notices }) => {
      const body = withProtoKeys(request.body);
      if (body) expect(push.read({ ...request, body }).notices).toEqual(notices);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    });

    it.each(messages)("ends every unreadable body in payload_invalid or in no notice: %s", (_, { request }) => {
      for (const [kind, body] of badBodies(request.body)) {
        for (const bad of [{ ...request, body }, signedLike(request, signed(body))]) {
          const end = endOf(() => push.read(bad));
          expect(end, kind).toBe("payload_invalid or nothing");
        }
      }
    });

    it("has an answer for every outcome, and only acceptance is a success", () => {
      for (const outcome of outcomes) {
        const { status, contentType, body } = push.reply(outcome);
        expect(status).toBeGreaterThanOrEqual(200);
        expect(status).toBeLessThan(600);
        if (contentType.startsWith("application/json")) expect(() => JSON.parse(body)).not.toThrow();
        if (outcome !== "accepted") expect({ status, body }).not.toEqual(strip(push.reply("accepted")));
      }
      expect(push.reply("accepted").status).toBe(200);
    });
  });

  /** The channel's own headers around other bytes; those of the signature are new. */
  function signedLike(request: PushRequest, fresh: PushRequest): PushRequest {
    return { headers: { ...request.headers, ...fresh.headers }, body: fresh.body };
  }

  function endOf(work: () => { notices: readonly unknown[] }): string {
    try {
      const { notices } = work();
      return notices.length === 0 ? "payload_invalid or nothing" : `${notices.length} notices`;
    } catch (error) {
      if (error instanceof SuiteError) expectWithout([...personal, ...secrets], error);
      return isSuiteError(error, "payload_invalid") ? "payload_invalid or nothing" : String(error);
    }
  }
}

function strip({ status, body }: { status: number; body: string }): { status: number; body: string } {
  return { status, body };
}

/** The app with other secrets, as after a rotation. */
function altered<App>(app: App, secrets: readonly string[]): App {
  const members = Object.entries(app as Record<string, unknown>).map(([name, value]) => [
    name,
    typeof value === "string" && secrets.includes(value) ? [...value].reverse().join("") : value,
  ]);
  return Object.fromEntries(members) as App;
}
