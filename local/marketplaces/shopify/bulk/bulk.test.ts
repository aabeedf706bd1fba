import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRandom } from "../../kit/random.ts";
import { askForReturn } from "../plans/moves.ts";
import { dayMs, type Stage, setStage } from "../testing.ts";

const run = `mutation ($query: String!) {
  bulkOperationRunQuery(query: $query) { bulkOperation { id status } userErrors { code message } }
}`;
const look = `query ($id: ID!) {
  bulkOperation(id: $id) { status objectCount rootObjectCount fileSize url errorCode completedAt }
}`;
const ordersAndReturns = `{ orders { edges { node { id name returns { edges { node { id status } } } } } } }`;

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

const start = async (query: string) => (await stage.ask(run, { query })).data.bulkOperationRunQuery;
const operation = async (id: string) => (await stage.ask(look, { id })).data.bulkOperation;

/** Two orders, the second of which is to be sent back. */
function someOrders(): { ids: string[]; returned: string } {
  const { shopify, shopId } = stage;
  const orders = [1, 2].map((seed) => shopify.openOrder({ shopId, seed }));
  const [, second] = orders;
  if (!second) throw new Error("no order");
  const returned = shopify.play("buyer", (turn) => askForReturn(turn, second, createRandom(2, "ask"), {}));
  return { ids: orders.map(({ id }) => `gid://shopify/Order/${id}`), returned: `gid://shopify/${returned}` };
}

describe("a bulk query", () => {
  it("runs for some seconds and gives a line per object, a nested one with its parent", async () => {
    const { ids, returned } = someOrders();
    const { bulkOperation } = await start(ordersAndReturns);
    expect(bulkOperation.status).toBe("CREATED");
    await stage.clock.advance(2000);
    expect(await operation(bulkOperation.id)).toMatchObject({ status: "RUNNING", url: null, completedAt: null });
    await stage.clock.advance(10_000);
    const done = await operation(bulkOperation.id);
    expect(done).toMatchObject({ status: "COMPLETED", objectCount: "3", rootObjectCount: "2", errorCode: null });

    const text = await (await fetch(done.url)).text();
    expect(text).toHaveLength(Number(done.fileSize));
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    // Orders come in the order in which they were made, to the second: any.
    const parents = Object.fromEntries(lines.map((line) => [String(line.id), line.__parentId]));
    expect(parents).toEqual({ [ids[0] ?? ""]: undefined, [ids[1] ?? ""]: undefined, [returned]: ids[1] });
    expect(lines).toHaveLength(3);
    expect(lines.every((line) => !("returns" in line))).toBe(true);
  });

  it("is served from any byte on, for as long as seven days", async () => {
    someOrders();
    const { bulkOperation } = await start(ordersAndReturns);
    await stage.clock.advance(10_000);
    const { url, fileSize } = await operation(bulkOperation.id);
    const whole = await (await fetch(url)).text();
    const part = await fetch(url, { headers: { range: "bytes=40-" } });
    expect([part.status, await part.text()]).toEqual([206, whole.slice(40)]);
    expect(part.headers.get("content-range")).toBe(`bytes 40-${fileSize - 1}/${fileSize}`);
    expect((await fetch(url, { headers: { range: `bytes=${fileSize}-` } })).status).toBe(416);
    await stage.clock.advance(8 * dayMs);
    expect((await fetch(url)).status).toBe(403);
  });

  it("has no file when nothing was found", async () => {
    const { bulkOperation } = await start(ordersAndReturns);
    await stage.clock.advance(10_000);
    expect(await operation(bulkOperation.id)).toMatchObject({ status: "COMPLETED", objectCount: "0", url: null });
  });

  it("fails where a scope is missing", async () => {
    someOrders();
    stage.shopify.changeShop(stage.shopId, { scopes: ["read_orders"] });
    const { bulkOperation } = await start(ordersAndReturns);
    await stage.clock.advance(10_000);
    expect(await operation(bulkOperation.id)).toMatchObject({
      status: "FAILED",
      errorCode: "ACCESS_DENIED",
      url: null,
    });
  });

  it.each([
    ["is no query at all", "orders"],
    ["asks for what is not there", "{ orders { edges { node { colour } } } }"],
    ["has no connection", "{ publicApiVersions { handle } }"],
    ["asks for nodes", "{ orders { nodes { id } } }"],
    ["has variables", "query ($q: String) { orders(query: $q) { edges { node { id } } } }"],
    [
      "nests too deep",
      "{ orders { edges { node { id returns { edges { node { id refunds { edges { node { id } } } } } } } } } }",
    ],
  ])("is refused when it %s", async (_, query) => {
    expect(await start(query)).toMatchObject({ bulkOperation: null, userErrors: [{ code: "INVALID" }] });
  });

  it("may run five times at once; one more is refused until one has ended", async () => {
    const started = [];
    for (let at = 0; at < 5; at++) started.push((await start(ordersAndReturns)).bulkOperation.id);
    expect(await start(ordersAndReturns)).toMatchObject({ userErrors: [{ code: "LIMIT_REACHED" }] });
    const cancel = `mutation ($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { message } } }`;
    const answer = (await stage.ask(cancel, { id: started[0] })).data.bulkOperationCancel;
    expect(answer).toEqual({ bulkOperation: { status: "CANCELED" }, userErrors: [] });
    expect((await start(ordersAndReturns)).userErrors).toEqual([]);
  });
});
