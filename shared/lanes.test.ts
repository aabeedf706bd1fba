import { expect, it } from "vitest";
import type { Notice } from "./case/notice.ts";
import { commandMessage, lanesPerShop, noticeMessage } from "./lanes.ts";

const notice = (parts: object = {}): Notice =>
  ({
    channel: "douyin",
    shopId: "10437917",
    subject: { kind: "case", channelCaseId: "7301234567890123403" },
    topic: "200",
    noticeId: "m1",
    opens: true,
    via: "push",
    ...parts,
  }) as Notice;
const aCase = (channelCaseId: string) => ({ subject: { kind: "case", channelCaseId } });

it("gives a case always the same lane, whatever is said of it", () => {
  const { group } = noticeMessage(notice());
  expect(noticeMessage(notice({ topic: "203", noticeId: "m2", via: "poll" })).group).toBe(group);
});

it("spreads the cases of a shop over its lanes and over no more", () => {
  const groups = Array.from({ length: 400 }, (_, index) => noticeMessage(notice(aCase(`73${index}`))).group);
  expect(new Set(groups).size).toBe(lanesPerShop);
});

it("gives two shops no lane in common", () => {
  const groupsOf = (shopId: string) =>
    new Set(Array.from({ length: 100 }, (_, index) => noticeMessage(notice({ shopId, ...aCase(`${index}`) })).group));
  expect(groupsOf("1").intersection(groupsOf("2")).size).toBe(0);
});

it.each([
  ["the same notice", {}, true],
  ["another message", { noticeId: "m2" }, false],
  ["another topic", { topic: "201" }, false],
  ["another case", aCase("7301234567890123404"), false],
  ["another shop", { shopId: "10437918" }, false],
  ["another way", { via: "poll" }, false],
  ["ids that run together", { ...aCase("7301234567890123403200"), topic: "" }, false],
])("tells the queue whether it is the same: %s", (_, parts, same) => {
  expect(noticeMessage(notice(parts)).deduplicationId === noticeMessage(notice()).deduplicationId).toBe(same);
});

it("makes ids that SQS takes out of anything", () => {
  const { group = "", deduplicationId = "" } = noticeMessage(
    notice({ shopId: "售后 店铺\u0000", noticeId: "x".repeat(200) }),
  );
  for (const id of [group, deduplicationId]) expect(id).toMatch(/^[\w.]{1,128}$/);
});

it("keeps the commands of a shop in one group, each with an id of its own", () => {
  const place = { channel: "douyin", shopId: "1", tenantId: "t", caseId: "douyin:1:2" };
  const one = commandMessage({ ...place, commandId: "agree_refund-2" });
  const two = commandMessage({ ...place, caseId: "douyin:1:3", commandId: "agree_refund-2" });
  expect(one.group).toBe(two.group);
  expect(one.deduplicationId).not.toBe(two.deduplicationId);
  expect(JSON.parse(one.body)).toEqual({ tenantId: "t", caseId: "douyin:1:2", commandId: "agree_refund-2" });
});
