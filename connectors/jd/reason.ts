import type { Facts } from "#shared/case/observation.ts";
import type { Bill, RefundApply } from "./schema.ts";
import { reasonWords } from "./status.ts";

type Reason = Facts["reason"];

/** The ticket's question type, two levels with the channel's own names. The buyer's description is not carried over. */
export function ticketReason(bill: Bill): Reason {
  const names = [bill.questionTypeCid2Name, bill.questionTypeCid1Name].filter((name) => name !== undefined);
  const rawCode = [bill.questionTypeCid1, bill.questionTypeCid2].filter((code) => code !== undefined).join("/");
  const code = names.map(codeOf).find((found) => found !== undefined) ?? "unknown";
  return { code, rawCode, ...(names[0] && { rawText: names[0].slice(0, 200) }) };
}

/** An application has words only. They are kept where they are ones we know, because a buyer may have written others. */
export function refundReason({ reason }: RefundApply): Reason {
  const code = reason === undefined ? undefined : codeOf(reason);
  return { code: code ?? "unknown", rawCode: "", ...(code && reason && reason.length <= 30 && { rawText: reason }) };
}

function codeOf(words: string): Reason["code"] | undefined {
  return reasonWords.find(([pattern]) => pattern.test(words))?.[1];
}
