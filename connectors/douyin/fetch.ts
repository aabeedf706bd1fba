import * as z from "zod";
import type { Notice } from "#shared/case/notice.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import type { RawCase } from "../contract.ts";
import { type DouyinWorld, query } from "./client.ts";

const withCaseId = z.looseObject({
  process_info: z.looseObject({
    after_sale_info: z.looseObject({ after_sale_id: z.union([z.string(), z.int()]).transform(String) }),
  }),
});

/**
 * Reads the one case that a notice points at; none when the channel does not know it. The operation log is not asked
 * for: it holds what people wrote, and we read nothing from it.
 */
export async function fetchCase(notice: Notice, world: DouyinWorld): Promise<RawCase[]> {
  if (notice.subject.kind !== "case") return [];
  const { channelCaseId } = notice.subject;
  try {
    const payload = await query(
      world,
      "/afterSale/Detail",
      { after_sale_id: channelCaseId, need_operation_record: false },
      withCaseId,
    );
    if (payload.process_info.after_sale_info.after_sale_id !== channelCaseId)
      throw new SuiteError("payload_invalid", "the answer is about another case");
    return [{ payload }];
  } catch (error) {
    if (isSuiteError(error, "channel_refused") && isNoSuchCase(error.details.channelCode)) return [];
    throw error;
  }
}

/** A bad id, and "no data". */
function isNoSuchCase(channelCode: unknown): boolean {
  return channelCode === "40004 isv.parameter-invalid:11000" || channelCode === "40004 isv.parameter-invalid:11003";
}
