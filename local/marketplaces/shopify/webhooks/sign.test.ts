import { describe, expect, it } from "vitest";
import { signBody, signQuery } from "./sign.ts";

const secret = "example-client-secret-A";

describe("the signature of a body", () => {
  it.each([
    [
      "compact",
      secret,
      "eyJpZCI6NzcwMDExMDAwMSwiYWRtaW5fZ3JhcGhxbF9hcGlfaWQiOiJnaWQ6Ly9zaG9waWZ5L1JldHVybi83NzAwMTEwMDAxIiwib3JkZXJfaWQiOjUxOTY2MDAwMDAxMDEsInN0YXR1cyI6ImNsb3NlZCJ9",
      "0BvIhe8b4ZaQ7ET2h6sxX5yDvHU1M1kpgHXi6Ey1C6g=",
    ],
    ["empty object", secret, "e30=", "hxV99eQrughVg141mEtHrjZQghHgfidG8wcqEUnsVIM="],
    [
      "unicode, indented",
      "hush",
      "ewogICJpZCI6IDc3MDAxMTAwMDEsCiAgIm5hbWUiOiAiIzEwNDItUjEiLAogICJjdXN0b21lcl9ub3RlIjogIkdyw7bDn2UgcGFzc3QgbmljaHQg4oCTIOWwuueggeS4jeWQiOmAgiDwn5GfIgp9Cg==",
      "UyLC8QO+Be+UKaqZJD09ZALs5KkHN2RLwUqKiCpIUR0=",
    ],
    [
      "escapes",
      secret,
      "eyJub3RlIjoiYSBcdTAwMjYgYiBcdTAwM2N0YWdcdTAwM2UiLCJ1cmwiOiJodHRwczpcL1wvZXhhbXBsZS5jb21cL3gifQ==",
      "DAbNUXl/sNgWc7QY1gNVNqiHHwMnp+T2GYnYCyKVTRQ=",
    ],
    [
      "big numbers",
      secret,
      "eyJpZCI6ODkwMDg4MTg2MDQ3ODkyMzE5LCJhZG1pbl9ncmFwaHFsX2FwaV9pZCI6ImdpZDovL3Nob3BpZnkvUmVmdW5kLzg5MDA4ODE4NjA0Nzg5MjMxOSIsIm9yZGVyX2lkIjo4MjA5ODI5MTE5NDYxNTQ1MDh9",
      "ok0TMOMxbQcWapCEBOG0wkxSTPTU/qhHT62DkvZ3Ryk=",
    ],
  ])("of %s is the known one", (_name, key, body, expected) => {
    expect(signBody(key, Buffer.from(body, "base64"))).toBe(expected);
  });

  it.each([
    ["another secret", "eyJpZCI6MSwic3RhdHVzIjoib3BlbiJ9", "g+3OkZ0m1AjmnZ1WopuGnjtHxGLJhnO3KEQTaMlOhyU="],
    ["hex", "eyJpZCI6MSwic3RhdHVzIjoib3BlbiJ9", "6fbc057339e34ff3226b8a62c514dacc9f3ac6cf6d85166263fab1e75abf2097"],
    ["one byte changed", "eyJpZCI6MSwic3RhdHVzIjoib3BlbSJ9", "b7wFcznjT/Mia4pixRTazJ86xs9thRZiY/qx51q/IJc="],
  ])("differs for %s", (_name, body, other) => {
    expect(signBody(secret, Buffer.from(body, "base64"))).not.toBe(other);
  });
});

describe("the signature of a redirect", () => {
  it.each([
    [
      "hush",
      "code=0907a61c0c8d55e99db179b68161bc00&shop=some-shop.myshopify.com&timestamp=1337178173",
      "4712bf92ffc2917d15a2f5a273e39f0116667419aa4b6ac0b3baaf26fa3c4d20",
    ],
    [
      secret,
      "code=c0ffee00c0ffee00&host=YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvZXhhbXBsZS1zdG9yZQ&shop=example-store.myshopify.com&state=n-once%2042&timestamp=1793606400",
      "bfe7dcbe52e40b804d72adbbe62db727390325db18120d9bcb5967da2d97ac61",
    ],
    [
      secret,
      "code=c0ffee00c0ffee00&shop=example-store.myshopify.com",
      "e0b037c9ae552800797f107a32c7db6f5a69ba9eea57a36c289ae05e1f587e8c",
    ],
  ])("sorts, encodes and signs all other parameters", (key, query, expected) => {
    const shuffled = Object.fromEntries([...new URLSearchParams(query)].reverse());
    expect(signQuery(key, { hmac: "not part of it", ...shuffled })).toBe(expected);
  });
});
