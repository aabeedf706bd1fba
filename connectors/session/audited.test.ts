import { afterEach, beforeEach, expect, it } from "vitest";
import { SuiteError } from "#shared/errors.ts";
import { listen } from "../../test/builders/fakes.ts";
import { fixtures } from "../taobao/fixtures/index.ts";
import { taobao } from "../taobao/index.ts";
import { audited } from "./audited.ts";

let heard: ReturnType<typeof listen>;
beforeEach(() => {
  heard = listen();
});
afterEach(() => heard.end());

const of = { channel: "taobao", shopId: "3300000000501" };
const request = { method: "GET", url: "https://oauth.example.com/refresh?app_secret=s3cret" } as const;
const answer = { status: 200, headers: {}, body: new Uint8Array() };

it("says of whom, what and how it ended, and nothing of the query", async () => {
  await audited(async () => answer, of)({ ...request, headers: { authorization: "Bearer s3cret" }, body: "s3cret" });
  const about = { ...of, host: "oauth.example.com", call: "GET /refresh", httpStatus: 200 };
  expect(heard.said()).toMatchObject([{ message: "channel called", ...about, tookMs: expect.any(Number) }]);
  expect(JSON.stringify(heard.said())).not.toContain("s3cret");
});

it("says that no answer came, and why, and hands the fault on", async () => {
  const fault = new SuiteError("answer_unclear", "the request left but no whole answer came");
  await expect(audited(() => Promise.reject(fault), of)(request)).rejects.toBe(fault);
  expect(heard.said()).toMatchObject([{ message: "channel called without an answer", errorCode: "answer_unclear" }]);
});

it("names the platform's own call where all of them go to one address", async () => {
  const { app, credentials, shopId, now } = fixtures;
  const http = audited(async () => answer, of);
  await expect(taobao.listAddresses?.({ app, credentials, shopId, now, http })).rejects.toThrow();
  expect(heard.said()).toMatchObject([{ call: "taobao.logistics.address.search" }]);
  for (const secret of fixtures.secrets) expect(JSON.stringify(heard.said())).not.toContain(secret);
});

it("is one client for each shop, so that what is counted by it goes on from session to session", () => {
  const http = async () => answer;
  expect(audited(http, { ...of })).toBe(audited(http, { ...of }));
  expect(audited(http, { ...of, shopId: "3300000000502" })).not.toBe(audited(http, of));
  expect(audited(async () => answer, of)).not.toBe(audited(http, of));
});
