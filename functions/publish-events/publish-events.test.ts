import type { DynamoDBRecord } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Case } from "#shared/case/case.ts";
import { plan } from "#shared/case/commands.ts";
import { redact } from "#shared/case/redact.ts";
import { SuiteError } from "#shared/errors.ts";
import { createStore } from "#shared/store/index.ts";
import { writeItem } from "#shared/store/item.ts";
import { caseKey } from "#shared/store/keys.ts";
import { afterwards, inState, someCase } from "../../test/builders/case-builder.ts";
import { listen, noon } from "../../test/builders/fakes.ts";
import { useTable } from "../../test/engine.ts";
import { type Deps, publishEvents } from "./publish-events.ts";

const table = useTable();

let heard: ReturnType<typeof listen>;
beforeEach(() => {
  heard = listen();
});
afterEach(() => heard.end());

/** The stream's record of a saved revision. */
function recordOf(body: Case): DynamoDBRecord {
  const { tenantId, revision } = body;
  const item = {
    ...caseKey(tenantId, body.caseId),
    entity: "case",
    schemaVersion: 1,
    tenantId,
    revision,
    body,
  } as const;
  return { dynamodb: { NewImage: writeItem(item) as never, SequenceNumber: "1" } };
}

async function publishing(record: DynamoDBRecord, broken: Partial<Deps> = {}) {
  const did: string[] = [];
  const deps: Deps = {
    timeline: { append: async ({ revision }: Case) => void did.push(`timeline r${revision}`) } as Deps["timeline"],
    references: {
      put: async (_tenant: string, _case: string, names: readonly string[]) => void did.push(`refer ${names}`),
    } as unknown as Deps["references"],
    sendCommands: async (messages) =>
      void did.push(`commands ${messages.map(({ body }) => JSON.parse(body).commandId)}`),
    publish: async (events) =>
      void did.push(...events.map(({ name, detail }) => `bus ${name} ${detail.eventId.split("#").slice(1)}`)),
    sendTimers: async (messages) => void did.push(...messages.map(({ delaySeconds }) => `timer in ${delaySeconds} s`)),
    busScope: "all",
    clock: { now: () => noon },
    sweepEveryMs: 60_000,
    ...broken,
  };
  await publishEvents(record, deps);
  return did;
}

const planned = () => {
  const wish = {
    action: "agree_return",
    args: {},
    askedBy: "person:erika",
    mode: "auto",
    decidedOnVersion: 1,
  } as const;
  const outcome = plan(someCase(), { ...wish, now: noon.toISOString() });
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.next;
};

describe("a saved revision", () => {
  it("goes to the timeline, the references and the bus, each piece of news once", async () => {
    expect(await publishing(recordOf(someCase()))).toEqual([
      "timeline r1",
      "refer shop:douyin:10437917,6930000000000000103",
      "bus case.opened 1,0",
      "bus deadline.set 1,1",
    ]);
  });

  it("goes to the bus without the suite's own steps where these are not wanted", async () => {
    const told = async (record: DynamoDBRecord) =>
      (await publishing(record, { busScope: "outcomes" })).filter((each) => each.startsWith("bus"));
    expect(await told(recordOf(someCase()))).toEqual(["bus case.opened 1,0"]);
    expect(await told(recordOf(planned()))).toEqual([]);
  });

  it("calls the shop's writer for a planned command", async () => {
    expect(await publishing(recordOf(planned()))).toEqual([
      "timeline r2",
      "commands agree_return-2",
      "bus command.planned 2,0",
    ]);
  });

  it("makes a case findable by its tracking number once there is one", async () => {
    const goods = { status: "returning", wayBack: { trackingNo: "SF1" } } as const;
    const did = await publishing(
      recordOf(afterwards(someCase(inState("approved")), 2, { ...inState("return_in_transit"), goods })),
    );
    expect(did).toContain("refer SF1");
  });

  it("says nothing twice when there is no news in it", async () => {
    expect(await publishing(recordOf({ ...someCase(), news: [] }))).toEqual([]);
  });

  it.each([
    ["another item", { dynamodb: { NewImage: { entity: { S: "shop" } } } }],
    ["a removal", { dynamodb: {} }],
  ] as [string, DynamoDBRecord][])("is none: %s", async (_, record) => {
    expect(await publishing(record)).toEqual([]);
  });
});

describe("a step that fails", () => {
  const away = async () => Promise.reject(new SuiteError("bus_unavailable", "away"));

  it("is let out, so that the record comes again, and nothing is measured", async () => {
    await expect(publishing(recordOf(planned()), { publish: away })).rejects.toMatchObject({ code: "bus_unavailable" });
    expect(heard.metric("CommandSent")).toEqual([]);
  });

  it("keeps news off the bus that the timeline does not have", async () => {
    const told: unknown[] = [];
    const timeline = { append: away } as unknown as Deps["timeline"];
    const publish = async (events: unknown) => void told.push(events);
    await expect(publishing(recordOf(someCase()), { timeline, publish })).rejects.toThrow("away");
    expect(told).toEqual([]);
  });
});

describe("a clock that is due before the next sweep", () => {
  const dueAt = (ms: number) => {
    const due = someCase();
    const at = new Date(noon.getTime() + ms).toISOString();
    return recordOf({ ...due, deadlines: due.deadlines.map((each) => ({ ...each, dueAt: at, ladder: [] })) });
  };

  it.each([
    ["gets its timer with the save that set it", 30_500, ["timer in 31 s"]],
    ["rings at once when it is over already", -5000, ["timer in 0 s"]],
    ["is left to the sweep when that comes first", 61_000, []],
  ])("%s", async (_, ms, timers) => {
    expect((await publishing(dueAt(ms))).filter((each) => each.startsWith("timer"))).toEqual(timers);
  });
});

describe("news of a redacted case", () => {
  it("erases the story of it and the tracking numbers it was found by, after all that was told before", async () => {
    const goods = { status: "returning", wayBack: { trackingNo: "SF1" } } as const;
    const sent = afterwards(someCase(inState("approved")), 2, { ...inState("return_in_transit"), goods });
    const subject = redact(sent, { why: "customer_asked", now: noon.toISOString() });
    if (!subject) throw new Error("not redacted");
    const store = createStore(table());
    for (const revision of [sent, subject]) await publishing(recordOf(revision), store);
    expect(await store.references.find(subject.tenantId, "SF1")).toEqual([]);
    const story = await store.timeline.read(subject.tenantId, subject.caseId);
    expect(story.map(({ news }) => news.name)).toEqual(expect.arrayContaining(["goods.observed", "case.redacted"]));
    expect(JSON.stringify(story)).not.toContain("SF1");
  });
});
