import * as z from "zod";
import { caseIdSchema, tenantIdSchema } from "./ids.ts";
import { instantSchema } from "./instant.ts";
import { evidenceKindSchema } from "./vocabulary.ts";

/** Why a file that a case names was not kept. */
export const evidenceRefusalSchema = z.enum([
  "address_malformed",
  "not_https",
  "host_not_allowed",
  "host_unknown",
  "address_not_public",
  "too_many_redirects",
  "not_there",
  "compressed",
  "too_large",
  "too_slow",
  "empty",
  "type_not_allowed",
]);
export type EvidenceRefusal = z.infer<typeof evidenceRefusalSchema>;

/** Of who showed it and where it stood, so the same file has the same id however often it is read. */
export const evidenceIdSchema = z.string().regex(/^[0-9a-f]{32}$/);

const place = {
  tenantId: tenantIdSchema,
  caseId: caseIdSchema,
  evidenceId: evidenceIdSchema,
  kind: evidenceKindSchema,
  /** Who showed it: `buyer`, `merchant_in_dispute`, … */
  source: z.string().max(64),
  /** When we fetched it, or tried to. */
  receivedAt: instantSchema,
};

/**
 * A picture or video that a case names: kept as it was received, refused with the reason, or erased with the rest of what
 * leads to a person. The address it came from is not kept: it may hold a signature that opens it, and ends anyway.
 */
export const evidenceSchema = z.discriminatedUnion("status", [
  z.strictObject({
    ...place,
    status: z.literal("kept"),
    /** Of the bytes, lower-case hex. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.int().positive(),
    /** Told by the bytes. */
    mediaType: z.string().max(100),
    /** When it was shown or taken, where the channel says so. */
    capturedAt: instantSchema.optional(),
  }),
  z.strictObject({
    ...place,
    status: z.literal("refused"),
    why: evidenceRefusalSchema,
    /** Of the address as it was named; for whoever decides which hosts are allowed. */
    host: z.string().max(253).optional(),
  }),
  z.strictObject({ ...place, status: z.literal("erased") }),
]);
export type Evidence = z.infer<typeof evidenceSchema>;

/** A file that we keep, as it is handed to a connector: what is known of it, and two ways to pass it on. */
export interface HeldFile extends Pick<Kept, "evidenceId" | "kind" | "mediaType" | "bytes" | "sha256"> {
  /** Of the id and the type: it says nothing of a person. */
  readonly name: string;
  /**
   * The bytes, the whole file at once: look at `bytes` first. @throws SuiteError `store_unavailable` (nothing was asked of
   * the channel yet, so it may be repeated), `channel_refused` when the file is no longer there.
   */
  readonly read: () => Promise<Uint8Array>;
  /** An address from which anybody may read it for so long, for channels that fetch files themselves. */
  readonly link: (forSeconds: number) => Promise<string>;
}

type Kept = Extract<Evidence, { status: "kept" }>;
