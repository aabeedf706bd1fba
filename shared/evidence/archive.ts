import { createHash } from "node:crypto";
import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { Evidence } from "#shared/case/evidence.ts";
import { SuiteError } from "#shared/errors.ts";

type Place = Pick<Evidence, "tenantId" | "caseId" | "evidenceId">;
type Kept = Extract<Evidence, { status: "kept" }>;

export interface Archive {
  /** Stores the bytes; S3 refuses them when they do not have that hash. Safe to repeat. */
  put(file: Kept, bytes: Buffer): Promise<void>;
  /** Takes the file away, one that is not there as well. */
  erase(place: Place): Promise<void>;
  /**
   * The bytes that were stored; undefined when they are no longer there, or are others than those.
   * @throws SuiteError `store_unavailable`
   */
  read(file: Kept): Promise<Buffer | undefined>;
  /** A link that opens the file for so long and is saved, never shown in the page, by a browser. */
  link(file: Kept, forSeconds: number): Promise<string>;
}

/** The bucket of evidence. A case's id may hold what an object's name should not, so its hash stands for it. */
export function createArchive({ client, bucket }: { client: S3Client; bucket: string }): Archive {
  const of = ({ tenantId, caseId, evidenceId }: Place) => ({
    Bucket: bucket,
    Key: `${tenantId}/${createHash("sha256").update(caseId).digest("hex").slice(0, 32)}/${evidenceId}`,
  });
  return {
    async put(file, bytes) {
      const ChecksumSHA256 = Buffer.from(file.sha256, "hex").toString("base64");
      await client.send(
        new PutObjectCommand({ ...of(file), Body: bytes, ContentType: file.mediaType, ChecksumSHA256 }),
      );
    },
    async erase(place) {
      await client.send(new DeleteObjectCommand(of(place)));
    },
    async read(file) {
      try {
        const { Body } = await client.send(new GetObjectCommand(of(file)));
        const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
        return createHash("sha256").update(bytes).digest("hex") === file.sha256 ? bytes : undefined;
      } catch (cause) {
        if (cause instanceof NoSuchKey) return undefined;
        throw new SuiteError("store_unavailable", "the file could not be read from its bucket", { cause });
      }
    },
    link(file, forSeconds) {
      const ResponseContentDisposition = `attachment; filename="${nameOf(file)}"`;
      const asked = new GetObjectCommand({ ...of(file), ResponseContentDisposition });
      return getSignedUrl(client, asked, { expiresIn: forSeconds });
    },
  };
}

/** A name for the file where it goes: of its id and its type, so it tells nothing of a person. */
export function nameOf({ evidenceId, mediaType }: Pick<Kept, "evidenceId" | "mediaType">): string {
  return `${evidenceId}.${mediaType.split("/")[1]?.replace(/\W/g, "") ?? "bin"}`;
}
