import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import * as z from "zod";
import { warehouseSchema } from "#shared/case/address-book.ts";
import { addressRulesSchema } from "#shared/case/address-rules.ts";
import { calendarSchema } from "#shared/case/calendar.ts";
import { type Case, caseSchema } from "#shared/case/case.ts";
import { channelSchema } from "#shared/case/channel.ts";
import { evidenceSchema } from "#shared/case/evidence.ts";
import { caseIdSchema, shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { instantSchema } from "#shared/case/instant.ts";
import { newsSchema } from "#shared/case/news.ts";
import { privacyRequestSchema } from "#shared/case/privacy-request.ts";
import { shopSchema } from "#shared/case/shop.ts";
import { shopAuthorizationSchema } from "#shared/case/shop-authorization.ts";
import { tenantRulesSchema } from "#shared/case/tenant-rules.ts";
import { tenantLimitsSchema } from "#shared/case/write-limits.ts";
import { SuiteError } from "#shared/errors.ts";

/** An item as the engine speaks it. */
export type Attributes = Record<string, AttributeValue>;

/** The form of stored items. Raise it when a form changes, and teach `readItem` the old one until none is left. */
export const schemaVersion = 1;

/** Kinds that got their end after some were stored: those go on without one. */
const end = { expiresAtSeconds: z.int().optional() };

const header = <E extends string>(entity: E) => ({
  pk: z.string(),
  sk: z.string(),
  entity: z.literal(entity),
  schemaVersion: z.literal(schemaVersion),
});

/** `duePartition`, `worklistPartition` and `riskPartition` are there only while the case belongs in that index. */
export const caseItemSchema = z.strictObject({
  ...header("case"),
  ...end,
  tenantId: tenantIdSchema,
  revision: z.int().positive(),
  duePartition: z.string().optional(),
  dueAt: instantSchema.optional(),
  worklistPartition: z.string().optional(),
  worklistAt: instantSchema.optional(),
  riskPartition: z.string().optional(),
  /** The instant, and after it the kind of the clock. */
  riskAt: z.string().optional(),
  body: caseSchema,
});

/** The news of one revision that are of one instant, and the place of the first. */
export const timelineItemSchema = z.strictObject({
  ...header("timeline_entry"),
  ...end,
  tenantId: tenantIdSchema,
  caseId: caseIdSchema,
  revision: z.int().positive(),
  position: z.int().nonnegative(),
  /** One alone in items of before 2026-11-26. */
  news: z.array(newsSchema).or(newsSchema),
});

export const evidenceItemSchema = z.strictObject({ ...header("evidence"), ...end, evidence: evidenceSchema });

export const referenceItemSchema = z.strictObject({
  ...header("reference"),
  ...end,
  tenantId: tenantIdSchema,
  caseId: caseIdSchema,
});

export const shopItemSchema = z.strictObject({
  ...header("shop"),
  shop: shopSchema,
  /** Ciphertext. */
  credentials: z.instanceof(Uint8Array),
  credentialsVersion: z.int().positive(),
});

export const shopBindingItemSchema = z.strictObject({ ...header("shop_binding"), tenantId: tenantIdSchema });

export const authorizationItemSchema = z.strictObject({
  ...header("authorization"),
  authorization: shopAuthorizationSchema,
  expiresAtSeconds: z.int(),
});

/** `version` counts what the tenant has saved. */
export const rulesItemSchema = z.strictObject({
  ...header("tenant_rules"),
  version: z.int().positive(),
  savedAt: instantSchema,
  rules: tenantRulesSchema,
});

/** What rules and calendars were at a version, whole. */
export const rulesHistoryItemSchema = z.strictObject({
  ...header("tenant_rules_history"),
  version: z.int().positive(),
  savedAt: instantSchema,
  rules: tenantRulesSchema,
  calendars: z.array(calendarSchema),
});

export const calendarItemSchema = z.strictObject({
  ...header("calendar"),
  /** The version of the rules that it was saved with. */
  version: z.int().positive(),
  calendar: calendarSchema,
});

export const feedNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const feedOf = { channel: channelSchema, feed: feedNameSchema };
/** A feed of one shop, or of our app, which has neither tenant nor shop. */
export const feedIdSchema = z.union([
  z.strictObject({ ...feedOf, tenantId: tenantIdSchema, shopId: shopIdSchema }),
  z.strictObject({ ...feedOf, tenantId: z.undefined().optional(), shopId: z.undefined().optional() }),
]);

/** `dueAt` is the instant from which somebody may ask the feed: its next turn, or the end of the lease on it. */
export const feedItemSchema = z.strictObject({
  ...header("feed"),
  ...feedOf,
  tenantId: tenantIdSchema.optional(),
  shopId: shopIdSchema.optional(),
  /** JSON text, so that every number comes back as it was. Absent until the first page. */
  bookmark: z.string().optional(),
  duePartition: z.string(),
  dueAt: instantSchema,
  /** Who took it last. */
  leaseId: z.string().optional(),
  failures: z.int().nonnegative(),
});

const version = z.int().positive();
export const warehouseItemSchema = z.strictObject({ ...header("warehouse"), version, warehouse: warehouseSchema });
export const addressRulesItemSchema = z.strictObject({
  ...header("address_rules"),
  version,
  rules: addressRulesSchema,
});

/** Which cases' goods have been sent to a warehouse on one of its days; a case counts once. */
export const warehouseDayItemSchema = z.strictObject({
  ...header("warehouse_day"),
  cases: z.set(z.string()),
  expiresAtSeconds: z.number(),
});

export const limitsItemSchema = z.strictObject({ ...header("write_limits"), limits: tenantLimitsSchema });

/** `freeAt` is in epoch milliseconds: when the shop's bucket of writes will be full again. */
export const paceItemSchema = z.strictObject({ ...header("pace"), freeAt: z.number(), expiresAtSeconds: z.number() });

/** What a shop has refunded on one of its days, in one currency, and the marks of what it was charged for. */
export const dayItemSchema = z.strictObject({
  ...header("refund_day"),
  refunds: z.int(),
  amountMinor: z.int(),
  spent: z.set(z.string()).optional(),
  expiresAtSeconds: z.number(),
});

export const privacyRequestItemSchema = z.strictObject({
  ...header("privacy_request"),
  ...end,
  request: privacyRequestSchema,
});

export const inboundKeysItemSchema = z.strictObject({
  ...header("inbound_keys"),
  /** Newest first; ciphertext. */
  keys: z.array(z.strictObject({ keyId: z.string(), sealed: z.instanceof(Uint8Array) })).max(2),
});
export const inboundMarkItemSchema = z.strictObject({ ...header("inbound_mark"), expiresAtSeconds: z.int() });

const label = z.looseObject({ entity: z.string(), schemaVersion: z.int() });

/**
 * Parses an item on its way out. @throws SuiteError `misconfigured` when it has a form that this code does not know; the
 * message names the place, never a value.
 */
export function readItem<T extends z.ZodType>(schema: T, attributes: Attributes): z.output<T> {
  const item: unknown = unmarshall(attributes);
  const known = label.safeParse(item);
  const details = { entity: known.data?.entity, schemaVersion: known.data?.schemaVersion, pk: attributes.pk?.S };
  if (known.data && known.data.schemaVersion !== schemaVersion) {
    const message = `a stored ${known.data.entity} has schemaVersion ${known.data.schemaVersion}; this code reads ${schemaVersion}`;
    throw new SuiteError("misconfigured", message, { details });
  }
  const parsed = schema.safeParse(item);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path, code }) => `${path.join(".") || "item"} (${code})`).slice(0, 5);
  throw new SuiteError("misconfigured", `a stored item is not in the form this code reads: ${places.join(", ")}`, {
    details,
  });
}

/** The case in an image of the table's stream; undefined when it is of something else. @throws SuiteError `misconfigured` */
export function caseOfItem(image: Attributes): Case | undefined {
  return image.entity?.S === "case" ? readItem(caseItemSchema, image).body : undefined;
}

// DynamoDB refuses items over 400 KB; a margin is left for what an update adds.
const largestItemBytes = 350 * 1024;

type WholeItem = z.input<
  | typeof caseItemSchema
  | typeof timelineItemSchema
  | typeof evidenceItemSchema
  | typeof referenceItemSchema
  | typeof authorizationItemSchema
  | typeof rulesItemSchema
  | typeof rulesHistoryItemSchema
  | typeof calendarItemSchema
  | typeof limitsItemSchema
  | typeof privacyRequestItemSchema
  | typeof inboundKeysItemSchema
  | typeof inboundMarkItemSchema
  | typeof warehouseItemSchema
  | typeof addressRulesItemSchema
>;

/** An item that is stored whole, for the engine; absent fields are left out. @throws SuiteError `item_too_large` above 350 KB. */
export function writeItem(item: WholeItem): Attributes {
  const attributes = marshall(item, { removeUndefinedValues: true });
  const bytes = sizeOf({ M: attributes });
  if (bytes > largestItemBytes) {
    const message = `the ${item.entity} would take ${bytes} bytes; at most ${largestItemBytes} are stored`;
    throw new SuiteError("item_too_large", message, {
      details: { entity: item.entity, pk: item.pk, sk: item.sk, bytes },
    });
  }
  return attributes;
}

/**
 * Bytes as DynamoDB counts them: names and values, one more per element and three per container.
 * Source: DynamoDB developer guide, "DynamoDB item sizes and formats".
 */
function sizeOf(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1;
  if (value.B !== undefined) return value.B.length;
  if (value.L) return value.L.reduce((sum, each) => sum + 1 + sizeOf(each), 3);
  if (value.M)
    return Object.entries(value.M).reduce((sum, [name, each]) => sum + 1 + Buffer.byteLength(name) + sizeOf(each), 3);
  return 1;
}
