import { XMLParser } from "fast-xml-parser";
import * as z from "zod";

const text = z.string().optional();
const resultSchema = z.object({
  AmazonEnvelope: z.object({
    Message: z.array(
      z.looseObject({
        ProcessingReport: z
          .looseObject({
            Result: z
              .array(
                z.looseObject({
                  ResultCode: text,
                  ResultMessageCode: text,
                  ResultDescription: text,
                  AdditionalInfo: z.unknown().optional(),
                }),
              )
              .optional(),
          })
          // An element without content is read as no text.
          .or(z.literal("").transform(() => undefined))
          .optional(),
      }),
    ),
  }),
});
const about = z.looseObject({ AmazonOrderID: z.string() });
const parser = new XMLParser({ parseTagValue: false, isArray: (name) => name === "Result" || name === "Message" });

/** One message of a feed that was not carried out. */
export interface FailedMessage {
  /** Named by most results, not by all. */
  orderId: string | undefined;
  /** Amazon's code and words, short, and without what could be an address or a number of somebody. */
  reason: string;
}

/** The results that are errors, a warning was carried out; undefined for a text that is no processing report. */
export function errorsIn(report: string): FailedMessage[] | undefined {
  const parsed = resultSchema.safeParse(parsedOr(report));
  if (!parsed.success) return undefined;
  const results = parsed.data.AmazonEnvelope.Message.flatMap((each) => each.ProcessingReport?.Result ?? []);
  return results
    .filter(({ ResultCode }) => ResultCode === "Error")
    .map(({ AdditionalInfo, ResultMessageCode, ResultDescription }) => ({
      orderId: about.safeParse(AdditionalInfo).data?.AmazonOrderID,
      reason: harmless([ResultMessageCode, ResultDescription].filter(Boolean).join(": ") || "no reason given"),
    }));
}

/** The orders of the results that are errors. */
export function failuresIn(report: string): string[] {
  return [...new Set((errorsIn(report) ?? []).flatMap(({ orderId }) => orderId ?? []))];
}

function parsedOr(report: string): unknown {
  try {
    return parser.parse(report);
  } catch {
    return undefined;
  }
}

function harmless(words: string): string {
  const plain = words
    .replace(/\s+/g, " ")
    .replace(/\S+@\S+/g, "(…)")
    .replace(/\+?\d[\d ()/-]{8,}\d/g, numberOrOrder);
  return plain.trim().slice(0, 200);
}

/** An order's own number names nobody. */
function numberOrOrder(digits: string): string {
  return /^\d{3}-\d{7}-\d{7}$/.test(digits) ? digits : "(…)";
}
