import type { MovableClock } from "../clock.ts";
import type { LocalStack } from "../stack.ts";
import { start } from "./world.ts";

const hourMs = 3_600_000;
const beginsAfterMs = 50 * hourMs;

export const disturbanceForm = /^(sweep-down|platform-outage|lost-answers)-(\d{1,3})h$/;

/** Puts a disturbance on the clock. Each begins in the third day, at a time when many clocks run. */
export function disturb({ runtime, shops, webhookUrl }: LocalStack, clock: MovableClock, wish: string): void {
  const [, what, hours] = disturbanceForm.exec(wish) ?? [];
  const from = new Date(start.getTime() + beginsAfterMs);
  const until = new Date(from.getTime() + Number(hours) * hourMs);
  const between = (begin: () => void, end: () => void) => {
    clock.schedule(from, begin);
    clock.schedule(until, end);
  };
  if (what === "sweep-down") {
    const callers = runtime.functions.filter(({ name }) => name.endsWith("-sweep-deadlines")).map(({ name }) => name);
    between(
      () => runtime.inject({ failing: 1, callers, services: ["dynamodb"] }),
      () => runtime.inject({}),
    );
  }
  if (what === "platform-outage") {
    for (const { market } of shops) {
      between(
        () => {
          market.inject({ serverError: 1 });
          market.pushTo(undefined);
        },
        () => {
          market.inject({});
          market.pushTo(webhookUrl(market.channel));
        },
      );
    }
  }
  if (what === "lost-answers")
    between(
      () => runtime.inject({ answersLost: 0.02, seed: 1 }),
      () => runtime.inject({}),
    );
}
