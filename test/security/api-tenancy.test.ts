import { beforeAll } from "vitest";
import type { RouteName } from "#shared/api/routes.ts";
import { useTable } from "../engine.ts";
import { type ApiGiven, openApi, twoTenants } from "./api-door.ts";
import { describeAttacks } from "./attacks.ts";

// Lin is an admin of Acme and knows every id of Rival's.

const table = useTable({ shared: true });
let world: Awaited<ReturnType<typeof twoTenants>>;
let ask: ReturnType<typeof openApi>;
beforeAll(async () => {
  world = await twoTenants(table());
  ask = openApi(world.store);
  const { rival, store } = world;
  const request = { tenantId: rival, channel: "douyin", shopId: "5500001", requestId: "canary-1", topic: "redact" };
  const times = { receivedAt: "2026-11-26T12:00:00.000Z", dueAt: "2026-12-26T12:00:00.000Z" };
  await store.privacyRequests.open({ ...request, ...times, kind: "person_erasure", status: "open" } as never);
});

const theirs = "douyin:5500001:8001";
const nobodys = "douyin:5500001:9999";

/** Asks for a thing of Rival's and for one that does not exist: who may not have it must not learn that it is there. */
async function likeNothing(name: RouteName, given: (of: { caseId: string; shopId: string }) => ApiGiven) {
  const before = JSON.stringify(await heldOfRival());
  const found = await ask(name, given({ caseId: theirs, shopId: "5500001" }));
  const none = await ask(name, given({ caseId: nobodys, shopId: "5599999" }));
  const changed = before === JSON.stringify(await heldOfRival()) ? "" : ", RIVAL'S WAS CHANGED";
  return `${found.status} ${found.body.code}, ${found.text === none.text ? "like" : "UNLIKE"} what does not exist${changed}`;
}

async function heldOfRival() {
  const { store, rival } = world;
  return [await store.cases.get(rival, theirs as never), await store.shops.list(rival)];
}

/** A list of Acme's, and whether anything of Rival's stands in it. */
async function listed(name: RouteName, given: ApiGiven = {}): Promise<string> {
  const { status, text } = await ask(name, given);
  return `${status}, ${/rival|8001|5500001|canary-/.test(text) ? "WITH" : "without"} Rival's`;
}

const absent = "404 not_found, like what does not exist";
const withoutRivals = "200, without Rival's";
const fields = (body: { code?: string; fields?: { field: string }[] }) =>
  [body.code, ...(body.fields ?? []).map(({ field }) => field)].filter(Boolean).join(" ");
const said = async (name: RouteName, given: ApiGiven) => {
  const { status, body } = await ask(name, given);
  return `${status} ${fields(body)}`;
};
const unasked = (where: string) => `400 request_invalid ${where}`;

const toOwnShop = { channel: "douyin", shopId: "4463798" };
const ownCase = { caseId: "douyin:4463798:7001" };
const cursorWith = (place: object, of = "") => Buffer.from(JSON.stringify({ place, of })).toString("base64url");

describeAttacks("Operators' API: tenants", "api-tenancy", {
  "every key begins with the tenant of the token": [
    {
      attack: "read Rival's case",
      answer: absent,
      run: () => likeNothing("read_case", ({ caseId }) => ({ params: { caseId } })),
    },
    {
      attack: "plan a refund on Rival's case",
      answer: absent,
      run: () =>
        likeNothing("plan_command", ({ caseId }) => ({ params: { caseId }, body: { action: "agree_refund" } })),
    },
    ...(["approve_command", "cancel_command"] as const).map((name) => ({
      attack: `${name.replace("_", " a ")} of Rival's`,
      answer: absent,
      run: () => likeNothing(name, ({ caseId }) => ({ params: { caseId, commandId: "agree_refund-1" } })),
    })),
    {
      attack: "send a command of Rival's again",
      answer: absent,
      run: () =>
        likeNothing("resend_command", ({ caseId }) => ({
          params: { caseId, commandId: "agree_refund-1" },
          body: { seenFactsHash: "0".repeat(64) },
        })),
    },
    {
      attack: "read where the goods of Rival's case go",
      answer: absent,
      run: () => likeNothing("read_return_instructions", ({ caseId }) => ({ params: { caseId } })),
    },
    {
      attack: "put Rival's shop into mode `auto`",
      answer: absent,
      run: () =>
        likeNothing("set_shop_mode", ({ shopId }) => ({
          params: { channel: "douyin", shopId },
          body: { mode: "auto" },
        })),
    },
    {
      attack: "make a link to connect Rival's shop anew",
      answer: absent,
      run: () => likeNothing("start_authorization", ({ shopId }) => ({ body: { channel: "douyin", shopId } })),
    },
    {
      attack: "find cases by an order of Rival's",
      answer: withoutRivals,
      run: () => listed("find_cases", { query: { reference: "canary-order" } }),
    },
    { attack: "list the work, and see Rival's", answer: withoutRivals, run: () => listed("list_worklist") },
    { attack: "list the shops, and see Rival's", answer: withoutRivals, run: () => listed("list_shops") },
    {
      attack: "list who asked to be forgotten, and see Rival's",
      answer: withoutRivals,
      run: () => listed("list_privacy_requests"),
    },
  ],
  "the tenant comes from the token alone": [
    {
      attack: "name Rival in a header",
      answer: "200 acme",
      run: async () => {
        const headers = { "x-tenant-id": "rival", "custom:tenant": "rival" };
        const { status, body } = await ask("who_am_i", { headers });
        return `${status} ${body.tenantId}`;
      },
    },
  ],
  "a query holds what is asked for and nothing else": [
    {
      attack: "name Rival in the query",
      answer: unasked("query"),
      run: () => said("list_shops", { query: { tenantId: "rival" } }),
    },
    {
      attack: "name a claim in the query",
      answer: unasked("query"),
      run: () => said("who_am_i", { query: { "custom:role": "admin" } }),
    },
  ],
  "a list is asked for by the fields that it has": [
    {
      attack: "name Rival in the query of the worklist",
      answer: unasked("query"),
      run: () => said("list_worklist", { query: { tenantId: "rival" } }),
    },
    {
      attack: "two values in one field, as a gateway joins them",
      answer: unasked("query.channel"),
      run: () => said("list_worklist", { query: { channel: "douyin,shopify" } }),
    },
  ],
  "a command holds what is asked for and nothing else": [
    "status",
    "tenantId",
    "deadlineAt",
    "PK",
    "ttl",
    "askedBy",
  ].map((name) => ({
    attack: `plan a command with the field \`${name}\``,
    answer: unasked("body"),
    run: () => said("plan_command", { params: ownCase, body: { action: "agree_refund", [name]: "rival" } }),
  })),
  "a mode holds what is asked for and nothing else": [
    ...["tenantId", "status", "credentials"].map((name) => ({
      attack: `set a mode with the field \`${name}\``,
      answer: unasked("body"),
      run: () => said("set_shop_mode", { params: toOwnShop, body: { mode: "observe", [name]: "rival" } }),
    })),
    {
      attack: "set a mode with `__proto__`",
      answer: `${unasked("body")}, and no object has a role`,
      run: async () => {
        const body = Buffer.from('{"mode":"observe","__proto__":{"role":"admin"}}');
        const answer = await said("set_shop_mode", { params: toOwnShop, body });
        return `${answer}, and ${"role" in {} ? "EVERY" : "no"} object has a role`;
      },
    },
  ],
  "an id is made of letters that no key is made of": [
    "douyin:4463798:7001#CASE",
    "douyin:4463798#C#douyin:5500001:8001",
    "douyin:..:8001\u0000",
    "douyin:5500001:80 01",
    "DOUYIN:5500001:8001",
  ].map((caseId) => ({
    attack: `read the case ${JSON.stringify(caseId)}`,
    answer: unasked("path.caseId"),
    run: () => said("read_case", { params: { caseId } }),
  })),
  "a cursor goes on in its own list alone": [
    {
      attack: "go on with a cursor of another list",
      answer: "400 cursor_invalid",
      run: () => {
        const place = { by: "deadline", worklistAt: "2026-11-27T12:00:00.000Z", caseId: theirs };
        return said("list_worklist", { query: { cursor: cursorWith(place, "AAAAAAAAAAAA") } });
      },
    },
  ],
  "a cursor names a place and nothing else": [
    {
      attack: "go on with a cursor that names Rival",
      answer: "400 cursor_invalid",
      run: async () => {
        const { of } = JSON.parse(Buffer.from(await ownCursor(), "base64url").toString());
        const place = { by: "deadline", worklistAt: "2026-11-25T12:00:00.000Z", caseId: theirs, tenantId: "rival" };
        return said("list_worklist", { query: { cursor: cursorWith(place, of), limit: "1" } });
      },
    },
    {
      attack: "go on with a cursor whose case is a key",
      answer: "400 cursor_invalid",
      run: async () => {
        const { of } = JSON.parse(Buffer.from(await ownCursor(), "base64url").toString());
        const place = { by: "deadline", worklistAt: "2026-11-25T12:00:00.000Z", caseId: "x#T#rival" };
        return said("list_worklist", { query: { cursor: cursorWith(place, of), limit: "1" } });
      },
    },
  ],
  "a body is small, JSON and UTF-8": [
    {
      attack: "a body of 10 MB",
      answer: "413 body_too_large",
      run: () => said("set_shop_mode", { params: toOwnShop, body: { mode: "a".repeat(10 * 1024 * 1024) } }),
    },
    {
      attack: "a form from another site",
      answer: "415 media_unsupported",
      run: () =>
        said("set_shop_mode", {
          params: toOwnShop,
          body: { mode: "auto" },
          headers: { "content-type": "application/x-www-form-urlencoded" },
        }),
    },
    {
      attack: "a body that is not UTF-8",
      answer: unasked("body"),
      run: () => said("put_address_rules", { body: Buffer.from([0x22, 0xc3, 0x28, 0x22]) }),
    },
  ],
  "money is a whole number above zero": [0, -1, 0.1, 1e18, 2 ** 53].map((amountMinor) => ({
    attack: `plan a refund of ${amountMinor}`,
    answer: unasked("body.args.amount.amountMinor"),
    run: () =>
      said("plan_command", {
        params: ownCase,
        body: { action: "agree_refund", args: { amount: { amountMinor, currency: "CNY" } } },
      }),
  })),
  "what was wrong is not quoted": [
    {
      attack: "a script as the name of a field and as its value",
      answer: "400, without what was sent",
      run: async () => {
        const body = { mode: "<script>alert(13800138000)</script>", "<script>": 1 };
        const { status, text } = await ask("set_shop_mode", { params: toOwnShop, body });
        return `${status}, ${/script|13800138000/.test(text) ? "WITH" : "without"} what was sent`;
      },
    },
  ],
  "what leaves has been meant to": [
    {
      attack: "list the shops, and find more than is shown",
      answer: "addresses, channel, connectedAt, mode, name, shopId, status",
      run: async () => {
        const [shop = {}] = (await ask("list_shops")).body.shops;
        return Object.keys(shop).toSorted().join(", ");
      },
    },
  ],
  "no answer is kept or guessed at": [
    {
      attack: "take an answer from a cache, or for a page",
      answer: "application/json, no-store, nosniff",
      run: async () => {
        const { headers } = await ask("who_am_i");
        return [headers["content-type"], headers["cache-control"], headers["x-content-type-options"]].join(", ");
      },
    },
  ],
});

/** A genuine cursor of Acme's worklist, a case a page. */
async function ownCursor(): Promise<string> {
  return (await ask("list_worklist", { query: { limit: "1" } })).body.next;
}
