import { describeAttacks } from "./attacks.ts";
import { eventWith, refused, useInbound } from "./inbound-door.ts";

// Every report here is signed as it should be: whoever sends it has the key, or the warehouse itself is in trouble.

const { tell } = useInbound();
const malformed = refused(400, "malformed");
const withData =
  (data: object, type = "return.inspected") =>
  () =>
    tell(eventWith(data, { type }));
const lineOf = (change: object) => ({ lines: [{ expected_qty: 1, received_qty: 1, accepted_qty: 1, ...change }] });
const paid = (amount_minor: unknown, currency: unknown = "CNY") =>
  withData({ amount: { amount_minor, currency }, reference: "F-1" }, "refund.paid");
const paidAs = (digits: string) => () => {
  const text = JSON.stringify(
    eventWith({ amount: { amount_minor: 1, currency: "CNY" }, reference: "F-1" }, { type: "refund.paid" }),
  );
  return tell(Buffer.from(text.replace('"amount_minor":1', `"amount_minor":${digits}`)));
};

describeAttacks("Merchants' own systems: what is reported", "inbound-bodies", {
  "a report is at most 256 KB": [
    {
      attack: "10 MB, unsigned",
      answer: refused(413, "body_too_large"),
      run: () => tell(Buffer.alloc(10 * 1024 * 1024, 0x20)),
    },
  ],
  "a report is JSON in UTF-8": [
    ...["", "{", "<xml/>", "\u0000"].map((text) => ({
      attack: `the body ${JSON.stringify(text)}, signed`,
      answer: refused(400, "not_json"),
      run: () => tell(Buffer.from(text)),
    })),
    {
      attack: "a reference in GBK, signed",
      answer: refused(400, "not_json"),
      run: () => {
        const text = JSON.stringify(
          eventWith({ amount: { amount_minor: 1, currency: "CNY" }, reference: "@" }, { type: "refund.paid" }),
        );
        const [before = "", after = ""] = text.split("@");
        return tell(Buffer.concat([Buffer.from(before), Buffer.from([0xca, 0xdb]), Buffer.from(after)]));
      },
    },
  ],
  "a report has its form": [
    ...[null, [], "x", 0].map((value) => ({
      attack: `the body \`${JSON.stringify(value)}\`, signed`,
      answer: malformed,
      run: () => tell(Buffer.from(JSON.stringify(value))),
    })),
    { attack: "a result that is not known", answer: malformed, run: withData({ result: "tasty" }) },
    { attack: "a kind that is not known", answer: malformed, run: withData({}, "refund.agreed") },
    { attack: "neither a case nor a parcel", answer: malformed, run: withData({ case_id: undefined }) },
    { attack: "a case that is a key", answer: malformed, run: withData({ case_id: "douyin:1#CASE" }) },
    {
      attack: "an event whose name is a key",
      answer: malformed,
      run: () => tell(eventWith({}, { event_id: "e#INBOUND" })),
    },
    {
      attack: "an event whose name ends a line",
      answer: malformed,
      run: () => tell(eventWith({}, { event_id: "e\r\nx: y" })),
    },
    { attack: "251 lines", answer: malformed, run: withData({ lines: Array(251).fill(lineOf({}).lines[0]) }) },
  ],
  "units are counted whole, and no more accepted than came": [
    { attack: "one unit less than none", answer: malformed, run: withData(lineOf({ received_qty: -1 })) },
    { attack: "half a unit", answer: malformed, run: withData(lineOf({ accepted_qty: 0.5 })) },
    { attack: "10^18 units", answer: malformed, run: withData(lineOf({ expected_qty: 1e18 })) },
    { attack: "two accepted of one that came", answer: malformed, run: withData(lineOf({ accepted_qty: 2 })) },
  ],
  "what was paid is a whole number above zero": [
    ...["-1", "0", "0.1", "1e-7", "1e400", "9007199254740993", '"100"', "[1]", "null"].map((digits) => ({
      attack: `\`${digits}\` of the smallest unit paid`,
      answer: malformed,
      run: paidAs(digits),
    })),
    { attack: "paid in a currency of no name", answer: malformed, run: paid(1, "¥") },
  ],
  "a time of an event exists": [
    "2026-02-30T00:00:00Z",
    "2026-11-25T12:00:00",
    "2026-11-25T12:00:00+14:00",
    "1795609800",
    "0",
  ].map((occurred_at) => ({
    attack: `an event of \`${occurred_at}\``,
    answer: malformed,
    run: () => tell(eventWith({}, { occurred_at })),
  })),
  "an event is not from the future": [
    {
      attack: "an inspection of the year 2099, which none could correct",
      answer: malformed,
      run: () => tell(eventWith({}, { occurred_at: "2099-01-01T00:00:00Z" })),
    },
    {
      attack: "an inspection six minutes ahead",
      answer: malformed,
      run: () => tell(eventWith({}, { occurred_at: "2026-11-25T12:36:00Z" })),
    },
  ],
  "a picture is on the web": [
    "javascript:alert(1)",
    "file:///etc/passwd",
    "http://169.254.169.254/latest",
    "data:text/html,<script>",
    "ftp://example.com/a.png",
  ].map((url) => ({
    attack: `a picture at \`${url}\``,
    answer: malformed,
    run: withData({ photos: [{ url, sha256: "0".repeat(64) }] }),
  })),
});
