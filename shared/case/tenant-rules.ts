import * as z from "zod";
import { marketSchema, spanSchema } from "./calendar.ts";
import { actionSchema } from "./command.ts";
import { deadlineKindSchema } from "./deadline.ts";
import { moneySchema } from "./money.ts";
import { pauseSchema } from "./pause.ts";
import { mayChoose } from "./persons-term.ts";
import { rungSchema } from "./rung.ts";
import { caseTypeSchema, goodsStatusSchema } from "./vocabulary.ts";

const id = z.string().regex(/^[a-z][a-z0-9_.]{0,59}$/);
const channelName = z.string().regex(/^[a-z]+$/);
const onlyFor = { channels: z.array(channelName).optional(), types: z.array(caseTypeSchema).optional() };

/** A promise of the merchant's own: how long one step may take. It warns and is counted; no rule ever acts on it. */
export const serviceLevelSchema = z.strictObject({
  id,
  kind: deadlineKindSchema,
  ...onlyFor,
  goods: z.array(goodsStatusSchema).optional(),
  within: spanSchema,
});
export type ServiceLevel = z.infer<typeof serviceLevelSchema>;

/** When a rule may answer before a platform's clock runs out. Refusing is for people. */
export const actRuleSchema = z.strictObject({
  id,
  kind: deadlineKindSchema,
  ...onlyFor,
  /** First levels of the reason code; every reason when left out. */
  reasonGroups: z.array(z.string()).optional(),
  /** Claims above are left to a person. */
  upTo: moneySchema.optional(),
  at: rungSchema.default("last_hour"),
  answer: actionSchema.exclude(["refuse"]),
});
export type ActRule = z.infer<typeof actRuleSchema>;

/** What missing a clock costs: a fixed sum, or a share of what the buyer claims. */
export const breachCostSchema = z.strictObject({
  kind: deadlineKindSchema,
  ...onlyFor,
  cost: z.union([z.strictObject({ fixed: moneySchema }), z.strictObject({ share: z.number().min(0).max(10) })]),
});
export type BreachCost = z.infer<typeof breachCostSchema>;

const parts = {
  levels: z.array(serviceLevelSchema).max(100),
  /** For a case that waits for the merchant with no clock that can be read: there is never silently none. */
  fallbackHours: z.number().positive().max(720),
  /** Rungs before the end of platforms' clocks, and of the merchant's own. */
  ladder: z.strictObject({ platform: z.array(rungSchema).max(10).optional(), own: z.array(rungSchema).max(10) }),
  acts: z.array(actRuleSchema).max(50),
  /** The market by channel, or by `channel:shop` where shops differ. */
  markets: z.record(z.string(), marketSchema),
  /** Markets that have a calendar of the tenant's. */
  calendars: z.array(marketSchema).max(20),
  laws: z.array(z.enum(["EU", "GB", "US", "CN"])),
  /** Published rules that do not hold for this merchant. */
  policiesOff: z.array(z.string().max(60)).max(100),
  pauses: z.array(pauseSchema).max(200),
  breachCosts: z.array(breachCostSchema).max(100),
  /** What one unit of a currency is worth to the merchant, to put cases of several in one order; 1 where not given. */
  worth: z.record(z.string().regex(/^[A-Z]{3}$/), z.number().positive()),
  /** For how many days after its end a case may lead to a person; by channel, or by `channel:shop`. */
  personsForDays: z
    .record(z.string().regex(/^[a-z]+(:[^:#]+)?$/), z.int())
    .refine((chosen) => Object.entries(chosen).every(([place, days]) => mayChoose(place, days)), {
      error: "at least 7 days, and at most what the channel allows: 30 on Amazon, else 365",
    }),
};

/** What a merchant decides about clocks. Everything has a default, so a new tenant need not write any. */
export const tenantRulesSchema = z.strictObject({
  levels: parts.levels.default([]),
  fallbackHours: parts.fallbackHours.default(24),
  ladder: parts.ladder.default({ own: ["four_fifths"] }),
  acts: parts.acts.default([]),
  markets: parts.markets.default({}),
  calendars: parts.calendars.default([]),
  laws: parts.laws.default([]),
  policiesOff: parts.policiesOff.default([]),
  pauses: parts.pauses.default([]),
  breachCosts: parts.breachCosts.default([]),
  worth: parts.worth.default({}),
  personsForDays: parts.personsForDays.default({}),
});
/** Some parts of it, to put in the place of those that are held. A part that is left out stays as it is. */
export const tenantRulePartsSchema = z.strictObject(parts).omit({ calendars: true }).partial();
export type TenantRules = z.infer<typeof tenantRulesSchema>;

export const defaultRules: TenantRules = tenantRulesSchema.parse({
  levels: [
    // Shopify sets no clock on a return: two and three working days until the merchant says otherwise.
    { id: "shopify.respond", kind: "respond", channels: ["shopify"], within: { businessDays: 2 } },
    { id: "shopify.refund", kind: "refund", channels: ["shopify"], within: { businessDays: 3 } },
  ],
});

/**
 * Service levels to start from. Not on by themselves: who has no staff at night would be told of a miss for every
 * evening's case, and stop reading what the platforms' clocks have to say.
 */
export const suggestedLevels: readonly ServiceLevel[] = [
  { id: "first_response", kind: "first_response", within: { openMinutes: 10 } },
  { id: "simple_review", kind: "review", types: ["refund_only", "return_refund"], within: { hours: 2 } },
  { id: "complex_plan", kind: "review", types: ["exchange", "reissue", "repair"], within: { hours: 12 } },
  { id: "inspect", kind: "inspect", goods: ["returned"], within: { hours: 1 } },
  { id: "pay", kind: "pay", goods: ["inspected"], within: { hours: 24 } },
];
