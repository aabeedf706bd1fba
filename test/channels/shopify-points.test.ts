import { getOperationAST, parse } from "graphql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HttpClient, World } from "#connectors/contract.ts";
import { costOf } from "#connectors/shopify/costs.ts";
import * as documents from "#connectors/shopify/documents.ts";
import { fetchCases } from "#connectors/shopify/fetch.ts";
import { noticeOf } from "#connectors/shopify/notice-of.ts";
import {
  appSchema,
  credentialsSchema,
  type ShopifyApp,
  type ShopifyCredentials,
} from "#connectors/shopify/settings.ts";
import type { ShopId } from "#shared/case/ids.ts";
import { isSuiteError } from "#shared/errors.ts";
import { httpClient } from "#shared/http.ts";
import { createRandom } from "../../local/marketplaces/kit/random.ts";
import { requestedCost } from "../../local/marketplaces/shopify/graphql/cost.ts";
import { schemaOf } from "../../local/marketplaces/shopify/graphql/schema.ts";
import { askForReturn } from "../../local/marketplaces/shopify/plans/moves.ts";
import { type Stage, setStage } from "../../local/marketplaces/shopify/testing.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

type Worker = () => World<ShopifyApp, ShopifyCredentials>;

/** A process of ours: it has a client of its own, and so a count of its own. */
function worker(): Worker {
  const one = httpClient();
  const http: HttpClient = (request) => one(request);
  const app = appSchema.parse(stage.shopify.appSettings());
  const credentials = credentialsSchema.parse({ grant: "offline", accessToken: stage.token });
  return () => ({ app, credentials, http, shopId: stage.shopId as ShopId, now: stage.clock.now() });
}

/** Returns that buyers have asked for, all at once. */
function askMany(cases: number): string[] {
  return Array.from({ length: cases }, (_, seed) => {
    const order = stage.shopify.openOrder({ shopId: stage.shopId, seed, wish: { quantities: [2, 1] } });
    return stage.shopify.play("buyer", (turn) => askForReturn(turn, order, createRandom(seed, "ask")));
  });
}

const atOnce = 8;
const lanes = ["a", "b", "c"];

/**
 * Reads all cases, as the queue has them read: each worker so many at a time, and what is put off comes back when it was
 * told to. `meanwhile` happens between two turns. Returns how often a read was put off, and what was said then.
 */
async function readAll(ids: readonly string[], workers: readonly Worker[], meanwhile = async () => {}) {
  const start = stage.clock.now().getTime();
  let waiting = ids.map((id, index) => ({ id, at: start, worker: workers[index % workers.length] as Worker }));
  const putOff: Record<string, unknown>[] = [];
  for (let turn = 0; waiting.length > 0 && turn < 2000; turn++) {
    const now = Math.max(stage.clock.now().getTime(), Math.min(...waiting.map(({ at }) => at)));
    await stage.clock.advance(now - stage.clock.now().getTime());
    const due = workers.flatMap((each) =>
      waiting.filter((one) => one.worker === each && one.at <= now).slice(0, atOnce),
    );
    waiting = waiting.filter((one) => !due.includes(one));
    await Promise.all(
      due.map(async (one) => {
        const world = one.worker();
        try {
          const found = await fetchCases(noticeOf(one.id, { world, topic: "returns/request", version: "1" }), world);
          expect(found).toHaveLength(1);
        } catch (fault) {
          if (!isSuiteError(fault, "rate_limited")) throw fault;
          putOff.push(fault.details);
          waiting.push({ ...one, at: now + Number(fault.details.retryAfterMs) });
        }
      }),
    );
    await meanwhile();
  }
  expect(waiting).toEqual([]);
  return putOff;
}

/** Refusals for want of points; those of one operation, where it is named. */
const throttled = (operation?: string) =>
  stage.shopify.calls.filter(({ name, outcome }) => outcome === "THROTTLED" && (operation ?? name) === name).length;

describe("a burst of cases", () => {
  it("gets no refusal for want of points, read by one worker or by several side by side", async () => {
    const ids = askMany(150);
    for (const workers of [[worker()], lanes.map(worker)]) {
      const putOff = await readAll(ids, workers);
      expect(putOff.length).toBeGreaterThan(0);
      expect(throttled()).toBe(0);
    }
  });

  it("would get many, were every call sent at once", async () => {
    const ids = askMany(150);
    const id = (index: number) => `gid://shopify/${ids[index]}`;
    await Promise.all(ids.map((_, index) => stage.ask(documents.returnCase, { id: id(index), after: null })));
    expect(throttled()).toBeGreaterThan(20);
  });

  it("is read about as fast as points flow in: 150 returns take some 6,700 of them, and 2,000 are there", async () => {
    const begun = stage.clock.now().getTime();
    await readAll(askMany(150), [worker()]);
    const seconds = (stage.clock.now().getTime() - begun) / 1000;
    expect(seconds).toBeLessThan(60);
  });
});

it("somebody else who eats the shop's points is noticed and left its part", async () => {
  const eats = async () => {
    for (let calls = 0; calls < 3; calls++) {
      await stage.ask(documents.returnsSweep, { query: "updated_at:>='2026-01-01T00:00:00Z'", after: null });
    }
  };
  const putOff = await readAll(askMany(60), [worker()], eats);
  // The first refusal may come before anything could be seen; after that the loss is reckoned with.
  expect(throttled("ReturnCase")).toBeLessThanOrEqual(2);
  expect(throttled("ReturnsSweep")).toBeGreaterThan(50);
  expect(putOff.some(({ pointsTakenByOthers }) => Number(pointsTakenByOthers) > 0)).toBe(true);
});

// What runs in bulk has no price.
const priced = Object.entries(documents).filter(([name]) => name !== "ordersInBulk");

it.each(priced)("%s costs what our list says", (name, text) => {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (!operation) throw new Error(`${name} is no operation`);
  const question = { schema: schemaOf("2026-10"), document, operation, variables: {} };
  expect(requestedCost(question)).toEqual({ cost: costOf(text), problems: [] });
});
