import { appendFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Journal } from "./journal.ts";
import { ManualClock } from "./manual-clock.ts";
import { PushQueue } from "./push-queue.ts";
import { createRandom } from "./random.ts";

const minute = 60_000;

function queueWith(send: (messages: readonly string[]) => Promise<boolean>, options: { attemptsAtMost?: number } = {}) {
  const clock = new ManualClock();
  const journal = new Journal();
  const queue = new PushQueue<string>({ clock, journal, send, gapsMs: [minute, 5 * minute], batchSize: 2, ...options });
  return { clock, journal, queue };
}

describe("seeded random", () => {
  it("repeats for the same seed and labels, and differs for others", () => {
    expect(createRandom(7, "amount").digits(19)).toBe(createRandom(7, "amount").digits(19));
    expect(createRandom(7, "amount").digits(19)).not.toBe(createRandom(7, "delay").digits(19));
    expect(createRandom(7).digits(19)).toMatch(/^[1-9]\d{18}$/);
  });
});

describe("journal", () => {
  it("keeps what was committed, and drops a torn last line whole", () => {
    const file = join(mkdtempSync(join(tmpdir(), "journal-")), "state.jsonl");
    const first = new Journal(file);
    first.stage("a", { id: "7301234567890123457" });
    first.stage("b", 1);
    first.commit();
    first.stage("b", undefined);
    first.commit();
    first.stage("never", "committed");
    appendFileSync(file, '[["c",1],["d"');
    const second = new Journal(file);
    expect(second.get("a")).toEqual({ id: "7301234567890123457" });
    expect(second.get("b")).toBeUndefined();
    expect(second.get("c")).toBeUndefined();
    expect(second.values("")).toHaveLength(1);
  });

  it("compacts without losing a key", () => {
    const file = join(mkdtempSync(join(tmpdir(), "journal-")), "state.jsonl");
    const journal = new Journal(file);
    for (let turn = 0; turn < 2500; turn++) {
      journal.stage(`key/${turn % 3}`, turn);
      journal.commit();
    }
    expect(new Journal(file).values("key/")).toEqual([2499, 2497, 2498]);
  });
});

describe("push queue", () => {
  it("sends what is due together, and tries again with growing gaps until accepted", async () => {
    const sent: [string, string][] = [];
    const { clock, queue } = queueWith(async (messages) => {
      sent.push([clock.now().toISOString().slice(11, 16), messages.join()]);
      return sent.length > 2;
    });
    queue.add("one");
    queue.add("two");
    await clock.advance(minute);
    expect(sent).toEqual([]);
    queue.open();
    await clock.advance(60 * minute);
    expect(sent).toEqual([
      ["00:01", "one,two"],
      ["00:02", "one,two"],
      ["00:07", "one,two"],
    ]);
    expect(queue.waiting).toEqual([]);
  });

  it("gives a message up after the attempts the platform makes", async () => {
    let tries = 0;
    const { clock, queue } = queueWith(
      async () => {
        tries += 1;
        return false;
      },
      { attemptsAtMost: 3 },
    );
    queue.open();
    queue.add("one");
    await clock.advance(60 * minute);
    expect([tries, queue.waiting.length]).toEqual([3, 0]);
  });

  it("goes on with what was waiting when it is made again from the same journal", async () => {
    const { clock, journal, queue } = queueWith(async () => true);
    queue.add("one");
    journal.commit();
    const sent: string[] = [];
    const again = new PushQueue<string>({
      clock,
      journal,
      gapsMs: [minute],
      send: async (messages) => sent.push(...messages) > 0,
    });
    again.open();
    await clock.settle();
    expect(sent).toEqual(["one"]);
  });

  it("drops, doubles and delays as told", async () => {
    const sent: string[] = [];
    const { clock, queue } = queueWith(async (messages) => sent.push(...messages) > 0);
    queue.open();
    queue.inject({ pushesDropped: 1 });
    queue.add("dropped");
    queue.inject({ pushesDoubled: 1 });
    queue.add("doubled");
    queue.inject({ pushesLate: 1, lateMs: minute, seed: 3 });
    queue.add("late");
    await clock.settle();
    expect(sent).not.toContain("late");
    await clock.advance(minute);
    expect(sent.toSorted()).toEqual(["doubled", "doubled", "late"]);
  });
});
