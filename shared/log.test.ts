import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hearLines } from "../test/builders/fakes.ts";
import { SuiteError } from "./errors.ts";
import { faultFields, log } from "./log.ts";

let lines: string[] = [];
beforeEach(() => {
  lines = [];
  hearLines((line) => void lines.push(line));
});
afterEach(() => void vi.restoreAllMocks());

it("writes one JSON line per decision, at its level", () => {
  log.info("case observed", { caseId: "douyin:1:2", revision: 3 });
  log.warn("slow");
  log.error("gone", { channel: undefined });
  expect(lines).toEqual([
    '{"level":"info","message":"case observed","caseId":"douyin:1:2","revision":3}',
    '{"level":"warn","message":"slow"}',
    '{"level":"error","message":"gone"}',
  ]);
});

it("says in which trace a fault is found, as Lambda tells it", () => {
  vi.stubEnv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1");
  log.info("fine");
  log.error("gone");
  vi.unstubAllEnvs();
  expect(lines).toEqual([
    '{"level":"info","message":"fine"}',
    '{"level":"error","message":"gone","trace":"Root=1-5759e988-bd862e3fe1be46a994272793"}',
  ]);
});

it.each([
  '\r\n{"level":"error"}',
  "\u001b[31mred",
  "\u2028",
  "\u0000",
])("cannot be made to look like two lines by %j", (nick) => {
  log.info("said", { nick });
  expect(lines).toHaveLength(1);
  expect([...String(lines[0])].filter((letter) => letter < " ")).toEqual([]);
});

describe("the fields of a fault", () => {
  it("are code, message and safe details of our own", () => {
    const fault = new SuiteError("rate_limited", "slowly", {
      details: { retryAfterMs: 5 },
      cause: new Error("token t0"),
    });
    expect(faultFields(fault)).toEqual({ errorCode: "rate_limited", errorMessage: "slowly", retryAfterMs: 5 });
  });

  it("are name and place of an unknown one, never its text", () => {
    const fields = faultFields(new TypeError("buyer Erika Mustermann"));
    expect(fields).toEqual({ errorName: "TypeError", errorAt: expect.stringContaining("log.test.ts") });
  });

  it.each([["text"], [undefined], [null], [{ message: "x" }]])("are the kind of %j that was thrown", (thrown) => {
    expect(faultFields(thrown)).toEqual({ errorName: typeof thrown });
  });
});
