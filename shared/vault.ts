import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import { SuiteError } from "./errors.ts";

/** Whose secret it is. KMS opens it only for the same context, so one shop's bytes are useless under another's name. */
export interface Owner {
  tenantId: string;
  channel: string;
  shopId: string;
}

export interface Vault {
  seal(secret: unknown, owner: Owner): Promise<Uint8Array>;
  /** @throws SuiteError `misconfigured` when the bytes were sealed for another owner or by another key. */
  open(sealed: Uint8Array, owner: Owner): Promise<unknown>;
}

// Layout of sealed bytes: 1 version, 2 length of the wrapped key, the wrapped key, 12 nonce, 16 tag, cipher text.
const layoutVersion = 1;
const cacheLimit = 500;
/** What KMS says to a key that was wrapped in another context, or by another key. */
const notOurs = new Set(["InvalidCiphertextException", "IncorrectKeyException"]);

/**
 * Seals credentials with a data key of its own (AES-256-GCM) that KMS wraps: tokens of some channels are longer than what
 * KMS encrypts itself. Unwrapped keys are kept for the life of the process, so a busy shop costs one KMS call per worker.
 */
export function createVault({ client, keyId }: { client: KMSClient; keyId: string }): Vault {
  const unwrapped = new Map<string, Buffer>();

  return {
    async seal(secret, owner) {
      const EncryptionContext = { ...owner };
      const { Plaintext, CiphertextBlob } = await client.send(
        new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: "AES_256", EncryptionContext }),
      );
      if (!Plaintext || !CiphertextBlob) throw new SuiteError("misconfigured", "KMS gave no data key");
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", Plaintext, nonce).setAAD(aad(owner));
      const text = Buffer.concat([cipher.update(JSON.stringify(secret), "utf8"), cipher.final()]);
      const length = Buffer.alloc(3);
      length.writeUInt8(layoutVersion, 0);
      length.writeUInt16BE(CiphertextBlob.length, 1);
      return Buffer.concat([length, CiphertextBlob, nonce, cipher.getAuthTag(), text]);
    },

    async open(sealed, owner) {
      const bytes = Buffer.from(sealed);
      if (bytes.length < 32 || bytes[0] !== layoutVersion) throw new SuiteError("misconfigured", "not sealed by us");
      const keyEnd = 3 + bytes.readUInt16BE(1);
      const wrapped = bytes.subarray(3, keyEnd);
      const key = await unwrap(wrapped, owner);
      try {
        const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(keyEnd, keyEnd + 12))
          .setAAD(aad(owner))
          .setAuthTag(bytes.subarray(keyEnd + 12, keyEnd + 28));
        const text = Buffer.concat([decipher.update(bytes.subarray(keyEnd + 28)), decipher.final()]);
        return JSON.parse(text.toString("utf8"));
      } catch (cause) {
        throw new SuiteError("misconfigured", "sealed for another owner, or damaged", { details: { ...owner }, cause });
      }
    },
  };

  async function decrypt(wrapped: Buffer, owner: Owner): Promise<Uint8Array | undefined> {
    try {
      const EncryptionContext = { ...owner };
      const command = new DecryptCommand({ CiphertextBlob: wrapped, EncryptionContext, KeyId: keyId });
      return (await client.send(command)).Plaintext;
    } catch (cause) {
      if (!(cause instanceof Error) || !notOurs.has(cause.name)) throw cause;
      const details = { ...owner };
      throw new SuiteError("misconfigured", "sealed for another owner or by another key", { details, cause });
    }
  }

  async function unwrap(wrapped: Buffer, owner: Owner): Promise<Buffer> {
    const id = `${wrapped.toString("base64")}|${owner.tenantId}|${owner.channel}|${owner.shopId}`;
    const known = unwrapped.get(id);
    if (known) return known;
    const Plaintext = await decrypt(wrapped, owner);
    if (!Plaintext) throw new SuiteError("misconfigured", "KMS gave no key back");
    if (unwrapped.size >= cacheLimit) unwrapped.clear();
    const key = Buffer.from(Plaintext);
    unwrapped.set(id, key);
    return key;
  }
}

function aad({ tenantId, channel, shopId }: Owner): Buffer {
  return Buffer.from(`${tenantId}\u0000${channel}\u0000${shopId}`);
}
