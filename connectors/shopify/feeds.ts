import * as z from "zod";
import type { Notice } from "#shared/case/notice.ts";
import type { Bookmark, Feed, FeedPage } from "../contract.ts";
import { instantOfText } from "../kit/time.ts";
import { ask, type ShopifyWorld } from "./client.ts";
import * as documents from "./documents.ts";
import { beginImport, continueImport, importOf } from "./first-import.ts";
import { bare } from "./gid.ts";
import { caseIdsOf } from "./lookup.ts";
import { noticeOf } from "./notice-of.ts";
import { parse } from "./parse.ts";
import type { ShopifyApp, ShopifyCredentials } from "./settings.ts";
import { subscriptions } from "./subscriptions.ts";
import { sweepQuery } from "./sweep-query.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Windows overlap, because an order may be shown in the list later than its time says. */
const overlapMs = 10 * minuteMs;
/** Older orders need a scope that Shopify grants on request only. */
const firstWindowMs = 60 * dayMs;
/** No dispute is open for longer: banks answer within a few months. */
const disputeWindowMs = 180 * dayMs;

/** Refunds per order that the sweep asks for. */
const shownRefunds = 5;

type ShopifyFeed = Feed<ShopifyApp, ShopifyCredentials>;

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() });
const node = z.object({ id: z.string() });
const ordersSchema = z.object({
  orders: z.object({
    pageInfo,
    nodes: z.array(
      z.object({
        id: z.string(),
        updatedAt: z.string(),
        returns: z
          .object({ nodes: z.array(node), pageInfo: z.object({ hasNextPage: z.boolean() }).nullish() })
          .nullish(),
        refunds: z.array(z.object({ id: z.string(), return: node.nullish() })).nullish(),
      }),
    ),
  }),
});

const disputesSchema = z.object({
  disputes: z.object({
    pageInfo,
    nodes: z.array(
      z.object({
        id: z.string(),
        status: z.string().max(60),
        evidenceDueBy: z.string().max(40).nullish(),
        evidenceSentOn: z.string().max(40).nullish(),
        finalizedOn: z.string().max(40).nullish(),
      }),
    ),
  }),
});

/**
 * Webhooks may be lost, so what changed is asked for as well. There is no list of returns: their orders are swept. What was
 * there before the shop was connected comes first, by a bulk operation.
 */
const returns: ShopifyFeed = {
  scope: "shop",
  everyMs: 15 * minuteMs,
  list: async (bookmark, world) => {
    if (bookmark === undefined) return beginImport(new Date(world.now.getTime() - firstWindowMs), world.now);
    const turn = importOf(bookmark);
    if (turn) return continueImport(turn, world);
    const window = windowOf(bookmark, world);
    const { data } = await ask(world, documents.returnsSweep, {
      query: sweepQuery(new Date(window.since), new Date(window.until)),
      after: window.after,
    });
    const { orders } = parse(ordersSchema, data);
    const notices = orders.nodes.flatMap((order) => {
      const occurredAt = instantOfText(order.updatedAt);
      const base = { world, topic: "sweep/orders", version: order.updatedAt, occurredAt };
      // More than the list shows: the order itself leads to them all.
      if (order.returns?.pageInfo?.hasNextPage || (order.refunds ?? []).length >= shownRefunds)
        return [noticeOf(bare(order.id), { ...base, lookup: true })];
      return caseIdsOf(order.returns?.nodes, order.refunds).map((id) => noticeOf(id, base));
    });
    return pageOf(notices, orders.pageInfo, window);
  },
};

/** Disputes are a list of their own, without a time of change: all that may still move are looked at. */
const disputes: ShopifyFeed = {
  scope: "shop",
  everyMs: 60 * minuteMs,
  list: async (bookmark, world) => {
    const after = typeof bookmark?.after === "string" ? bookmark.after : null;
    const until = after !== null && typeof bookmark?.until === "string" ? bookmark.until : world.now.toISOString();
    const since = new Date(Date.parse(until) - disputeWindowMs).toISOString();
    const { data } = await ask(world, documents.disputesSweep, { query: `initiated_at:>='${since}'`, after });
    const { disputes: found } = parse(disputesSchema, data);
    const notices = found.nodes.map(({ id, status, evidenceDueBy, evidenceSentOn, finalizedOn }) => {
      const version = [status, evidenceDueBy, evidenceSentOn, finalizedOn].join(",");
      return noticeOf(bare(id), { world, topic: "sweep/disputes", version });
    });
    return pageOf(notices, found.pageInfo, { since, until, after });
  },
};

export const feeds = { returns, disputes, subscriptions };

interface Window {
  since: string;
  until: string;
  after: string | null;
}

/** The window that a bookmark is in the middle of, or the next one. Its end is fixed, so that paging comes to an end. */
function windowOf({ since, until, after }: Bookmark, { now }: ShopifyWorld): Window {
  if (typeof since === "string" && typeof until === "string")
    return { since, until, after: typeof after === "string" ? after : null };
  const from = typeof until === "string" ? Date.parse(until) - overlapMs : now.getTime() - firstWindowMs;
  return { since: new Date(from).toISOString(), until: now.toISOString(), after: null };
}

function pageOf(notices: Notice[], { hasNextPage, endCursor }: z.infer<typeof pageInfo>, window: Window): FeedPage {
  const { since, until } = window;
  const goesOn = hasNextPage && Boolean(endCursor);
  return {
    notices,
    rejected: [],
    bookmark: goesOn ? { since, until, after: endCursor ?? null } : { until },
    next: { when: goesOn ? "now" : "later" },
  };
}
