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
  return {
    /** Writes down the news of this revision, one entry each. Safe to repeat: the key and the content are the same. */
    async append({ tenantId, caseId, revision, news }: Case): Promise<void> {
      const items = news.map((each, position) =>
        writeItem({
          ...timelineKey(tenantId, caseId, { at: each.at, revision, position }),
          entity: "timeline_entry",
          schemaVersion,
          ...{ tenantId, caseId, revision, position, news: each },
        }),
      );
      await putAll(place, items);
    },

    /** The whole story of a case, by time, then revision, then place. Empty when there is none. */
    async read(tenantId: TenantId, caseId: CaseId): Promise<TimelineEntry[]> {
      const where = "#pk = :pk AND begins_with(#sk, :prefix)";
      const entries: TimelineEntry[] = [];
      for await (const item of itemsOf(place, { where, values: storyOf(tenantId, caseId) })) {
        const { revision, position, news } = readItem(timelineItemSchema, item);
        entries.push({ caseId, revision, position, news });
      }
      return entries;
    },
  };
}
