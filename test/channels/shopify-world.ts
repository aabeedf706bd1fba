import { createHash } from "node:crypto";
import type { HttpClient } from "#connectors/contract.ts";
import { shopify as connector } from "#connectors/shopify/index.ts";
import { shopifyPush } from "#connectors/shopify/push.ts";
import type { Case } from "#shared/case/case.ts";
import { defaultClockRules } from "#shared/case/clock-rules.ts";
import type { Action, CommandArgs } from "#shared/case/command.ts";
import { approve } from "#shared/case/commands.ts";
import type { Evidence } from "#shared/case/evidence.ts";
import { type ChannelCaseId, caseIdOf, type ShopId, tenantIdSchema } from "#shared/case/ids.ts";
import type { Notice } from "#shared/case/notice.ts";
import type { ShopMode } from "#shared/case/shop.ts";
import { SuiteError } from "#shared/errors.ts";
import { httpClient } from "#shared/http.ts";
import type { Message } from "#shared/queue.ts";
import { createStore } from "#shared/store/index.ts";
import { actOnChannel } from "../../functions/act-on-channel/act-on-channel.ts";
import { connectShop } from "../../functions/connect-shop/connect-shop.ts";
import { handleShopNotice, shopMessageSchema } from "../../functions/handle-shop-notice/handle-shop-notice.ts";
import { normalizeCase } from "../../functions/normalize-case/normalize-case.ts";
import { planCommand } from "../../functions/plan-command/plan-command.ts";
import { pollChannel } from "../../functions/poll-channel/poll-channel.ts";
import { publishEvents } from "../../functions/publish-events/publish-events.ts";
import { receiveWebhook } from "../../functions/receive-webhook/receive-webhook.ts";
import { startHttpServer } from "../../local/marketplaces/kit/http-server.ts";
import { ManualClock } from "../../local/marketplaces/kit/manual-clock.ts";
import { createShopify } from "../../local/marketplaces/shopify/index.ts";
import type { ShopWish } from "../../local/marketplaces/shopify/shops.ts";
import { glassVault, keeping } from "../builders/fakes.ts";
import type { TestTable } from "../engine.ts";

const tenantId = tenantIdSchema.parse("acme");

export type ShopifyWorld = Awaited<ReturnType<typeof startWorld>>;

/**
 * The simulated platform and our functions on a real table, with queues in memory: webhooks arrive over HTTP and are
 * verified, cases are saved and told, commands are planned and sent.
 */
export async function startWorld(table: TestTable) {
  const clock = new ManualClock("2026-11-02T08:00:00Z");
  const platform = createShopify({ clock });
  await platform.start();
  // What the table's stream would bring: every revision of a case, in the order of the saves.
  const stream: unknown[] = [];
  const client = table.anotherClient();
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const item = (args.input as { Item?: { entity?: { S?: string } } }).Item;
      if (item?.entity?.S === "case") stream.push(item);
      return answer;
    },
    { step: "initialize", name: "stream" },
  );
  const store = createStore({ ...table, client });
  const intake: Message[] = [];
  const shopNotices: Message[] = [];
  const aside: unknown[] = [];
  const told: string[] = [];

  // Answers of calls whose address or body holds this are lost on their way back.
  const losing = { part: "" };
  const calling = httpClient();
  const http: HttpClient = async (request) => {
    const answer = await calling(request);
    if (losing.part !== "" && `${request.url} ${request.body}`.includes(losing.part)) {
      throw new SuiteError("answer_unclear", "the connection broke");
    }
    return answer;
  };

  const deps = {
    ...{ cases: store.cases, shops: store.shops, feeds: store.feeds, clock, resume: async () => {} },
    connectorOf: () => connector as never,
    channelSettings: async () => [platform.appSettings()],
    vault: glassVault,
    http,
    clockRulesOf: async () => defaultClockRules,
    enqueue: async (messages: readonly Message[]) => void intake.push(...messages),
    quarantine: async (messages: readonly Message[]) => void aside.push(...messages),
    tellShops: async (messages: readonly Message[]) => void shopNotices.push(...messages),
    again: async (messages: readonly Message[]) => void shopNotices.push(...messages),
    pushOf: () => shopifyPush as never,
  };
  // The files that cases keep: a test puts their records here, and their bytes into `files`.
  const records: Evidence[] = [];
  const shelf = keeping();
  const evidence = { get: (...of: Parameters<typeof shelf.evidence.get>) => keeping(...records).evidence.get(...of) };

  const working = {
    ...deps,
    ...{ limits: store.limits, counters: store.counters, references: store.references, timeline: store.timeline },
    ...{ addresses: store.addresses, rules: store.rules, privacyRequests: store.privacyRequests },
    ...{ evidence, archive: shelf.archive },
    setTimer: async () => {},
    random: () => 0.5,
    newId: () => crypto.randomUUID(),
  };

  const publishing = {
    ...{ timeline: store.timeline, references: store.references, clock, sweepEveryMs: 60_000 },
    busScope: "all" as const,
    publish: async (events: readonly { name: string }[]) => void told.push(...events.map(({ name }) => name)),
    sendCommands: async () => {},
    sendTimers: async () => {},
  };

  // Our address for webhooks.
  const door = await startHttpServer({
    port: 0,
    answer: async ({ method, headers, body }) => {
      const call = { method, params: { channel: "shopify" }, headers, body };
      const answer = await receiveWebhook(call as never, deps);
      return { status: answer.status, body: answer.body };
    },
  });
  platform.pushTo(door.url);

  /** Everything that waits is handled, and what that brings: the stream first, as it never waits for a queue. */
  async function settle(): Promise<void> {
    for (let round = 0; round < 50 && stream.length + intake.length + shopNotices.length > 0; round++) {
      for (const image of stream.splice(0)) await publishEvents({ dynamodb: { NewImage: image as never } }, publishing);
      for (const { body } of intake.splice(0)) await normalizeCase(JSON.parse(body) as Notice, working as never);
      if (stream.length > 0) continue;
      for (const { body } of shopNotices.splice(0))
        await handleShopNotice(shopMessageSchema.parse(JSON.parse(body)), working as never);
    }
  }

  async function connect(name: string, { mode = "assist", ...wish }: ShopWish & { mode?: ShopMode } = {}) {
    const { shopId, credentials } = await platform.openShop(name, wish);
    const shop = shopId as ShopId;
    await connectShop({ tenantId, channel: "shopify", shopId: shop, name, mode, credentials }, working as never);
    return shop;
  }

  /** A turn of a feed, if it is due. */
  const poll = (shopId: ShopId, feed: string) =>
    pollChannel({ tenantId, channel: "shopify", shopId, feed }, working as never);

  /** A webhook with a genuine signature over any body, under any topic: the status it is answered with. */
  async function deliver(body: string, about: { shopId: ShopId; topic: string }): Promise<number> {
    // Shopify's own header names the type; twice, it would be none that is known.
    const headers = new Headers(platform.signPush?.(body, about));
    headers.set("content-type", "application/json");
    return (await fetch(door.url, { method: "POST", headers, body })).status;
  }

  /** Connects a shop with these credentials. */
  const connectWith = (shopId: string, credentials: object) =>
    connectShop(
      { tenantId, channel: "shopify", shopId: shopId as ShopId, name: shopId, mode: "observe", credentials },
      working as never,
    );

  /** Time passes: webhooks arrive, and what they bring is handled. */
  async function advance(ms = 60_000): Promise<void> {
    await clock.advance(ms);
    await settle();
  }

  async function caseOf(shopId: ShopId, id: string): Promise<Case> {
    const found = await store.cases.get(tenantId, caseIdOf("shopify", shopId, id as ChannelCaseId));
    if (!found) throw new Error(`there is no case ${id}`);
    return found;
  }

  /** A person's word, planned by plan-command and sent by act-on-channel. Returns what became of it. */
  async function command({ caseId }: Case, action: Action, args: CommandArgs = {}): Promise<string | undefined> {
    const answer = await planCommand({ tenantId, caseId, personId: "lin", action, args }, working as never);
    if (!answer.ok) return answer.reason;
    await settle();
    // A part of what the buyer claims needs a second person's yes.
    const proposed = await store.cases.get(tenantId, caseId);
    if (proposed?.commands.some(({ commandId, status }) => commandId === answer.commandId && status === "proposed")) {
      const agreed = approve(proposed, answer.commandId, "person:mei", clock.now().toISOString());
      if (!agreed.ok) return agreed.reason;
      await store.cases.save(agreed.next);
    }
    await actOnChannel({ tenantId, caseId, commandId: answer.commandId }, working as never);
    await settle();
    const after = await store.cases.get(tenantId, caseId);
    const one = after?.commands.find((each) => each.commandId === answer.commandId);
    return one?.problem ? `${one.status}: ${one.problem}` : one?.status;
  }

  /** The newest command of a case is sent once more, as the queue would have it after its wait. */
  async function again({ caseId, commands }: Case): Promise<void> {
    await actOnChannel({ tenantId, caseId, commandId: commands.at(-1)?.commandId ?? "" }, working as never);
    await settle();
  }

  /** Keeps a file with a case, as capture-evidence or an upload would. Returns its id. */
  function keep({ caseId }: Case, bytes: Buffer, mediaType: string): string {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const evidenceId = sha256.slice(0, 32);
    const about = { kind: "photo", source: "merchant", receivedAt: clock.now().toISOString() } as const;
    records.push({ ...about, tenantId, caseId, evidenceId, status: "kept", sha256, bytes: bytes.length, mediaType });
    shelf.files.set(evidenceId, bytes);
    return evidenceId;
  }

  const end = async () => {
    await platform.stop();
    await door.close();
  };
  return {
    tenantId,
    platform,
    clock,
    store,
    aside,
    told,
    connect,
    connectWith,
    advance,
    settle,
    poll,
    caseOf,
    command,
    again,
    keep,
    losing,
    deliver,
    end,
  };
}
