import * as z from "zod";
import { languageSchema, warehouseSchema } from "#shared/case/address-book.ts";
import { addressRulesSchema } from "#shared/case/address-rules.ts";
import { caseSchema } from "#shared/case/case.ts";
import { channelSchema } from "#shared/case/channel.ts";
import { actionSchema, commandArgsSchema } from "#shared/case/command.ts";
import { deadlineKindSchema, onExpirySchema } from "#shared/case/deadline.ts";
import { evidenceSchema } from "#shared/case/evidence.ts";
import { caseIdSchema, shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { instantSchema } from "#shared/case/instant.ts";
import { moneySchema } from "#shared/case/money.ts";
import { newsSchema } from "#shared/case/news.ts";
import { privacyRequestSchema } from "#shared/case/privacy-request.ts";
import { returnAddressSchema, shopSchema } from "#shared/case/shop.ts";
import { heldStateSchema } from "#shared/case/states.ts";
import { caseTypeSchema, flagSchema, waitingOnSchema } from "#shared/case/vocabulary.ts";
import { roleSchema } from "./role.ts";

// What the operator API takes and gives. Answers are built field by field from these, so that nothing leaves by accident.

export const operatorForm = z.strictObject({ tenantId: tenantIdSchema, personId: z.string(), role: roleSchema });

export const worklistQueryForm = z.strictObject({
  waitingOn: waitingOnSchema.default("merchant").describe("Who must act next."),
  by: z
    .enum(["deadline", "loss"])
    .default("deadline")
    .describe("Nearest due time first, or the largest expected loss first within the 1,000 most urgent cases."),
  channel: channelSchema.optional(),
  shopId: shopIdSchema.optional(),
  state: heldStateSchema.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().max(1000).optional().describe("`next` of the page before."),
});
export type WorklistQuery = z.infer<typeof worklistQueryForm>;

export const worklistRowForm = z.strictObject({
  caseId: caseIdSchema,
  channel: channelSchema,
  shopId: shopIdSchema,
  groupKey: z.string().optional().describe("Joins cases that belong together, e.g. one ticket per unit."),
  type: caseTypeSchema.or(z.literal("unknown")),
  state: heldStateSchema,
  waitingOn: waitingOnSchema,
  deadline: z
    .strictObject({ kind: deadlineKindSchema, dueAt: instantSchema, onExpiry: onExpirySchema })
    .optional()
    .describe("The merchant's nearest clock that still runs."),
  claimed: moneySchema.optional(),
  expectedLoss: moneySchema
    .optional()
    .describe(
      "What its clocks are expected to cost as of now: the cost of a miss by the share of the time that has passed.",
    ),
  flags: z.array(flagSchema),
  tasks: z.int().nonnegative().describe("Open tasks for a person."),
  proposed: z.array(z.string()).describe("Ids of commands that wait for a person's yes."),
  openedAt: instantSchema,
});
export type WorklistRow = z.infer<typeof worklistRowForm>;

export const privacyRequestsForm = z.strictObject({
  requests: z.array(
    z.strictObject({
      ...privacyRequestSchema.omit({ tenantId: true }).shape,
      status: privacyRequestSchema.shape.status.describe(
        "`ready`: a person must hand the cases out to the shop's owner.",
      ),
    }),
  ),
});

export const worklistForm = z.strictObject({
  cases: z.array(worklistRowForm),
  next: z.string().optional().describe("Cursor of the next page; a page may be short and still have a next one."),
});

export const storyEntryForm = z.strictObject({
  revision: z.int().positive(),
  position: z.int().nonnegative(),
  news: newsSchema,
});

/** What became of a file that the case shows. A union of strict objects cannot be extended, so the link stands beside it. */
export const shownEvidenceForm = z.strictObject({
  evidence: evidenceSchema,
  link: z.url().optional().describe("Opens a file that is kept, for five minutes."),
});

export const caseForm = z.strictObject({
  case: caseSchema.omit({ news: true }),
  timeline: z.array(storyEntryForm).describe("By time; the newest 1,000 entries."),
  factsHash: z.string().describe("Of the facts shown; to be given back when an unclear command is sent again."),
  consoleLink: z.url().optional().describe("The page of the channel's console where a person handles this case."),
  restOfRequest: z
    .array(worklistRowForm)
    .describe("The other cases of the same request of the buyer, where the channel keeps it in parts."),
  evidence: z.array(shownEvidenceForm).describe("The pictures and videos that the case shows."),
});

export const foundForm = z.strictObject({ cases: z.array(worklistRowForm) });

/** As the model has it, but what a person types must be above zero; the rest is checked against the case. */
export const commandForm = z.strictObject({
  action: actionSchema,
  args: commandArgsSchema
    .extend({ amount: moneySchema.extend({ amountMinor: z.int().positive() }).optional() })
    .prefault({}),
  decidedOnVersion: z
    .int()
    .nonnegative()
    .optional()
    .describe("`versions.case.version` of the case as it was shown; refused if the channel has changed it since."),
  wholeRequest: z
    .boolean()
    .default(false)
    .describe("The same on every case of the buyer's request. Amounts and waybills are given case by case."),
});

export const resendForm = z.strictObject({
  seenFactsHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe("`factsHash` of the case as it was shown."),
});

export const commandIdForm = z.string().regex(/^[a-z_]+-\d+$/);
const commandTaken = { caseId: caseIdSchema, commandId: z.string(), status: z.string() };
/** `refused` is the reason where this case does not allow it. */
export const otherAnswerForm = z.union([
  z.strictObject(commandTaken),
  z.strictObject({ caseId: caseIdSchema, refused: z.string() }),
]);
export const commandAnswerForm = z.strictObject({
  ...commandTaken,
  others: z.array(otherAnswerForm).optional().describe("With `wholeRequest`: what became of it on each other case."),
});

export const shopPlaceForm = z.strictObject({ channel: channelSchema, shopId: shopIdSchema });
export const shopForm = shopSchema.omit({ tenantId: true });
export const shopsForm = z.strictObject({ shops: z.array(shopForm) });
export const shopModeForm = shopSchema.pick({ mode: true });

const version = z.int().nonnegative();
const replaces = version.describe(
  "The version that was shown, 0 where there was none; refused if there is a newer one.",
);
export const addressForm = z.strictObject({ version, warehouse: warehouseSchema });
export const addressesForm = z.strictObject({
  addresses: z.array(addressForm),
  links: z
    .array(
      z.strictObject({
        ...shopPlaceForm.shape,
        linked: z.array(z.strictObject({ addressId: z.string(), platformId: z.string() })),
        lost: z.array(z.string()).describe("Warehouses whose id the channel no longer lists."),
        unlinked: z.array(returnAddressSchema).describe("What the channel lists and no warehouse stands for."),
      }),
    )
    .describe("The book beside what each shop's channel lists."),
});
export const addressPlaceForm = warehouseSchema.pick({ addressId: true });
export const startAuthorizationForm = z.strictObject({
  channel: channelSchema,
  shopId: shopIdSchema.optional().describe("A shop that is to grant anew: then no other is taken."),
  asked: z
    .record(z.string().regex(/^[a-z0-9_]{1,32}$/), z.string().max(200))
    .default({})
    .describe(
      "What the channel must know first, such as Shopify's `shop`; a wrong one is answered with what is asked.",
    ),
});
export const authorizationLinkForm = z.strictObject({
  url: z
    .url()
    .describe("For the browser of whoever has the shop's account. It is as good as a key until a shop is connected."),
  expiresAt: instantSchema,
});

export const putAddressForm = z.strictObject({ replaces, warehouse: warehouseSchema.omit({ addressId: true }) });
export const savedAddressRulesForm = z.strictObject({ version, rules: addressRulesSchema });
export const putAddressRulesForm = z.strictObject({ replaces, rules: addressRulesSchema });

export const instructionsQueryForm = z.strictObject({
  language: languageSchema.optional().describe("Left out: the language of the buyer's market."),
});
export const instructionsForm = z.strictObject({
  found: z.boolean().describe("False where no warehouse can take the goods, or the book is empty."),
  passedOver: z.array(z.strictObject({ addressId: z.string(), why: z.string() })),
  addressId: z.string().optional(),
  platformId: z.string().optional().describe("The channel's own id, where it lists the warehouse."),
  rule: z.string().optional(),
  language: languageSchema.optional(),
  text: z.string().optional().describe("Ready for the buyer, a line each."),
});
