import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, expect, it } from "vitest";
import { createChannelSettings } from "./channel-settings.ts";

const manager = mockClient(SecretsManagerClient);
const clock = { now: 0 };
const missing = Object.assign(new Error("none"), { name: "ResourceNotFoundException" });
const settings = () =>
  createChannelSettings({
    client: new SecretsManagerClient({ region: "us-east-1" }),
    prefix: "casebridge/dev/",
    now: () => clock.now,
  });

/** What Secrets Manager holds: the live version and the one before it. */
function holds(current: string | undefined, previous?: string) {
  const stages = { AWSCURRENT: current, AWSPREVIOUS: previous };
  for (const [VersionStage, SecretString] of Object.entries(stages)) {
    const asked = manager.on(GetSecretValueCommand, { SecretId: "casebridge/dev/douyin", VersionStage });
    if (SecretString === undefined) asked.rejects(missing);
    else asked.resolves({ SecretString });
  }
}

beforeEach(() => {
  manager.reset();
  clock.now = 0;
});

it("gives the live version, and the one before it while a secret is rotated", async () => {
  holds('{"v":2}');
  expect(await settings()("douyin")).toEqual([{ v: 2 }]);
  holds('{"v":2}', '{"v":1}');
  expect(await settings()("douyin")).toEqual([{ v: 2 }, { v: 1 }]);
});

it("asks again after five minutes, and not before", async () => {
  holds('{"v":1}');
  const of = settings();
  await of("douyin");
  holds('{"v":2}');
  clock.now = 299_999;
  expect(await of("douyin")).toEqual([{ v: 1 }]);
  clock.now = 300_000;
  expect(await of("douyin")).toEqual([{ v: 2 }]);
});

it.each([
  ["there is none", undefined],
  ["it is empty", ""],
])("names the secret to fill when %s", async (_, current) => {
  holds(current);
  await expect(settings()("douyin")).rejects.toMatchObject({
    code: "misconfigured",
    message: "fill the secret casebridge/dev/douyin with the app settings of douyin",
  });
});

it("does not quote a secret that is not JSON", async () => {
  holds("shpss_1234");
  const fault = await settings()("douyin").catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: "misconfigured", message: "the secret casebridge/dev/douyin is not JSON" });
  expect(`${fault} ${JSON.stringify(fault)} ${(fault as Error).cause}`).not.toContain("shpss_1234");
});

it("remembers no failure", async () => {
  const of = settings();
  manager.on(GetSecretValueCommand).rejects(new Error("throttled"));
  await expect(of("douyin")).rejects.toThrow("throttled");
  holds('{"v":1}');
  expect(await of("douyin")).toEqual([{ v: 1 }]);
});
