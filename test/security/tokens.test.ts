import { createHmac, createSecretKey } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type CryptoKey,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  SignJWT,
} from "jose";
import { afterAll, beforeAll } from "vitest";
import type { LocalClock } from "../../local/clock.ts";
import { localAudience } from "../../local/issuer.ts";
import { checkTokens } from "../../local/token-check.ts";
import { describeAttacks } from "./attacks.ts";

// In AWS the gateway checks tokens, by what test/security/template.test.ts finds in the template. Here the check is ours.

const now = new Date("2026-11-25T12:00:00.000Z");
const seconds = now.getTime() / 1000;
const clock = { now: () => now } as LocalClock;
let issuer = "";
let server: Server;
let check: ReturnType<typeof checkTokens>;
let key: CryptoKey;
let stranger: CryptoKey;
/** What the issuer publishes. It does not say for which algorithm: that must be ours to say. */
let published: JWK;
beforeAll(async () => {
  const pair = await generateKeyPair("RS256", { extractable: true });
  key = pair.privateKey;
  stranger = (await generateKeyPair("RS256")).privateKey;
  published = { ...(await exportJWK(pair.publicKey)), kid: "local-1", use: "sig" };
  server = createServer((_, response) => response.end(JSON.stringify({ keys: [published] })));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  check = checkTokens({ url: issuer }, clock);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const claims = (parts: JWTPayload = {}): JWTPayload => ({
  ...{ iss: issuer, aud: localAudience, sub: "lin", iat: seconds, exp: seconds + 3600 },
  ...{ "custom:tenant": "acme", "custom:role": "admin" },
  ...parts,
});

async function ask(headers: IncomingHttpHeaders): Promise<string> {
  const found = await check({ headers, authorizerId: undefined, routeKey: "GET /v1/me" });
  return found ? "let in" : "401 from the gateway";
}
const bearer = (token: string) => ask({ authorization: `Bearer ${token}` });
const genuine = (parts: JWTPayload = {}, header: object = {}, by = key) =>
  new SignJWT(claims(parts)).setProtectedHeader({ alg: "RS256", kid: "local-1", ...header }).sign(by);
const signed = async (parts: JWTPayload) => bearer(await genuine(parts));
const forged = (header: object) => genuine({}, header, stranger);
const parts = async () => (await genuine()).split(".");
const coded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

const refused = "401 from the gateway";
const row = (attack: string, run: () => Promise<string>) => ({ attack, answer: refused, run });

/** A token by HMAC whose key is a text that everybody can read. */
async function confused(key: Buffer): Promise<string> {
  const head = coded({ alg: "HS256", kid: "local-1", typ: "JWT" });
  const text = `${head}.${coded(claims())}`;
  return bearer(`${text}.${createHmac("sha256", createSecretKey(key)).update(text).digest("base64url")}`);
}
async function publicKeyText(): Promise<Buffer> {
  return Buffer.from(await exportSPKI((await importJWK(published, "RS256")) as CryptoKey));
}
/** The same key for another algorithm. */
async function keyFor(alg: string): Promise<CryptoKey> {
  return (await importJWK(await exportJWK(key), alg)) as CryptoKey;
}

describeAttacks("Tokens", "tokens", {
  "the signature is checked with the issuer's published key": [
    ...["none", "nOnE", ""].map((alg) =>
      row(`the algorithm \`${alg}\` with the key's id`, async () =>
        bearer(`${coded({ alg, kid: "local-1" })}.${coded(claims())}.AA`),
      ),
    ),
    row("the public key as the secret of an HMAC", async () => confused(await publicKeyText())),
    row("the published document as the secret of an HMAC", () => confused(Buffer.from(JSON.stringify(published)))),
    row("signed by a stranger under the key's id", async () => bearer(await forged({}))),
    row("signed by a stranger whose key is in the token", async () =>
      bearer(await forged({ jwk: await exportJWK((await generateKeyPair("RS256")).publicKey) })),
    ),
    row("signed by a stranger, with an address of its keys", async () =>
      bearer(await forged({ jku: "https://evil.example/jwks.json" })),
    ),
    row("a genuine token with another tenant", async () => {
      const [head, , signature] = await parts();
      return bearer(`${head}.${coded(claims({ "custom:tenant": "rival" }))}.${signature}`);
    }),
    row("a genuine token with half of its signature", async () => {
      const [head, body, signature = ""] = await parts();
      return bearer(`${head}.${body}.${signature.slice(0, 100)}`);
    }),
    row("the key `../../etc/passwd`", async () => bearer(await forged({ kid: "../../etc/passwd" }))),
    row("the key `local-1' OR '1'='1`", async () => bearer(await forged({ kid: "local-1' OR '1'='1" }))),
  ],
  "a token names its key": [
    row("a genuine signature without the key's id", async () => bearer(await genuine({}, { kid: undefined }))),
  ],
  "RS256 alone is taken": ["PS256", "RS512"].map((alg) =>
    row(`a genuine signature by ${alg}`, async () => bearer(await genuine({}, { alg }, await keyFor(alg)))),
  ),
  "a token is from our issuer": [
    row("from another issuer", () => signed({ iss: "https://evil.example" })),
    row("from an issuer whose name begins like ours", () => signed({ iss: `${issuer}.evil.example` })),
    row("from nobody", () => signed({ iss: undefined as never })),
  ],
  "a token is for us": [
    row("for another app", () => signed({ aud: "another-app" })),
    row("for nobody", () => signed({ aud: undefined as never })),
    row("for an app whose name begins like ours", () => signed({ aud: `${localAudience}-2` })),
  ],
  "a token has not ended": [
    row("ended a second ago", () => signed({ exp: seconds - 1 })),
    row("ends now", () => signed({ exp: seconds })),
  ],
  "a token has begun": [row("begins in a minute", () => signed({ nbf: seconds + 60 }))],
  "a token has an end": [row("without an end", () => signed({ exp: undefined as never }))],
  "a token is not from the future": [row("given in a minute", () => signed({ iat: seconds + 60 }))],
  "a token there must be": [row("no token", () => ask({}))],
  "a token comes in its header, once": [
    row("a token in a cookie", async () => ask({ cookie: `authorization=${await genuine()}` })),
    row("two tokens, joined as a gateway joins", async () => {
      const token = await genuine();
      return ask({ authorization: `Bearer ${token}, Bearer ${token}` });
    }),
    row("a token as a password", async () => ask({ authorization: `Basic ${await genuine()}` })),
    row("a token with two more parts, as if encrypted", async () => bearer(`${await genuine()}.AA.AA`)),
  ],
});
