import { request } from "node:http";
import { parse, validate } from "graphql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { operations, type Stage, setStage } from "../testing.ts";
import { schemaOf } from "./schema.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

const openOne = async (plan = "return_needs_answer") => {
  const { channelCaseId } = await stage.shopify.openCase({ shopId: stage.shopId, plan, seed: 9 });
  return `gid://shopify/${channelCaseId}`;
};

describe("costs", () => {
  it("are 1 per object, 0 per scalar, 10 per mutation, and as often as the page is long", async () => {
    const id = await openOne();
    const query =
      "query R($id: ID!, $n: Int = 20) { return(id: $id) { id order { name } returnLineItems(first: $n) { nodes { id } } } }";
    const { extensions } = await stage.ask(query, { id });
    expect(extensions?.cost).toMatchObject({
      requestedQueryCost: 22,
      throttleStatus: { maximumAvailable: 2000, restoreRate: 100 },
    });
    expect(extensions?.cost.actualQueryCost).toBeLessThan(5);
    expect((await stage.run("Approve", { id })).extensions?.cost.requestedQueryCost).toBe(10);
  });

  it("have a ceiling for one query", async () => {
    const query = "{ orders(first: 250) { nodes { id returns(first: 5) { nodes { id } } } } }";
    expect((await stage.ask(query)).errors?.[0]?.extensions?.code).toBe("MAX_COST_EXCEEDED");
  });

  it("need a page size, of at most 250", async () => {
    expect((await stage.ask("{ orders { nodes { id } } }")).errors?.[0]?.message).toContain("first or last");
    expect((await stage.ask("{ locations(first: 251) { nodes { id } } }")).errors).toHaveLength(1);
  });

  it("empty the bucket, which answers THROTTLED with HTTP 200 and refills with time", async () => {
    for (let seed = 0; seed < 20; seed++) {
      await stage.shopify.openCase({ shopId: stage.shopId, plan: "return_needs_answer", seed });
    }
    const sweep = () => stage.run("Sweep", { query: "" });
    let answer = await sweep();
    for (let turn = 0; turn < 60 && answer.errors === undefined; turn++) answer = await sweep();
    expect(answer.errors?.[0]?.extensions?.code).toBe("THROTTLED");
    expect(answer.extensions?.cost.actualQueryCost).toBeNull();
    const { requestedQueryCost = 0, throttleStatus } = answer.extensions?.cost ?? {};
    await stage.clock.advance(((requestedQueryCost - (throttleStatus?.currentlyAvailable ?? 0)) / 100) * 1000);
    expect((await sweep()).errors).toBeUndefined();
  });
});

describe("access", () => {
  it("without a scope gives null, an error with the path, and the rest of the data", async () => {
    const id = await openOne();
    stage.shopify.changeShop(stage.shopId, { scopes: ["read_returns", "read_orders"] });
    const { data, errors } = await stage.ask(
      "query R($id: ID!) { return(id: $id) { id order { id customer { id } } } locations(first: 1) { nodes { id } } }",
      { id },
    );
    expect(data).toBeNull();
    expect(errors?.every(({ extensions }) => extensions?.code === "ACCESS_DENIED")).toBe(true);
    const part = await stage.ask("query R($id: ID!) { return(id: $id) { id order { id customer { id } } } }", { id });
    expect(part.data.return).toMatchObject({ id, order: { customer: null } });
    expect(part.errors).toMatchObject([
      { path: ["return", "order", "customer"], extensions: { code: "ACCESS_DENIED" } },
    ]);
    const denied = await stage.run("Approve", { id });
    expect(denied).toMatchObject({
      data: { returnApproveRequest: null },
      errors: [{ extensions: { code: "ACCESS_DENIED" } }],
    });
  });

  it("hides the buyer without approval, field by field", async () => {
    const id = await openOne();
    stage.shopify.changeShop(stage.shopId, { mayReadPersonalData: false });
    const { data, errors } = await stage.run("WholeReturn", { id });
    expect(data.return.order).toMatchObject({ email: null, phone: null, shippingAddress: { zip: null } });
    expect(data.return.order.shippingAddress.countryCodeV2).toMatch(/^[A-Z]{2}$/);
    expect(errors?.map(({ path }) => path?.at(-1)).sort()).toEqual(["email", "phone", "zip"]);
  });

  it("hides orders older than sixty days without read_all_orders", async () => {
    const id = await openOne();
    await stage.clock.advance(61 * 24 * 60 * 60_000);
    stage.token = String((await stage.shopify.openShop("demo")).credentials.accessToken);
    expect((await stage.run("WholeReturn", { id })).data.return.id).toBe(id);
    stage.shopify.changeShop(stage.shopId, { scopes: ["read_returns", "read_orders"] });
    expect((await stage.ask("query R($id: ID!) { return(id: $id) { id } }", { id })).data.return).toBeNull();
  });
});

describe("versions", () => {
  const call = (version: string, token = stage.token) =>
    fetch(`${stage.shopify.url}/shops/demo/admin/api/${version}/graphql.json`, {
      method: "POST",
      headers: { "x-shopify-access-token": token },
      body: JSON.stringify({ query: "{ publicApiVersions { handle } }" }),
    });

  it.each([
    ["2026-10", "2026-10"],
    ["2026-04", "2026-04"],
    ["2025-10", "2026-01"],
    ["2019-01", "2026-01"],
  ])("asked for %s, %s answers", async (asked, answered) => {
    const response = await call(asked);
    expect(response.headers.get("x-shopify-api-version")).toBe(answered);
  });

  it("lack what came later", async () => {
    const query = '{ node(id: "gid://shopify/Return/1") { ... on ExchangeLineItem { variantSku } } }';
    expect((await stage.ask(query)).errors).toBeUndefined();
    expect((await stage.ask(query, {}, { version: "2026-07" })).errors?.[0]?.message).toContain("variantSku");
  });

  it("answer 401 to a token that is wrong or over, and 402, 403, 423 for a shop in trouble", async () => {
    expect((await call("2026-10", "nonsense")).status).toBe(401);
    for (const [state, status] of [
      ["frozen", 402],
      ["forbidden", 403],
      ["locked", 423],
      ["active", 200],
    ] as const) {
      stage.shopify.changeShop(stage.shopId, { state });
      expect((await call("2026-10")).status).toBe(status);
    }
    await stage.clock.advance(24 * 60 * 60_000);
    expect((await call("2026-10")).status).toBe(401);
  });
});

describe("the endpoint", () => {
  it("knows the shop by Host as well as by path", async () => {
    const status = await new Promise<number | undefined>((resolve) => {
      const { port } = new URL(stage.shopify.url);
      const headers = { host: stage.shopId, "x-shopify-access-token": stage.token };
      request(
        { host: "127.0.0.1", port, method: "POST", path: "/admin/api/2026-10/graphql.json", headers },
        (response) => resolve(response.resume().statusCode),
      ).end(JSON.stringify({ query: "{ publicApiVersions { handle } }" }));
    });
    expect(status).toBe(200);
  });

  it("refuses what the schema does not have, and every document of the tests is valid", async () => {
    expect((await stage.ask("{ returns { id } }")).errors).toHaveLength(1);
    expect(validate(schemaOf("2026-10"), parse(operations))).toEqual([]);
  });

  it("fails on demand, and loses answers after the work was done", async () => {
    const id = await openOne();
    stage.shopify.inject({ serverError: 1 });
    const path = `${stage.shopify.url}/shops/demo/admin/api/2026-10/graphql.json`;
    const failing = await fetch(path, {
      method: "POST",
      headers: { "x-shopify-access-token": stage.token },
      body: "{}",
    });
    expect([500, 503]).toContain(failing.status);
    stage.shopify.inject({ throttle: 1 });
    expect((await stage.run("Approve", { id })).errors?.[0]?.extensions?.code).toBe("THROTTLED");
    stage.shopify.inject({ answersLost: 1 });
    await expect(stage.run("Approve", { id })).rejects.toThrow();
    stage.shopify.inject({});
    expect((await stage.run("WholeReturn", { id })).data.return.status).toBe("OPEN");
  });
});
