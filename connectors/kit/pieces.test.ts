import { describe, expect, it } from "vitest";
import type { HeldFile } from "#shared/case/evidence.ts";
import { linksOf, piecesOf } from "./pieces.ts";

const evidenceId = "0f".repeat(16);
const link = { kind: "photo", url: "https://p.example.com/1.jpg" };
const file = { evidenceId, kind: "video" } as HeldFile;
const files = new Map([[evidenceId, file]]);

describe("the evidence of a command", () => {
  it("is given in its order: addresses as they are, files with what was handed in for their ids", () => {
    const evidence = [{ evidenceId }, link, { kind: "invoice", evidenceId }];
    expect(piecesOf({ command: { args: { evidence } }, files })).toEqual([
      { kind: "video", file },
      link,
      { kind: "invoice", file },
    ]);
    expect(piecesOf({ command: { args: {} } })).toEqual([]);
  });

  it("is refused where a file was not handed in, or the channel takes addresses alone", () => {
    const args = { evidence: [link, { evidenceId }] };
    const refusal = { code: "channel_refused", details: { channelCode: "not sent" } };
    expect(() => piecesOf({ command: { args } })).toThrow(expect.objectContaining(refusal));
    expect(() => linksOf(args)).toThrow(expect.objectContaining(refusal));
    expect(linksOf({ evidence: [link] })).toEqual([link]);
    expect(linksOf({})).toEqual([]);
  });
});
