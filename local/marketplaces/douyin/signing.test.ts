import { describe, expect, it } from "vitest";
import vectors from "./fixtures/signing-vectors.json" with { type: "json" };
import { gatewaySignature, pushSignature } from "./signing.ts";
import { int64, parseJson, writeJson } from "./wire.ts";

const { appKey, appSecret: secret } = vectors;

describe.each(vectors.gateway)("gateway signature of $name", ({ method, timestamp, body, ...expected }) => {
  it.each(["md5", "hmac-sha256"] as const)("agrees with the vector for %s", (by) => {
    expect(gatewaySignature({ appKey, method, body, timestamp }, { secret, by })).toBe(expected[by]);
  });
});

describe.each(vectors.push)("push signature of $name", ({ body, ...expected }) => {
  it.each(["md5", "hmac-sha256"] as const)("agrees with the vector for %s", (by) => {
    expect(pushSignature({ appKey, body }, { secret, by })).toBe(expected[by]);
  });
});

describe("64-bit ids", () => {
  it("are written bare and read back digit for digit", () => {
    const text = writeJson({ id: int64("7301234567890123457"), size: 3 });
    expect(text).toBe('{"id":7301234567890123457,"size":3}');
    expect(parseJson(text)).toEqual({ id: 7301234567890123457n, size: 3 });
  });
});
