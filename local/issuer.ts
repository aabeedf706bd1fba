import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import * as z from "zod";
import { roleSchema } from "#shared/api/role.ts";
import { tenantIdSchema } from "#shared/case/ids.ts";
import type { LocalClock } from "./clock.ts";

export const localAudience = "casebridge-local";
const keyId = "local-1";
const lifeSeconds = 3600;

export const personSchema = z.strictObject({
  tenantId: tenantIdSchema,
  role: roleSchema,
  personId: z
    .string()
    .regex(/^[\w.@-]{1,60}$/)
    .default("you"),
});
export type Person = z.input<typeof personSchema>;

export interface Issuer {
  url: string;
  /** An ID token as the user pool of a deployment would give it, for an hour of the stack's clock. */
  tokenFor(person: Person): Promise<string>;
  /** Signs any claims, for those who want to see a token refused. */
  sign(claims: JWTPayload): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Stands for the user pool on this machine: publishes its keys, and gives a token to whoever asks, because whoever can
 * reach this machine's own address is its owner. Its keys die with it.
 */
export async function startIssuer(clock: LocalClock): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: keyId, use: "sig", alg: "RS256" }] };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;

  async function tokenFor(person: Person): Promise<string> {
    const { tenantId, role, personId } = personSchema.parse(person);
    const seconds = Math.floor(clock.now().getTime() / 1000);
    return sign({
      iss: url,
      aud: localAudience,
      sub: personId,
      token_use: "id",
      iat: seconds,
      exp: seconds + lifeSeconds,
      "custom:tenant": tenantId,
      "custom:role": role,
    });
  }

  const sign = (claims: JWTPayload): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: keyId, typ: "JWT" }).sign(privateKey);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", url);
    const say = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (pathname === "/.well-known/jwks.json") return void say(200, jwks);
    if (pathname === "/.well-known/openid-configuration") {
      return void say(200, { issuer: url, jwks_uri: `${url}/.well-known/jwks.json` });
    }
    if (pathname !== "/token" || request.method !== "POST") return void say(404, { message: "Not Found" });
    const person = personSchema.safeParse(Object.fromEntries(searchParams));
    if (!person.success) return void say(400, { message: z.prettifyError(person.error) });
    say(200, { token: await tokenFor(person.data) });
  }

  return {
    url,
    tokenFor,
    sign,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
