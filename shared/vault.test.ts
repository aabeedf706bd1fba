import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { createVault } from "./vault.ts";

// KMS itself is played: it opens a wrapped key only in the context it was wrapped in, as the real one does.
const kms = mockClient(KMSClient);
const client = new KMSClient({ region: "us-east-1" });
const owner = { tenantId: "acme", channel: "douyin", shopId: "4463798" };
const secret = { accessToken: "a".repeat(9000), name: "收货人" };
let wrapped = new Map<string, { key: Uint8Array; context: string }>();

beforeEach(() => {
  kms.reset();
  wrapped = new Map();
  kms.on(GenerateDataKeyCommand).callsFake(async ({ EncryptionContext }) => {
    const key = crypto.getRandomValues(new Uint8Array(32));
    const blob = `wrapped ${wrapped.size}`;
    wrapped.set(blob, { key, context: JSON.stringify(EncryptionContext) });
    return { Plaintext: key, CiphertextBlob: Buffer.from(blob) };
  });
  kms.on(DecryptCommand).callsFake(async ({ CiphertextBlob, EncryptionContext }) => {
    const known = wrapped.get(Buffer.from(CiphertextBlob).toString());
    if (known?.context === JSON.stringify(EncryptionContext)) return { Plaintext: known.key };
    throw Object.assign(new Error("not this context"), { name: "InvalidCiphertextException" });
  });
});

const vault = () => createVault({ client, keyId: "key" });

describe("the vault", () => {
  it("opens what it sealed, also in another process", async () => {
    const sealed = await vault().seal(secret, owner);
    expect(await vault().open(sealed, owner)).toEqual(secret);
    expect(Buffer.from(sealed).toString("latin1")).not.toContain("accessToken");
  });

  it("seals the same secret differently each time", async () => {
    const one = await vault().seal(secret, owner);
    expect(Buffer.compare(Buffer.from(one), Buffer.from(await vault().seal(secret, owner)))).not.toBe(0);
  });

  it("asks KMS once for a key that it uses again", async () => {
    const sealed = await vault().seal(secret, owner);
    const reader = vault();
    for (let round = 0; round < 3; round++) await reader.open(sealed, owner);
    expect(kms.commandCalls(DecryptCommand)).toHaveLength(1);
  });

  it.each([
    ["tenant", { ...owner, tenantId: "evil" }],
    ["channel", { ...owner, channel: "shopify" }],
    ["shop", { ...owner, shopId: "1" }],
  ])("opens nothing for another %s, even after it has opened it for the owner", async (_, other) => {
    const sealed = await vault().seal(secret, owner);
    const reader = vault();
    await reader.open(sealed, owner);
    await expect(reader.open(sealed, other)).rejects.toMatchObject({ code: "misconfigured", retryable: false });
  });

  it("notices every damaged byte, and quotes nothing", async () => {
    const sealed = Buffer.from(await vault().seal({ token: "t" }, owner));
    for (let at = 0; at < sealed.length; at++) {
      const damaged = Buffer.from(sealed);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      const fault = await vault()
        .open(damaged, owner)
        .catch((error: unknown) => error);
      expect(fault, `byte ${at}`).toMatchObject({ code: "misconfigured" });
    }
  });

  it.each([0, 1, 31, 40])("refuses %i bytes of nothing", async (length) => {
    await expect(vault().open(new Uint8Array(length), owner)).rejects.toMatchObject({ code: "misconfigured" });
  });

  it("lets a fault of KMS through, to be tried again", async () => {
    const sealed = await vault().seal(secret, owner);
    kms.on(DecryptCommand).rejects(Object.assign(new Error("slowly"), { name: "ThrottlingException" }));
    await expect(vault().open(sealed, owner)).rejects.toThrow("slowly");
  });

  it("does not go on without a key", async () => {
    kms.on(GenerateDataKeyCommand).resolves({});
    await expect(vault().seal(secret, owner)).rejects.toMatchObject({ code: "misconfigured" });
  });
});
