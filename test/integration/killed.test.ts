import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { createClock } from "../../local/clock.ts";
import { staffRound } from "../../local/demo-staff.ts";
import { compare, drain } from "../../local/referee.ts";
import { demoTenant, type LocalStack, startStack } from "../../local/stack.ts";
import { closeRightsBook } from "./rights-book.ts";

// The whole stack is killed in the middle of its work, again and again, and goes on from its folder.

/** When to kill: after so many words of the driver, and then so many milliseconds of the wall. */
const kills = [
  { words: 3, pauseMs: 40 }, // the first pushes are being taken
  { words: 7, pauseMs: 350 }, // commands are on their way
  { words: 1, pauseMs: 5 }, // right after the start
];

/** Those of the driver. */
const channels = ["douyin", "shopify"];

let dataDir = "";
let stack: LocalStack;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "casebridge-killed-"));
  for (const kill of kills) await runAndKill(kill);
  const clock = createClock({ start: new Date("2026-11-25T02:00:00.000Z"), mode: "moved" });
  stack = await startStack({ clock, dataDir, assemblyDir: inject("assemblyDir"), channels, pace: 0.005 });
  for (let round = 0; round < 6; round++) {
    await stack.runtime.advance(5 * 60_000);
    await staffRound(stack);
  }
  await drain(stack);
}, 400_000); // five starts of the whole stack, on whatever the machine has left
afterAll(async () => {
  await stack?.stop();
  closeRightsBook(stack.runtime);
  rmSync(dataDir, { recursive: true, force: true });
});

async function runAndKill({ words, pauseMs }: (typeof kills)[number]): Promise<void> {
  const driver = new URL("./killed.driver.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [driver, dataDir, inject("assemblyDir")], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const exit = once(child, "exit");
  let heard = 0;
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      heard += chunk.toString().split("\n").length - 1;
      if (heard >= words) resolve();
    });
    exit.then(() => reject(new Error(`the driver ended by itself: ${said}`)), reject);
  });
  await wait(pauseMs);
  child.kill("SIGKILL");
  await exit;
}

const truths = () => stack.shops.flatMap(({ market }) => market.truth().map((truth) => ({ market, truth })));

it("has every case that the marketplaces have, as they see it", async () => {
  // How many the killed processes came to open depends on the machine; three words were said by the first alone.
  expect(truths().length).toBeGreaterThanOrEqual(3);
  for (const { market, truth } of truths()) {
    const held = await stack.desk.caseOf(demoTenant, { channel: market.channel, ...truth });
    expect(compare(truth, held), `${truth.plan} ${truth.channelCaseId}`).toEqual([]);
  }
});

it("has paid no refund twice", () => {
  for (const { market, truth } of truths()) {
    const paid = market.ledger().filter(({ channelCaseId }) => channelCaseId === truth.channelCaseId);
    const total = paid.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    expect(total, truth.channelCaseId).toBe(truth.settledMinor);
    if (market.channel === "douyin") expect(paid.length).toBeLessThanOrEqual(1);
  }
});

it("has told each case's story from its beginning, and left no command open", async () => {
  for (const held of await stack.desk.allCases()) {
    const story = await stack.desk.store.timeline.read(held.tenantId, held.caseId);
    expect(story[0]?.news.name).toBe("case.opened");
    expect(Math.max(...story.map(({ revision }) => revision))).toBeLessThanOrEqual(held.revision);
    const open = held.commands.filter(({ status }) => ["planned", "sent", "unclear"].includes(status));
    expect(open, held.caseId).toEqual([]);
  }
});

it("has left nothing in a dead-letter queue", () => {
  expect(stack.runtime.queues().filter(({ name, visible }) => /dead|quarantine/.test(name) && visible > 0)).toEqual([]);
});
