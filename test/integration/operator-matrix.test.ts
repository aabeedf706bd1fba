import { createHmac, createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { segmentOf } from "#shared/api/case-path.ts";
import { includesRole, type Role, roles } from "#shared/api/role.ts";
import { type RouteName, routeNames, routes } from "#shared/api/routes.ts";
import type { Case } from "#shared/case/case.ts";
import { factsHash } from "#shared/case/fingerprint.ts";
import { tenantIdSchema } from "#shared/case/ids.ts";
import { localAudience } from "../../local/issuer.ts";
import { addressIdOf, ask, ours, shopIdOf, theirs, unclearRefusal, useOperators, warehouseOf } from "./operators.ts";

const world = useOperators();

interface Trial {
  path: string;
  body?: object;
  /** What the answer holds where it is given: a list may hold nothing of another's, one thing is not found. */
  whenTheirs: 200 | 400 | 404;
}

let made = 0;

/** A genuine request of each operation, about the things of one merchant. A route without its row here does not compile. */
const trials: { [N in RouteName]: (of: { subject: Case; tenantId: string }) => Trial } = {
  who_am_i: () => ({ path: "/v1/me", whenTheirs: 200 }),
  list_worklist: ({ tenantId }) => ({ path: `/v1/worklist?shopId=${shopIdOf(tenantId)}`, whenTheirs: 200 }),
  find_cases: () => ({ path: "/v1/cases?reference=6921", whenTheirs: 200 }),
  read_case: ({ subject }) => ({ path: `/v1/cases/${segmentOf(subject.caseId)}`, whenTheirs: 404 }),
  plan_command: ({ subject }) => ({
    path: `/v1/cases/${segmentOf(subject.caseId)}/commands`,
    body: { action: "remark", args: { note: "hello" } },
    whenTheirs: 404,
  }),
  approve_command: ({ subject }) => ({
    path: `/v1/cases/${segmentOf(subject.caseId)}/commands/agree_return-1/approve`,
    whenTheirs: 404,
  }),
  cancel_command: ({ subject }) => ({
    path: `/v1/cases/${segmentOf(subject.caseId)}/commands/agree_return-1/cancel`,
    whenTheirs: 404,
  }),
  resend_command: ({ subject }) => ({
    path: `/v1/cases/${segmentOf(subject.caseId)}/commands/refuse-1/resend`,
    body: { seenFactsHash: factsHash(subject.facts) },
    whenTheirs: 404,
  }),
  list_privacy_requests: () => ({ path: "/v1/privacy-requests", whenTheirs: 200 }),
  list_shops: () => ({ path: "/v1/shops", whenTheirs: 200 }),
  start_authorization: ({ tenantId }) => ({
    path: "/v1/shops/authorizations",
    body: tenantId === ours ? { channel: "jd" } : { channel: "jd", shopId: shopIdOf(tenantId) },
    whenTheirs: 404,
  }),
  set_shop_mode: ({ tenantId }) => ({
    path: `/v1/shops/douyin/${shopIdOf(tenantId)}/mode`,
    body: { mode: "auto" },
    whenTheirs: 404,
  }),
  read_return_instructions: ({ subject }) => ({
    path: `/v1/cases/${segmentOf(subject.caseId)}/return-instructions?language=ar`,
    whenTheirs: 404,
  }),
  list_addresses: () => ({ path: "/v1/addresses", whenTheirs: 200 }),
  // A new one each time: who names another's warehouse makes one of their own by that name.
  put_address: ({ tenantId }) => {
    const { addressId: _, ...warehouse } = warehouseOf(tenantId);
    return {
      path: `/v1/addresses/new-${++made}`,
      body: { replaces: 0, warehouse: { ...warehouse, name: "New" } },
      whenTheirs: 200,
    };
  },
  read_address_rules: () => ({ path: "/v1/address-rules", whenTheirs: 200 }),
  put_address_rules: ({ tenantId }) => ({
    path: "/v1/address-rules",
    body: { replaces: 0, rules: { rules: [], usual: addressIdOf(tenantId) } },
    whenTheirs: 400,
  }),
};

const codes: Readonly<Record<number, string>> = { 400: "request_invalid", 403: "role_missing", 404: "not_found" };
const cells = routeNames.flatMap((route) =>
  roles.flatMap((role) => [ours, theirs].map((tenantId) => ({ route, role, tenantId }))),
);

async function send(route: RouteName, { path, body }: Trial, token?: string) {
  return ask(`${world().url}${path}`, { method: routes[route].method, token, body });
}

describe("role, operation, whose it is", () => {
  it.each(cells)("$role, $route, of $tenantId", async ({ route, role, tenantId }) => {
    const { openCase, issuer, desk } = world();
    const subject = await openCase(tenantId, { more: [unclearRefusal] });
    const trial = trials[route]({ subject, tenantId });
    const token = await issuer.tokenFor({ tenantId: ours, role });
    const { status, json, text, headers } = await send(route, trial, token);

    const may = includesRole(role, routes[route].role);
    const expected = !may ? 403 : tenantId === ours ? 200 : trial.whenTheirs;
    expect([status, json.code]).toEqual([expected, codes[expected]]);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-type")).toBe(expected === 200 ? "application/json" : "application/problem+json");
    expect(text, "a word about the other merchant").not.toContain(theirs);
    if (!may || tenantId === theirs) {
      expect(await desk.store.cases.get(subject.tenantId, subject.caseId)).toEqual(subject);
    }
  });

  const ofOneThing = routeNames.filter((name) => routes[name].path.includes("{") && name !== "put_address");
  it.each(ofOneThing)("%s answers about another's thing as about one that does not exist", async (route) => {
    const subject = await world().openCase(theirs);
    const gone = { ...subject, caseId: subject.caseId.replace(/\d+$/, "1") as Case["caseId"] };
    const token = await world().issuer.tokenFor({ tenantId: ours, role: "admin" });
    const [about, unknown] = await Promise.all([
      send(route, trials[route]({ subject, tenantId: theirs }), token),
      send(route, trials[route]({ subject: gone, tenantId: "nobody" }), token),
    ]);
    expect([about.status, about.text]).toEqual([unknown.status, unknown.text]);
  });

  it("makes a warehouse of one's own under the id that another has too, and leaves theirs", async () => {
    const { desk, issuer, url } = world();
    const [acme, rival] = [ours, theirs].map((name) => tenantIdSchema.parse(name));
    if (!acme || !rival) throw new Error("there are two merchants");
    const depot = { ...warehouseOf(ours), addressId: "depot" };
    await desk.store.addresses.put(rival, { ...depot, city: "Elsewhere" }, 0);
    const token = await issuer.tokenFor({ tenantId: ours, role: "admin" });
    const { addressId: _, ...warehouse } = depot;
    const put = (replaces: number) =>
      ask(`${url}/v1/addresses/depot`, { method: "PUT", token, body: { replaces, warehouse } });
    expect((await put(1)).status).toBe(409); // theirs is at version 1, of which we know nothing
    expect((await put(0)).status).toBe(200);
    expect((await desk.store.addresses.get(rival, "depot"))?.warehouse.city).toBe("Elsewhere");
    expect((await desk.store.addresses.get(acme, "depot"))?.warehouse.city).toBe(depot.city);
  });

  it("lets a role do all that a lesser one may", () => {
    expect(roles.map((role) => routeNames.filter((name) => includesRole(role, routes[name].role)).length)).toEqual(
      roles
        .map((role) => routeNames.filter((name) => includesRole(role, routes[name].role)).length)
        .toSorted((a, b) => a - b),
    );
  });
});

describe("whose tenant it is", () => {
  const asAgent = () => world().issuer.tokenFor({ tenantId: ours, role: "agent" });

  it("is not said by a header", async () => {
    const subject = await world().openCase(theirs);
    for (const name of ["x-tenant-id", "tenantid", "x-casebridge-tenant", "tenant"]) {
      const said = await ask(`${world().url}/v1/cases/${segmentOf(subject.caseId)}`, {
        token: await asAgent(),
        headers: { [name]: theirs },
      });
      expect(said.status).toBe(404);
    }
  });

  it("is not said by a query or a body, which are refused", async () => {
    const subject = await world().openCase(ours);
    const [query, body] = await Promise.all([
      ask(`${world().url}/v1/worklist?tenantId=${theirs}`, { token: await asAgent() }),
      ask(`${world().url}/v1/cases/${segmentOf(subject.caseId)}/commands`, {
        method: "POST",
        token: await asAgent(),
        body: { action: "remark", args: { note: "hello" }, tenantId: theirs },
      }),
    ]);
    expect([query.status, query.json.code, body.status, body.json.code]).toEqual([
      400,
      "request_invalid",
      400,
      "request_invalid",
    ]);
  });
});

const times = () => Math.floor(world().clock.now().getTime() / 1000);
const stolen = generateKeyPairSync("rsa", { modulusLength: 2048 });
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const goodClaims = () => ({
  iss: world().issuer.url,
  aud: localAudience,
  sub: "you",
  iat: times(),
  exp: times() + 60,
  "custom:tenant": ours,
  "custom:role": "admin",
});

async function publishedKey(): Promise<JsonWebKey> {
  const { keys } = (await (await fetch(`${world().issuer.url}/.well-known/jwks.json`)).json()) as {
    keys: JsonWebKey[];
  };
  return keys[0] ?? {};
}
/** HS256 with what everybody can read: an authorizer that trusts the header's algorithm takes it. */
function confused(secret: string) {
  const text = `${part({ alg: "HS256", kid: "local-1" })}.${part(goodClaims())}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}
const forged = (header: object = {}, key: KeyObject = stolen.privateKey) =>
  new SignJWT(goodClaims()).setProtectedHeader({ alg: "RS256", kid: "local-1", ...header }).sign(key);
/** A token that the issuer itself has signed, with some claims that it would not give. */
async function edited(change: object) {
  const [header, payload, signature] = (await world().issuer.tokenFor({ tenantId: ours, role: "viewer" })).split(".");
  const claims = JSON.parse(Buffer.from(payload ?? "", "base64url").toString());
  return `${header}.${part({ ...claims, ...change })}.${signature}`;
}

const faults: Record<string, () => Promise<string | undefined> | string | undefined> = {
  "no token": () => undefined,
  "an empty token": () => "",
  "no token at all": () => "a.b.c",
  "alg none": () => `${part({ alg: "none", kid: "local-1" })}.${part(goodClaims())}.`,
  "alg none, with a signature": () => `${part({ alg: "none", kid: "local-1" })}.${part(goodClaims())}.AAAA`,
  "HS256 with the public key as text": async () =>
    confused(
      String(createPublicKey({ key: await publishedKey(), format: "jwk" }).export({ type: "spki", format: "pem" })),
    ),
  "HS256 with the modulus": async () => confused(String((await publishedKey()).n)),
  "another's signature under the key's name": () => forged(),
  "a key that it brings along": () => forged({ jwk: stolen.publicKey.export({ format: "jwk" }) }),
  "a key set that it points to": () => forged({ jku: "http://127.0.0.1:1/keys" }),
  "a key id that is a path": () => forged({ kid: "../../../../dev/null" }),
  "a key id nobody knows": () => forged({ kid: "local-2" }),
  "no key id": () => forged({ kid: undefined }),
  "another algorithm of the family": () =>
    new SignJWT(goodClaims()).setProtectedHeader({ alg: "PS256", kid: "local-1" }).sign(stolen.privateKey),
  "another tenant under a genuine signature": () => edited({ "custom:tenant": theirs }),
  "another role under a genuine signature": () => edited({ "custom:role": "admin" }),
};

/** Signed by the issuer's own key, which the test takes for a moment. */
const wrongClaims: Record<string, () => object> = {
  "another audience": () => ({ aud: "somebody-else" }),
  "no audience": () => ({ aud: undefined }),
  "another issuer": () => ({ iss: "http://127.0.0.1:1" }),
  "an issuer with a slash more": () => ({ iss: `${world().issuer.url}/` }),
  "an end a second ago": () => ({ exp: times() - 1 }),
  "an end just now": () => ({ exp: times() }),
  "no end": () => ({ exp: undefined }),
  "a beginning in a minute": () => ({ nbf: times() + 60 }),
  "an issue in a minute": () => ({ iat: times() + 60 }),
};

describe("a token that is not good", () => {
  it.each(Object.keys(faults))("with %s gets 401 from every operation", async (fault) => {
    const subject = await world().openCase(ours);
    const token = await faults[fault]?.();
    for (const route of routeNames) {
      const said = await send(route, trials[route]({ subject, tenantId: ours }), token);
      expect([route, said.status, said.text]).toEqual([route, 401, '{"message":"Unauthorized"}']);
    }
    expect(await world().desk.store.cases.get(subject.tenantId, subject.caseId)).toEqual(subject);
  });

  it.each(Object.keys(wrongClaims))("with %s gets 401 from every operation", async (fault) => {
    const subject = await world().openCase(ours);
    const claims = { ...goodClaims(), ...wrongClaims[fault]?.() };
    const token = await world().issuer.sign(JSON.parse(JSON.stringify(claims)));
    for (const route of routeNames) {
      const said = await send(route, trials[route]({ subject, tenantId: ours }), token);
      expect([route, said.status]).toEqual([route, 401]);
    }
  });

  it("is good until its last second", async () => {
    const token = await world().issuer.sign({ ...goodClaims(), exp: times() + 1 });
    expect((await ask(`${world().url}/v1/me`, { token })).status).toBe(200);
  });

  it("is not looked for in the address", async () => {
    const token = await world().issuer.tokenFor({ tenantId: ours, role: "admin" });
    expect((await ask(`${world().url}/v1/me?access_token=${token}`)).status).toBe(401);
  });
});

describe("a good token that says too little or too much", () => {
  it.each<[string, object]>([
    ["no tenant", { "custom:tenant": undefined }],
    ["two tenants", { "custom:tenant": [ours, theirs] }],
    ["a tenant with a key in it", { "custom:tenant": `${ours}#C#douyin` }],
    ["every tenant", { "custom:tenant": "*" }],
    ["no role", { "custom:role": undefined }],
    ["a role of somebody else's", { "custom:role": "superadmin" }],
    ["a role in another spelling", { "custom:role": "Admin" }],
    ["nobody", { sub: undefined }],
    ["somebody with a line end", { sub: "you\nadmin" }],
  ])("with %s gets 403 and no hint", async (_, change) => {
    const token = await world().issuer.sign(JSON.parse(JSON.stringify({ ...goodClaims(), ...change })));
    const said = await ask(`${world().url}/v1/shops`, { token });
    expect([said.status, said.json.code]).toEqual([403, "token_unusable"]);
  });

  it.each<[unknown, Role]>([
    [["viewer", "agent"], "agent"],
    ["agent", "agent"],
    [["approver", "billing"], "approver"],
  ])("with roles %j is %s", async (held, role) => {
    const token = await world().issuer.sign({ ...goodClaims(), "custom:role": held });
    expect((await ask(`${world().url}/v1/me`, { token })).json).toEqual({ tenantId: ours, personId: "you", role });
  });
});
