import { createRemoteJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose";
import type { LocalClock } from "./clock.ts";
import { type Issuer, localAudience } from "./issuer.ts";
import type { Authorize } from "./runtime/sources/http-api.ts";

/**
 * Checks tokens as API Gateway's JWT authorizer does: the key only from the issuer's published set and by its id, RS256
 * alone, issuer, audience and times without any tolerance.
 * Source: API Gateway developer guide, "Control access to HTTP APIs with JWT authorizers", read 2026-11-25.
 */
export function checkTokens(issuer: Pick<Issuer, "url">, clock: LocalClock): Authorize {
  const keys = createRemoteJWKSet(new URL(`${issuer.url}/.well-known/jwks.json`));
  return async ({ headers }) => {
    const token = /^(?:Bearer )?([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(headers.authorization ?? "")?.[1];
    if (!token) return undefined;
    try {
      if (!decodeProtectedHeader(token).kid) return undefined; // one published key would otherwise do for any token
      const currentDate = clock.now();
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ["RS256"],
        issuer: issuer.url,
        audience: localAudience,
        requiredClaims: ["exp"],
        currentDate,
      });
      if (payload.iat !== undefined && payload.iat * 1000 > currentDate.getTime()) return undefined;
      return { jwt: { claims: asGatewayHands(payload), scopes: null } };
    } catch (fault) {
      if (fault instanceof errors.JOSEError || fault instanceof TypeError) return undefined; // TypeError: no JSON in it
      throw fault;
    }
  };
}

/** The gateway hands every claim on as text, lists as `[a b]`. */
function asGatewayHands(payload: JWTPayload): Record<string, string> {
  return Object.fromEntries(
    Object.entries(payload).map(([name, value]) => [
      name,
      Array.isArray(value) ? `[${value.join(" ")}]` : typeof value === "object" ? JSON.stringify(value) : String(value),
    ]),
  );
}
