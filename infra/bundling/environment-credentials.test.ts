import { afterEach, describe, expect, it, vi } from "vitest";
import { defaultProvider } from "./environment-credentials.ts";

describe("credentials of a bundled function", () => {
  afterEach(() => vi.unstubAllEnvs());
  const given = (id?: string, secret?: string, token?: string) => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", id);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", secret);
    vi.stubEnv("AWS_SESSION_TOKEN", token);
  };

  it("come from the environment", async () => {
    given("id", "secret", "token");
    expect(await defaultProvider()()).toEqual({ accessKeyId: "id", secretAccessKey: "secret", sessionToken: "token" });
  });

  it("may lack a session token, as on one machine", async () => {
    given("id", "secret");
    expect(await defaultProvider()()).toEqual({ accessKeyId: "id", secretAccessKey: "secret" });
  });

  it("are refused with a sentence when there are none", async () => {
    given();
    await expect(defaultProvider()()).rejects.toThrow(/Set AWS_ACCESS_KEY_ID/);
  });
});
