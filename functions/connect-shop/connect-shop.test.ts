import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import type { Connector } from "#connectors/contract.ts";
import { shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { SuiteError } from "#shared/errors.ts";
import type { Message } from "#shared/queue.ts";
import { renewal } from "#shared/renewal.ts";
import { createStore, type Store } from "#shared/store/index.ts";
import { glassVault, listen, noon, sessionDeps, someConnector } from "../../test/builders/fakes.ts";
import { useTable } from "../../test/engine.ts";
import { type ConnectRequest, connectRequestSchema, connectShop } from "./connect-shop.ts";

const table = useTable();
let store: Store;
let heard: ReturnType<typeof listen>;
let resumed: string[] = [];
beforeEach(() => {
  store = createStore(table());
  heard = listen();
  resumed = [];
});
afterEach(() => heard.end());

const acme = tenantIdSchema.parse("acme");
const shopId = shopIdSchema.parse("10437917");
const address = { addressId: "72", label: "Warehouse", isDefault: true };
const feed = { scope: "shop", everyMs: 1000, list: async () => Promise.reject(new Error("unused")) } as const;

const connector = (parts: Partial<Connector> = {}) =>
  someConnector({
    settings: { app: z.unknown(), credentials: z.strictObject({ token: z.string() }) },
    feeds: { updates: feed },
    listAddresses: async () => [address],
    ...parts,
  });

async function connect(
  parts: Partial<ConnectRequest> = {},
  own = connector(),
  queues: Readonly<Record<string, string>> = {},
) {
  const request = {
    tenantId: acme,
    channel: "douyin",
    shopId,
    name: "Flagship",
    credentials: { token: "t0ken" },
    ...parts,
  };
  const resume = async (messages: readonly Message[]) => void resumed.push(...messages.map(({ body }) => body));
  const deps = {
    ...sessionDeps(own, store.shops),
    vault: glassVault,
    feeds: store.feeds,
    resume,
    notificationQueueOf: (channel: string) => queues[channel],
  };
  return connectShop(connectRequestSchema.parse(request), deps);
}
const key = { tenantId: acme, channel: "douyin", shopId } as const;

describe("connecting a shop", () => {
  it("keeps it in mode observe, with its addresses, its sealed credentials and its feeds", async () => {
    expect(await connect()).toMatchObject({ mode: "observe", status: "connected", addresses: [address] });
    const stored = await store.shops.get(key);
    expect(stored?.shop.addresses).toEqual([address]);
    expect(JSON.parse(Buffer.from(stored?.credentials ?? []).toString())).toEqual({ token: "t0ken" });
    expect(await store.feeds.take({ ...key, feed: "updates" }, noon, 1000)).toMatchObject({ feed: "updates" });
    expect(JSON.stringify(heard.said())).not.toContain("t0ken");
  });

  it("has the channel write to the queue it may write to, and to none where there is none", async () => {
    const asked: string[] = [];
    const read = () => ({ notices: [], ignored: [], rejected: [] });
    const subscribe = async (queueArn: string) => void asked.push(queueArn);
    const own = connector({ notifications: { read, subscribe } });
    await connect({}, own, { douyin: "arn:of:queue" });
    expect(asked).toEqual(["arn:of:queue"]);
    await connect({}, own);
    await connect({}, connector(), { douyin: "arn:of:queue" });
    expect(asked).toEqual(["arn:of:queue"]);
  });

  it("again renews the credentials, lets parked work go on and keeps a feed's bookmark", async () => {
    await connect();
    const taken = await store.feeds.take({ ...key, feed: "updates" }, noon, 1000);
    if (taken) await store.feeds.keep(taken, { from: 5 }, noon);
    await store.shops.park(key, 1);
    await connect({ mode: "auto", credentials: { token: "new" } });
    expect(await store.shops.get(key)).toMatchObject({
      shop: { mode: "auto", status: "connected" },
      credentialsVersion: 2,
    });
    expect(await store.feeds.take({ ...key, feed: "updates" }, noon, 1000)).toMatchObject({ bookmark: { from: 5 } });
  });

  it("has its grant looked after from now on", async () => {
    await connect();
    expect(await store.feeds.take({ ...key, feed: renewal }, noon, 1000)).toMatchObject({ feed: renewal });
  });

  it("has the work taken up that waited for it", async () => {
    await connect();
    expect(resumed.map((body) => JSON.parse(body))).toEqual([key]);
  });

  it("names what does not fit of the credentials, and quotes nothing", async () => {
    const fault = await connect({ credentials: { token: "t0ken", secret: "s3cret" } }).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: "payload_invalid" });
    expect(String(fault) + JSON.stringify(fault)).not.toMatch(/t0ken|s3cret/);
    expect(await store.shops.get(key)).toBeUndefined();
  });

  it("leaves a shop with the tenant that has it", async () => {
    await connect();
    await expect(connect({ tenantId: tenantIdSchema.parse("evil") })).rejects.toMatchObject({ code: "shop_taken" });
    expect((await store.shops.find("douyin", shopId))?.shop.tenantId).toBe("acme");
  });

  it("keeps the addresses of before when the channel does not give any", async () => {
    await connect();
    const silent = connector({
      listAddresses: async () => Promise.reject(new SuiteError("channel_unavailable", "away")),
    });
    await expect(connect({}, silent)).rejects.toMatchObject({ code: "channel_unavailable" });
    expect((await store.shops.get(key))?.shop).toMatchObject({ status: "connected", addresses: [address] });
  });

  it("asks for no addresses where the channel has none", async () => {
    expect(await connect({}, connector({ listAddresses: undefined }))).toMatchObject({ addresses: [] });
  });
});
