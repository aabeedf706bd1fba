import * as z from "zod";
import type { Case } from "#shared/case/case.ts";
import type { Command } from "#shared/case/command.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { command as ask, type DouyinWorld, type Params, query } from "./client.ts";
import { codesOf, isActionable } from "./operate.ts";
import { refusedHere } from "./refused-here.ts";
import type { DouyinCredentials } from "./settings.ts";

type Rule = keyof NonNullable<DouyinCredentials["refundRules"]>;

const paths: Readonly<Record<Rule, string>> = {
  shipmentStopped: "/afterSale/CancelSendGoodsSuccess",
  goodsBookedIn: "/afterSale/returnGoodsToWareHouseSuccess",
};

/** What of the case these calls need, read anew: they take no version, so it is compared here. */
const nowSchema = z.object({
  process_info: z.object({
    after_sale_info: z.object({ update_time: z.int() }),
    logistics_info: z
      .object({
        return: z.object({ tracking_no: z.string().nullish(), company_code: z.string().nullish() }).nullish(),
      })
      .nullish(),
  }),
});

/**
 * The shop's own rule in the channel's console that pays this case once it is told of the goods; undefined where there is
 * none, or the shop has not said that it is switched on. The agreement then goes as the report, and the channel's robot
 * pays. Source: https://op.jinritemai.com/docs/api-docs/17 (both calls), by copy, read 2026-11-25; which cases each rule
 * covers is inferred.
 */
export function refundRuleFor(subject: Case, { refundRules }: DouyinCredentials): Rule | undefined {
  const { caseType, status } = codesOf(subject);
  if (!isActionable(subject)) return undefined;
  if (refundRules?.shipmentStopped && caseType === 2 && status === 6) return "shipmentStopped";
  return refundRules?.goodsBookedIn && caseType === 0 && status === 11 ? "goodsBookedIn" : undefined;
}

/**
 * Tells the channel that the shipment was stopped, or that the returned goods are booked in.
 * @throws SuiteError `case_changed` when the case has moved on or another automatic refund took it, `channel_refused` with
 * `manualOnly` when the rule is not switched on in the console; else as a write does.
 */
export async function report(
  rule: Rule,
  { subject, command }: { subject: Case; command: Command },
  world: DouyinWorld,
): Promise<void> {
  const { process_info: current } = await query(
    world,
    "/afterSale/Detail",
    { after_sale_id: subject.channelCaseId, need_operation_record: false },
    nowSchema,
  );
  if (current.after_sale_info.update_time !== command.decidedOnVersion)
    throw new SuiteError("case_changed", "the case has changed since it was decided on");
  const told = { aftersale_id: subject.channelCaseId, op_time: Math.floor(world.now.getTime() / 1000) };
  const params: Params = rule === "goodsBookedIn" ? { ...told, ...parcelOf(current, command) } : told;
  try {
    await ask(world, paths[rule], params, z.unknown());
  } catch (error) {
    throw meaningOf(error);
  }
}

/** The parcel that the warehouse has opened: what the person says, else what the buyer has entered. */
function parcelOf({ logistics_info: logistics }: z.infer<typeof nowSchema>["process_info"], { args }: Command): Params {
  const tracking = args.trackingNo ?? logistics?.return?.tracking_no;
  const company = args.carrier ?? logistics?.return?.company_code;
  if (!tracking || !company) throw refusedHere("the returned parcel's carrier code or tracking number is missing");
  return { tracking_no: tracking, logistics_company_code: company };
}

/** Numbers that mean something else in other calls. */
function meaningOf(error: unknown): unknown {
  if (!isSuiteError(error, "channel_refused")) return error;
  const { details } = error;
  if (details.channelCode === "50002 isv.business-failed:12001")
    return new SuiteError("case_changed", "another automatic refund has taken the case", { details, cause: error });
  if (details.channelCode !== "50002 isv.business-failed:11002") return error;
  const says =
    "Switch the refund rule on in the merchant's console, or take it out of the shop's `refundRules`; agree to the refund in the console.";
  return new SuiteError("channel_refused", says, { details: { ...details, manualOnly: true }, cause: error });
}
