import { S3Client } from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, it } from "vitest";
import { connectorOf } from "#connectors/registry.ts";
import type { Role } from "#shared/api/role.ts";
import { keyOf, type RouteName, routes } from "#shared/api/routes.ts";
import { type CaseId, tenantIdSchema } from "#shared/case/ids.ts";
import { shopSchema } from "#shared/case/shop.ts";
import { createArchive } from "#shared/evidence/archive.ts";
import type { ApiAnswer } from "#shared/lambda/on-api.ts";
import { createStore, type Store } from "#shared/store/index.ts";
import { hearLines } from "../../test/builders/fakes.ts";
import { useTable } from "../../test/engine.ts";
import { sampleCase } from "../../test/sample-case.ts";
import { operatorApi } from "./operator-api.ts";

const table = useTable();
const now = new Date("2026-11-26T12:00:00.000Z");
let store: Store;
const client = new S3Client({
  region: "cn-north-1",
  credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "s" },
});
const archive = createArchive({ client, bucket: "casebridge-evidence" });

beforeEach(async () => {
  hearLines(() => undefined);
  store = createStore(table());
  const shop = { channel: "douyin", shopId: "4463798", name: "Flagship", mode: "auto", status: "connected" } as const;
  const tenantId = tenantIdSchema.parse("acme");
  const whole = shopSchema.parse({ ...shop, tenantId, connectedAt: now.toISOString(), addresses: [] });
  await store.shops.connect(whole, Buffer.from("sealed"));
});

interface Call {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  contentType?: string;
  role?: Role;
}

/** Calls an operation as the gateway would, with the claims of somebody at Acme. */
function call(name: RouteName, { params = {}, query = {}, body, contentType, role = "admin" }: Call = {}) {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(body === undefined ? "" : JSON.stringify(body));
  const claims = { sub: "lin", "custom:tenant": "acme", "custom:role": role };
  const of = { routeKey: keyOf(routes[name]), params, query, body: bytes, claims };
  return operatorApi(
    { ...of, contentType: contentType ?? (body === undefined ? undefined : "application/json") },
    {
      store,
      archive,
      connectorOf,
      clock: { now: () => now },
      claimNames: { tenant: "custom:tenant", role: "custom:role" },
    },
  );
}

const said = ({ status, body }: ApiAnswer) => {
  const { code, reason, fields } = body as { code?: string; reason?: string; fields?: { field: string }[] };
  return [status, code, reason ?? fields?.map(({ field }) => field).join()].filter((each) => each !== undefined);
};
const idsIn = ({ body }: ApiAnswer) =>
  (body as { cases: { caseId: string }[] }).cases.map(({ caseId }) => caseId.split(":")[2]);
const nextIn = ({ body }: ApiAnswer) => (body as { next?: string }).next;

/** A case of Acme's; what is given takes the place of the sample's, and the sample is parsed. */
async function open(id: string, parts: object = {}): Promise<CaseId> {
  const opened = sampleCase({ id, ...parts });
  await store.cases.create(opened);
  return opened.caseId;
}

function clockedAt(hour: number, onExpiry = "auto_approve") {
  const dueAt = new Date(Date.UTC(2026, 10, 27, hour)).toISOString();
  const source = { from: "channel", field: "status_deadline" };
  const startedAt = "2026-11-25T12:00:00.000Z";
  return {
    deadlines: [{ kind: "respond", dueAt, source, onExpiry, startedAt, status: "running", announced: [] }],
  };
}

describe("a request", () => {
  it.each<[string, RouteName, Call, unknown[]]>([
    ["an unknown field of the query", "list_worklist", { query: { order: "asc" } }, [400, "request_invalid", "query"]],
    ["a page of none", "list_worklist", { query: { limit: "0" } }, [400, "request_invalid", "query.limit"]],
    ["a page of very many", "list_worklist", { query: { limit: "101" } }, [400, "request_invalid", "query.limit"]],
    ["two values", "list_worklist", { query: { limit: "5,6" } }, [400, "request_invalid", "query.limit"]],
    [
      "a channel nobody has",
      "list_worklist",
      { query: { channel: "ebay" } },
      [400, "request_invalid", "query.channel"],
    ],
    ["a body where none is taken", "list_shops", { body: {} }, [400, "request_invalid", "body"]],
    ["no reference", "find_cases", {}, [400, "request_invalid", "query.reference"]],
    ["an id that is none", "read_case", { params: { caseId: "7001" } }, [400, "request_invalid", "path.caseId"]],
    ["a key in an id", "read_case", { params: { caseId: "douyin:1#C#:7" } }, [400, "request_invalid", "path.caseId"]],
  ])("with %s is refused", async (_, name, given, expected) => {
    expect(said(await call(name, given))).toEqual(expected);
  });

  const toShop = { params: { channel: "douyin", shopId: "4463798" } };
  it.each<[string, Call, unknown[]]>([
    ["of another type", { body: { mode: "auto" }, contentType: "text/plain" }, [415, "media_unsupported"]],
    [
      "of a form",
      { body: { mode: "auto" }, contentType: "application/x-www-form-urlencoded" },
      [415, "media_unsupported"],
    ],
    ["without a type", { body: { mode: "auto" }, contentType: "" }, [415, "media_unsupported"]],
    ["that is not JSON", { body: Buffer.from("{mode") }, [400, "request_invalid", "body"]],
    ["that is not UTF-8", { body: Buffer.from([0x22, 0xc3, 0x28, 0x22]) }, [400, "request_invalid", "body"]],
    ["that is empty", { body: Buffer.alloc(0), contentType: "application/json" }, [400, "request_invalid", "body"]],
    ["that is null", { body: null }, [400, "request_invalid", "body"]],
    ["that is a list", { body: ["auto"] }, [400, "request_invalid", "body"]],
    ["of 65 KB", { body: { mode: "a".repeat(65 * 1024) } }, [413, "body_too_large"]],
    ["of 10 MB", { body: { mode: "a".repeat(10 * 1024 * 1024) } }, [413, "body_too_large"]],
    ["with a status", { body: { mode: "auto", status: "connected" } }, [400, "request_invalid", "body"]],
    ["with a tenant", { body: { mode: "auto", tenantId: "rival" } }, [400, "request_invalid", "body"]],
    ["with a key of the table", { body: { mode: "auto", pk: "T#rival" } }, [400, "request_invalid", "body"]],
    [
      "with a prototype",
      { body: Buffer.from('{"mode":"auto","__proto__":{"role":"admin"}}') },
      [400, "request_invalid", "body"],
    ],
  ])("with a body %s is refused", async (_, given, expected) => {
    expect(said(await call("set_shop_mode", { ...toShop, ...given }))).toEqual(expected);
    expect(({} as { role?: string }).role).toBeUndefined();
    expect((await store.shops.list(tenantIdSchema.parse("acme"))).map(({ mode }) => mode)).toEqual(["auto"]);
  });

  it("is not quoted in what it is told", async () => {
    const { body } = await call("set_shop_mode", { ...toShop, body: { mode: "13800138000", "<script>": 1 } });
    expect(JSON.stringify(body)).not.toMatch(/13800138000|<script>/);
  });

  it("to no operation of ours is not found", async () => {
    const call = { routeKey: "DELETE /v1/shops", params: {}, query: {}, body: Buffer.alloc(0), contentType: undefined };
    const deps = { store, archive, connectorOf, clock: { now: () => now }, claimNames: { tenant: "t", role: "r" } };
    expect(said(await operatorApi({ ...call, claims: {} }, deps))).toEqual([404, "not_found"]);
  });
});

describe("the worklist", () => {
  it("comes in pages, nearest clock first, each case once", async () => {
    for (const hour of [5, 3, 1, 4, 2]) await open(`70${hour}`, clockedAt(hour));
    const seen: (string | undefined)[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await call("list_worklist", { query: { limit: "2", ...(cursor && { cursor }) } });
      seen.push(...idsIn(page));
      cursor = nextIn(page);
      pages += 1;
    } while (cursor);
    expect(seen).toEqual(["701", "702", "703", "704", "705"]);
    expect(pages).toBe(3);
  });

  it("goes on where it was, whatever has been answered meanwhile", async () => {
    for (const hour of [1, 2, 3]) await open(`70${hour}`, clockedAt(hour));
    const first = await call("list_worklist", { query: { limit: "1" } });
    const answered = await store.cases.get(tenantIdSchema.parse("acme"), "douyin:4463798:701" as CaseId);
    if (answered)
      await store.cases.save({ ...answered, revision: 2, news: [], facts: { ...answered.facts, waitingOn: "buyer" } });
    const second = await call("list_worklist", { query: { limit: "5", cursor: nextIn(first) ?? "" } });
    expect([idsIn(first), idsIn(second)]).toEqual([["701"], ["702", "703"]]);
  });

  it("comes by what is expected to be lost, and a clock that costs nothing comes last", async () => {
    const claims = (amountMinor: number) => ({
      facts: { money: { status: "pending", claimed: { amountMinor, currency: "CNY" } } },
    });
    await open("701", { ...clockedAt(1), ...claims(500) });
    await open("702", { ...clockedAt(2), ...claims(90_000) });
    await open("703", { ...clockedAt(3, "auto_close"), ...claims(1_000_000) });
    await open("704", { ...clockedAt(4), ...claims(90_000) });
    const first = await call("list_worklist", { query: { by: "loss", limit: "3" } });
    const second = await call("list_worklist", { query: { by: "loss", limit: "3", cursor: nextIn(first) ?? "" } });
    expect([idsIn(first), idsIn(second), nextIn(second)]).toEqual([["702", "704", "701"], ["703"], undefined]);
  });

  it.each<[string, Record<string, string>, string[]]>([
    ["a channel", { channel: "shopify" }, []],
    ["a shop", { shopId: "4463798" }, ["701"]],
    ["a state", { state: "approved" }, []],
    ["whom it waits on", { waitingOn: "buyer" }, ["702"]],
  ])("can be narrowed to %s", async (_, query, expected) => {
    await open("701");
    await open("702", { facts: { waitingOn: "buyer" } });
    expect(idsIn(await call("list_worklist", { query }))).toEqual(expected);
  });

  it("takes no cursor of another list, and none that somebody made", async () => {
    for (const hour of [1, 2, 3]) await open(`70${hour}`, clockedAt(hour));
    const cursor = nextIn(await call("list_worklist", { query: { limit: "1" } })) ?? "";
    const forged = Buffer.from(JSON.stringify({ place: { by: "deadline", pk: "T#rival" }, of: "x" })).toString(
      "base64url",
    );
    const lists: Record<string, string>[] = [
      { cursor, by: "loss" },
      { cursor, state: "approved" },
      { cursor: forged },
      { cursor: cursor.slice(4) },
      { cursor: "" },
      { cursor: "null" },
    ];
    for (const query of lists) {
      expect(said(await call("list_worklist", { query: query }))).toEqual([400, "cursor_invalid"]);
    }
  });

  it("shows nothing of another tenant to whoever takes a cursor along", async () => {
    for (const hour of [1, 2]) await open(`70${hour}`, clockedAt(hour));
    const theirs = sampleCase({ id: "801", tenantId: "rival", ...(clockedAt(9) as object) });
    await store.cases.create(theirs);
    const cursor = nextIn(await call("list_worklist", { query: { limit: "1" } })) ?? "";
    expect(idsIn(await call("list_worklist", { query: { cursor } }))).toEqual(["702"]);
  });
});

describe("a case", () => {
  it("comes with its story and without the news of its last revision", async () => {
    const caseId = await open("701");
    const stored = await store.cases.get(tenantIdSchema.parse("acme"), caseId);
    if (stored) await store.timeline.append(stored);
    const { status, body } = await call("read_case", { params: { caseId } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ case: { caseId }, timeline: [{ revision: 1, news: { name: "case.opened" } }] });
    expect((body as { case: object }).case).not.toHaveProperty("news");
  });

  it("is read by an id with a slash, spelled with a tilde", async () => {
    const opened = sampleCase({ id: "Return/9", channel: "shopify" });
    const caseId = "shopify:4463798:Return/9" as CaseId;
    await store.cases.create({ ...opened, caseId, channel: "shopify" });
    expect((await call("read_case", { params: { caseId: "shopify:4463798:Return~9" } })).status).toBe(200);
    expect((await call("read_case", { params: { caseId } })).status).toBe(200);
  });

  it("is found by the order that people have in hand", async () => {
    const caseId = await open("701");
    await store.references.put(tenantIdSchema.parse("acme"), caseId, ["6921"]);
    expect(idsIn(await call("find_cases", { query: { reference: "6921" } }))).toEqual(["701"]);
    expect(idsIn(await call("find_cases", { query: { reference: "6922" } }))).toEqual([]);
  });
});

describe("what a case shows", () => {
  const hex = (digit: string, length: number) => digit.repeat(length);

  it("is listed with its hash, and opened by a link that ends after five minutes; what was refused says why", async () => {
    const caseId = await open("7801");
    const place = { tenantId: tenantIdSchema.parse("acme"), caseId, kind: "photo", source: "buyer" } as const;
    const receivedAt = now.toISOString();
    const file = { sha256: hex("a", 64), bytes: 7, mediaType: "image/png" };
    await store.evidence.put({ ...place, ...file, evidenceId: hex("1", 32), receivedAt, status: "kept" });
    const why = "address_not_public" as const;
    await store.evidence.put({ ...place, evidenceId: hex("2", 32), receivedAt, status: "refused", why });
    const { status, body } = await call("read_case", { params: { caseId }, role: "viewer" });
    expect(status).toBe(200);
    const { evidence } = body as { evidence: { evidence: object; link?: string }[] };
    expect(evidence.map((each) => each.evidence)).toMatchObject([
      { status: "kept", ...file },
      { status: "refused", why },
    ]);
    const link = new URL(evidence[0]?.link ?? "");
    expect(link.hostname).toBe("casebridge-evidence.s3.cn-north-1.amazonaws.com.cn");
    expect(link.searchParams.get("X-Amz-Expires")).toBe("300");
    expect(link.searchParams.get("response-content-disposition")).toMatch(/^attachment/);
    expect(evidence[1]?.link).toBeUndefined();
  });

  it("stays erased, whoever comes late with it", async () => {
    const caseId = await open("7802");
    const place = { tenantId: tenantIdSchema.parse("acme"), caseId, kind: "photo", source: "buyer" } as const;
    const record = { ...place, evidenceId: hex("3", 32), receivedAt: now.toISOString() };
    expect(await store.evidence.put({ ...record, status: "erased" })).toBe(true);
    expect(await store.evidence.put({ ...record, status: "refused", why: "too_slow" })).toBe(false);
    expect(await store.evidence.list(place.tenantId, caseId)).toMatchObject([{ status: "erased" }]);
  });
});

describe("a command", () => {
  const money = (amountMinor: unknown, currency = "CNY") => ({ amount: { amountMinor, currency } });

  it("is planned in the name of the person, and can be taken back until it is sent", async () => {
    const caseId = await open("701", { facts: { type: { known: true, value: "refund_only", raw: "1" } } });
    const planned = await call("plan_command", { params: { caseId }, body: { action: "agree_refund" }, role: "agent" });
    expect(planned).toMatchObject({ status: 200, body: { caseId, commandId: "agree_refund-2", status: "planned" } });
    const params = { caseId, commandId: "agree_refund-2" };
    expect(await call("cancel_command", { params, role: "agent" })).toMatchObject({ body: { status: "expired" } });
    expect(said(await call("cancel_command", { params }))).toEqual([409, "command_refused", "not_cancellable"]);
    const stored = await store.cases.get(tenantIdSchema.parse("acme"), caseId);
    expect(stored?.commands).toMatchObject([{ askedBy: "person:lin", problem: "cancelled by person:lin" }]);
  });

  it("on a whole request is planned on each of its cases, and a case shows the rest of its request", async () => {
    const request = { type: { known: true, value: "refund_only", raw: "1" }, groupKey: "apply-1" };
    for (const id of ["701", "702", "703"])
      await open(id, { facts: id === "703" ? { ...request, groupKey: "apply-2" } : request });
    const tenantId = tenantIdSchema.parse("acme");
    const [caseId, other] = ["701", "702"].map((id) => `douyin:4463798:${id}` as CaseId) as [CaseId, CaseId];
    for (const id of ["701", "702", "703"]) {
      const each = `douyin:4463798:${id}` as CaseId;
      const orders = (await store.cases.get(tenantId, each))?.facts.orders ?? [];
      await store.references.put(
        tenantId,
        each,
        orders.map(({ orderId }) => orderId),
      );
    }
    const { body } = await call("read_case", { params: { caseId } });
    expect(body).toMatchObject({ restOfRequest: [{ caseId: other, groupKey: "apply-1" }] });
    const asked = { params: { caseId }, body: { action: "agree_refund", wholeRequest: true }, role: "agent" } as const;
    const taken = { commandId: "agree_refund-2", status: "planned" };
    expect(await call("plan_command", asked)).toMatchObject({
      ...{ status: 200, body: { caseId, ...taken, others: [{ caseId: other, ...taken }] } },
    });
    const amount = { amount: { amountMinor: 100, currency: "CNY" } };
    const wrong = { ...asked, body: { ...asked.body, args: amount } };
    expect(said(await call("plan_command", wrong))).toEqual([400, "request_invalid", "body.args"]);
  });

  it.each<[string, object, unknown[]]>([
    ["an amount above the ceiling", money(15_901), [409, "command_refused", "amount_above_ceiling"]],
    ["another currency", money(100, "USD"), [409, "command_refused", "amount_missing_or_wrong"]],
    ["an amount of none", money(0), [400, "request_invalid", "body.args.amount.amountMinor"]],
    ["an amount below zero", money(-1), [400, "request_invalid", "body.args.amount.amountMinor"]],
    ["half a cent", money(0.5), [400, "request_invalid", "body.args.amount.amountMinor"]],
    ["an amount as text", money("100"), [400, "request_invalid", "body.args.amount.amountMinor"]],
    ["an amount beyond counting", money(2 ** 53), [400, "request_invalid", "body.args.amount.amountMinor"]],
    ["a currency that is none", money(100, "yuan"), [400, "request_invalid", "body.args.amount.currency"]],
    ["an argument nobody knows", { discount: 1 }, [400, "request_invalid", "body.args"]],
    [
      "a link that is no address",
      { evidence: [{ kind: "photo", url: "x" }] },
      [400, "request_invalid", "body.args.evidence.0.url"],
    ],
  ])("with %s is refused, and nothing is planned", async (_, args, expected) => {
    const caseId = await open("701", { facts: { type: { known: true, value: "refund_only", raw: "1" } } });
    expect(said(await call("plan_command", { params: { caseId }, body: { action: "agree_refund", args } }))).toEqual(
      expected,
    );
    expect((await store.cases.get(tenantIdSchema.parse("acme"), caseId))?.revision).toBe(1);
  });

  it.each<[string, object, unknown[]]>([
    ["an action nobody knows", { action: "pay_me" }, [400, "request_invalid", "body.action"]],
    ["a return without an address", { action: "agree_return" }, [409, "command_refused", "argument_missing"]],
    [
      "a wrong state",
      { action: "provide_address", args: { addressId: "1" } },
      [409, "command_refused", "not_allowed_from_state"],
    ],
  ])("with %s is refused", async (_, body, expected) => {
    const caseId = await open("701");
    expect(said(await call("plan_command", { params: { caseId }, body })).slice(0, 3)).toEqual(expected);
  });

  it("says in every refusal a sentence for the person", async () => {
    const caseId = await open("701");
    const { body } = await call("plan_command", { params: { caseId }, body: { action: "agree_return" } });
    expect(String((body as { detail?: string }).detail).length).toBeGreaterThan(20);
  });

  it("of an unknown id is not found", async () => {
    const caseId = await open("701");
    for (const name of ["approve_command", "cancel_command"] as const) {
      expect(said(await call(name, { params: { caseId, commandId: "refuse-9" } }))).toEqual([404, "not_found"]);
    }
  });

  it("on a channel that does not exist is not found", async () => {
    const params = { caseId: "ebay:1:7" };
    expect(said(await call("plan_command", { params, body: { action: "remark", args: { note: "x" } } }))).toEqual([
      404,
      "not_found",
    ]);
  });
});

describe("what is ours to mend", () => {
  const broken = (code: string) => () => Promise.reject(Object.assign(new Error("secret detail"), { code }));

  it("is thrown and not explained", async () => {
    store.shops.list = broken("EFAULT");
    await expect(call("list_shops")).rejects.toThrow("secret detail");
  });
});
