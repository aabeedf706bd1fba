import { expect, it } from "vitest";
import type { Case } from "#shared/case/case.ts";
import { observe } from "#shared/case/observe.ts";
import { names, someCase, someObservation, tenantId } from "../../test/builders/case-builder.ts";
import { someConnector } from "../../test/builders/fakes.ts";
import { tasksOf } from "./add-tasks.ts";

const now = "2026-11-25T13:00:00.000Z";
const connector = someConnector({
  consoleLink: () => "https://example.com/order",
  actions: {
    cancel_order: { offered: () => ({ offered: false, task: "Cancel it by hand." }), send: async () => {} },
    agree_return: { offered: () => ({ offered: true }), send: async () => {} },
  },
});

/** A case whose sent command the channel then refused by its reference, as the next reading tells. */
function refused(action: "cancel_order" | "agree_return", reference = "f-1"): Case {
  const at = "2026-11-25T12:00:30.000Z";
  const sent = { action, args: {}, status: "sent", askedBy: "person:anna", plannedAt: at, sentAt: at } as const;
  const current: Case = {
    ...someCase(),
    commands: [{ ...sent, commandId: `${action}-2`, decidedOnVersion: 1, acceptedAt: at, channelReference: "f-1" }],
  };
  const refusedAnswer = { reference, at, reason: "42: No." };
  const observed = observe(current, someObservation(2, { refusedAnswer }), tenantId);
  if (observed.kind !== "changed") throw new Error(observed.kind);
  return tasksOf(connector)(observed.next, now);
}

it("what the channel took and then refused is a person's where it may not be asked again", () => {
  const next = refused("cancel_order");
  expect(next.commands).toMatchObject([{ status: "refused", problem: "42: No." }]);
  expect(next.tasks).toMatchObject([
    {
      ...{ taskId: "do_cancel_order", what: "Cancel it by hand.", link: "https://example.com/order" },
      doneWhen: ["closed", "refunded"],
    },
  ]);
  expect(names(next)).toContain("command.refused");
  expect(names(next).at(-1)).toBe("task.opened");
});

it("what may be asked again opens no task", () => {
  const next = refused("agree_return");
  expect(next.commands).toMatchObject([{ status: "refused" }]);
  expect(next.tasks).toEqual([]);
});

it("a refusal of another answer leaves the one that is under way", () => {
  const next = refused("cancel_order", "f-2");
  expect(next.commands).toMatchObject([{ status: "sent" }]);
  expect(next.tasks).toEqual([]);
});

it("is opened once, with the revision that tells of it", () => {
  const next = refused("cancel_order");
  expect(tasksOf(connector)(next, now)).toEqual(next);
  expect(tasksOf(connector)({ ...next, tasks: [], news: [] }, now).tasks).toEqual([]);
});
