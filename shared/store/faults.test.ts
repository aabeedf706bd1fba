import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  InternalServerError,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { shopSchema } from "#shared/case/shop.ts";
import { billOf, loseAnswers, useTable } from "../../test/engine.ts";
import { revised, sampleCase } from "../../test/sample-case.ts";
import { createStore } from "./index.ts";
import { caseKey } from "./keys.ts";
import { getItem } from "./query.ts";

// What no engine does when asked. The rest of the store's tests run on a real one.

const table = useTable();
const first = sampleCase();
const { tenantId, caseId } = first;

/** A store whose client never reaches the engine. */
function mocked() {
  const client = table().anotherClient();
  return { mock: mockClient(client as DynamoDBClient), store: createStore({ ...table(), client }) };
}

/** A store that loses the answers to its first requests. */
function losing(times: number) {
  const client = table().anotherClient();
  const bill = billOf(client);
  loseAnswers(client, times);
  return { bill, store: createStore({ ...table(), client }) };
}

const about = { message: "", $metadata: {} };

describe("when the table does not answer", () => {
  it.each([
    ["a throttle", new ProvisionedThroughputExceededException(about)],
    ["a fault of the engine", new InternalServerError(about)],
    ["a timeout", Object.assign(new Error("no answer in time"), { name: "TimeoutError" })],
    ["a refused connection", Object.assign(new Error("refused"), { code: "ECONNREFUSED" })],
  ])("%s becomes store_unavailable, to be repeated", async (_, fault) => {
    const { mock, store } = mocked();
    mock.on(GetItemCommand).rejects(fault);
    mock.on(PutItemCommand).rejects(fault);
    await expect(store.cases.get(tenantId, caseId)).rejects.toMatchObject({
      code: "store_unavailable",
      retryable: true,
    });
    await expect(store.cases.create(first)).rejects.toMatchObject({ code: "store_unavailable", cause: fault });
  });

  it("a table that is not there becomes misconfigured", async () => {
    const { cases } = createStore({ ...table(), tableName: "no-such-table" });
    await expect(cases.get(tenantId, caseId)).rejects.toMatchObject({ code: "misconfigured", retryable: false });
  });

  it("a mistake of ours stays what it is", async () => {
    const { mock, store } = mocked();
    mock.on(GetItemCommand).rejects(new TypeError("undefined is not a function"));
    await expect(store.cases.get(tenantId, caseId)).rejects.toThrow(TypeError);
  });

  it("sends again what the engine left over of a batch", async () => {
    const { mock, store } = mocked();
    const open = { [table().tableName]: [{ PutRequest: { Item: { pk: { S: "left over" } } } }] };
    mock.on(BatchWriteItemCommand).resolvesOnce({ UnprocessedItems: open }).resolves({});
    await store.references.put(tenantId, caseId, ["1", "2"]);
    const sent = mock.commandCalls(BatchWriteItemCommand).map(({ args }) => args[0].input.RequestItems);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(open);
  });

  it("asks again for what the engine left over of a page", async () => {
    await createStore(table()).cases.create(first);
    const { mock, store } = mocked();
    const stored = await getItem(table(), caseKey(tenantId, caseId));
    const key = { pk: stored?.pk ?? { S: "" }, sk: stored?.sk ?? { S: "" } };
    mock.on(QueryCommand).resolves({ Items: [key] });
    mock
      .on(BatchGetItemCommand)
      .resolvesOnce({ UnprocessedKeys: { [table().tableName]: { Keys: [key] } } })
      .resolves({ Responses: { [table().tableName]: [stored ?? {}] } });
    expect((await store.cases.worklist(tenantId, "merchant").next()).value).toEqual(first);
  });

  it("reads the table as it is now, and an index as it is", async () => {
    const { mock, store } = mocked();
    mock.on(GetItemCommand).resolves({});
    mock.on(QueryCommand).resolves({});
    await store.cases.get(tenantId, caseId);
    await store.timeline.read(tenantId, caseId);
    await store.cases.due({ shard: 0, until: new Date(first.savedAt) }).next();
    const inputs = mock.calls().map(({ args }) => args[0].input);
    expect(inputs).toMatchObject([{ ConsistentRead: true }, { ConsistentRead: true }, { ConsistentRead: false }]);
  });

  it("a shop that is being written by another is to be repeated, not refused", async () => {
    const { mock, store } = mocked();
    const CancellationReasons = [{ Code: "None" }, { Code: "TransactionConflict" }];
    mock.on(TransactWriteItemsCommand).rejects(new TransactionCanceledException({ ...about, CancellationReasons }));
    const shop = shopSchema.parse({
      ...{ tenantId, channel: "douyin", shopId: "1", name: "", mode: "auto", status: "connected", addresses: [] },
      connectedAt: first.savedAt,
    });
    const connecting = store.shops.connect(shop, Uint8Array.of(1));
    await expect(connecting).rejects.toMatchObject({ code: "store_unavailable" });
  });
});

describe("when an answer is lost and the client asks again", () => {
  it("a case is created once, and counts as created", async () => {
    const { bill, store } = losing(1);
    expect(await store.cases.create(first)).toEqual({ created: true });
    expect(bill.requests).toEqual(["PutItem", "PutItem"]);
  });

  it("a save that took effect is a save", async () => {
    await createStore(table()).cases.create(first);
    const { bill, store } = losing(1);
    await store.cases.save(revised(first));
    expect(bill.requests).toEqual(["PutItem", "PutItem"]);
  });

  it("a change that others have built upon is shown to its maker again", async () => {
    const { cases } = createStore(table());
    await cases.create(first);
    const client = table().anotherClient();
    let overtaken = false;
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = await next(args);
          if (commandName !== "PutItemCommand" || overtaken) return answer;
          overtaken = true;
          await cases.change(tenantId, caseId, (current) => revised(current)); // before the answer can be repeated
          throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
        },
      { step: "deserialize", priority: "high" },
    );
    const mine = createStore({ ...table(), client });
    const mark = (current: typeof first) =>
      current.unexpectedMove ? undefined : revised(current, { unexpectedMove: true });
    const { saved, current } = await mine.cases.change(tenantId, caseId, mark);
    expect(overtaken).toBe(true);
    expect({ saved, revision: current.revision }).toEqual({ saved: false, revision: 3 });
  });
});
