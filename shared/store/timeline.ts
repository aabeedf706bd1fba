import type { Case } from "#shared/case/case.ts";
import type { CaseId, TenantId } from "#shared/case/ids.ts";
import type { News } from "#shared/case/news.ts";
import { endOf } from "#shared/case/retention.ts";
import { sameValue } from "#shared/case/same-value.ts";
import { type Attributes, readItem, schemaVersion, timelineItemSchema, writeItem } from "./item.ts";
import { storyOf, timelineKey } from "./keys.ts";
import { itemsOf } from "./query.ts";
import type { Place } from "./request.ts";
import { putAll } from "./write.ts";

/** One piece of news in the story of a case: `position` counts within its revision, from 0. */
export interface TimelineEntry {
  caseId: CaseId;
  revision: number;
  position: number;
  news: News;
}

export type Timeline = ReturnType<typeof createTimeline>;

export function createTimeline(place: Place) {
  /** Writes down the news of this revision. Safe to repeat: the key and the content are the same. */
  async function append({ tenantId, caseId, revision, news }: Case): Promise<void> {
    const chapters = chaptersOf(news).map((chapter) => itemOf(tenantId, caseId, revision, chapter));
    await putAll(place, chapters);
  }

  /** The whole story of a case, by time, then revision, then place. Empty when there is none. */
  async function read(tenantId: TenantId, caseId: CaseId): Promise<TimelineEntry[]> {
    const entries: TimelineEntry[] = [];
    for await (const { revision, position, news } of chapters(tenantId, caseId)) {
      entries.push(...news.map((each, index) => ({ caseId, revision, position: position + index, news: each })));
    }
    return entries;
  }

  /**
   * Puts what `change` makes of each piece of news in its place: the one change that a story sees, when what leads to a
   * person is erased. Safe to repeat.
   */
  async function rewrite(tenantId: TenantId, caseId: CaseId, change: (news: News) => News): Promise<void> {
    const changed: Attributes[] = [];
    for await (const { revision, position, news } of chapters(tenantId, caseId)) {
      const next = news.map(change);
      if (!sameValue(next, news)) changed.push(itemOf(tenantId, caseId, revision, { position, news: next }));
    }
    await putAll(place, changed);
  }

  async function* chapters(tenantId: TenantId, caseId: CaseId) {
    const where = "#pk = :pk AND begins_with(#sk, :prefix)";
    for await (const item of itemsOf(place, { where, values: storyOf(tenantId, caseId) })) {
      const { revision, position, news } = readItem(timelineItemSchema, item);
      yield { revision, position, news: Array.isArray(news) ? news : [news] };
    }
  }

  return { append, read, rewrite };
}

/** News of one revision and one instant: one item, because each item is billed by the whole kilobyte. */
interface Chapter {
  position: number;
  news: [News, ...News[]];
}

function chaptersOf(news: readonly News[]): Chapter[] {
  const chapters: Chapter[] = [];
  for (const [position, each] of news.entries()) {
    const last = chapters.at(-1);
    if (last && last.news[0].at === each.at) last.news.push(each);
    else chapters.push({ position, news: [each] });
  }
  return chapters;
}

function itemOf(
  tenantId: TenantId,
  caseId: CaseId,
  revision: number,
  { position, news }: { position: number; news: readonly News[] },
): Attributes {
  const at = news[0]?.at ?? "";
  return writeItem({
    ...timelineKey(tenantId, caseId, { at, revision, position }),
    entity: "timeline_entry",
    schemaVersion,
    expiresAtSeconds: endOf("timeline_entry", at),
    ...{ tenantId, caseId, revision, position, news: [...news] },
  });
}
