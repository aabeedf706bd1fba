import Table from "cli-table3";
import { type Case, stateOf } from "#shared/case/case.ts";
import { isMerchants } from "#shared/case/deadline.ts";
import { caseStates } from "#shared/case/states.ts";
import type { Alarm } from "./runtime/watch/alarms.ts";
import type { LocalStack } from "./stack.ts";

const plain = { style: { head: [], border: [], compact: true } };
const clear = "\u001b[2J\u001b[H";
const shown = 8;

/** Draws the board: cases by state, the nearest deadlines, what happened last, alarms. On a pipe, one line instead. */
export async function drawBoard(stack: LocalStack): Promise<void> {
  const cases = await stack.desk.allCases();
  const alarms = stack.runtime.alarms.list().filter(({ state }) => state === "ALARM");
  if (!process.stdout.isTTY) {
    const open = cases.filter((each) => !["refunded", "closed"].includes(stateOf(each))).length;
    console.log(`${cases.length} cases, ${open} open, ${alarms.length} alarms`);
    return;
  }
  const parts = [
    `Casebridge on this machine   ${new Date().toISOString().slice(0, 19)}Z   Ctrl-C stops it`,
    `webhooks  ${stack.markets.map(({ channel }) => stack.webhookUrl(channel)).join("   ")}`,
    byState(cases, stack),
    `nearest deadlines\n${nearest(cases)}`,
    `last events\n${lastEvents(cases)}`,
    alarms.length === 0 ? "no alarms" : `ALARMS\n${alarms.map(alarmLine).join("\n")}`,
  ];
  process.stdout.write(`${clear}${parts.join("\n\n")}\n`);
}

function alarmLine({ name, reason, description }: Alarm): string {
  const page = /runbooks\/([\w-]+\.md)/.exec(description)?.[1];
  return `  ${name}: ${reason}${page ? `  → docs/runbooks/${page}` : ""}`;
}

function byState(cases: readonly Case[], { markets }: LocalStack): string {
  const states = [...caseStates, "unknown"] as const;
  const table = new Table({ head: ["", ...states], ...plain });
  for (const { channel } of markets) {
    const own = cases.filter((each) => each.channel === channel);
    table.push([channel, ...states.map((state) => String(own.filter((each) => stateOf(each) === state).length))]);
  }
  return table.toString();
}

function nearest(cases: readonly Case[]): string {
  const clocks = cases
    .flatMap(({ caseId, deadlines }) => deadlines.map((deadline) => ({ caseId, ...deadline })))
    .filter(({ kind }) => isMerchants(kind))
    .sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1))
    .slice(0, shown);
  return clocks.map(({ caseId, kind, dueAt, status }) => `  ${dueAt}  ${kind}  ${status}  ${caseId}`).join("\n");
}

function lastEvents(cases: readonly Case[]): string {
  return cases
    .flatMap(({ caseId, news }) => news.map(({ name, at }) => ({ caseId, name, at })))
    .sort((a, b) => (a.at > b.at ? -1 : 1))
    .slice(0, shown)
    .map(({ at, name, caseId }) => `  ${at.slice(11, 19)}  ${name.padEnd(20)}  ${caseId}`)
    .join("\n");
}
