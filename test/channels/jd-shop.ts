import type { Bookmark, HttpClient, World } from "#connectors/contract.ts";
import { jd as connector } from "#connectors/jd/index.ts";
import type { JdApp, JdCredentials } from "#connectors/jd/settings.ts";
import { type Case, channelVersionOf } from "#shared/case/case.ts";
import type { Action, Command, CommandArgs } from "#shared/case/command.ts";
import { markSent, objection, plan, settle } from "#shared/case/commands.ts";
import { shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import type { News } from "#shared/case/news.ts";
import type { Notice } from "#shared/case/notice.ts";
import { caseObservationSchema } from "#shared/case/observation.ts";
import { observe } from "#shared/case/observe.ts";
import { isSuiteError } from "#shared/errors.ts";
import { httpClient } from "#shared/http.ts";
import { planCommand } from "../../functions/plan-command/plan-command.ts";
import { createJd, type JdSettings } from "../../local/marketplaces/jd/index.ts";
import { ManualClock } from "../../local/marketplaces/kit/manual-clock.ts";
import { holding, shopsOf } from "../builders/fakes.ts";

const tenantId = tenantIdSchema.parse("tenant-1");

/** A simulated shop, and the connector with as much of the pipeline as a loop needs: no queue, no table. */
export async function startJdShop({
  credentials = {},
  settings = {},
  now = "2026-02-02T02:00:00Z",
}: {
  credentials?: Record<string, unknown>;
  settings?: Partial<JdSettings>;
  now?: string;
} = {}) {
  const clock = new ManualClock(now);
  const jd = createJd({ clock }, settings);
  await jd.start();
  const opened = await jd.openShop("海棠小店");
  const send = httpClient();
  /** Replaced by tests that lose answers. */
  let http: HttpClient = send;
  const app: JdApp = connector.settings.app.parse(jd.appSettings());
  const granted: JdCredentials = connector.settings.credentials.parse({ ...opened.credentials, ...credentials });
  const shopId = shopIdSchema.parse(opened.shopId);
  const world = (): World<JdApp, JdCredentials> => ({
    app,
    shopId,
    credentials: granted,
    http: (request) => http(request),
    now: clock.now(),
  });
  const cases = new Map<string, Case>();
  const story: { caseId: string; news: News }[] = [];
  const bookmarks = new Map<string, Bookmark>();

  const save = (next: Case): Case => {
    cases.set(next.channelCaseId, next);
    for (const news of next.news) story.push({ caseId: next.channelCaseId, news });
    return next;
  };

  /** What normalize-case does with a notice. */
  async function handle(notice: Notice): Promise<void> {
    for (const raw of (await connector.fetch?.(notice, world())) ?? []) {
      const observation = caseObservationSchema.parse(connector.normalize(raw, { shopId, observedAt: clock.now() }));
      const observed = observe(cases.get(observation.channelCaseId), observation, tenantId);
      if (observed.kind === "opened" || observed.kind === "changed") save(observed.next);
    }
  }

  /** What poll-channel does with a feed: a bookmark is kept only when its page has been handled. */
  async function poll(name: string, take: (notice: Notice) => Promise<void> = handle): Promise<number> {
    const feed = connector.feeds?.[name];
    if (feed?.scope !== "shop") throw new Error(`no feed ${name}`);
    for (let taken = 0; ; ) {
      const page = await feed.list(bookmarks.get(name), world());
      for (const notice of page.notices) await take(notice);
      taken += page.notices.length;
      bookmarks.set(name, page.bookmark);
      if (page.next.when !== "now") return taken;
    }
  }

  /** Every feed once, at an instant from which all that has happened is visible. */
  async function pollAll(): Promise<void> {
    await clock.advance(120_000);
    for (const name of Object.keys(connector.feeds ?? {})) await poll(name);
  }

  function held(channelCaseId: string): Case {
    const found = cases.get(channelCaseId);
    if (!found) throw new Error(`no case ${channelCaseId}`);
    return found;
  }

  async function reread(channelCaseId: string): Promise<Case> {
    const { channel } = held(channelCaseId);
    const subject = { kind: "case" as const, channelCaseId: held(channelCaseId).channelCaseId };
    await handle({ channel, shopId, subject, topic: "reread", noticeId: "r", opens: false, via: "reread" });
    return held(channelCaseId);
  }

  /** What plan-command and act-on-channel do with one wish. Returns how it ended, as far as is known then. */
  async function command(channelCaseId: string, action: Action, args: CommandArgs = {}, askedBy = "person:anna") {
    const current = await reread(channelCaseId);
    const decidedOnVersion = channelVersionOf(current);
    const now = instant(clock.now());
    const planned = plan(current, { action, args, askedBy, mode: "auto", decidedOnVersion, now });
    if (!planned.ok) return planned.reason;
    save(planned.next);
    return act(channelCaseId, planned.command);
  }

  /** One word of a person on the whole request, planned by plan-command itself. Returns how it ended on each case. */
  async function commandOnRequest(channelCaseId: string, action: Action, args: CommandArgs = {}) {
    const { caseId } = await reread(channelCaseId);
    const all = [...cases.values()];
    const { cases: stored } = holding(...all);
    const connected = { tenantId, channel: "jd", shopId, name: "x", mode: "auto", status: "connected" } as const;
    const addresses = (await connector.listAddresses?.(world())) ?? [];
    const { shops } = shopsOf({ ...connected, connectedAt: instant(clock.now()), addresses });
    const order = held(channelCaseId).facts.orders[0]?.orderId;
    const answer = await planCommand(
      { tenantId, caseId, personId: "anna", action, args, wholeRequest: true },
      {
        ...{ cases: stored, shops, clock, connectorOf: () => connector as never },
        limits: { get: async () => undefined } as never,
        references: {
          find: async (_, reference) => (reference === order ? all.map(({ caseId: each }) => each) : []),
        },
      },
    );
    if (!answer.ok) return [answer.reason];
    const ended: string[] = [];
    for (const each of [caseId, ...(answer.others ?? []).map((other) => other.caseId)]) {
      const next = await stored.get(tenantId, each);
      const planned = next?.commands.at(-1);
      if (next && planned?.status === "planned") ended.push(await act(save(next).channelCaseId, planned));
    }
    return ended;
  }

  async function act(channelCaseId: string, { commandId, action, args }: Command) {
    const now = () => instant(clock.now());
    const refused = objection(held(channelCaseId), { action, args, self: commandId });
    if (refused) throw new Error(refused);
    const offering = connector.actions?.[action];
    const offer = offering?.offered(held(channelCaseId), args, granted);
    if (!offering || !offer) return "no call";
    if (!offer.offered) return offer.task;
    const marked = save(markSent(held(channelCaseId), commandId, now()) ?? held(channelCaseId));
    const sent = marked.commands.find((each) => each.commandId === commandId);
    if (!sent) throw new Error("not marked");
    try {
      await offering.send({ subject: marked, command: sent }, world());
    } catch (error) {
      if (!isSuiteError(error)) throw error;
      const as = error.code === "answer_unclear" ? "unclear" : "refused";
      save(settle(held(channelCaseId), commandId, { as, problem: error.message, now: now() }) ?? held(channelCaseId));
      return error.code;
    }
    await reread(channelCaseId);
    return held(channelCaseId).commands.find((each) => each.commandId === commandId)?.status ?? "sent";
  }

  return {
    jd,
    clock,
    shopId: opened.shopId,
    cases,
    story,
    world,
    poll,
    pollAll,
    handle,
    held,
    reread,
    command,
    commandOnRequest,
    useHttp: (change: (send: HttpClient) => HttpClient) => {
      http = change(send);
    },
    stop: () => jd.stop(),
  };
}
