import { describe, expect, it } from "vitest";
import { caseStates, expectedMoves, finalStates, isExpectedMove, isFinal } from "./states.ts";

describe("the state table", () => {
  it("reaches every state from requested", () => {
    const reached = new Set<string>(["requested"]);
    for (let size = 0; size !== reached.size; ) {
      size = reached.size;
      for (const state of caseStates)
        if (reached.has(state)) for (const next of expectedMoves[state]) reached.add(next);
    }
    expect([...reached].sort()).toEqual([...caseStates].sort());
  });

  it("has exactly the final states of the model", () => {
    expect(finalStates).toEqual(["refunded", "closed"]);
  });

  it("can end from every open state", () => {
    for (const state of caseStates.filter((each) => !isFinal(each))) {
      const moves: readonly string[] = expectedMoves[state];
      expect(moves.some((next) => finalStates.some((final) => final === next))).toBe(true);
    }
  });

  it("never lists a state as its own successor", () => {
    for (const state of caseStates) expect(expectedMoves[state]).not.toContain(state);
  });

  it("expects nothing of an unknown state", () => {
    expect(isExpectedMove("unknown", "refunded")).toBe(true);
    expect(isExpectedMove("refunded", "unknown")).toBe(true);
    expect(isFinal("unknown")).toBe(false);
  });

  it("does not expect a refunded case to be open again", () => {
    expect(isExpectedMove("refunded", "requested")).toBe(false);
  });
});
