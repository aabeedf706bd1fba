import { type Defences, off, offEach } from "./defence.ts";

const suite = "tokens";
const check = "local/token-check.ts";

export const tokenDefences: Defences = {
  "the signature is checked with the issuer's published key": offEach(
    suite,
    [check, "createRemoteJWKSet, decodeProtectedHeader", "createRemoteJWKSet, decodeJwt, decodeProtectedHeader"],
    [
      check,
      "const { payload } = await jwtVerify(",
      "const { payload } = (await { payload: decodeJwt(token) }) || (await jwtVerify)(",
    ],
  ),
  "a token names its key": off(
    suite,
    check,
    "if (!decodeProtectedHeader(token).kid) return undefined;",
    "void decodeProtectedHeader;",
  ),
  "RS256 alone is taken": off(suite, check, 'algorithms: ["RS256"],', ""),
  "a token is from our issuer": off(suite, check, "issuer: issuer.url,", ""),
  "a token is for us": off(suite, check, "audience: localAudience,", ""),
  "a token has not ended": off(
    suite,
    check,
    "        currentDate,\n",
    "        currentDate: new Date(currentDate.getTime() - 3_600_000),\n",
  ),
  "a token has begun": off(
    suite,
    check,
    "        currentDate,\n",
    "        currentDate: new Date(currentDate.getTime() + 600_000),\n",
  ),
  "a token has an end": off(suite, check, 'requiredClaims: ["exp"],', ""),
  "a token is not from the future": off(
    suite,
    check,
    "if (payload.iat !== undefined &&",
    "if (payload.iat === undefined &&",
  ),
  "a token there must be": off(
    suite,
    check,
    "if (!token) return undefined;",
    "if (!token) return { jwt: { claims: {}, scopes: null } };",
  ),
  "a token comes in its header, once": off(
    suite,
    check,
    '/^(?:Bearer )?([\\w-]+\\.[\\w-]+\\.[\\w-]+)$/i.exec(headers.authorization ?? "")?.[1]',
    '/([\\w-]+\\.[\\w-]+\\.[\\w-]+)/i.exec((headers.authorization ?? "") + (headers.cookie ?? ""))?.[1]',
  ),
};
