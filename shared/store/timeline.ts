import type { Case } from "#shared/case/case.ts";
import type { CaseId, TenantId } from "#shared/case/ids.ts";
import type { News } from "#shared/case/news.ts";
import { readItem, schemaVersion, timelineItemSchema, writeItem } from "./item.ts";
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
  /** Writes down the news of this revision, one entry each. Safe to repeat: the key and the content are the same. */
  async function append({ tenantId, caseId, revision, news }: Case): Promise<void> {
    const entries = news.map((each, position) => ({ caseId, revision, position, news: each }));
    await put(tenantId, entries);
  }

  /** The whole story of a case, by time, then revision, then place. Empty when there is none. */
  async function read(tenantId: TenantId, caseId: CaseId): Promise<TimelineEntry[]> {
    const where = "#pk = :pk AND begins_with(#sk, :prefix)";
    const entries: TimelineEntry[] = [];
    for await (const item of itemsOf(place, { where, values: storyOf(tenantId, caseId) })) {
      const { revision, position, news } = readItem(timelineItemSchema, item);
      entries.push({ caseId, revision, position, news });
    }
    return entries;
  }

  /**
   * Puts entries in the place of those with the same time, revision and place: the one change that a story sees, when what
   * leads to a person is erased.
   */
  async function put(tenantId: TenantId, entries: readonly TimelineEntry[]): Promise<void> {
    const items = entries.map(({ caseId, revision, position, news }) =>
      writeItem({
        ...timelineKey(tenantId, caseId, { at: news.at, revision, position }),
        entity: "timeline_entry",
        schemaVersion,
        ...{ tenantId, caseId, revision, position, news },
      }),
    );
    await putAll(place, items);
  }

  return { append, read, put };
}
