import { amazon as connector } from "#connectors/amazon/index.ts";
import type { AmazonApp, AmazonCredentials } from "#connectors/amazon/settings.ts";
import type { Bookmark, HttpClient, Known, World } from "#connectors/contract.ts";
import { connectorOf } from "#connectors/registry.ts";
import { tasksOf } from "#connectors/session/add-tasks.ts";
import { type Case, channelVersionOf } from "#shared/case/case.ts";
import { type ClockRules, statedClocksOnly } from "#shared/case/clock-rules.ts";
import type { Action, CommandArgs } from "#shared/case/command.ts";
import { accept, markSent, objection, plan, settle } from "#shared/case/commands.ts";
import { shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import type { Notice } from "#shared/case/notice.ts";
import { caseObservationSchema } from "#shared/case/observation.ts";
import { observe } from "#shared/case/observe.ts";
import { isSuiteError } from "#shared/errors.ts";
import { httpClient } from "#shared/http.ts";
import { type AmazonSettings, createAmazon } from "../../local/marketplaces/amazon/index.ts";
import { ManualClock } from "../../local/marketplaces/kit/manual-clock.ts";

const addTasks = tasksOf(connectorOf("amazon"));
const tenantId = tenantIdSchema.parse("tenant-1");

/** A simulated seller, and the connector with as much of the pipeline as a loop needs: no queue, no table. */
export async function startAmazonShop({
  settings = {},
  credentials = {},
  region = "na",
  now = "2026-02-02T02:00:00Z",
  clockRules = statedClocksOnly,
}: {
  settings?: Partial<AmazonSettings>;
  credentials?: Record<string, unknown>;
  region?: "na" | "eu" | "fe";
  now?: string;
  clockRules?: ClockRules;
} = {}) {
  const clock = new ManualClock(now);
  const amazon = createAmazon({ clock }, settings);
  await amazon.start();
  const opened = await amazon.openShop("Harbour Goods", region);
  const send = httpClient();
  let http: HttpClient = send;
  const app: AmazonApp = connector.settings.app.parse(amazon.appSettings());
  let granted: AmazonCredentials = connector.settings.credentials.parse({ ...opened.credentials, ...credentials });
  const shopId = shopIdSchema.parse(opened.shopId);
  const cases = new Map<string, Case>();
  const bookmarks = new Map<string, Bookmark>();
  const rawWorld = (): World<AmazonApp, AmazonCredentials> => ({
    app,
    shopId,
    credentials: granted,
    http: (request) => http(request),
    now: clock.now(),
  });

  /** What a session does: a token is renewed before it ends. */
  async function world() {
    const { tokens } = connector;
    const endsAt = tokens?.expiresAt(granted)?.getTime() ?? 0;
    if (tokens && clock.now().getTime() > endsAt - tokens.refreshBeforeMs) granted = await tokens.refresh(rawWorld());
    return rawWorld();
  }

  const known: Known = {
    held: async (channelCaseId) => cases.get(channelCaseId),
    ofReference: async (reference) =>
      [...cases.values()]
        .filter(({ facts }) => facts.orders.some(({ orderId }) => orderId === reference))
        .map(({ channelCaseId }) => channelCaseId),
  };

  function save(next: Case): Case {
    cases.set(next.channelCaseId, next);
    return next;
  }

  /** What normalize-case does with a notice. */
  async function handle(notice: Notice): Promise<void> {
    for (const raw of (await connector.fetch?.(notice, await world(), known)) ?? []) {
      const observation = caseObservationSchema.parse(connector.normalize(raw, { shopId, observedAt: clock.now() }));
      const observed = observe(cases.get(observation.channelCaseId), observation, tenantId, { clockRules });
      if (observed.kind !== "opened" && observed.kind !== "changed") continue;
      const { next } = observed;
      save(addTasks(next, observation.observedAt));
    }
  }

  /** What is put off by a limit is done when it says so. */
  async function inTime(work: () => Promise<void>): Promise<void> {
    try {
      return await work();
    } catch (fault) {
      if (!isSuiteError(fault, "rate_limited")) throw fault;
      await clock.advance(Math.max(1000, Number(fault.details.retryAfterMs ?? 0)));
      return inTime(work);
    }
  }

  /** What poll-channel does with a feed, and waiting as long as the feed asks. */
  async function poll(name: string): Promise<number> {
    const feed = connector.feeds?.[name];
    if (feed?.scope !== "shop") throw new Error(`no feed ${name}`);
    for (let taken = 0; ; ) {
      const page = await feed.list(bookmarks.get(name), await world());
      for (const notice of page.notices) await inTime(() => handle(notice));
      taken += page.notices.length;
      bookmarks.set(name, page.bookmark);
      if (page.next.when === "later") return taken;
      if (page.next.when === "wait") await clock.advance(page.next.waitMs);
    }
  }

  async function pollAll(): Promise<void> {
    for (const name of ["returns", "externalReturns", "refunds", "refundFeeds"]) await poll(name);
  }

  function held(channelCaseId: string): Case {
    const found = cases.get(channelCaseId);
    if (!found) throw new Error(`no case ${channelCaseId}`);
    return found;
  }

  async function reread(channelCaseId: string): Promise<Case> {
    const { channel, channelCaseId: id } = held(channelCaseId);
    const subject = { kind: "case" as const, channelCaseId: id };
    await handle({ channel, shopId, subject, topic: "reread", noticeId: "r", opens: false, via: "reread" });
    return held(channelCaseId);
  }

  /** What plan-command and act-on-channel do with a person's word. Returns how it ended, as far as is known then. */
  async function ask(channelCaseId: string, action: Action, args: CommandArgs = {}): Promise<string> {
    const askedBy = "person:anna";
    const at = () => instant(clock.now());
    const current = await reread(channelCaseId);
    const decidedOnVersion = channelVersionOf(current);
    const planned = plan(current, { action, args, askedBy, mode: "auto", decidedOnVersion, now: at() });
    if (!planned.ok) return planned.reason;
    const { commandId } = planned.command;
    save(planned.next);
    const refused = objection(planned.next, { action, args, self: commandId });
    if (refused) throw new Error(refused);
    const offering = connector.actions?.[action];
    const offer = offering?.offered(held(channelCaseId), args, granted);
    if (!offering || !offer) return "no call";
    if (!offer.offered) return offer.task;
    const marked = save(markSent(held(channelCaseId), commandId, at()) ?? held(channelCaseId));
    const sent = marked.commands.find((each) => each.commandId === commandId);
    if (!sent) throw new Error("not marked");
    let reference: string | undefined;
    try {
      const receipt = await offering.send({ subject: marked, command: sent }, await world());
      reference = receipt?.reference;
    } catch (error) {
      if (!isSuiteError(error)) throw error;
      const as = error.code === "answer_unclear" ? "unclear" : "refused";
      save(settle(held(channelCaseId), commandId, { as, problem: error.message, now: at() }) ?? held(channelCaseId));
      return error.code;
    }
    const read = await reread(channelCaseId);
    save(accept(read, commandId, { now: at(), reference }) ?? read);
    return held(channelCaseId).commands.find((each) => each.commandId === commandId)?.status ?? "sent";
  }

  const refund = (channelCaseId: string, args: CommandArgs = {}) => ask(channelCaseId, "agree_refund", args);

  return {
    ask,
    ...{ amazon, clock, cases, world, poll, pollAll, handle, held, reread, refund },
    shopId: opened.shopId,
    useHttp: (change: (send: HttpClient) => HttpClient) => {
      http = change(send);
    },
    stop: () => amazon.stop(),
  };
}
