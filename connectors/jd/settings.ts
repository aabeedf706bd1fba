import * as z from "zod";
import { instantSchema } from "#shared/case/instant.ts";

/** Where the channel answers. A relay inside the channel's own cloud is a gateway like any other: give its address. */
export const gateways = {
  api: "https://api.jd.com/routerjson",
  oauth: "https://open-oauth.jd.com/oauth2",
} as const;

const address = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));

/** Our app on the channel. */
export const appSchema = z.strictObject({
  appKey: z.string().regex(/^[0-9A-Za-z]{8,64}$/),
  appSecret: z.string().min(16).max(128),
  gateway: address.default(gateways.api),
  oauth: address.default(gateways.oauth),
  /** `modified` is in the newest SDK only; `applied` asks by time of application and leaves changes to the sweep. */
  refundWindow: z.enum(["modified", "applied"]).default("modified"),
});
export type JdApp = z.infer<typeof appSchema>;

const code = z.int().nonnegative();

/** What the unpack report states in numbers. The tables are not public: read them off the shop's own reports. */
export const receiveCodesSchema = z.strictObject({
  packingState: code,
  qualityState: code,
  invoiceRecord: code,
  judgmentReason: code,
  accessoryOrGift: code,
  appearanceState: code,
});

/** What nobody outside the channel has confirmed is off until the merchant has seen it work on one real ticket. */
export const switchesSchema = z.strictObject({
  /** Pays for a received return by `afsRefundApply`. Its argument codes are not published. */
  refundByApi: z.boolean().default(false),
  /** Whose address fills the `return…` block of an agreement: by its vocabulary the buyer's own, as on the ticket. */
  returnBlock: z.enum(["buyer", "shop"]).default("buyer"),
  /** The ticket's after-sales contact is what the buyer is shown, so nobody need check it case by case. */
  addressIsShown: z.boolean().default(false),
  /** Repeats the return address to the buyer with the reminder to ship. */
  remindWithAddress: z.boolean().default(false),
  /** Refuses a ticket whose buyer was asked and does not answer by cancelling it; nobody has confirmed that it is taken then. */
  cancelUnanswered: z.boolean().default(false),
  /** Reads whether an order has left; the order calls may be closed to apps outside the channel's own cloud. */
  readOrders: z.boolean().default(false),
});

/** A warehouse of the channel's own, by the numbers that its console shows for the shop. */
export const channelStockSchema = z.strictObject({
  deliveryCenterId: code,
  deliveryCenterName: z.string().min(1).max(50),
  storeId: code,
});

/**
 * What one shop has granted, and how it wants to be served. It is connected with the code from the consent page; tokens
 * can be renewed only in the last 24 hours of their life.
 */
export const credentialsSchema = z
  .strictObject({
    code: z.string().min(1).max(256).optional(),
    accessToken: z.string().min(1).max(256).optional(),
    refreshToken: z.string().min(1).max(256).optional(),
    /** When the access token ends. */
    expiresAt: instantSchema.optional(),
    /** The account that stands in the channel's log for what we read and do. */
    operatePin: z.string().min(1).max(50).default("casebridge"),
    /** `approveReasonCid1` of an agreement that names no reason of its own. */
    agreeReason: code.optional(),
    switches: switchesSchema.default(switchesSchema.parse({})),
    /** Unpack reports by condition of the goods: `intact`, `damaged`, … Without one, a person registers the parcel. */
    receiveCodes: z.record(z.string().regex(/^[a-z_]{1,32}$/), receiveCodesSchema).default({}),
    /** `opFlag` of a replacement sent outside the channel; without it, a person enters the waybill. */
    replacementOpFlag: code.optional(),
    /** Where the shop's goods lie with the channel: replacements then go out from there by call, without a waybill of ours. */
    channelStock: channelStockSchema.optional(),
  })
  .refine((given) => given.code || given.accessToken, { error: "needs the code from the consent page, or a token" });
export type JdCredentials = z.infer<typeof credentialsSchema>;
