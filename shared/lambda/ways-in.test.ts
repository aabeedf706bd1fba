import { SQSClient } from "@aws-sdk/client-sqs";
import type { APIGatewayProxyEventV2, Context, DynamoDBRecord, SQSRecord } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { someCase } from "../../test/builders/case-builder.ts";
import { listen } from "../../test/builders/fakes.ts";
import { SuiteError } from "../errors.ts";
import { eventsOf } from "../events/case-events.ts";
import { onCall } from "./on-call.ts";
import { onEvent } from "./on-event.ts";
import { type HttpCall, onHttp } from "./on-http.ts";
import { onSchedule } from "./on-schedule.ts";
import { onStream } from "./on-stream.ts";

const context = {} as Context;
let heard: ReturnType<typeof listen>;
beforeEach(() => {
  heard = listen();
});
afterEach(() => heard.end());

describe("over HTTP", () => {
  const event = (parts: Partial<APIGatewayProxyEventV2> = {}) =>
    ({
      headers: { "content-type": "application/json" },
      pathParameters: { channel: "douyin" },
      requestContext: { http: { method: "POST" } },
      ...parts,
    }) as APIGatewayProxyEventV2;
  const echo = async (call: HttpCall) => ({
    status: 200,
    contentType: "text/plain",
    body: Buffer.from(call.body).toString("hex"),
  });

  it.each([
    ["text", { body: "售", isBase64Encoded: false }, "e594ae"],
    ["base64", { body: "/wA=", isBase64Encoded: true }, "ff00"],
    ["no body", {}, ""],
  ])("hands over the untouched bytes of %s", async (_, parts, hex) => {
    expect(await onHttp(echo)(event(parts), context)).toEqual({
      statusCode: 200,
      headers: { "content-type": "text/plain", "x-content-type-options": "nosniff" },
      body: hex,
    });
  });

  it("hands over method, parameters and headers", async () => {
    let seen: HttpCall | undefined;
    await onHttp(async (call) => {
      seen = call;
      return echo(call);
    })(event(), context);
    expect(seen).toMatchObject({
      method: "POST",
      params: { channel: "douyin" },
      headers: { "content-type": "application/json" },
    });
  });

  it("answers a fault with a bare 500 and logs no more than its name and place", async () => {
    const answer = await onHttp(async () => {
      throw new TypeError("secret shpss_1 of Erika");
    })(event(), context);
    expect(answer).toMatchObject({ statusCode: 500, body: '{"message":"internal error"}' });
    expect(JSON.stringify(heard.said())).not.toMatch(/shpss_1|Erika/);
    expect(heard.said()).toMatchObject([{ message: "http call failed", errorName: "TypeError" }]);
  });
});

describe("by hand", () => {
  const call = onCall("test-call", z.strictObject({ id: z.string() }), async ({ id }) => `got ${id}`);

  it("takes a request that fits and gives the answer", async () => {
    expect(await call({ id: "1" }, context)).toBe("got 1");
  });

  it("names the member that does not fit, without its value", async () => {
    const fault = await call({ id: 12345 }, context).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: "payload_invalid", message: expect.stringContaining("id") });
    expect(String(fault)).not.toContain("12345");
  });
});

describe("from the bus", () => {
  const client = new SQSClient({ region: "us-east-1" });
  const [opened] = eventsOf(someCase(), "all");
  const busEvent = { source: "casebridge.cases", "detail-type": opened?.name, detail: opened?.detail, account: "1" };
  const run = async (event: object) => {
    const seen: unknown[] = [];
    const aside: string[] = [];
    const handler = onEvent(async (news, name) => void seen.push([name, news.caseId]), {
      name: "test-event",
      client,
      queueUrl: "https://queue",
      setAside: async (_body, fault) => void aside.push(fault.code),
    });
    const record = { messageId: "1", body: JSON.stringify(event), attributes: { ApproximateReceiveCount: "1" } };
    await handler({ Records: [record as SQSRecord] }, context);
    return { seen, aside };
  };

  it("hands over the detail and the name of the event", async () => {
    expect(await run(busEvent)).toEqual({ seen: [["case.opened", someCase().caseId]], aside: [] });
  });

  it.each([
    ["another source", { ...busEvent, source: "evil" }],
    ["another version", { ...busEvent, detail: { ...opened?.detail, version: 2 } }],
    ["a member too many", { ...busEvent, detail: { ...opened?.detail, role: "admin" } }],
  ])("takes no event of %s", async (_, event) => {
    expect(await run(event)).toEqual({ seen: [], aside: ["payload_invalid"] });
  });
});

describe("from the stream", () => {
  const records = ["1", "2", "3"].map((SequenceNumber) => ({ dynamodb: { SequenceNumber } }) as DynamoDBRecord);

  it("goes through the records in order", async () => {
    const seen: unknown[] = [];
    const handler = onStream(
      "test-stream",
      async ({ dynamodb }) => void seen.push(dynamodb?.SequenceNumber),
      () => {},
    );
    expect(await handler({ Records: records }, context)).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual(["1", "2", "3"]);
  });

  it("stops at the first that fails and names it, so that it begins there the next time", async () => {
    const seen: unknown[] = [];
    let failures = 0;
    const work = async ({ dynamodb }: DynamoDBRecord) => {
      if (dynamodb?.SequenceNumber === "2") throw new SuiteError("bus_unavailable", "not now");
      seen.push(dynamodb?.SequenceNumber);
    };
    const answer = await onStream("test-stream", work, () => failures++)({ Records: records }, context);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "2" }] });
    expect([seen, failures]).toEqual([["1"], 1]);
    expect(heard.said()).toMatchObject([{ sequenceNumber: "2", errorCode: "bus_unavailable" }]);
  });
});

describe("from a schedule", () => {
  it("lets a fault out, so that it is seen, after a line about it", async () => {
    const handler = onSchedule("test-sweep", async () => Promise.reject(new SuiteError("store_unavailable", "away")));
    await expect(handler({}, context)).rejects.toMatchObject({ code: "store_unavailable" });
    expect(heard.said()).toMatchObject([{ message: "test-sweep failed", errorCode: "store_unavailable" }]);
  });
});
