import { type DeadlineKind, isMerchants } from "#shared/case/deadline.ts";
import type { Instant } from "#shared/case/instant.ts";
import type { News } from "#shared/case/news.ts";
import { rungDueAt } from "#shared/case/rung.ts";

/** One clock of the merchant's on one case, from the news that began it to the news that ended it. */
export interface Life {
  caseId: string;
  channel: string;
  kind: DeadlineKind;
  source: string;
  startedAt: Instant;
  dueAt: Instant;
  moves: number;
  acted: boolean;
  missed: number;
  end: "met" | "missed" | "cancelled" | undefined;
  marginMs: number | undefined;
  /** How late each timer rang, in simulated time. */
  timerErrorsMs: number[];
}

interface Entry {
  caseId: string;
  channel: string;
  news: News;
}

/** The lives of all clocks, from the story of each case in order. */
export function livesOf(story: readonly Entry[]): Life[] {
  const lives: Life[] = [];
  const running = new Map<string, Life>();
  for (const { caseId, channel, news } of story) {
    if (news.name === "decision.made" && news.data.rule.startsWith("act_before_expiry:")) {
      for (const life of running.values()) if (life.caseId === caseId && life.kind === "respond") life.acted = true;
    }
    if (!("kind" in news.data)) continue;
    const key = `${caseId} ${news.data.kind}`;
    const life = running.get(key);
    if (news.name === "deadline.set") {
      const { kind, dueAt, source } = news.data;
      const begun = { moves: 0, acted: false, missed: 0, end: undefined, marginMs: undefined, timerErrorsMs: [] };
      const next: Life = { caseId, channel, kind, source: source.from, startedAt: news.at, dueAt, ...begun };
      running.set(key, next);
      if (isMerchants(kind)) lives.push(next);
    }
    if (life) follow(life, news);
    if (life && ["deadline.met", "deadline.cancelled"].includes(news.name)) running.delete(key);
  }
  return lives;
}

function follow(life: Life, news: News): void {
  const late = (dueAt: Instant) => {
    const expected = dueAt > life.startedAt ? dueAt : life.startedAt;
    life.timerErrorsMs.push(Date.parse(news.at) - Date.parse(expected));
  };
  switch (news.name) {
    case "deadline.moved":
      Object.assign(life, { dueAt: news.data.to, startedAt: news.at, moves: life.moves + 1, end: undefined });
      break;
    case "deadline.approaching":
      late(rungDueAt(life, news.data.rung));
      break;
    case "deadline.missed":
      late(life.dueAt);
      life.missed++;
      life.end = "missed";
      break;
    case "deadline.met":
      if (life.end === undefined) life.end = "met";
      life.marginMs = news.data.marginMs;
      break;
    case "deadline.cancelled":
      life.end ??= "cancelled";
      break;
    default:
  }
}
