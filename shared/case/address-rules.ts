import * as z from "zod";
import { categorySchema, regionSchema, warehouseIdSchema } from "./address-book.ts";
import { marketSchema } from "./calendar.ts";
import { caseTypeSchema } from "./vocabulary.ts";

/** A SKU, or the beginning of some: `SHOE-*`. */
const skuPatternSchema = z.string().regex(/^[^*]{1,100}\*?$/);

/** Where goods go that fit all that a rule names; what it does not name is not asked. */
export const addressRuleSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_.-]{0,59}$/),
  channels: z.array(z.string().regex(/^[a-z]+$/)).optional(),
  /** `channel:shop` */
  shops: z.array(z.string().max(150)).optional(),
  markets: z.array(marketSchema).optional(),
  categories: z.array(categorySchema).optional(),
  skus: z.array(skuPatternSchema).max(200).optional(),
  /** Codes such as `quality.defect`, or their first level alone. */
  reasons: z.array(z.string().max(60)).optional(),
  types: z.array(caseTypeSchema).optional(),
  /** Where the buyer is. */
  regions: z.array(regionSchema).optional(),
  /** The first of these that can take the goods, or whichever is nearest to the buyer. */
  to: z.array(warehouseIdSchema).min(1).max(10).or(z.literal("nearest")),
});
export type AddressRule = z.infer<typeof addressRuleSchema>;

/** A merchant's decisions about where goods come back to, in the order in which they are asked. */
export const addressRulesSchema = z
  .strictObject({
    rules: z.array(addressRuleSchema).max(200).default([]),
    /** What a SKU is; the first that fits. */
    categories: z
      .array(z.strictObject({ category: categorySchema, skus: z.array(skuPatternSchema).min(1) }))
      .max(200)
      .default([]),
    /** Where goods go that no rule names. */
    usual: warehouseIdSchema.optional(),
  })
  .refine(({ rules }) => new Set(rules.map(({ id }) => id)).size === rules.length, "two rules have the same id");
export type AddressRules = z.infer<typeof addressRulesSchema>;

export const noAddressRules: AddressRules = { rules: [], categories: [] };

export function skuFits(pattern: string, sku: string): boolean {
  return pattern.endsWith("*") ? sku.startsWith(pattern.slice(0, -1)) : sku === pattern;
}
