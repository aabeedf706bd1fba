import { afterAll, beforeAll, inject } from "vitest";
import { type Warehouse, warehouseSchema } from "#shared/case/address-book.ts";
import type { Case } from "#shared/case/case.ts";
import type { Command } from "#shared/case/command.ts";
import { shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { createClock, type MovableClock } from "../../local/clock.ts";
import { type Desk, openDesk } from "../../local/desk.ts";
import { type Issuer, startIssuer } from "../../local/issuer.ts";
import { type Runtime, startRuntime } from "../../local/runtime/runtime.ts";
import { apiIn } from "../../local/stack.ts";
import { checkTokens } from "../../local/token-check.ts";
import { sampleCase } from "../sample-case.ts";
import { closeRightsBook } from "./rights-book.ts";
import { startsAt } from "./stack.ts";

/** Two merchants who must never hear of each other. */
export const ours = "acme";
export const theirs = "rival";

export interface OperatorWorld {
  url: string;
  issuer: Issuer;
  clock: MovableClock;
  runtime: Runtime;
  desk: Desk;
  /** A new case of a tenant, which waits for an answer and has a command that waits for a yes. */
  openCase(tenantId: string, parts?: Parameters<typeof sampleCase>[0] & { more?: Command[] }): Promise<Case>;
}

export const shopIdOf = (tenantId: string) => `${tenantId}-shop`;
export const addressIdOf = (tenantId: string) => `${tenantId}-warehouse`;

/** The one warehouse in a merchant's book; the channel lists it under its name. */
export const warehouseOf = (tenantId: string): Warehouse =>
  warehouseSchema.parse({
    addressId: addressIdOf(tenantId),
    name: addressIdOf(tenantId),
    contact: { name: "Returns desk", phone: "+86 20 1234 5678" },
    street: ["18 Sample Road"],
    city: "Guangzhou",
    postcode: "510000",
    region: "CN-GD",
    markets: ["CN"],
    languages: ["zh", "en"],
    carriers: ["SF Express"],
  });

/** A refusal whose answer was lost, and after which the case has been read. */
export const unclearRefusal: Command = {
  ...{ commandId: "refuse-1", action: "refuse", args: { note: "worn" }, status: "unclear", askedBy: "person:lin" },
  ...{ plannedAt: "2026-11-25T01:00:00.000Z", sentAt: "2026-11-25T01:01:00.000Z", readAt: "2026-11-25T01:02:00.000Z" },
  decidedOnVersion: 1,
};

/** The operator API on the local runtime, with a shop of each of the two merchants; no marketplace and nothing consumed. */
export function useOperators(): () => OperatorWorld {
  let world: OperatorWorld | undefined;
  let cases = 0;
  beforeAll(async () => {
    const clock = createClock({ start: startsAt, mode: "moved" });
    const issuer = await startIssuer(clock);
    const authorizeRequest = checkTokens(issuer, clock);
    const runtime = await startRuntime({ assemblyDir: inject("assemblyDir"), clock, authorizeRequest });
    const desk = openDesk({ gatewayUrl: runtime.gatewayUrl, tableName: runtime.tables[0] ?? "", clock });
    for (const name of [ours, theirs]) {
      const shop = {
        tenantId: tenantIdSchema.parse(name),
        channel: "douyin" as const,
        shopId: shopIdSchema.parse(shopIdOf(name)),
        name: `${name} flagship`,
        mode: "auto" as const,
        status: "connected" as const,
        connectedAt: startsAt.toISOString(),
        addresses: [{ addressId: "9001", label: addressIdOf(name), isDefault: true }],
      };
      await desk.store.shops.connect(shop, Buffer.from(`sealed credentials of ${name}`));
      await desk.store.addresses.put(shop.tenantId, warehouseOf(name), 0);
    }
    const openCase: OperatorWorld["openCase"] = async (tenantId, { more = [], ...parts } = {}) => {
      const id = String(7000 + ++cases);
      const shopId = shopIdSchema.parse(shopIdOf(tenantId));
      const commandId = "agree_return-1";
      const waiting = { commandId, action: "agree_return", args: { addressId: "9001" }, status: "proposed" } as const;
      const command = { ...waiting, askedBy: "policy:demo", plannedAt: startsAt.toISOString(), decidedOnVersion: 1 };
      const subject = sampleCase({ id, tenantId, shopId, commands: [command, ...more], ...parts });
      const opened = { ...subject, caseId: subject.caseId.replace("4463798", shopId) as Case["caseId"] };
      await desk.store.cases.create(opened);
      await desk.store.timeline.append(opened);
      await desk.store.references.put(opened.tenantId, opened.caseId, ["6921"]);
      return opened;
    };
    world = { url: apiIn(runtime, "operators"), issuer, clock, runtime, desk, openCase };
  });
  afterAll(async () => {
    await world?.runtime.stop();
    await world?.issuer.stop();
    world?.clock.stop();
    if (world) closeRightsBook(world.runtime);
  });
  return () => {
    if (!world) throw new Error("the operators' world exists only inside a test");
    return world;
  };
}

export interface Said {
  status: number;
  headers: Headers;
  text: string;
  json: { [name: string]: unknown };
}

/** Sends a request as it is. */
export async function ask(
  url: string,
  {
    method = "GET",
    token,
    body,
    headers = {},
  }: { method?: string; token?: string; body?: unknown; headers?: object } = {},
): Promise<Said> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: text === "" ? {} : JSON.parse(text) };
}
