import { describe, expect, it } from "vitest";
import { evidence } from "./evidence.ts";
import { caseFile } from "./fixtures/build.ts";
import { fixtures } from "./fixtures/index.ts";

type Payload = {
  process_info: { after_sale_info: Record<string, unknown>; arbitrate_info: Record<string, unknown> | null };
};

function shown(fromBuyer: unknown, forDispute?: unknown) {
  const payload = structuredClone(caseFile("return-requested").raw.payload) as Payload;
  payload.process_info.after_sale_info.evidence = fromBuyer;
  payload.process_info.arbitrate_info = { arbitrate_status: 4, arbitrate_evidence: forDispute };
  return evidence.of({ payload });
}

describe("the pictures of a case", () => {
  it("are those of the buyer and those handed in for the arbitration, each by who shows it", () => {
    const [one, two] = ["https://p3.byteimg.com/a.jpg?sign=1", "https://p3.byteimg.com/b.jpg"];
    expect(shown([one], { images: [two] })).toEqual([
      { url: one, kind: "photo", source: "buyer" },
      { url: two, kind: "photo", source: "merchant_in_dispute" },
    ]);
  });

  it.each([
    ["null", null, null],
    ["none", [], { images: [] }],
    ["no text", [7, null, { url: "https://p3.byteimg.com/a.jpg" }], { images: null }],
  ])("are none where the channel gives %s", (_, fromBuyer, forDispute) => {
    expect(shown(fromBuyer, forDispute)).toEqual([]);
  });

  it("are none where the case cannot be read", () => expect(evidence.of({ payload: { process_info: 1 } })).toEqual([]));

  it("come from the platform's picture servers, or from those that the settings name", () => {
    const hosts = evidence.hosts(fixtures.app);
    expect(hosts.every((host) => /^\.[a-z]+\.com$/.test(host))).toBe(true);
    expect(evidence.hosts({ ...fixtures.app, evidenceHosts: ["img.example.com"] })).toEqual(["img.example.com"]);
  });
});
