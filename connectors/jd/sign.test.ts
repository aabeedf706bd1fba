import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { signedRequest } from "./client.ts";
import { app, credentials } from "./fixtures/index.ts";
import { paramJsonKey, sign } from "./sign.ts";

const folder = new URL("../../../shared/channels/samples/jd/", import.meta.url);
const vectors = new URL("signing-vectors.json", folder);

describe("the signature", () => {
  it.skipIf(!existsSync(vectors))("of each vector is reproduced (skipped where the samples are not at hand)", () => {
    const { secret, vectors: all, negative, formEncoding } = JSON.parse(readFileSync(vectors, "utf8"));
    expect(all).toHaveLength(5);
    for (const { params, sign: expected } of all) expect(sign(params, secret)).toBe(expected);
    // A blank value is neither sent nor signed.
    expect(sign(negative.params, secret)).toBe(negative.sign);
    expect(sign(negative.params, secret)).not.toBe(negative.signIfBlankKept);
    const [fourth] = all.filter(({ name }: { name: string }) => name === formEncoding.of);
    const literal = fourth.params[paramJsonKey];
    expect(new URLSearchParams({ [paramJsonKey]: literal }).toString()).toBe(formEncoding.fragment);
  });

  it("is over the literal text that is sent, in China's time, with nothing blank", () => {
    const now = new Date("2026-01-15T02:30:00Z");
    const request = signedRequest({ app, credentials, now }, "jingdong.asc.audit.refuse", {
      serviceId: 9007199254740993n,
      approveNotes: "人为损坏 & 100%",
      nothing: undefined,
    });
    const form = new URLSearchParams(String(request.body));
    expect(form.get(paramJsonKey)).toBe('{"approveNotes":"人为损坏 & 100%","serviceId":9007199254740993}');
    expect(form.get("timestamp")).toBe("2026-01-15 10:30:00");
    const { sign: given, ...sent } = Object.fromEntries(form);
    expect(given).toBe(sign(sent, app.appSecret));
    expect(given).toMatch(/^[0-9A-F]{32}$/);
    expect(request.url).not.toContain("?");
    const blank = signedRequest({ app, credentials: { ...credentials, accessToken: undefined }, now }, "m", {});
    expect(new URLSearchParams(String(blank.body)).has("access_token")).toBe(false);
  });
});
