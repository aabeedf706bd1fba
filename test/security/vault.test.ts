import { type DecryptCommand, GenerateDataKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import { isSuiteError } from "#shared/errors.ts";
import { inboundOwner } from "#shared/inbound-owner.ts";
import { createVault, type Owner } from "#shared/vault.ts";
import { describeAttacks } from "./attacks.ts";

// Whoever can write the table puts the sealed tokens of one shop into the item of another.

const owner: Owner = { tenantId: "acme", channel: "douyin", shopId: "4463798" };
const secret = { accessToken: "canary-token" };

/** KMS, which opens a key in its own context; one that is `blind` looks at no context. */
function kms({ blind }: { blind: boolean }) {
  const keys = new Map<string, { key: Uint8Array; context: string }>();
  let opened = 0;
  const send = async (command: GenerateDataKeyCommand | DecryptCommand) => {
    const context = JSON.stringify(command.input.EncryptionContext ?? {});
    if (command instanceof GenerateDataKeyCommand) {
      const name = `wrapped key ${keys.size}`;
      const key = new Uint8Array(32).fill(keys.size + 7);
      keys.set(name, { key, context });
      return { Plaintext: key, CiphertextBlob: Buffer.from(name) };
    }
    opened += 1;
    const known = keys.get(Buffer.from(command.input.CiphertextBlob ?? []).toString());
    if (known && (blind || known.context === context)) return { Plaintext: known.key };
    throw Object.assign(new Error("another context"), { name: "InvalidCiphertextException" });
  };
  return { client: { send } as unknown as KMSClient, opened: () => opened };
}

async function openAs(other: Owner, { blind = false, change = (bytes: Buffer) => bytes } = {}): Promise<string> {
  const { client, opened } = kms({ blind });
  const sealed = Buffer.from(await createVault({ client, keyId: "key" }).seal(secret, owner));
  try {
    return `OPENED: ${JSON.stringify(await createVault({ client, keyId: "key" }).open(change(sealed), other))}`;
  } catch (fault) {
    const text = `${fault} ${JSON.stringify(fault)}`;
    return `${isSuiteError(fault) ? fault.code : String(fault)}${text.includes("canary") ? ", LEAKS" : ""}, KMS asked ${opened()} times`;
  }
}

const others: [string, Owner][] = [
  ["another tenant's shop", { ...owner, tenantId: "rival" }],
  ["a shop of another channel", { ...owner, channel: "jd" }],
  ["another shop of the tenant", { ...owner, shopId: "1" }],
  ["the tenant's warehouse", inboundOwner("acme")],
];

describeAttacks("Sealed tokens", "vault", {
  "a key is wrapped for its owner": others.map(([whose, other]) => ({
    attack: `opened as ${whose}`,
    answer: "misconfigured, KMS asked 1 times",
    run: () => openAs(other),
  })),
  "the text is bound to its owner as well": others.map(([whose, other]) => ({
    attack: `opened as ${whose}, with a KMS that looks at no context`,
    answer: "misconfigured, KMS asked 1 times",
    run: () => openAs(other, { blind: true }),
  })),
  "a sealed text that was changed is none": [0, 1, 20, 40].map((back) => ({
    attack: `one bit changed, ${back} bytes from the end`,
    answer: "misconfigured, KMS asked 1 times",
    run: () =>
      openAs(owner, {
        change: (bytes) => {
          const place = bytes.length - 1 - back;
          bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
          return bytes;
        },
      }),
  })),
  "nothing is read that we did not seal": [
    "",
    "plain text that is longer than what comes before a text",
    "\u0002".repeat(64),
  ].map((text) => ({
    attack: `opened from ${JSON.stringify(text.slice(0, 12))}`,
    answer: "misconfigured, KMS asked 0 times",
    run: () => openAs(owner, { change: () => Buffer.from(text) }),
  })),
});
