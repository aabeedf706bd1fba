import { expect, it } from "vitest";
import type { JsonObject } from "../assembly/json.ts";
import { readPattern } from "./event-pattern.ts";

const event: JsonObject = {
  source: "casebridge",
  "detail-type": "refund.observed",
  detail: {
    channel: "douyin",
    amountMinor: 1500,
    state: "refunded",
    tags: ["late", "vip"],
    note: null,
    person: { city: "上海" },
  },
};

const matching: JsonObject[] = [
  { source: ["casebridge"] },
  { detail: { channel: ["shopify", "douyin"], state: ["refunded"] } },
  { detail: { channel: [{ prefix: "dou" }] } },
  { detail: { channel: [{ suffix: "yin" }, "x"] } },
  { detail: { channel: [{ "equals-ignore-case": "DOUYIN" }] } },
  { detail: { channel: [{ wildcard: "d*y*n" }] } },
  { detail: { channel: [{ "anything-but": "shopify" }] } },
  { detail: { channel: [{ "anything-but": ["shopify", "jd"] }] } },
  { detail: { channel: [{ "anything-but": { prefix: "sho" } }] } },
  { detail: { missing: [{ exists: false }], channel: [{ exists: true }] } },
  { detail: { gone: { deep: [{ exists: false }] } } },
  { detail: { amountMinor: [{ numeric: [">", 1000, "<=", 1500] }] } },
  { detail: { tags: ["vip"] } },
  { detail: { note: [null] } },
  { detail: { person: { city: ["上海"] } } },
  { detail: { $or: [{ channel: ["jd"] }, { amountMinor: [{ numeric: ["=", 1500] }] }] } },
];
const refusing: JsonObject[] = [
  { source: ["other"] },
  { detail: { channel: ["douyin"], state: ["open"] } },
  { detail: { channel: [{ "anything-but": ["douyin"] }] } },
  { detail: { missing: [{ "anything-but": "x" }] } },
  { detail: { channel: [{ exists: false }] } },
  { detail: { amountMinor: [{ numeric: ["<", 1500] }] } },
  { detail: { amountMinor: ["1500"] } },
  { detail: { $or: [{ channel: ["jd"] }, { state: ["open"] }] } },
];

it.each(matching)("matches %j", (pattern) => expect(readPattern(pattern)(event)).toBe(true));
it.each(refusing)("does not match %j", (pattern) => expect(readPattern(pattern)(event)).toBe(false));
it("refuses an operator it does not know", () => {
  expect(() => readPattern({ source: [{ cidr: "10.0.0.0/8" }] })).toThrow("cidr");
});
