import { type Defences, off, offEach } from "./defence.ts";

const suite = "vault";
const vault = "shared/vault.ts";

export const vaultDefences: Defences = {
  "a key is wrapped for its owner": offEach(
    suite,
    [
      vault,
      "const EncryptionContext = { ...owner };\n      const { Plaintext",
      "const EncryptionContext = {};\n      const { Plaintext",
    ],
    [
      vault,
      "const EncryptionContext = { ...owner };\n      const command",
      "const EncryptionContext = {};\n      const command",
    ],
    [vault, "return Buffer.from(`", "return Buffer.alloc(1) ?? Buffer.from(`"],
  ),
  "the text is bound to its owner as well": off(
    suite,
    vault,
    "return Buffer.from(`",
    "return Buffer.alloc(1) ?? Buffer.from(`",
  ),
  "a sealed text that was changed is none": offEach(
    suite,
    [vault, ".setAuthTag(bytes.subarray(keyEnd + 12, keyEnd + 28));", ";"],
    [
      vault,
      "decipher.update(bytes.subarray(keyEnd + 28)), decipher.final()",
      "decipher.update(bytes.subarray(keyEnd + 28))",
    ],
    [vault, 'return JSON.parse(text.toString("utf8"));', "return text.toString();"],
  ),
  "nothing is read that we did not seal": off(
    suite,
    vault,
    "if (bytes.length < 32 || bytes[0] !== layoutVersion)",
    "if (layoutVersion < 0)",
  ),
};
