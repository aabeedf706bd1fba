import { createHash } from "node:crypto";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { Evidence } from "#shared/case/evidence.ts";

type Place = Pick<Evidence, "tenantId" | "caseId" | "evidenceId">;
type Kept = Extract<Evidence, { status: "kept" }>;

export interface Archive {
  /** Stores the bytes; S3 refuses them when they do not have that hash. Safe to repeat. */
  put(file: Kept, bytes: Buffer): Promise<void>;
  /** Takes the file away, one that is not there as well. */
  erase(place: Place): Promise<void>;
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
    link(file, forSeconds) {
      const name = `${file.evidenceId}.${file.mediaType.split("/")[1]?.replace(/\W/g, "") ?? "bin"}`;
      const ResponseContentDisposition = `attachment; filename="${name}"`;
      const asked = new GetObjectCommand({ ...of(file), ResponseContentDisposition });
      return getSignedUrl(client, asked, { expiresIn: forSeconds });
    },
  };
}
