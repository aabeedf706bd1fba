import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createClock } from "../../clock.ts";
import { type Runtime, startRuntime } from "../runtime.ts";
import { getAtt, lambda, ref, type TestAssembly, writeAssembly } from "../test-assembly.ts";

let assembly: TestAssembly;
let runtime: Runtime;

beforeAll(async () => {
  assembly = writeAssembly(
    {
      s: {
        Resources: {
          Dead: { Type: "AWS::SQS::Queue", Properties: {} },
          Tell: lambda("tell", { env: { NAME: ref("Dead") } }),
          Module: lambda("module"),
          Slow: lambda("slow", { Timeout: 1 }),
          Throw: lambda("throw", { DeadLetterConfig: { TargetArn: getAtt("Dead") } }),
          Stray: lambda("stray"),
          Broken: lambda("broken"),
          Caller: lambda("caller"),
          Single: lambda("single", { ReservedConcurrentExecutions: 1 }),
          Tick: {
            Type: "AWS::Events::Rule",
            Properties: {
              ScheduleExpression: "cron(0 6 * * ? *)",
              Targets: [{ Id: "a", Arn: getAtt("Throw"), Input: '{"from":"schedule"}' }],
            },
          },
          Minute: {
            Type: "AWS::Scheduler::Schedule",
            Properties: {
              ScheduleExpression: "rate(1 minute)",
              Target: { Arn: getAtt("Tell"), RoleArn: "arn:aws:iam::0:role/x", Input: '"tick"' },
            },
          },
          ThrowErrors: {
            Type: "AWS::CloudWatch::Alarm",
            Properties: {
              AlarmName: "throw-errors",
              Metrics: [
                { Id: "rate", Expression: "errors / calls * 100", ReturnData: true },
                {
                  Id: "errors",
                  ReturnData: false,
                  MetricStat: {
                    Metric: {
                      Namespace: "AWS/Lambda",
                      MetricName: "Errors",
                      Dimensions: [{ Name: "FunctionName", Value: ref("Throw") }],
                    },
                    Period: 60,
                    Stat: "Sum",
                  },
                },
                {
                  Id: "calls",
                  ReturnData: false,
                  MetricStat: {
                    Metric: {
                      Namespace: "AWS/Lambda",
                      MetricName: "Invocations",
                      Dimensions: [{ Name: "FunctionName", Value: ref("Throw") }],
                    },
                    Period: 60,
                    Stat: "Sum",
                  },
                },
              ],
              EvaluationPeriods: 1,
              Threshold: 50,
              ComparisonOperator: "GreaterThanThreshold",
              TreatMissingData: "notBreaching",
            },
          },
          DeadLetters: {
            Type: "AWS::CloudWatch::Alarm",
            Properties: {
              AlarmName: "dead-letters",
              Namespace: "AWS/SQS",
              MetricName: "ApproximateNumberOfMessagesVisible",
              Dimensions: [{ Name: "QueueName", Value: getAtt("Dead", "QueueName") }],
              Statistic: "Maximum",
              Period: 60,
              EvaluationPeriods: 1,
              Threshold: 0,
              ComparisonOperator: "GreaterThanThreshold",
            },
          },
          Any: {
            Type: "AWS::CloudWatch::CompositeAlarm",
            Properties: {
              AlarmName: "any",
              AlarmRule: { "Fn::Join": ["", ['ALARM("', getAtt("ThrowErrors"), '") OR ALARM("dead-letters")']] },
            },
          },
        },
      },
    },
    {
      tell: `exports.handler = async (event, context) => {
          process.stdout.write(JSON.stringify({ _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: "casebridge", Dimensions: [["stage"]], Metrics: [{ Name: "told", Unit: "Count" }] }] }, stage: "local", told: 2 }) + "\\n");
          return { event, now: new Date().toISOString(), name: process.env.NAME, host: process.env.HOME, fn: context.functionName, left: context.getRemainingTimeInMillis() <= 10000 };
        };`,
      module: "",
      slow: "exports.handler = () => new Promise(() => setInterval(() => {}, 1000));",
      throw: `exports.handler = async (event) => { if (event.fine) return 1; throw new TypeError("no good"); };`,
      stray: `exports.handler = async () => { Promise.reject(new RangeError("stray")); await new Promise((resolve) => setTimeout(resolve, 2000)); };`,
      broken: `throw new Error("cannot load");`,
      caller: `exports.handler = async (event) => {
          const headers = { "x-amz-target": "DynamoDB_20120810.ListTables", authorization: "AWS4-HMAC-SHA256 Credential=" + process.env.AWS_ACCESS_KEY_ID + "/20260301/us-east-1/dynamodb/aws4_request" };
          const answer = await fetch(process.env.AWS_ENDPOINT_URL, { method: "POST", headers, body: "{}" });
          return answer.status;
        };`,
      single: `let inside = 0; let most = 0;
        exports.handler = async () => { most = Math.max(most, ++inside); await new Promise((resolve) => setTimeout(resolve, 20)); inside--; return most; };`,
    },
  );
  writeFileSync(
    join(assembly.dir, "asset.module", "index.mjs"),
    "export const handler = async () => import.meta.filename.slice(-9);",
  );
  rmSync(join(assembly.dir, "asset.module", "index.js"));
  runtime = await startRuntime({
    assemblyDir: assembly.dir,
    clock: createClock({ mode: "moved", start: new Date("2026-03-01T00:00:00Z") }),
    env: { EXTRA: "1" },
  });
});

afterAll(async () => {
  await runtime.stop();
  assembly.remove();
});

beforeEach(() => runtime.idle());

it("gives a function its variables, its context, the clock's time and nothing of the host", async () => {
  const outcome = await runtime.invoke("Tell", { a: 1 });
  expect(outcome.ok && JSON.parse(outcome.payload ?? "")).toEqual({
    event: { a: 1 },
    now: expect.stringMatching(/^2026-03-/),
    name: expect.stringMatching(/\/s-Dead$/),
    fn: "s-Tell",
    left: true,
  });
});

it("runs a bundle of modules as well as one of CommonJS", async () => {
  expect(await runtime.invoke("Module", {})).toMatchObject({ ok: true, payload: '"index.mjs"' });
});

it.each([
  ["Throw", { errorType: "TypeError", errorMessage: "no good" }],
  ["Slow", { errorType: "Sandbox.Timedout", errorMessage: "Task timed out after 1.00 seconds" }],
  ["Stray", { errorType: "Runtime.UnhandledRangeError", errorMessage: "stray" }],
  ["Broken", { errorMessage: "cannot load" }],
])("reports the failure of %s as Lambda does, and starts it afresh the next time", async (name, error) => {
  for (let turn = 0; turn < 2; turn++) expect(await runtime.invoke(name, {})).toMatchObject({ ok: false, error });
});

it("keeps to the reserved concurrency and lets the others wait", async () => {
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => runtime.invoke("Single", {})));
  expect(outcomes.map((outcome) => outcome.ok && outcome.payload)).toEqual(["1", "1", "1", "1"]);
});

it("fails the invocation of a killed worker, and runs the next in a new one", async () => {
  const running = runtime.invoke("Single", {});
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await runtime.killWorker("Single")).toBe(1);
  expect(await running).toMatchObject({ ok: false, error: { errorType: "Runtime.ExitError" } });
  expect(await runtime.invoke("Single", {})).toMatchObject({ ok: true });
});

it("ends a function in the middle of its work, by a fault of one of its calls, and counts that", async () => {
  expect(await runtime.invoke("Caller", {})).toMatchObject({ ok: true });
  runtime.inject({ killed: 1 });
  const outcome = await runtime.invoke("Caller", {});
  runtime.inject({});
  expect(outcome).toMatchObject({ ok: false, error: { errorType: "Runtime.ExitError" } });
  expect(runtime.injected()).toEqual({ killed: 1 });
  expect(await runtime.invoke("Caller", {})).toMatchObject({ ok: true });
});

it("collects the metrics a log line carries", async () => {
  await runtime.invoke("Tell", {});
  const from = new Date("2026-03-01T00:00:00Z");
  const to = new Date("2026-03-03T00:00:00Z");
  const found = runtime.metrics.query({
    namespace: "casebridge",
    name: "told",
    dimensions: { stage: "local" },
    statistic: "Maximum",
    periodSeconds: 2 * 86_400,
    from,
    to,
  });
  expect([...found.values()]).toEqual([2]);
});

it("runs schedules on the clock, retries what fails, and raises and ends the alarms of the template", async () => {
  runtime.open();
  const before = runtime.logs.lines.length;
  await runtime.advanceTo(new Date("2026-03-01T06:30:00Z"));
  const lines = runtime.logs.lines.slice(before);
  expect(lines.filter(({ source }) => source === "s-Tell").length).toBeGreaterThanOrEqual(390);
  const failures = lines.filter(({ source, text }) => source === "s-Throw" && text.includes("no good"));
  expect(failures.map(({ at }) => at.toISOString().slice(11, 19))).toEqual(["06:00:00", "06:01:00", "06:03:00"]);
  expect(runtime.queues()).toMatchObject([{ visible: 1 }]);
  const history = runtime.alarms.changes.map(({ at, name, to }) => `${at.toISOString().slice(11, 16)} ${name} ${to}`);
  expect(history.filter((change) => change > "06")).toEqual([
    "06:01 throw-errors ALARM",
    "06:01 any ALARM",
    "06:03 throw-errors OK",
    "06:03 any OK",
    "06:04 throw-errors ALARM",
    "06:04 any ALARM",
    "06:05 throw-errors OK",
    "06:05 dead-letters ALARM",
  ]);
  expect(runtime.alarms.list().map(({ name, state }) => [name, state])).toEqual([
    ["throw-errors", "OK"],
    ["dead-letters", "ALARM"],
    ["any", "ALARM"],
  ]);
});
