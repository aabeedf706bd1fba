import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { factOf, inboundEventSchema } from "./case/inbound-event.ts";
import { verifyInbound } from "./inbound.ts";

const secret = "wms-secret-0001";
const body = Buffer.from(
  '{"event_id":"01J0000000000000000000000A","type":"return.inspected","occurred_at":"2026-01-02T03:04:05Z","data":{"case_id":"c_1","result":"accepted"}}',
);
const signature = "v1=4d6bfc545b973805cceb731899113005336603197cba53fb7f00384803efdd79";
const headers = {
  "x-aftersale-timestamp": "1760000000",
  "x-aftersale-signature": signature,
  "x-aftersale-key-id": "k1",
};
const at = (offsetSeconds: number) => new Date((1_760_000_000 + offsetSeconds) * 1000);
const keys = [{ keyId: "k1", secret }];

describe("the signature of a merchant's own system", () => {
  it("is the one of the contract's vector", () => {
    expect(verifyInbound({ headers, body }, keys, at(0))).toBeUndefined();
  });

  it("counts for five minutes either way", () => {
    expect(verifyInbound({ headers, body }, keys, at(300))).toBeUndefined();
    expect(verifyInbound({ headers, body }, keys, at(-300))).toBeUndefined();
    expect(verifyInbound({ headers, body }, keys, at(301))).toBe("too_old");
    expect(verifyInbound({ headers, body }, keys, at(-301))).toBe("too_new");
  });

  it("may be one of two while a key is being replaced, on either side", () => {
    const two = {
      ...headers,
      "x-aftersale-key-id": undefined,
      "x-aftersale-signature": `v1=${"0".repeat(64)},${signature}`,
    };
    expect(verifyInbound({ headers: two, body }, [{ keyId: "k2", secret: "new" }, ...keys], at(0))).toBeUndefined();
  });

  it.each([
    ["another body", {}, Buffer.from("{}"), keys, "signature_mismatch"],
    ["another time", { "x-aftersale-timestamp": "1760000001" }, body, keys, "signature_mismatch"],
    ["another key", {}, body, [{ keyId: "k1", secret: "other" }], "signature_mismatch"],
    ["a key that has gone", {}, body, [{ keyId: "k2", secret }], "signature_mismatch"],
    ["no key at all", {}, body, [], "no_keys"],
    ["no signature", { "x-aftersale-signature": undefined }, body, keys, "signature_missing"],
    ["half a signature", { "x-aftersale-signature": signature.slice(0, 40) }, body, keys, "signature_missing"],
    ["capital letters", { "x-aftersale-signature": signature.toUpperCase() }, body, keys, "signature_missing"],
    ["no time", { "x-aftersale-timestamp": undefined }, body, keys, "timestamp_missing"],
    ["a time in words", { "x-aftersale-timestamp": "now" }, body, keys, "timestamp_missing"],
  ])("is refused with %s", (_, change, bytes, held, reason) => {
    expect(verifyInbound({ headers: { ...headers, ...change }, body: bytes }, held, at(0))).toBe(reason);
  });

  it("is over the bytes, whatever they are", () => {
    const bytes = Buffer.from([0xff, 0x00, 0x7b]);
    const hex = createHmac("sha256", secret).update("1760000000.").update(bytes).digest("hex");
    expect(
      verifyInbound({ headers: { ...headers, "x-aftersale-signature": `v1=${hex}` }, body: bytes }, keys, at(0)),
    ).toBe(undefined);
  });
});

describe("an event", () => {
  const inspected = {
    ...{ event_id: "e1", type: "return.inspected", occurred_at: "2026-11-25T03:04:05Z" },
    data: {
      case_id: "douyin:1:2",
      result: "accepted_partial",
      lines: [{ sku: "A", expected_qty: 3, received_qty: 2, accepted_qty: 1, condition: "damaged", note: "torn" }],
    },
  };

  it("of an inspection counts what came, in which condition, and what did not", () => {
    expect(factOf(inboundEventSchema.parse(inspected))).toMatchObject({
      kind: "inspection",
      inspection: {
        ...{ at: "2026-11-25T03:04:05.000Z", result: "accepted_partial", photos: [] },
        lines: [{ sku: "A", expected: 3, received: 2, accepted: 1, damaged: 1, missing: 1 }],
      },
    });
  });

  const line = inspected.data.lines[0];
  it.each([
    ["neither a case nor a parcel", { data: { result: "accepted" } }],
    ["an unknown type", { type: "return.eaten" }],
    ["a time that is none", { occurred_at: "yesterday" }],
    ["more accepted than received", { data: { ...inspected.data, lines: [{ ...line, accepted_qty: 3 }] } }],
    ["less than nothing", { data: { ...inspected.data, lines: [{ ...line, received_qty: -1 }] } }],
    ["half a unit", { data: { ...inspected.data, lines: [{ ...line, received_qty: 1.5 }] } }],
    ["an id that could break a key", { event_id: "a#b" }],
    [
      "money in fractions",
      {
        type: "refund.paid",
        data: { case_id: "douyin:1:2", reference: "F", amount: { amount_minor: 1.5, currency: "CNY" } },
      },
    ],
    [
      "less than no money",
      {
        type: "refund.paid",
        data: { case_id: "douyin:1:2", reference: "F", amount: { amount_minor: -1, currency: "CNY" } },
      },
    ],
  ])("with %s is refused", (_, change) => {
    expect(inboundEventSchema.safeParse({ ...inspected, ...change }).success).toBe(false);
  });
});
