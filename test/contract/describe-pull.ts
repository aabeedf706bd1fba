import { describe, expect, it } from "vitest";
import type { Bookmark, Connector, FeedPage } from "#connectors/contract.ts";
import { noticeSchema } from "#shared/case/notice.ts";
import { caseObservationSchema } from "#shared/case/observation.ts";
import { type ConnectorFixtures, isLacking } from "./fixtures.ts";
import { expectWithout } from "./leaks.ts";
import { scriptedHttp, worldOf } from "./scripted-http.ts";

/** What we ask the channel for: pages of news, and the cases they point at. */
export function describePull<App, Credentials>(
  connector: Connector<App, Credentials>,
  fixtures: ConnectorFixtures<App, Credentials>,
): void {
  const { personal, secrets, now, shopId } = fixtures;
  const feeds = fixtures.feeds;
  if (isLacking(feeds)) {
    it(`has no feeds: ${feeds.lacks}`, () => expect(connector.feeds ?? {}).toEqual({}));
  } else {
    it("has a fixture for each feed", () => {
      expect(Object.keys(feeds).sort()).toEqual(Object.keys(connector.feeds ?? {}).sort());
    });
    describe.each(Object.entries(feeds))("feed %s", (name, { calls, confirmAnswers = [] }) => {
      const feed = connector.feeds?.[name];
      if (!feed) throw new Error(`there are fixtures for a feed ${name} that is not there`);

      it("gives page after page, each from the bookmark of the one before", async () => {
        expect(calls.length, "a page after the first").toBeGreaterThan(1);
        let bookmark: Bookmark | undefined;
        let seen: string[] = [];
        for (const { answers, notices, next, check } of calls) {
          const { page, requests } = await call(bookmark, answers);
          expect(page.notices).toEqual(notices);
          expect(page.next.when).toBe(next);
          check?.(requests);
          for (const request of requests) seen.push(JSON.stringify([request.url, request.body]));
          bookmark = page.bookmark;
          // A message queue is asked the same again and again; so is whatever begins anew.
          if (!feed.confirm) expect(new Set(seen).size, "no request is made twice").toBe(seen.length);
          if (next === "later") seen = [];
        }
      });

      it("gives a page again when its bookmark was not kept", async () => {
        const [first] = calls;
        const once = await call(undefined, first?.answers ?? []);
        const again = await call(undefined, first?.answers ?? []);
        expect(again.page).toEqual(once.page);
        expect(again.requests).toEqual(once.requests);
      });

      it("gives notices that the model accepts, without personal data", async () => {
        let bookmark: Bookmark | undefined;
        for (const { answers } of calls) {
          const { page } = await call(bookmark, answers);
          for (const notice of page.notices) expect(noticeSchema.parse(notice)).toEqual(notice);
          expectWithout([...personal, ...secrets], { ...page, rejected: page.rejected.map(({ why }) => why) });
          bookmark = page.bookmark;
        }
      });

      it("confirms receipts if it gives any", async () => {
        let page: FeedPage | undefined;
        for (const { answers } of calls) page = (await call(page?.bookmark, answers)).page;
        expect(Boolean(page?.receipts)).toBe(feed.confirm !== undefined);
        const { http, requests } = scriptedHttp(confirmAnswers);
        await feed.confirm?.(page?.receipts ?? [], worldOf(fixtures, http));
        expect(requests).toHaveLength(confirmAnswers.length);
      });

      async function call(bookmark: Bookmark | undefined, answers: (typeof calls)[number]["answers"]) {
        const { http, requests } = scriptedHttp(answers);
        // As it comes back from the store.
        const kept = bookmark && (JSON.parse(JSON.stringify(bookmark)) as Bookmark);
        const page = await feed?.list(kept, worldOf(fixtures, http));
        if (!page) throw new Error("no page");
        expect(requests).toHaveLength(answers.length);
        return { page, requests };
      }
    });
  }

  const reads = fixtures.fetch;
  if (isLacking(reads)) {
    it(`fetches nothing: ${reads.lacks}`, () => expect(connector.fetch).toBeUndefined());
    return;
  }
  describe("fetch", () => {
    it.each(
      reads.map(({ name, ...rest }): [string, typeof rest] => [name, rest]),
    )("reads what the notice points at: %s", async (_, { notice, answers, cases, check }) => {
      const { http, requests } = scriptedHttp(answers);
      const raws = (await connector.fetch?.(notice, worldOf(fixtures, http))) ?? [];
      const observations = raws.map((raw) => connector.normalize(raw, { shopId, observedAt: now }));
      expect(observations.map(({ channelCaseId }) => channelCaseId)).toEqual(cases);
      for (const observation of observations) {
        expect(caseObservationSchema.safeParse(observation).error?.issues ?? []).toEqual([]);
      }
      expect(requests).toHaveLength(answers.length);
      check?.(requests);
    });

    it("gives an empty list for a case that the channel does not know", () => {
      expect(reads.some(({ cases }) => cases.length === 0)).toBe(true);
    });
  });
}
