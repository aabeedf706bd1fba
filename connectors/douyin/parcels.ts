import * as z from "zod";
import type { Case } from "#shared/case/case.ts";
import type { CommandArgs } from "#shared/case/command.ts";
import { isByPerson } from "#shared/case/command.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import type { ActionRequest, ChannelAction } from "../contract.ts";
import { command as ask, type DouyinWorld, query } from "./client.ts";
import { given, int64 } from "./given.ts";
import { codesOf, isActionable } from "./operate.ts";
import { refusedHere } from "./refused-here.ts";
import { interceptAnswerSchema, outboundSchema } from "./schema.ts";
import type { DouyinApp, DouyinCredentials } from "./settings.ts";

type DouyinAction = ChannelAction<DouyinApp, DouyinCredentials>;

// Both calls take no version, so the state is only checked by the reading before them.

/** `send_type` of a return that the merchant enters. */
const forBuyer = 3;
const waitsForParcel = 7;
/** `after_sale_type` of a return and of an exchange; a repair is documented under another number, with less certainty. */
const returning: readonly number[] = [0, 3];
const byHand =
  "Enter the parcel by which the goods come back in the merchant's console: the channel does not take it from us here.";
const notHere = "50002 isv.business-failed:19009";

/**
 * Enters the parcel of a return that the buyer has not entered. The channel documents it for goods that are fetched, such as
 * by supermarkets, and says no to others by a number of its own; a person can try in the console.
 * Source: https://op.jinritemai.com/docs/api-docs/17 (fillLogistics), by copy, read 2026-11-25.
 */
export const fillReturnWaybill: DouyinAction = {
  needs: ["carrier", "trackingNo"],
  offered: (subject) => {
    const { caseType, status } = codesOf(subject);
    const isWaiting = isActionable(subject) && returning.includes(caseType) && status === waitsForParcel;
    return isWaiting ? { offered: true } : { offered: false, task: byHand };
  },
  send: async ({ subject, command: { args } }, world) => {
    const params = {
      aftersale_id: int64(subject.channelCaseId, "case id"),
      send_type: forBuyer,
      company_code: given(args.carrier, "carrier"),
      tracking_no: given(args.trackingNo, "trackingNo"),
    };
    try {
      await ask(world, "/afterSale/fillLogistics", params, z.unknown());
    } catch (error) {
      if (!isSuiteError(error, "channel_refused") || error.details.channelCode !== notHere) throw error;
      throw new SuiteError("channel_refused", byHand, {
        details: { ...error.details, manualOnly: true },
        cause: error,
      });
    }
  },
};

/** `op_from`: the merchant asks. */
const byMerchant = 1;
const refunds: readonly number[] = [1, 2];
/** Asked for, agreed to, refused: the document names no status, and at the others no parcel goes to the buyer (C). */
const interceptedAt: readonly number[] = [6, 12, 27];

/**
 * Has the carrier turn round the parcel on its way to the buyer: the one that is named, else all that the order has. The
 * channel takes it between pick-up and delivery and answers by parcel; what it costs is not known before, so only a person
 * may ask. Source: https://op.jinritemai.com/docs/api-docs/17 (applyLogisticsIntercept), by copy, read 2026-11-25.
 */
export const interceptParcel: DouyinAction = {
  offered: (subject) =>
    isOnItsWay(subject)
      ? { offered: true }
      : { offered: false, task: "The channel intercepts only what is on its way to the buyer: ask the carrier." },
  send: async (request, world) => {
    const { subject, command } = request;
    if (!isByPerson(command)) throw refusedHere("only a person may have a parcel intercepted: it costs");
    const params = {
      after_sale_id: int64(subject.channelCaseId, "case id"),
      op_from: byMerchant,
      intercept_targets: await targetsOf(request, world),
    };
    const answer = await ask(world, "/afterSale/applyLogisticsIntercept", params, interceptAnswerSchema);
    judge(answer);
  },
};

/** A refund before shipment too: the parcel may have left since the buyer asked. Where it is, the channel knows best. */
function isOnItsWay(subject: Case): boolean {
  const { caseType, status } = codesOf(subject);
  const hasArrived = subject.facts.goods.status === "with_buyer";
  return isActionable(subject) && refunds.includes(caseType) && interceptedAt.includes(status) && !hasArrived;
}

interface Target {
  readonly [name: string]: string;
  company_code: string;
  tracking_no: string;
}

/** The case is read anew: it says which parcels there are, and whether it is still the one that was decided on. */
async function targetsOf({ subject, command }: ActionRequest, world: DouyinWorld): Promise<Target[]> {
  const detail = { after_sale_id: subject.channelCaseId, need_operation_record: false };
  const { process_info: now } = await query(world, "/afterSale/Detail", detail, outboundSchema);
  if (now.after_sale_info.update_time !== command.decidedOnVersion)
    throw new SuiteError("case_changed", "the case has changed since it was decided on");
  const parcels = (now.logistics_info?.order ?? []).flatMap(({ company_code, tracking_no }) =>
    company_code && tracking_no ? [{ company_code, tracking_no }] : [],
  );
  const targets = chosen(command.args, parcels);
  if (targets.length === 0) throw refusedHere("the order has no such parcel: there is nothing to intercept");
  return targets;
}

/** A tracking number that is not the order's is not asked for: it would turn round somebody else's parcel. */
function chosen({ trackingNo }: CommandArgs, parcels: readonly Target[]): Target[] {
  return parcels.filter(({ tracking_no }) => trackingNo === undefined || tracking_no === trackingNo);
}

/** @throws SuiteError `channel_refused` unless every parcel was turned round; a person looks when only some were. */
function judge({ intercept_results: results, failed_count: failures }: z.infer<typeof interceptAnswerSchema>): void {
  const failed = results?.filter(({ is_success: isDone }) => !isDone) ?? [];
  const failedCount = results ? failed.length : (failures ?? 0);
  if (failedCount === 0) return;
  const details = { channelCode: `intercept ${failed[0]?.unavailable_reason_code ?? "unknown"}`, failed: failedCount };
  if (results && failedCount < results.length) {
    const says = "The carrier turns round only some of the parcels: look at the order in the merchant's console.";
    throw new SuiteError("channel_refused", says, { details: { ...details, manualOnly: true } });
  }
  throw new SuiteError("channel_refused", "the parcel cannot be intercepted any more, or not yet", { details });
}
