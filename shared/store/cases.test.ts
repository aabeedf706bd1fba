import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tenantIdSchema } from "#shared/case/ids.ts";
import { billOf, useTable } from "../../test/engine.ts";
import { revised, sampleCase } from "../../test/sample-case.ts";
import { createCases } from "./cases.ts";
import { dueCasePartition, shardCount } from "./keys.ts";

const table = useTable();
const acme = tenantIdSchema.parse("acme");
const first = sampleCase();

async function all<T>(each: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of each) found.push(one);
  return found;
}

/** A store whose requests are counted. */
function counted() {
  const client = table().anotherClient();
  return { bill: billOf(client), cases: createCases({ ...table(), client }) };
}

describe("creating", () => {
  it("stores a case and reads back the same", async () => {
    const cases = createCases(table());
    expect(await cases.create(first)).toEqual({ created: true });
    expect(await cases.get(acme, first.caseId)).toEqual(first);
  });

  it("has no case under another tenant", async () => {
    const cases = createCases(table());
    await cases.create(first);
    expect(await cases.get(tenantIdSchema.parse("other"), first.caseId)).toBeUndefined();
  });

  it("brings back what is there when a case exists", async () => {
    const cases = createCases(table());
    await cases.create(first);
    const again = sampleCase({ savedAt: "2026-11-25T13:00:00.000Z" });
    expect(await cases.create(again)).toEqual({ created: false, current: first });
  });

  it("takes the very same case again as created", async () => {
    const cases = createCases(table());
    await cases.create(first);
    expect(await cases.create(first)).toEqual({ created: true });
  });
});

describe("saving", () => {
  it("stores the next revision", async () => {
    const cases = createCases(table());
    await cases.create(first);
    await cases.save(revised(first));
    expect(await cases.get(acme, first.caseId)).toEqual(revised(first));
  });

  it("takes the very same revision again as saved", async () => {
    const cases = createCases(table());
    await cases.create(first);
    await cases.save(revised(first));
    await expect(cases.save(revised(first))).resolves.toBeUndefined();
  });

  it.each([
    ["the same revision with other content", revised(first, { unexpectedMove: true })],
    ["a revision that skips one", { ...first, revision: 4 }],
    ["an older revision", { ...first, unexpectedMove: true }],
  ])("refuses %s", async (_, loser) => {
    const cases = createCases(table());
    await cases.create(first);
    await cases.save(revised(first));
    await expect(cases.save(loser)).rejects.toMatchObject({ code: "case_changed", retryable: true });
    expect(await cases.get(acme, first.caseId)).toEqual(revised(first));
  });

  it("finds no case to save where none was created", async () => {
    await expect(createCases(table()).save(revised(first))).rejects.toMatchObject({ code: "case_not_found" });
  });

  it("refuses a case over 350 KB before it asks the table", async () => {
    const { bill, cases } = counted();
    const what = "x".repeat(500);
    const tasks = Array.from({ length: 700 }, (_, n) => ({
      taskId: String(n),
      what,
      openedAt: first.savedAt,
      doneWhen: [],
    }));
    await expect(cases.create({ ...first, tasks })).rejects.toMatchObject({ code: "item_too_large" });
    expect(bill.requests).toEqual([]);
  });
});

describe("changing", () => {
  it("saves what was decided on the newest revision", async () => {
    const cases = createCases(table());
    await cases.create(first);
    const changed = await cases.change(acme, first.caseId, (current) => revised(current));
    expect(changed).toEqual({ saved: true, current: revised(first) });
  });

  it("takes the case at hand for the newest, and reads it when others have saved since", async () => {
    const cases = createCases(table());
    await cases.create(first);
    await cases.change(acme, first.caseId, (current) => revised(current), first);
    const seen: number[] = [];
    const changed = await cases.change(
      acme,
      first.caseId,
      (current) => {
        seen.push(current.revision);
        return revised(current, { unexpectedMove: true });
      },
      first,
    );
    expect([seen, changed.current.revision]).toEqual([[1, 2], 3]);
  });

  it("saves nothing when there is nothing to do", async () => {
    const cases = createCases(table());
    await cases.create(first);
    expect(await cases.change(acme, first.caseId, () => undefined)).toEqual({ saved: false, current: first });
  });

  it("finds no case to change where none was created", async () => {
    await expect(createCases(table()).change(acme, first.caseId, revised)).rejects.toMatchObject({
      code: "case_not_found",
    });
  });

  it("passes on what the decision throws, without trying again", async () => {
    const cases = createCases(table());
    await cases.create(first);
    let asked = 0;
    const decide = () => {
      asked++;
      throw new RangeError("no");
    };
    await expect(cases.change(acme, first.caseId, decide)).rejects.toThrow(RangeError);
    expect(asked).toBe(1);
  });

  it("never loses one of several concurrent changes", async () => {
    const cases = createCases(table());
    let round = 0;
    const property = fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 4 }),
      async (workers) => {
        const opened = sampleCase({ id: String(++round) });
        await cases.create(opened);
        const add = (taskId: string) =>
          cases.change(acme, opened.caseId, (current) =>
            revised(current, {
              tasks: [...current.tasks, { taskId, what: "look", openedAt: opened.savedAt, doneWhen: [] }],
            }),
          );
        const work = async (times: number, worker: number) => {
          for (let time = 0; time < times; time++) await add(`${worker}-${time}`);
        };
        await Promise.all(workers.map(work));
        const total = workers.reduce((sum, times) => sum + times, 0);
        const current = await cases.get(acme, opened.caseId);
        expect(new Set(current?.tasks.map(({ taskId }) => taskId)).size).toBe(total);
        expect(current?.revision).toBe(total + 1);
      },
    );
    await fc.assert(property, { numRuns: 10 });
  });
});

describe("what a case costs", () => {
  it("creates in one request, at a write unit per kilobyte and one per index", async () => {
    const { bill, cases } = counted();
    await cases.create(first); // a little over 1 kB as stored
    expect(bill).toEqual({ requests: ["PutItem"], tableUnits: 2, indexUnits: 2 });
  });

  it("answers a duplicate in one request", async () => {
    await createCases(table()).create(first);
    const { bill, cases } = counted();
    await cases.create({ ...first, unexpectedMove: true });
    expect(bill.requests).toEqual(["PutItem"]);
  });

  it("changes in one request when the case is at hand", async () => {
    await createCases(table()).create(first);
    const { bill, cases } = counted();
    await cases.change(acme, first.caseId, (current) => revised(current), first);
    expect(bill.requests).toEqual(["PutItem"]);
  });

  it("changes in two requests, and writes to no index when neither clock nor worklist moves", async () => {
    await createCases(table()).create(first);
    const { bill, cases } = counted();
    await cases.change(acme, first.caseId, (current) => revised(current));
    expect(bill.requests).toEqual(["GetItem", "PutItem"]);
    expect(bill.indexUnits).toBe(0);
  });
});

describe("due cases", () => {
  const shardOf = (caseId: typeof first.caseId) => Number(dueCasePartition(caseId).slice(-2));
  const halfway = new Date("2026-11-26T12:00:00.000Z");

  it("lists a case from the instant that its clock needs a look", async () => {
    const cases = createCases(table());
    await cases.create(first);
    const shard = shardOf(first.caseId);
    expect(await all(cases.due({ shard, until: new Date(halfway.getTime() - 1) }))).toEqual([]);
    const due = { tenantId: acme, caseId: first.caseId, dueAt: halfway.toISOString() };
    expect(await all(cases.due({ shard, until: halfway }))).toEqual([due]);
  });

  it("forgets a case whose clocks have stopped", async () => {
    const cases = createCases(table());
    await cases.create(first);
    await cases.save(revised(first, { deadlines: [] }));
    expect(await all(cases.due({ shard: shardOf(first.caseId), until: new Date("2027-01-01") }))).toEqual([]);
  });

  it("finds every case in exactly one of the shards", async () => {
    const cases = createCases(table());
    const ids = Array.from({ length: 40 }, (_, n) => String(n));
    for (const id of ids) await cases.create(sampleCase({ id }));
    const shards = Array.from({ length: shardCount }, (_, shard) => all(cases.due({ shard, until: halfway })));
    const found = (await Promise.all(shards)).flat().map(({ caseId }) => caseId);
    expect(found.sort()).toEqual(ids.map((id) => sampleCase({ id }).caseId).sort());
  });
});

describe("the worklist", () => {
  it("holds open cases by whom they wait on, the nearest due time first", async () => {
    const cases = createCases(table());
    const later = sampleCase({
      id: "2",
      deadlines: first.deadlines.map((each) => ({ ...each, dueAt: "2026-11-28T12:00:00.000Z" })),
    });
    const undue = sampleCase({ id: "3", deadlines: [] }); // sorts by the time it was opened
    const buyers = sampleCase({ id: "4", facts: { waitingOn: "buyer" } });
    const done = sampleCase({ id: "5", facts: { state: { known: true, value: "closed", raw: "7" } } });
    for (const each of [later, first, undue, buyers, done]) await cases.create(each);
    expect(await all(cases.worklist(acme, "merchant"))).toEqual([undue, first, later]);
    expect(await all(cases.worklist(acme, "buyer"))).toEqual([buyers]);
  });

  it("holds a case that is over while the merchant may ask something of the platform", async () => {
    const cases = createCases(table());
    const facts = { waitingOn: "nobody", state: { known: true, value: "refunded", raw: "9" } } as const;
    const clocks = (status: "running" | "missed") =>
      first.deadlines.map((each) => ({ ...each, kind: "claim_back" as const, status }));
    const open = sampleCase({ id: "6", facts, deadlines: clocks("running") });
    await cases.create(open);
    await cases.create(sampleCase({ id: "7", facts, deadlines: clocks("missed") }));
    expect(await all(cases.worklist(acme, "merchant"))).toEqual([open]);
    expect(await all(cases.worklist(acme, "nobody"))).toEqual([]);
  });

  it("leaves out a case that has moved on since the index was written", async () => {
    const cases = createCases(table());
    await cases.create(first);
    const client = table().anotherClient();
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = await next(args);
          const facts = { ...first.facts, waitingOn: "buyer" as const };
          if (commandName === "QueryCommand") await cases.save(revised(first, { facts }));
          return answer;
        },
      { step: "initialize" },
    );
    const slow = createCases({ ...table(), client });
    expect(await all(slow.worklist(acme, "merchant"))).toEqual([]);
  });

  it("follows every page", async () => {
    const cases = createCases(table());
    const ids = Array.from({ length: 120 }, (_, n) => String(n));
    await Promise.all(ids.map((id) => cases.create(sampleCase({ id }))));
    const found = await all(cases.worklist(acme, "merchant"));
    expect(new Set(found.map(({ channelCaseId }) => channelCaseId)).size).toBe(120);
  });
});
