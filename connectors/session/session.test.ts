import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Tokens } from "#connectors/contract.ts";
import { SuiteError } from "#shared/errors.ts";
import { listen, noon, sessionDeps, shopsOf, someConnector, someShop } from "../../test/builders/fakes.ts";
import { openSession } from "./session.ts";

let heard: ReturnType<typeof listen>;
beforeEach(() => {
  heard = listen();
});
afterEach(() => heard.end());

const minutes = (count: number) => new Date(noon.getTime() + count * 60_000);
const rejected = (details = {}) => new SuiteError("credentials_rejected", "the channel says no", { details });

/** Tokens whose refresh gives the next one, or does what the test wants. */
function tokens(
  refresh: () => Promise<unknown> = async () => ({ token: "t2" }),
  expiresAt = minutes(60),
): Tokens<unknown, unknown> {
  return { expiresAt: () => expiresAt, refreshBeforeMs: 600_000, refresh };
}

describe("opening a session", () => {
  it("hands a call the app, the shop and its credentials", async () => {
    const { shops } = shopsOf(someShop());
    const session = await openSession(someShop(), sessionDeps(someConnector(), shops));
    const world = await session.call(async (given) => given);
    expect(world).toMatchObject({ app: "our app", shopId: "10437917", credentials: { token: "t1" }, now: noon });
  });

  it("refuses a shop that nobody has connected", async () => {
    const deps = sessionDeps(someConnector(), shopsOf(undefined).shops);
    await expect(openSession(someShop(), deps)).rejects.toMatchObject({ code: "shop_unknown" });
  });

  it("asks nothing for a parked shop", async () => {
    const deps = sessionDeps(someConnector(), shopsOf(someShop({ status: "parked" })).shops);
    await expect(openSession(someShop(), deps)).rejects.toMatchObject({ code: "credentials_rejected" });
  });

  it.each([
    ["app"],
    ["credentials"],
  ] as const)("says that the %s settings do not fit, without quoting them", async (which) => {
    const connector = someConnector();
    const wrong = { safeParse: () => ({ success: false }) } as never;
    const settings = { ...connector.settings, [which]: wrong };
    const deps = sessionDeps({ ...connector, settings }, shopsOf(someShop()).shops);
    const fault = await openSession(someShop(), deps).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: "misconfigured" });
    expect(JSON.stringify(fault)).not.toContain("t1");
  });

  it.each([
    ["renews a token that is about to end", minutes(9), "t2", 2],
    ["leaves a token that is good for longer", minutes(11), "t1", 1],
  ])("%s", async (_, expiresAt, token, version) => {
    const { shops, stored } = shopsOf(someShop());
    const deps = sessionDeps(someConnector({ tokens: tokens(undefined, expiresAt) }), shops);
    const session = await openSession(someShop(), deps);
    expect(await session.call(async ({ credentials }) => credentials)).toEqual({ token });
    expect(stored.credentialsVersion).toBe(version);
  });
});

describe("a call whose token the channel rejects", () => {
  it("is made again, once, with renewed credentials when the token has ended", async () => {
    const { shops, stored } = shopsOf(someShop());
    const session = await openSession(someShop(), sessionDeps(someConnector({ tokens: tokens() }), shops));
    const seen: unknown[] = [];
    const result = await session.call(async ({ credentials }) => {
      seen.push(credentials);
      if (seen.length === 1) throw rejected({ tokenExpired: true });
      return "done";
    });
    expect(result).toBe("done");
    expect(seen).toEqual([{ token: "t1" }, { token: "t2" }]);
    expect(stored.credentials).toEqual({ token: "t2" });
  });

  it("is not made a third time", async () => {
    const session = await openSession(
      someShop(),
      sessionDeps(someConnector({ tokens: tokens() }), shopsOf(someShop()).shops),
    );
    let calls = 0;
    const call = session.call(async () => {
      calls++;
      throw rejected({ tokenExpired: true });
    });
    await expect(call).rejects.toMatchObject({ code: "credentials_rejected" });
    expect(calls).toBe(2);
  });

  it("parks the shop, counts it and says so when the grant is dead", async () => {
    const { shops, stored } = shopsOf(someShop());
    const session = await openSession(someShop(), sessionDeps(someConnector({ tokens: tokens() }), shops));
    await expect(session.call(async () => Promise.reject(rejected()))).rejects.toMatchObject({
      code: "credentials_rejected",
    });
    expect(stored.parked).toBe(true);
    expect(heard.metric("CredentialsRejected")).toEqual([1]);
  });

  it("parks the shop when the renewal is refused", async () => {
    const { shops, stored } = shopsOf(someShop());
    const refused = tokens(async () => Promise.reject(rejected()));
    const session = await openSession(someShop(), sessionDeps(someConnector({ tokens: refused }), shops));
    const call = session.call(async () => Promise.reject(rejected({ tokenExpired: true })));
    await expect(call).rejects.toMatchObject({ code: "credentials_rejected" });
    expect(stored.parked).toBe(true);
  });

  it("does not park a shop whose renewal merely fails", async () => {
    const { shops, stored } = shopsOf(someShop());
    const away = tokens(async () => Promise.reject(new SuiteError("channel_unavailable", "away")));
    const session = await openSession(someShop(), sessionDeps(someConnector({ tokens: away }), shops));
    const call = session.call(async () => Promise.reject(rejected({ tokenExpired: true })));
    await expect(call).rejects.toMatchObject({ code: "channel_unavailable" });
    expect(stored.parked).toBe(false);
  });

  it("lets every other fault through untouched", async () => {
    const session = await openSession(
      someShop(),
      sessionDeps(someConnector({ tokens: tokens() }), shopsOf(someShop()).shops),
    );
    const fault = new SuiteError("rate_limited", "slowly");
    await expect(session.call(async () => Promise.reject(fault))).rejects.toBe(fault);
  });
});

describe("two workers that renew at once", () => {
  /** Another worker stores its tokens while our renewal is on its way. */
  async function raced(refresh: () => Promise<unknown>) {
    const { shops, stored } = shopsOf(someShop());
    const connector = someConnector({
      tokens: tokens(async () => {
        Object.assign(stored, { credentials: { token: "theirs" }, credentialsVersion: 2 });
        return refresh();
      }, minutes(1)),
    });
    const session = await openSession(someShop(), sessionDeps(connector, shops));
    return { credentials: await session.call(async (world) => world.credentials), stored };
  }

  it("end with the same tokens: the loser takes what the winner stored", async () => {
    const { credentials, stored } = await raced(async () => ({ token: "ours" }));
    expect(credentials).toEqual({ token: "theirs" });
    expect(stored).toMatchObject({ credentials: { token: "theirs" }, credentialsVersion: 2 });
  });

  it("do not fail when the loser's refresh token is dead by then", async () => {
    const { credentials, stored } = await raced(async () => Promise.reject(rejected()));
    expect(credentials).toEqual({ token: "theirs" });
    expect(stored.parked).toBe(false);
  });
});
