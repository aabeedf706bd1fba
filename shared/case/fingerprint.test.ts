import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { someFacts } from "../../test/builders/case-builder.ts";
import { canonical, factsHash, sha256 } from "./fingerprint.ts";

describe("the hash of facts", () => {
  it("is SHA-256", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        expect(sha256(text)).toBe(createHash("sha256").update(new TextEncoder().encode(text)).digest("hex"));
      }),
    );
  });

  it("does not depend on the order of members, nor on members that are absent", () => {
    const facts = someFacts();
    const turned = Object.fromEntries(Object.entries({ ...facts, groupKey: undefined }).reverse());
    expect(canonical(turned)).toBe(canonical(facts));
    expect(factsHash(someFacts({ waitingOn: "buyer" }))).not.toBe(factsHash(facts));
  });
});
