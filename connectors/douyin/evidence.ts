import type { EvidenceLink, NamedEvidence } from "../contract.ts";
import { type Detail, detailSchema } from "./schema.ts";
import type { DouyinApp } from "./settings.ts";

/** The platform's picture servers. Its documents name none: these are from memory, and a refusal names the host it met. */
const pictureHosts = [".byteimg.com", ".ecombdimg.com", ".douyinpic.com"];

/** Pictures that a case shows: at most eight of the buyer, and those handed in for the arbitration. Their links end soon. */
export const evidence: NamedEvidence<DouyinApp> = {
  hosts: ({ evidenceHosts = pictureHosts }) => evidenceHosts,
  of: ({ payload }) => {
    const parsed = detailSchema.safeParse(payload);
    return parsed.success ? linksOf(parsed.data) : [];
  },
};

function linksOf({ process_info: { after_sale_info: info, arbitrate_info: arbitration } }: Detail): EvidenceLink[] {
  return [...photos(info.evidence, "buyer"), ...photos(arbitration?.arbitrate_evidence?.images, "merchant_in_dispute")];
}

function photos(addresses: readonly unknown[] | null | undefined, source: string): EvidenceLink[] {
  const texts = (addresses ?? []).filter((address) => typeof address === "string");
  return texts.map((url) => ({ url, kind: "photo", source }));
}
