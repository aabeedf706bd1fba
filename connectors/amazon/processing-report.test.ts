import { describe, expect, it } from "vitest";
import { errorsIn, failuresIn } from "./processing-report.ts";

const tag = (name: string, text: string | undefined) => (text === undefined ? "" : `<${name}>${text}</${name}>`);
function report(results: { code: string; number?: string; words?: string; orderId?: string }[]): string {
  const each = results.map(({ code, number, words, orderId }) =>
    [
      `<Result><MessageID>1</MessageID><ResultCode>${code}</ResultCode>`,
      tag("ResultMessageCode", number),
      tag("ResultDescription", words),
      orderId === undefined ? "" : tag("AdditionalInfo", tag("AmazonOrderID", orderId)),
      "</Result>",
    ].join(""),
  );
  return `<AmazonEnvelope><Message><ProcessingReport>${each.join("")}</ProcessingReport></Message></AmazonEnvelope>`;
}

describe("a processing report", () => {
  it("names what failed with Amazon's code and words, and no warning", () => {
    const orderId = "111-2000001-2000001";
    const text = report([
      { code: "Warning", number: "8001", words: "Late.", orderId },
      { code: "Error", number: "18028", words: "The data\n you submitted is incorrect.", orderId },
    ]);
    expect(errorsIn(text)).toEqual([{ orderId, reason: "18028: The data you submitted is incorrect." }]);
    expect(failuresIn(text)).toEqual([orderId]);
  });

  it("may name no order, and give no reason", () => {
    expect(errorsIn(report([{ code: "Error" }]))).toEqual([{ orderId: undefined, reason: "no reason given" }]);
    expect(failuresIn(report([{ code: "Error" }]))).toEqual([]);
  });

  it("is read without what could be somebody's address or number", () => {
    const words = "Order 111-2000001-2000001 of greta@example.com, +1 (206) 555-0100 is closed.";
    const [failed] = errorsIn(report([{ code: "Error", words }])) ?? [];
    expect(failed?.reason).toBe("Order 111-2000001-2000001 of (…) (…) is closed.");
  });

  it("is short, however long it is", () => {
    expect(errorsIn(report([{ code: "Error", words: "x".repeat(5000) }]))?.[0]?.reason).toHaveLength(200);
  });

  it("without a failure has none", () => {
    expect(errorsIn(report([]))).toEqual([]);
  });

  it.each(["", "not XML", "<html/>", "{}", "<AmazonEnvelope>"])("is none: %s", (text) => {
    expect(errorsIn(text)).toBeUndefined();
    expect(failuresIn(text)).toEqual([]);
  });
});
