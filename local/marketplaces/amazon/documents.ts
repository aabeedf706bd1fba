import { createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { HttpAnswer } from "../kit/http-server.ts";
import type { StoredDocument } from "./model.ts";
import type { Platform } from "./platform.ts";

/** Stores a text as the region's files come: compressed, and in Europe not in UTF-8. */
export function storeText(
  platform: Platform,
  { documentId, shopId, text, type }: { documentId: string; shopId: string; text: string; type: string },
): void {
  const isLatin = platform.shops.get(shopId)?.region === "eu" && type === "text/plain";
  const bytes = Buffer.from(text, isLatin ? "latin1" : "utf8");
  const contentType = `${type}; charset=${isLatin ? "ISO-8859-1" : "UTF-8"}`;
  platform.saveDocument({ documentId, shopId, contentType, isGzip: true, base64: gzipSync(bytes).toString("base64") });
}

/** Where a document can be had, or put, for five minutes. */
export function addressOf(platform: Platform, url: string, documentId: string): string {
  const until = platform.nowMs() + platform.settings.addressLifeMs;
  const search = new URLSearchParams({ until: String(until), signature: seal(platform, documentId, until) });
  return `${url}/_documents/${encodeURIComponent(documentId)}?${search}`;
}

/** The storage behind the addresses: no token, XML for its errors. */
export function answerStorage(
  platform: Platform,
  {
    method,
    path,
    query,
    headers,
    body,
  }: { method: string; path: string; query: URLSearchParams; headers: { "content-type"?: string }; body: Buffer },
): HttpAnswer {
  const documentId = decodeURIComponent(path.slice("/_documents/".length));
  const until = Number(query.get("until"));
  const found = platform.documents.get(documentId);
  const isSigned = query.get("signature") === seal(platform, documentId, until);
  if (!found || !isSigned || until < platform.nowMs()) return refusal(403, "AccessDenied");
  if (method === "PUT") {
    if (headers["content-type"] !== found.contentType) return refusal(403, "SignatureDoesNotMatch");
    platform.saveDocument({ ...found, base64: body.toString("base64") });
    platform.commit();
    return { status: 200, headers: { "content-type": "application/xml" }, body: "" };
  }
  if (method !== "GET") return refusal(405, "MethodNotAllowed");
  const bytes = Buffer.from(found.base64, "base64");
  return { status: 200, headers: { "content-type": found.contentType }, body: "", bytes };
}

export function textOf({ base64 }: StoredDocument): string {
  return Buffer.from(base64, "base64").toString("utf8");
}

function refusal(status: number, code: string): HttpAnswer {
  return { status, headers: { "content-type": "application/xml" }, body: `<Error><Code>${code}</Code></Error>` };
}

function seal({ settings }: Platform, documentId: string, until: number): string {
  return createHmac("sha256", settings.clientSecret).update(`${documentId} ${until}`).digest("hex").slice(0, 32);
}
