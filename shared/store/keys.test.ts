import { describe, expect, it } from "vitest";
import { shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { sampleCase } from "../../test/sample-case.ts";
import { caseKey, caseOfKey, dueCasePartition, dueFeedPartition, feedKey, feedOfKey, timelineKey } from "./keys.ts";

const { tenantId, caseId } = sampleCase({ id: "gid/Return-1.2_3" });
const feed = {
  tenantId: tenantIdSchema.parse("acme"),
  channel: "shopify" as const,
  shopId: shopIdSchema.parse("acme.myshopify.com"),
  feed: "returns",
};

describe("keys", () => {
  it("gives back the case that a key was made of", () => {
    expect(caseOfKey(caseKey(tenantId, caseId))).toEqual({ tenantId, caseId });
  });

  it("gives back the feed that a key was made of", () => {
    expect(feedOfKey(feedKey(feed))).toEqual(feed);
  });

  it("keeps a feed of our app apart from every tenant", () => {
    const ofApp = { channel: "taobao" as const, feed: "messages" };
    expect(feedKey(ofApp)).toEqual({ pk: "APP#taobao", sk: "B#messages" });
    expect(feedOfKey(feedKey(ofApp))).toEqual(ofApp);
    expect(dueFeedPartition(ofApp)).toMatch(/^FEED#\d\d$/);
  });

  it("takes no other key for a feed's", () => {
    expect(() => feedOfKey(caseKey(tenantId, caseId))).toThrow(RangeError);
    expect(() => feedOfKey({ pk: "APP#taobao", sk: "T" })).toThrow(RangeError);
    expect(() => feedOfKey({ pk: "T#acme", sk: "B#taobao" })).toThrow(RangeError);
  });

  it("begins with the tenant, so that a role can be limited to it", () => {
    expect(caseKey(tenantId, caseId).pk).toMatch(/^T#acme#/);
    expect(feedKey(feed).pk).toBe("T#acme");
  });

  it("keeps a case and a feed in the shard they were first put in", () => {
    expect(dueCasePartition(sampleCase().caseId)).toBe("CASE#03");
    expect(dueFeedPartition(feed)).toBe("FEED#07");
  });

  it("sorts a story by time, then by revision, then by place, as numbers", () => {
    const at = ["2026-11-25T12:00:00.000Z", "2026-11-25T12:00:00.001Z"] as const;
    const inOrder = [
      { at: at[0], revision: 2, position: 9 },
      { at: at[0], revision: 2, position: 10 },
      { at: at[0], revision: 10, position: 0 },
      { at: at[1], revision: 1, position: 0 },
    ].map((entry) => timelineKey(tenantId, caseId, entry).sk);
    expect(inOrder.toSorted()).toEqual(inOrder);
  });
});
