import { createHash } from "node:crypto";
import type { EvidenceLink } from "#connectors/contract.ts";
import { rereadNotice } from "#connectors/session/reread.ts";
import { openSession, type SessionDeps } from "#connectors/session/session.ts";
import type { Case } from "#shared/case/case.ts";
import type { Evidence } from "#shared/case/evidence.ts";
import type { CaseId, TenantId } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import { SuiteError } from "#shared/errors.ts";
import type { Archive } from "#shared/evidence/archive.ts";
import type { Download, DownloadLimits } from "#shared/evidence/download.ts";
import { log } from "#shared/log.ts";
import type { Cases, EvidenceRecords } from "#shared/store/index.ts";

export interface Deps extends SessionDeps {
  cases: Pick<Cases, "get">;
  evidence: Pick<EvidenceRecords, "put" | "list">;
  archive: Pick<Archive, "put" | "erase">;
  download: (url: string, limits: DownloadLimits) => Promise<Download>;
}

/** What a merchant's people look at. No SVG, no PDF: they may hold scripts. */
const mediaTypes = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "video/mp4", "video/quicktime"];
const limits = { maxBytes: 30_000_000, timeoutMs: 10_000, mediaTypes };
/** More are named by no channel; whoever names more wants us busy. */
const mostFiles = 16;

/**
 * Fetches what a case shows into the bucket of evidence, once each, and writes down what became of each file: kept with its
 * hash, or refused with the reason. Their addresses are asked of the channel anew, because they end soon. Of a case that has
 * been redacted, what was kept is erased. Safe to repeat: what is kept is not fetched again, what was refused is.
 * @throws SuiteError `case_not_found`; what a session throws; `channel_unavailable` when a file could not be read for now.
 */
export async function captureEvidence(
  { tenantId, caseId }: { tenantId: TenantId; caseId: CaseId },
  deps: Deps,
): Promise<void> {
  const subject = await current({ tenantId, caseId }, deps);
  if (subject.redactedAt !== undefined) return erase(subject, deps);
  const { evidence, fetch } = deps.connectorOf(subject.channel);
  if (!evidence || !fetch || subject.facts.evidence.length === 0) return;

  const session = await openSession(subject, deps);
  const { links, hosts } = await session.call(async (world) => ({
    hosts: evidence.hosts(world.app),
    links: (await fetch(rereadNotice(subject, "evidence"), world)).flatMap((raw) => evidence.of(raw)),
  }));
  const known = await deps.evidence.list(tenantId, caseId);
  const kept = new Set(known.filter(({ status }) => status !== "refused").map(({ evidenceId }) => evidenceId));
  const open = named(links).filter(({ evidenceId }) => !kept.has(evidenceId));
  if (open.length > mostFiles) log.warn("a case shows more files than are fetched", { caseId, files: open.length });

  let unread: unknown;
  for (const file of open.slice(0, mostFiles)) {
    try {
      await capture(file, subject, hosts, deps);
    } catch (fault) {
      // One server that fails does not keep the others' files from being fetched while their links live.
      unread = fault;
    }
  }
  // It may have been redacted while its files came in.
  const now = await current({ tenantId, caseId }, deps);
  if (now.redactedAt !== undefined) await erase(now, deps);
  if (unread !== undefined) throw unread;
}

async function current({ tenantId, caseId }: Pick<Case, "tenantId" | "caseId">, { cases }: Deps): Promise<Case> {
  const subject = await cases.get(tenantId, caseId);
  if (!subject) throw new SuiteError("case_not_found", "there is no such case", { details: { caseId } });
  return subject;
}

type Named = EvidenceLink & { evidenceId: string };

/**
 * The same file has the same id however often the case is read: what changes from reading to reading is the signature in
 * the query of its address. Files that only their queries tell apart are told apart by their order.
 */
function named(links: readonly EvidenceLink[]): Named[] {
  const times = new Map<string, number>();
  return links.map((link) => {
    const place = URL.canParse(link.url) ? new URL(link.url).host + new URL(link.url).pathname : link.url;
    const nth = (times.get(`${link.source}|${place}`) ?? 0) + 1;
    times.set(`${link.source}|${place}`, nth);
    const whole = JSON.stringify([link.source, place, nth]);
    return { ...link, evidenceId: createHash("sha256").update(whole).digest("hex").slice(0, 32) };
  });
}

async function capture(file: Named, subject: Case, hosts: readonly string[], deps: Deps): Promise<void> {
  const got = await deps.download(file.url, { ...limits, hosts });
  const { evidenceId, kind, source, capturedAt } = file;
  const { tenantId, caseId } = subject;
  const place = { tenantId, caseId, evidenceId, kind, source, receivedAt: instant(deps.clock.now()) };
  if (!got.ok) {
    const host = URL.canParse(file.url) ? new URL(file.url).hostname.slice(0, 253) : undefined;
    log.warn("evidence refused", { caseId, evidenceId, why: got.why, host });
    await deps.evidence.put({ ...place, status: "refused", why: got.why, ...(host && { host }) });
    return;
  }
  const { sha256, mediaType, bytes } = got;
  const record: Evidence & { status: "kept" } = {
    ...place,
    status: "kept",
    ...{ sha256, mediaType, bytes: bytes.length },
    ...(capturedAt && { capturedAt }),
  };
  // The file first: a record without its file would be a promise that nobody can keep.
  await deps.archive.put(record, bytes);
  await deps.evidence.put(record);
  log.info("evidence kept", { caseId, evidenceId, bytes: bytes.length });
}

async function erase({ tenantId, caseId }: Case, { evidence, archive, clock }: Deps): Promise<void> {
  for (const each of await evidence.list(tenantId, caseId)) {
    // The file first, and again if this is a repetition: the record says that it is done.
    await archive.erase(each);
    const { evidenceId, kind, source } = each;
    const receivedAt = instant(clock.now());
    await evidence.put({ tenantId, caseId, evidenceId, kind, source, receivedAt, status: "erased" });
  }
}
