import { createHash } from "node:crypto";
import { douyin as connector } from "#connectors/douyin/index.ts";
import { type Case, stateOf } from "#shared/case/case.ts";
import { defaultClockRules } from "#shared/case/clock-rules.ts";
import type { Action, CommandArgs } from "#shared/case/command.ts";
import { type ChannelCaseId, caseIdOf, shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import type { Notice } from "#shared/case/notice.ts";
import { defaultPolicy } from "#shared/case/policy.ts";
import { httpClient } from "#shared/http.ts";
import type { Message } from "#shared/queue.ts";
import { createStore } from "#shared/store/index.ts";
import { actOnChannel } from "../../functions/act-on-channel/act-on-channel.ts";
import { connectShop } from "../../functions/connect-shop/connect-shop.ts";
import { normalizeCase } from "../../functions/normalize-case/normalize-case.ts";
import { planCommand } from "../../functions/plan-command/plan-command.ts";
import { pollChannel } from "../../functions/poll-channel/poll-channel.ts";
import { sweepFeeds } from "../../functions/sweep-feeds/sweep-feeds.ts";
import { createDouyin } from "../../local/marketplaces/douyin/index.ts";
import { startHttpServer } from "../../local/marketplaces/kit/http-server.ts";
import { ManualClock } from "../../local/marketplaces/kit/manual-clock.ts";
import { glassVault } from "../builders/fakes.ts";
import type { TestTable } from "../engine.ts";

type PathHook = (path: string) => void;
const tenantId = tenantIdSchema.parse("acme");

/**
 * The simulated platform, one shop of it, and our functions on a real table; what is found comes by the sweeps alone
 * (pushes have their loop in test/integration). `more` are the shop's own settings.
 */
export async function startDouyinWorld(table: TestTable, more: Record<string, unknown> = {}) {
  const clock = new ManualClock("2026-03-02T01:00:00Z");
  // The clock stands still while much is read, so the pace of calls does not count.
  const platform = createDouyin({ clock }, { callsAtOnce: 10_000 });
  await platform.start();
  const store = createStore(table);
  const sendHttp = httpClient();
  const intake: Message[] = [];
  /** Files that cases keep, by their ids: their records are stored, and the platform fetches them from here. */
  const files = new Map<string, Buffer>();
  const shelf = await startHttpServer({
    answer: ({ path }) => {
      const bytes = files.get(path.slice(1));
      return bytes ? { status: 200, body: "", bytes } : { status: 404, body: "" };
    },
  });
  const archive = {
    read: async ({ evidenceId }: { evidenceId: string }) => files.get(evidenceId),
    link: async ({ evidenceId }: { evidenceId: string }) => `${shelf.url}/${evidenceId}`,
  };
  /** What happens right before, or right after, a write reaches the platform. */
  const around: { before?: () => void; after?: () => void; asked?: PathHook; answered?: PathHook } = {};

  const deps = {
    ...{ cases: store.cases, shops: store.shops, feeds: store.feeds, clock, resume: async () => {} },
    ...{ limits: store.limits, counters: store.counters, references: store.references },
    ...{ addresses: store.addresses, rules: store.rules, policy: defaultPolicy },
    ...{ evidence: store.evidence, archive },
    connectorOf: () => connector as never,
    channelSettings: async () => [platform.appSettings()],
    vault: glassVault,
    http: async (request: Parameters<typeof sendHttp>[0]) => {
      const { pathname } = new URL(request.url);
      const isOperate = pathname === "/afterSale/operate";
      if (isOperate) around.before?.();
      around.asked?.(pathname);
      const response = await sendHttp(request);
      if (isOperate) around.after?.();
      around.answered?.(pathname);
      return response;
    },
    clockRulesOf: async () => defaultClockRules,
    enqueue: async (messages: readonly Message[]) => void intake.push(...messages),
    quarantine: async (messages: readonly Message[]) => {
      throw new Error(`quarantined: ${messages.map(({ body }) => body).join()}`);
    },
    ...{ setTimer: async () => {}, random: () => 0.5, newId: () => crypto.randomUUID() },
  };

  /** Every feed whose turn has come is read, and what it brought is handled. Several rounds, because pages bring pages. */
  async function turn(): Promise<void> {
    for (let round = 0; round < 12; round++) {
      const polls: Message[] = [];
      const enqueue = async (messages: readonly Message[]) => void polls.push(...messages);
      const elsewhere = { enqueueNights: async () => {}, enqueueRenewals: async () => {} };
      await sweepFeeds({ feeds: store.feeds, clock, enqueue, ...elsewhere });
      if (polls.length === 0) return;
      for (const { body } of polls) await pollChannel(JSON.parse(body), deps);
      for (const { body } of intake.splice(0)) await normalizeCase(JSON.parse(body) as Notice, deps as never);
    }
  }

  const { shopId: opened, credentials } = await platform.openShop("模拟旗舰店");
  const shopId = shopIdSchema.parse(opened);
  const named = { tenantId, channel: "douyin", shopId, name: "模拟旗舰店", mode: "assist" } as const;
  await connectShop({ ...named, credentials: { ...credentials, ...more } }, deps);
  await turn();

  async function caseOf(id: string): Promise<Case> {
    const found = await store.cases.get(tenantId, caseIdOf("douyin", shopId, id as ChannelCaseId));
    if (!found) throw new Error(`there is no case ${id}`);
    return found;
  }

  /** A person's word, planned by plan-command. Throws its reason when it is not planned. */
  async function plan(id: string, action: Action, args: CommandArgs = {}): Promise<string> {
    const { caseId } = await caseOf(id);
    const answer = await planCommand({ tenantId, caseId, personId: "lin", action, args }, deps);
    if (!answer.ok) throw new Error(answer.reason);
    return answer.commandId;
  }

  /** What act-on-channel makes of it: the command's status. */
  async function act(id: string, commandId: string): Promise<string | undefined> {
    const { caseId } = await caseOf(id);
    await actOnChannel({ tenantId, caseId, commandId }, deps);
    return (await caseOf(id)).commands.find((each) => each.commandId === commandId)?.status;
  }

  /** A picture that the case keeps, as capture-evidence would have stored it. Returns its id. */
  async function keep(id: string, bytes: Buffer): Promise<string> {
    const { caseId } = await caseOf(id);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const evidenceId = sha256.slice(0, 32);
    const place = { tenantId, caseId, evidenceId, kind: "photo", source: "buyer" } as const;
    const told = { sha256, bytes: bytes.length, mediaType: "image/png", receivedAt: clock.now().toISOString() };
    await store.evidence.put({ ...place, ...told, status: "kept" });
    files.set(evidenceId, bytes);
    return evidenceId;
  }

  return {
    ...{ platform, clock, store, shopId, caseOf, plan, act, around, keep },
    stop: async () => {
      await shelf.close();
      await platform.stop();
    },
    command: async (id: string, action: Action, args: CommandArgs = {}) => act(id, await plan(id, action, args)),
    /** Time passes on the platform, and then the sweeps come round. */
    advance: async (ms: number) => {
      await clock.advance(ms);
      await turn();
    },
    /** The buyer asks; the case is found by a sweep. */
    apply: async (application: Omit<Parameters<typeof platform.apply>[0], "shopId">) => {
      const { id } = platform.apply({ payAmount: 9_900, postAmount: 0, quantity: 1, ...application, shopId });
      await clock.advance(6 * 60_000);
      await turn();
      return id;
    },
    /** Bodies are not kept, so the number of calls is what can be told. */
    callsOf: (name: string) => platform.calls.filter((call) => call.name === name).length,
  };
}

/** How a case ended, what was paid, and what became of each command. */
export const endingOf = (held: Case) => ({
  state: stateOf(held),
  outcome: held.facts.outcome,
  settled: held.facts.money.settled?.amountMinor ?? 0,
  commands: held.commands.map(({ action, status }) => `${action} ${status}`),
});
