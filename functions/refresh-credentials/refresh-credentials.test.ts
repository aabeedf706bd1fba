import { afterEach, beforeEach, expect, it } from "vitest";
import type { Tokens } from "#connectors/contract.ts";
import { SuiteError } from "#shared/errors.ts";
import { renewal } from "#shared/renewal.ts";
import { createStore, type Store } from "#shared/store/index.ts";
import { glassVault, listen, sessionDeps, someConnector, someShop } from "../../test/builders/fakes.ts";
import { useTable } from "../../test/engine.ts";
import { refreshCredentials } from "./refresh-credentials.ts";

const table = useTable();
const shop = someShop();
const { tenantId, channel, shopId } = shop;
const place = { tenantId, channel, shopId, feed: renewal };
const start = new Date("2026-11-25T12:00:00.000Z");
const hour = 3_600_000;
const day = 24 * hour;

interface Held {
  token: string;
  endsAt: string;
}

let now = start;
let store: Store;
let heard: ReturnType<typeof listen>;
let answer: () => Promise<Held>;
let refreshed: number;
beforeEach(async () => {
  now = start;
  store = createStore(table());
  heard = listen();
  refreshed = 0;
  answer = async () => ({ token: "t2", endsAt: after(90 * day) });
});
afterEach(() => heard.end());

const after = (ms: number) => new Date(start.getTime() + ms).toISOString();
/** Connects the shop with a token that ends at `endsAt`, as does its grant where the channel tells of that. */
const connect = async (endsAt: string) =>
  store.shops.connect(
    { ...shop, connectedAt: now.toISOString() },
    await glassVault.seal({ token: "t1", endsAt }, shop),
    [renewal],
  );

async function turn(atMs: number, { tellsEnd = true } = {}) {
  now = new Date(start.getTime() + atMs);
  const ends = (held: unknown) => new Date((held as Held).endsAt);
  const tokens: Tokens<unknown, unknown> = {
    expiresAt: ends,
    refreshBeforeMs: 8 * hour,
    refresh: () => {
      refreshed++;
      return answer();
    },
    ...(tellsEnd && { authorizationEndsAt: ends }),
  };
  const deps = sessionDeps(someConnector({ tokens }), store.shops);
  await refreshCredentials(place, { ...deps, feeds: store.feeds, clock: { now: () => now } });
}

const warnings = () => heard.said().flatMap((line) => (line.message === "authorization ends" ? line.daysLeft : []));
const stored = async () => (await store.shops.get(shop)) ?? expect.fail("the shop is gone");
const isDueAt = async (ms: number) =>
  (await store.feeds.take(place, new Date(start.getTime() + ms), 1000)) !== undefined;

it("renews what is due in a shop where nothing happens, and stores it", async () => {
  await connect(after(7 * hour));
  await turn(0);
  const { credentials, credentialsVersion } = await stored();
  expect(JSON.parse(Buffer.from(credentials).toString())).toMatchObject({ token: "t2" });
  expect([refreshed, credentialsVersion]).toEqual([1, 2]);
});

it("renews nothing before it is due, and looks again after six hours, not sooner", async () => {
  await connect(after(90 * day));
  await turn(0);
  await turn(1000);
  expect(refreshed).toBe(0);
  expect(await isDueAt(6 * hour - 1)).toBe(false);
  expect(await isDueAt(6 * hour)).toBe(true);
});

it("steps over no window of eight hours in which a token can be renewed", async () => {
  await connect(after(40 * hour));
  for (let at = 0; at < 40 * hour; at += 6 * hour) await turn(at);
  expect(refreshed).toBe(1);
});

it("parks a shop whose grant is dead, and looks again after six hours", async () => {
  await connect(after(hour));
  answer = async () => Promise.reject(new SuiteError("credentials_rejected", "the channel says no"));
  await turn(0);
  expect((await stored()).shop.status).toBe("parked");
  expect(heard.metric("CredentialsRejected")).toEqual([1]);
  expect(await isDueAt(6 * hour - 1)).toBe(false);
  await turn(6 * hour);
  expect(refreshed).toBe(1);
});

it("asks a channel that is away again after a quarter of an hour, and parks nobody", async () => {
  await connect(after(hour));
  answer = async () => Promise.reject(new SuiteError("channel_unavailable", "away"));
  await turn(0);
  expect((await stored()).shop.status).toBe("connected");
  expect(await isDueAt(15 * 60_000 - 1)).toBe(false);
  expect(await isDueAt(15 * 60_000)).toBe(true);
});

it("warns 14, 3 and 1 days before an authorisation ends, once each", async () => {
  await connect(after(20 * day));
  for (let at = 0; at < 19.5 * day; at += 6 * hour) await turn(at);
  expect(warnings()).toEqual([14, 3, 1]);
  expect(heard.metric("AuthorizationEndsWithin")).toEqual([1, 1, 1]);
});

it("warns anew of a grant that a person has given since", async () => {
  await connect(after(2 * day));
  await turn(0);
  await connect(after(10 * day));
  await turn(6 * hour);
  expect(warnings()).toEqual([2, 9]);
});

it("warns of nothing where the channel sets no such end", async () => {
  await connect(after(2 * day));
  await turn(0, { tellsEnd: false });
  expect(warnings()).toEqual([]);
});

it("is no turn of the whole app", async () => {
  const deps = { ...sessionDeps(someConnector(), store.shops), feeds: store.feeds };
  await expect(refreshCredentials({ channel, feed: renewal }, deps)).rejects.toMatchObject({ code: "misconfigured" });
});
