import { vi } from "vitest";
import type { Connector } from "#connectors/contract.ts";
import type { SessionDeps } from "#connectors/session/session.ts";
import type { Case } from "#shared/case/case.ts";
import type { Evidence } from "#shared/case/evidence.ts";
import { shopIdSchema } from "#shared/case/ids.ts";
import type { Shop } from "#shared/case/shop.ts";
import { SuiteError } from "#shared/errors.ts";
import type { Cases, Shops } from "#shared/store/index.ts";
import type { Vault } from "#shared/vault.ts";
import { tenantId } from "./case-builder.ts";

/** The clock of unit tests stands here. */
export const noon = new Date("2026-11-25T12:00:00.000Z");
export const atNoon = { now: () => noon };

/** The shop that `someCase` belongs to. */
export function someShop(parts: Partial<Shop> = {}): Shop {
  return {
    tenantId,
    channel: "douyin",
    shopId: shopIdSchema.parse("10437917"),
    name: "Flagship",
    mode: "auto",
    status: "connected",
    connectedAt: noon.toISOString(),
    addresses: [{ addressId: "7200000000000000123", label: "Warehouse", isDefault: true }],
    ...parts,
  };
}

/** Cases as work files are handed them; `held` is what would be stored. Not a store: that one is tested on an engine. */
export function holding(...subjects: Case[]): { cases: Cases; held: () => Case | undefined } {
  const kept = new Map(subjects.map((each) => [each.caseId, each]));
  const cases: Partial<Cases> = {
    get: async (_tenantId, caseId) => kept.get(caseId),
    create: async (first) => {
      const current = kept.get(first.caseId);
      if (current) return { created: false, current };
      kept.set(first.caseId, first);
      return { created: true };
    },
    save: async (next) => {
      if (kept.get(next.caseId)?.revision !== next.revision - 1)
        throw new SuiteError("case_changed", "another revision was stored first");
      kept.set(next.caseId, next);
    },
    change: async (_tenantId, caseId, decide) => {
      const current = kept.get(caseId);
      if (!current) throw new SuiteError("case_not_found", "there is no such case");
      const next = decide(current);
      if (next) kept.set(caseId, next);
      return { saved: next !== undefined, current: next ?? current };
    },
  };
  return { cases: cases as Cases, held: () => [...kept.values()][0] };
}

/** A vault that seals with nothing. */
export const glassVault: Vault = {
  seal: async (secret) => Buffer.from(JSON.stringify(secret)),
  open: async (sealed) => JSON.parse(Buffer.from(sealed).toString()),
};

/** The one shop there is, with its credentials in a glass vault. */
export function shopsOf(shop: Shop | undefined, credentials: unknown = { token: "t1" }, credentialsVersion = 1) {
  const stored = { credentials, credentialsVersion, parked: false };
  const connected = async () =>
    shop && {
      shop: stored.parked ? { ...shop, status: "parked" as const } : shop,
      credentials: Buffer.from(JSON.stringify(stored.credentials)),
      credentialsVersion: stored.credentialsVersion,
    };
  const shops: Partial<Shops> = {
    find: vi.fn(connected),
    get: vi.fn(connected),
    park: vi.fn(async (_key, version) => {
      if (version !== stored.credentialsVersion) return false;
      stored.parked = true;
      return true;
    }),
    replaceCredentials: vi.fn(async (_key, sealed, expected) => {
      if (expected !== stored.credentialsVersion) return false;
      stored.credentials = JSON.parse(Buffer.from(sealed).toString());
      stored.credentialsVersion++;
      return true;
    }),
  };
  return { shops: shops as Shops, stored };
}

/** Files that cases keep, as work files are handed them: records and bytes in memory. Not a store and no bucket. */
export function keeping(...records: Evidence[]) {
  const files = new Map<string, Uint8Array>();
  return {
    files,
    evidence: {
      get: async (_tenantId: unknown, caseId: string, evidenceId: string) =>
        records.find((each) => each.caseId === caseId && each.evidenceId === evidenceId),
    },
    archive: {
      read: async ({ evidenceId }: { evidenceId: string }) => {
        const bytes = files.get(evidenceId);
        return bytes && Buffer.from(bytes);
      },
      link: async ({ evidenceId }: { evidenceId: string }, forSeconds: number) =>
        `https://bucket.example.com/${evidenceId}?for=${forSeconds}`,
    },
  };
}

const anything = { safeParse: (data: unknown) => ({ success: true as const, data }) };

/** A connector that has only what the test gives it; its settings are whatever is stored. */
export function someConnector(parts: Partial<Connector> = {}): Connector {
  return { id: "douyin", settings: { app: anything, credentials: anything }, ...parts } as Connector;
}

export function sessionDeps(connector: Connector, shops: Shops): SessionDeps {
  return {
    shops,
    connectorOf: () => connector,
    channelSettings: async () => ["our app"],
    vault: glassVault,
    http: async () => Promise.reject(new Error("no network here")),
    clock: atNoon,
  };
}

/** Hears what a function writes to its log, line by line, instead of the terminal. */
export function hearLines(hear: (line: string) => void) {
  return vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    hear(String(text).trimEnd());
    return true;
  });
}

/** Hears what is logged from now on: metrics by name with their values, and log lines. */
export function listen() {
  const lines: Record<string, unknown>[] = [];
  const spy = hearLines((line) => void lines.push(JSON.parse(line)));
  return {
    /** The values of one metric, in order. */
    metric: (name: string) => lines.filter((line) => "_aws" in line && name in line).map((line) => line[name]),
    said: () => lines.filter((line) => !("_aws" in line)),
    end: () => spy.mockRestore(),
  };
}
