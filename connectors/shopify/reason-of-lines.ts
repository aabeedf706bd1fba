import type { Facts } from "#shared/case/observation.ts";
import type { ReturnLine } from "./schema.ts";
import { reasonCodes } from "./status.ts";

type Reason = Facts["reason"];

/**
 * The reason of a return, which Shopify keeps per line: the first line's that we know, else the first. `mixed` when
 * lines differ, because who is responsible then differs too. What the buyer wrote is not read.
 */
export function reasonOfLines(lines: readonly ReturnLine[]): { reason: Reason; mixed: boolean } {
  const all = lines.map(reasonOfLine);
  const reason = all.find(({ code }) => code !== "unknown") ?? all[0] ?? { code: "unknown", rawCode: "" };
  return { reason, mixed: new Set(all.map(({ code }) => code)).size > 1 };
}

/** The handle of the reason library; the older enum only where a line has no handle. */
function reasonOfLine({ returnReasonDefinition: definition, returnReason }: ReturnLine): Reason {
  const rawCode = definition?.handle ?? returnReason ?? "";
  const code = Object.hasOwn(reasonCodes, rawCode) ? reasonCodes[rawCode] : undefined;
  return { code: code ?? "unknown", rawCode, ...(definition?.name ? { rawText: definition.name } : {}) };
}
