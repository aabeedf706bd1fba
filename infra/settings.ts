import { RegionInfo } from "aws-cdk-lib/region-info";
import type { Node } from "constructs";
import * as z from "zod";
import { busScopes } from "#shared/events/case-events.ts";

/** A context value cannot be used. The message says which, and what to set. */
export class SettingInvalid extends Error {}

const yesOrNo = (sentence: string) =>
  z.preprocess(
    (value) => (typeof value === "boolean" ? String(value) : value), // a file gives a boolean, the command line a text
    z.stringbool({ truthy: ["true", "yes"], falsy: ["false", "no"], error: sentence }),
  );

const isRegion = (name: string) => RegionInfo.regions.some((region) => region.name === name);

const settingsSchema = z.object({
  /** Part of every name, so that two deployments fit in one account. */
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,11}$/, "Set `-c stage=` to a short word of small letters and digits, such as dev or prod.")
    .default("dev"),
  account: z
    .string()
    .regex(/^\d{12}$/, "Set `-c account=` to the twelve digits of the AWS account, or leave it out.")
    .optional(),
  region: z
    .string()
    .refine(isRegion, "Set `-c region=` (or AWS_REGION) to an AWS region such as us-east-1 or cn-north-1.")
    .default("us-east-1"),
  /** Lambda's processor. arm64 is a fifth cheaper; x86_64 is for regions without it. */
  architecture: z
    .enum(["arm64", "x86_64"], "Set `-c architecture=` to arm64 (the default) or x86_64.")
    .default("arm64"),
  /** Who is told about alarms. Without it, the topic has no subscriber and the dashboard is all there is. */
  alarmEmail: z.email("Set `-c alarmEmail=` to one e-mail address, such as ops@example.com.").optional(),
  /** Where the runbooks can be read; every alarm ends with the address of its page. Without it, their place in the repository. */
  runbookBaseUrl: z
    .url({
      protocol: /^https?$/,
      error: "Set `-c runbookBaseUrl=` to the web address of the folder docs/runbooks, or leave it out.",
    })
    .optional(),
  /** `fixed` sends calls to channels from one constant address, for channels that allow-list their callers. */
  egress: z
    .enum(["open", "fixed"], "Set `-c egress=` to open (the default) or fixed (a VPC with NAT and a constant address).")
    .default("open"),
  /** Keeps the table, the stacks and what they hold from being deleted by mistake. */
  deletionProtection: yesOrNo("Set `-c deletionProtection=` to true (the default) or false.").default(true),
  /** Ceiling of webhook calls per second; what exceeds it gets 429 and comes again. */
  webhooksPerSecond: z.coerce
    .number("Set `-c webhooksPerSecond=` to a whole number from 1 to 100000.")
    .int("Set `-c webhooksPerSecond=` to a whole number from 1 to 100000.")
    .min(1, "Set `-c webhooksPerSecond=` to at least 1.")
    .max(100_000, "Set `-c webhooksPerSecond=` to at most 100000.")
    .default(1_000),
  /**
   * How often deadlines and feeds are swept. Timers fire to the second all the same, because a sweep queues what falls
   * due before the next one; a delayed message can wait 15 minutes at most.
   */
  sweepMinutes: z.coerce
    .number("Set `-c sweepMinutes=` to a whole number from 1 (the default) to 14.")
    .int("Set `-c sweepMinutes=` to a whole number from 1 to 14.")
    .min(1, "Set `-c sweepMinutes=` to at least 1.")
    .max(14, "Set `-c sweepMinutes=` to at most 14.")
    .default(1),
  /** At least so long between two turns of a feed, for quotas that bear less than a channel's own pace. */
  feedMinutes: z.coerce
    .number("Set `-c feedMinutes=` to a whole number from 0 (the channels' own pace) to 1440.")
    .int("Set `-c feedMinutes=` to a whole number from 0 to 1440.")
    .min(0, "Set `-c feedMinutes=` to at least 0.")
    .max(1440, "Set `-c feedMinutes=` to at most 1440.")
    .default(0),
  /** Whether the bus carries every step of the suite and its clocks, or, cheaper, what became of cases. */
  busScope: z.enum(busScopes, "Set `-c busScope=` to outcomes (the default) or all.").default("outcomes"),
  /**
   * The partner event source that Shopify has made in this account, by its name. With it, Shopify's events arrive over
   * EventBridge; over HTTPS they can arrive all the same.
   */
  shopifyEventSource: z
    .string()
    .regex(
      /^aws\.partner\/shopify\.com\/\d+\/[\w.-]+$/,
      "Set `-c shopifyEventSource=` to the source's name, such as aws.partner/shopify.com/1234567/casebridge, or leave it out.",
    )
    .optional(),
  /** Who says who an operator is. Without it, a Cognito user pool of our own, where the region has Cognito. */
  oidcIssuer: z
    .url({
      protocol: /^https$/,
      error: "Set `-c oidcIssuer=` to the https address of an OpenID Connect issuer, or leave it out.",
    })
    .optional(),
  oidcAudience: z
    .string("Set `-c oidcAudience=` to the audience of tokens for Casebridge at your issuer.")
    .min(1, "Set `-c oidcAudience=` to the audience of tokens for Casebridge at your issuer.")
    .optional(),
  /** Claims of the token that hold the tenant and the role. */
  tenantClaim: z.string().min(1, "Set `-c tenantClaim=` to the name of a claim.").default("custom:tenant"),
  roleClaim: z.string().min(1, "Set `-c roleClaim=` to the name of a claim.").default("custom:role"),
});

const settingsTogether = settingsSchema.refine(({ oidcIssuer, oidcAudience }) => !oidcIssuer || oidcAudience, {
  path: ["oidcAudience"],
  error: "Set `-c oidcAudience=` to the audience of tokens for Casebridge at your issuer.",
});

export type Settings = z.infer<typeof settingsSchema>;
export type SettingName = keyof Settings;

/**
 * The settings of this deployment from CDK context (`-c name=value`). Account and region fall back to what the CDK
 * command line found out.
 * @throws SettingInvalid
 */
export function readSettings(node: Node, environment: NodeJS.ProcessEnv = process.env): Settings {
  const fallback: Partial<Record<SettingName, string | undefined>> = {
    account: environment.CDK_DEFAULT_ACCOUNT || undefined,
    region: environment.CDK_DEFAULT_REGION || environment.AWS_REGION || undefined,
  };
  const given = Object.fromEntries(
    Object.keys(settingsSchema.shape).map((name) => [name, node.tryGetContext(name) ?? fallback[name as SettingName]]),
  );
  const result = settingsTogether.safeParse(given);
  if (result.success) return result.data;
  const sentences = result.error.issues.map(
    ({ path, message }) => `${message} It is ${JSON.stringify(given[String(path[0])])}.`,
  );
  throw new SettingInvalid([...new Set(sentences)].join("\n"));
}
