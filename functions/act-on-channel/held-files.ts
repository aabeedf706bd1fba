import type { ChannelAction } from "#connectors/contract.ts";
import type { Case } from "#shared/case/case.ts";
import type { CommandArgs } from "#shared/case/command.ts";
import type { Evidence, HeldFile } from "#shared/case/evidence.ts";
import type { Refused } from "#shared/case/refused.ts";
import { SuiteError } from "#shared/errors.ts";
import { type Archive, nameOf } from "#shared/evidence/archive.ts";
import type { EvidenceRecords } from "#shared/store/index.ts";

export interface FileDeps {
  evidence: Pick<EvidenceRecords, "get">;
  archive: Pick<Archive, "read" | "link">;
}

export type Held =
  | { ok: true; files: ReadonlyMap<string, HeldFile> }
  | { ok: false; refused: Refused; evidenceId: string };

/**
 * The files that a command names by their ids, as this very case keeps them; nothing is read of them before the connector
 * asks. What cannot be handed on is refused for good: another try would find the same.
 */
export async function heldFiles(
  { evidence: pieces = [] }: CommandArgs,
  action: Pick<ChannelAction<unknown, unknown>, "takesFiles">,
  { tenantId, caseId }: Pick<Case, "tenantId" | "caseId">,
  { evidence, archive }: FileDeps,
): Promise<Held> {
  const files = new Map<string, HeldFile>();
  for (const piece of pieces) {
    if ("url" in piece) continue;
    const { evidenceId } = piece;
    if (!action.takesFiles) return { ok: false, refused: "evidence_by_address_only", evidenceId };
    const record = await evidence.get(tenantId, caseId, evidenceId);
    if (!record) return { ok: false, refused: "evidence_unknown", evidenceId };
    if (record.status !== "kept") return { ok: false, refused: "evidence_not_kept", evidenceId };
    files.set(evidenceId, heldFile(record, archive));
  }
  return { ok: true, files };
}

function heldFile(record: Extract<Evidence, { status: "kept" }>, archive: FileDeps["archive"]): HeldFile {
  const { evidenceId, kind, mediaType, bytes, sha256 } = record;
  return {
    ...{ evidenceId, kind, mediaType, bytes, sha256, name: nameOf(record) },
    async read() {
      const content = await archive.read(record);
      if (content) return content;
      throw new SuiteError("channel_refused", "a file of the evidence is no longer in its bucket: give another one", {
        details: { channelCode: "not sent" },
      });
    },
    link: (forSeconds) => archive.link(record, forSeconds),
  };
}
