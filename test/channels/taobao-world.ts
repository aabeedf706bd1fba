import { taobao as connector } from "#connectors/taobao/index.ts";
import { type Case, channelVersionOf } from "#shared/case/case.ts";
import { defaultClockRules } from "#shared/case/clock-rules.ts";
import type { Action, Command, CommandArgs } from "#shared/case/command.ts";
import { type ChannelCaseId, caseIdOf, type ShopId, tenantIdSchema } from "#shared/case/ids.ts";
import type { Notice } from "#shared/case/notice.ts";
import { defaultPolicy } from "#shared/case/policy.ts";
import type { ShopMode } from "#shared/case/shop.ts";
import { isSuiteError } from "#shared/errors.ts";
import { httpClient } from "#shared/http.ts";
import type { Message } from "#shared/queue.ts";
import { createStore } from "#shared/store/index.ts";
import { actOnChannel } from "../../functions/act-on-channel/act-on-channel.ts";
import { connectShop } from "../../functions/connect-shop/connect-shop.ts";
import { decideResponse } from "../../functions/decide-response/decide-response.ts";
import { normalizeCase } from "../../functions/normalize-case/normalize-case.ts";
import { planCommand } from "../../functions/plan-command/plan-command.ts";
import { pollChannel } from "../../functions/poll-channel/poll-channel.ts";
import { resolveReturnAddress } from "../../functions/resolve-return-address/resolve-return-address.ts";
import { sweepFeeds } from "../../functions/sweep-feeds/sweep-feeds.ts";
import { ManualClock } from "../../local/marketplaces/kit/manual-clock.ts";
import { createTaobao, type TaobaoSettings } from "../../local/marketplaces/taobao/index.ts";
import { glassVault, keeping } from "../builders/fakes.ts";
import type { TestTable } from "../engine.ts";

const tenantId = tenantIdSchema.parse("acme");

/** What may go wrong between the queue of the platform and ours, for the next turns. */
export interface Trouble {
  /** Our intake queue takes nothing, or what it has taken is not confirmed to the platform. */
  queueIsDown?: boolean;
  confirmIsLost?: boolean;
  /** What lies at every address of the host of evidence. */
  evidence?: Uint8Array;
}

/** Stands for the merchant's own store of pictures. */
export const evidenceHost = "evidence.example.com";

/**
 * The simulated platform and our functions on a real table, with queues in memory: feeds are swept, messages travel, cases
 * are saved, answers are decided, planned and sent. `send` goes past all that, straight to the connector's own action.
 */
export async function startWorld(table: TestTable, settings: Partial<TaobaoSettings> = {}) {
  const clock = new ManualClock("2026-03-01T01:00:00Z");
  // The clock stands still while a history of weeks is read, so the pace of calls does not count.
  const platform = createTaobao({ clock }, { callsAtOnce: 10_000, ...settings });
  await platform.start();
  const store = createStore(table);
  const sendHttp = httpClient();
  const trouble: Trouble = {};
  const intake: Message[] = [];
  const seen: Notice[] = [];

  const deps = {
    ...{ cases: store.cases, shops: store.shops, feeds: store.feeds, clock, resume: async () => {} },
    connectorOf: () => connector as never,
    channelSettings: async () => [platform.appSettings()],
    vault: glassVault,
    http: async (request: Parameters<typeof sendHttp>[0]) => {
      const isConfirm = String(request.body).includes("taobao.tmc.messages.confirm");
      const { hostname } = new URL(request.url);
      if (hostname === evidenceHost) return { status: 200, headers: {}, body: trouble.evidence ?? new Uint8Array() };
      if (trouble.confirmIsLost && isConfirm) throw new Error("the worker was killed before it could confirm");
      return sendHttp(request);
    },
    clockRulesOf: async () => defaultClockRules,
    enqueue: async (messages: readonly Message[]) => {
      if (trouble.queueIsDown) throw new Error("the queue is down");
      intake.push(...messages);
    },
    quarantine: async (messages: readonly Message[]) => {
      throw new Error(`quarantined: ${messages.map(({ body }) => body).join()}`);
    },
  };

  /** Every feed whose turn has come is read, and what it brought is handled. Several rounds, because pages bring pages. */
  async function turn({ only }: { only?: string } = {}): Promise<void> {
    for (let round = 0; round < 12; round++) {
      const polls: Message[] = [];
      await sweepFeeds({
        feeds: store.feeds,
        clock,
        enqueue: async (messages) => void polls.push(...messages),
        enqueueNights: async () => {},
        enqueueRenewals: async () => {},
      });
      const feeds = polls.map(({ body }) => JSON.parse(body) as Parameters<typeof pollChannel>[0]);
      const chosen = feeds.filter(({ feed }) => only === undefined || feed === only);
      if (chosen.length === 0) return;
      for (const feed of chosen) await pollChannel(feed, deps).catch(ignoreKilled);
      await handle();
    }
  }

  async function handle(): Promise<void> {
    for (const { body } of intake.splice(0)) {
      const notice = JSON.parse(body) as Notice;
      seen.push(notice);
      await normalizeCase(notice, deps as never).catch((fault: unknown) => {
        if (!isSuiteError(fault, "credentials_rejected")) throw fault;
      });
    }
  }

  async function connect(
    name: string,
    { mode = "assist", ...more }: { mode?: ShopMode; [setting: string]: unknown } = {},
  ) {
    const { shopId, credentials } = await platform.openShop(name);
    const shop = shopId as ShopId;
    await connectShop(
      { tenantId, channel: "taobao", shopId: shop, name, mode, credentials: { ...credentials, ...more } },
      deps,
    );
    await turn();
    return { shopId: shop, credentials };
  }

  async function caseOf(shopId: ShopId, id: string): Promise<Case> {
    const found = await store.cases.get(tenantId, caseIdOf("taobao", shopId, id as ChannelCaseId));
    if (!found) throw new Error(`there is no case ${id}`);
    return found;
  }

  /** Sends an action on the case as it is stored, by the connector, with the version that was decided on. */
  async function send(subject: Case, action: Action, args: CommandArgs = {}): Promise<void> {
    const offer = connector.actions?.[action];
    const offered = offer?.offered(subject, args);
    if (!offer || offered?.offered !== true) throw new Error(`not offered: ${JSON.stringify(offered)}`);
    const at = clock.now().toISOString();
    const command: Command = {
      ...{ commandId: `${action}-1`, action, args, status: "sent", askedBy: "person:test", plannedAt: at },
      decidedOnVersion: channelVersionOf(subject),
      sentAt: at,
    };
    const found = await store.shops.find("taobao", subject.shopId);
    if (!found) throw new Error("the shop is not connected");
    const credentials = connector.settings.credentials.parse(JSON.parse(Buffer.from(found.credentials).toString()));
    const app = connector.settings.app.parse(platform.appSettings());
    await offer.send(
      { subject, command },
      { app, credentials, shopId: subject.shopId, http: deps.http, now: clock.now() },
    );
  }

  const working = {
    ...deps,
    ...{ limits: store.limits, counters: store.counters, references: store.references },
    ...{ addresses: store.addresses, rules: store.rules, policy: defaultPolicy },
    ...keeping(),
    setTimer: async () => {},
    random: () => 0.5,
    newId: () => crypto.randomUUID(),
  };

  /** A person's word, planned by plan-command and sent by act-on-channel. Returns what became of it. */
  async function command({ caseId }: Case, action: Action, args: CommandArgs = {}): Promise<string | undefined> {
    const answer = await planCommand({ tenantId, caseId, personId: "lin", action, args }, working);
    return answer.ok ? act(caseId, answer.commandId) : answer.reason;
  }

  async function act(caseId: Case["caseId"], commandId: string): Promise<string | undefined> {
    await actOnChannel({ tenantId, caseId, commandId }, working);
    const after = await store.cases.get(tenantId, caseId);
    return after?.commands.find((each) => each.commandId === commandId)?.status;
  }

  /** What the bus has done with news of a case: rules decide, the address is found, what they planned is sent. */
  async function answerByRules(subject: Case): Promise<(string | undefined)[]> {
    await decideResponse(subject, working);
    await resolveReturnAddress(subject, working);
    const planned = (await store.cases.get(tenantId, subject.caseId))?.commands ?? [];
    const ended: (string | undefined)[] = [];
    for (const { commandId, status } of planned)
      if (status === "planned") ended.push(await act(subject.caseId, commandId));
    return ended;
  }

  async function advance(ms: number): Promise<void> {
    await clock.advance(ms);
    await turn();
  }

  return {
    tenantId,
    platform,
    clock,
    store,
    deps,
    trouble,
    seen,
    turn,
    connect,
    caseOf,
    send,
    command,
    act,
    answerByRules,
    advance,
  };
}

/** A worker that dies leaves its lease to end, as the real one would. */
function ignoreKilled(fault: unknown): void {
  if (isSuiteError(fault)) throw fault;
}
