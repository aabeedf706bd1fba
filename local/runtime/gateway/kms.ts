import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import * as z from "zod";
import { ofType, readProperties } from "../assembly/read-properties.ts";
import type { Resource } from "../assembly/resolve-template.ts";
import type { Keep } from "../keep.ts";
import { type AwsCall, AwsFault, jsonAnswer } from "./aws-call.ts";
import type { Service } from "./gateway.ts";

const context = z.record(z.string(), z.string()).default({});
const encrypt = z.object({ KeyId: z.string(), Plaintext: z.base64(), EncryptionContext: context });
const decrypt = z.object({ CiphertextBlob: z.base64(), EncryptionContext: context, KeyId: z.string().optional() });
const generate = z.object({
  KeyId: z.string(),
  KeySpec: z.enum(["AES_256", "AES_128"]).optional(),
  NumberOfBytes: z.number().optional(),
  EncryptionContext: context,
});
const alias = z.object({ AliasName: z.string(), TargetKeyId: z.string() });

const ivBytes = 12;
const tagBytes = 16;

/**
 * The template's keys, each derived from one local master key that is kept with the data. The encryption context is
 * authenticated, so the wrong context is refused as KMS does. Rights to a key are not checked here.
 */
export function serveKms(resources: readonly Resource[], keep: Keep): Service {
  const keys = new Map<string, Resource>();
  for (const key of ofType(resources, "AWS::KMS::Key")) for (const name of [key.ref, key.arn]) keys.set(name, key);
  for (const resource of ofType(resources, "AWS::KMS::Alias")) {
    const { AliasName, TargetKeyId } = readProperties(resource, alias);
    const key = keys.get(TargetKeyId);
    if (key) for (const name of [AliasName, key.arn.replace(/key\/.*/, AliasName)]) keys.set(name, key);
  }
  const master = Buffer.from(keep.get("kms/master") ?? newMaster(keep), "base64");
  const secretOf = (key: Resource) => Buffer.from(hkdfSync("sha256", master, "", key.ref, 32));

  const find = (keyId: string): Resource => {
    const key = keys.get(keyId);
    if (!key) throw new AwsFault("NotFoundException", `Key '${keyId}' does not exist`);
    return key;
  };

  const seal = (key: Resource, plaintext: Buffer, encryptionContext: Record<string, string>): string => {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv("aes-256-gcm", secretOf(key), iv).setAAD(canonical(encryptionContext));
    const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    const name = Buffer.from(key.ref);
    return Buffer.concat([Buffer.from([name.length]), name, iv, cipher.getAuthTag(), sealed]).toString("base64");
  };

  const open = ({ CiphertextBlob, EncryptionContext, KeyId }: z.infer<typeof decrypt>) => {
    const blob = Buffer.from(CiphertextBlob, "base64");
    const start = 1 + (blob[0] ?? 0);
    const key = keys.get(blob.toString("utf8", 1, start));
    if (!key || blob.length < start + ivBytes + tagBytes) throw new AwsFault("InvalidCiphertextException", "");
    if (KeyId && find(KeyId) !== key) throw new AwsFault("IncorrectKeyException", "The ciphertext is of another key.");
    try {
      const decipher = createDecipheriv("aes-256-gcm", secretOf(key), blob.subarray(start, start + ivBytes))
        .setAAD(canonical(EncryptionContext))
        .setAuthTag(blob.subarray(start + ivBytes, start + ivBytes + tagBytes));
      const plaintext = Buffer.concat([decipher.update(blob.subarray(start + ivBytes + tagBytes)), decipher.final()]);
      return { KeyId: key.arn, Plaintext: plaintext.toString("base64"), EncryptionAlgorithm: "SYMMETRIC_DEFAULT" };
    } catch {
      throw new AwsFault("InvalidCiphertextException", "");
    }
  };

  const dataKey = (call: AwsCall) => {
    const { KeyId, KeySpec, NumberOfBytes, EncryptionContext } = read(generate, call);
    const key = find(KeyId);
    const plaintext = randomBytes(NumberOfBytes ?? (KeySpec === "AES_128" ? 16 : 32));
    return {
      KeyId: key.arn,
      CiphertextBlob: seal(key, plaintext, EncryptionContext),
      Plaintext: plaintext.toString("base64"),
    };
  };

  return (call) => {
    switch (call.operation) {
      case "Encrypt": {
        const { KeyId, Plaintext, EncryptionContext } = read(encrypt, call);
        const key = find(KeyId);
        const CiphertextBlob = seal(key, Buffer.from(Plaintext, "base64"), EncryptionContext);
        return jsonAnswer({ KeyId: key.arn, CiphertextBlob, EncryptionAlgorithm: "SYMMETRIC_DEFAULT" });
      }
      case "Decrypt":
        return jsonAnswer(open(read(decrypt, call)));
      case "GenerateDataKey":
        return jsonAnswer(dataKey(call));
      case "GenerateDataKeyWithoutPlaintext":
        return jsonAnswer({ ...dataKey(call), Plaintext: undefined });
      default:
        throw new AwsFault("UnknownOperationException", `kms:${call.operation} is not imitated locally.`);
    }
  };
}

function newMaster(keep: Keep): string {
  const master = randomBytes(32).toString("base64");
  keep.set("kms/master", master);
  return master;
}

/** Context pairs in one order, whatever order the caller gave. */
function canonical(encryptionContext: Record<string, string>): Buffer {
  return Buffer.from(
    JSON.stringify(Object.entries(encryptionContext).sort(([one], [other]) => (one < other ? -1 : 1))),
  );
}

function read<T>(schema: z.ZodType<T>, call: AwsCall): T {
  const result = schema.safeParse(JSON.parse(call.body.toString()));
  if (!result.success) throw new AwsFault("ValidationException", z.prettifyError(result.error));
  return result.data;
}
