import { expect, it } from "vitest";
import * as z from "zod";
import { eventNames } from "#shared/events/case-events.ts";
import { eventExamples } from "./event-examples.ts";
import { eventSchemas, readEventSchemas } from "./generate-event-schemas.ts";

const { $defs } = JSON.parse(readEventSchemas()) as { $defs: Record<string, z.core.JSONSchema.JSONSchema> };
const envelope = {
  version: 1,
  eventId: "douyin:4463798:6930#4#0",
  tenantId: "acme",
  shopId: "4463798",
  channel: "douyin",
  caseId: "douyin:4463798:6930",
  channelCaseId: "6930",
  revision: 4,
  at: "2026-11-25T02:30:00.000Z",
};

it("events.schema.json says what the code says; else run `node docs/generate.ts`", () => {
  expect(readEventSchemas()).toBe(eventSchemas());
});

it("tells subscribers of approaching, missed and moved deadlines", () => {
  expect(Object.keys($defs)).toEqual(
    expect.arrayContaining(["deadline.approaching", "deadline.missed", "deadline.moved"]),
  );
});

it.each(eventNames)("the schema of %s fits its example, and no detail with a member more", (name) => {
  const schema = z.fromJSONSchema($defs[name] ?? false);
  const detail = { ...envelope, data: eventExamples[name].data };
  expect(schema.safeParse(detail).error).toBeUndefined();
  expect(schema.safeParse({ ...detail, token: "x" }).success).toBe(false);
});
