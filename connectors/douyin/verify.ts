import { createHmac, hash } from "node:crypto";
import { compareDigest } from "../kit/digest.ts";
import type { DouyinApp } from "./settings.ts";

type SignMethod = "hmac-sha256" | "md5";

/**
 * The signature of a call to the gateway, lower-case hex. `paramJson` is the exact text of the body.
 * Source: official SDK 1.1.0, sign_util; https://op.jinritemai.com/docs/guide-docs/10/23, by copy, read 2026-11-25.
 */
export function signCall(
  app: Pick<DouyinApp, "appKey" | "appSecret">,
  call: { method: string; timestamp: string; paramJson: string; signMethod: SignMethod },
): string {
  const { appKey, appSecret } = app;
  const named = `app_key${appKey}method${call.method}param_json${call.paramJson}timestamp${call.timestamp}v2`;
  return digestOf(call.signMethod, appSecret, [appSecret, named, appSecret]).toString("hex");
}

/**
 * Checks the signature of a push over its untouched bytes. The method follows from the setting, else from the length of
 * the signature; what a header claims about it counts for nothing.
 * Source: official SDK, DoudianOpMsgRequest.checkSign; https://op.jinritemai.com/docs/guide-docs/153/99, by copy, read 2026-11-25.
 */
export function checkPush(
  app: Pick<DouyinApp, "appKey" | "appSecret" | "pushSigning">,
  body: Uint8Array,
  eventSign: string,
): ReturnType<typeof compareDigest> {
  const method = app.pushSigning === "either" ? methodByLength(eventSign) : app.pushSigning;
  return compareDigest(eventSign, digestOf(method, app.appSecret, [app.appKey, body, app.appSecret]), "hex");
}

/** The signature that a push with this body carries; for tests and for sending ourselves a message. */
export function signPush(
  app: Pick<DouyinApp, "appKey" | "appSecret">,
  body: Uint8Array,
  method: SignMethod = "md5",
): string {
  return digestOf(method, app.appSecret, [app.appKey, body, app.appSecret]).toString("hex");
}

const sha256HexLength = 64;
function methodByLength(signature: string): SignMethod {
  return signature.length === sha256HexLength ? "hmac-sha256" : "md5";
}

function digestOf(method: SignMethod, secret: string, parts: readonly (string | Uint8Array)[]): Buffer {
  // One call on joined bytes is cheaper than a hash object that is fed in parts.
  const bytes = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
  return method === "md5" ? hash("md5", bytes, "buffer") : createHmac("sha256", secret).update(bytes).digest();
}
