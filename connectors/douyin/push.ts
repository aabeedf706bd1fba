import { createHash } from "node:crypto";
import type { ChannelCaseId } from "#shared/case/ids.ts";
import type { Instant } from "#shared/case/instant.ts";
import type { Notice } from "#shared/case/notice.ts";
import { SuiteError } from "#shared/errors.ts";
import { type Json, parseLossless } from "#shared/json.ts";
import type { Push, PushOutcome, PushReading, PushReply, PushRequest, Verification } from "../contract.ts";
import { instantOfSecondsOr, instantOfText } from "../kit/time.ts";
import type { DouyinApp } from "./settings.ts";
import { probeTag, tags } from "./tags.ts";
import { checkPush } from "./verify.ts";

// Loaded by the webhook function: no schema library, no client.

type Record_ = { [key: string]: Json };

/** Messages that the channel pushes to us. Every one is a hint: the case is read with a call of its own. */
export const douyinPush: Push<DouyinApp> = { app: pushApp, verify, read, reply };

/** @throws SuiteError `misconfigured` when a value is missing, so that nothing is ever compared with an empty secret. */
function pushApp(settings: unknown): DouyinApp {
  const {
    appKey,
    appSecret,
    gateway = "",
    signMethod = "hmac-sha256",
    pushSigning = "either",
  } = isRecord(settings) ? settings : {};
  if (typeof appKey !== "string" || !/^\d{1,20}$/.test(appKey)) throw lacking("appKey");
  if (typeof appSecret !== "string" || appSecret.length < 16) throw lacking("appSecret");
  if (pushSigning !== "md5" && pushSigning !== "hmac-sha256" && pushSigning !== "either") throw lacking("pushSigning");
  return {
    appKey,
    appSecret,
    gateway: String(gateway),
    signMethod: signMethod === "md5" ? "md5" : "hmac-sha256",
    pushSigning,
  };
}

function lacking(name: string): SuiteError {
  return new SuiteError("misconfigured", `the douyin app settings lack a valid ${name}`);
}

function verify({ headers, body }: PushRequest, apps: readonly DouyinApp[]): Verification {
  const eventSign = headers["event-sign"];
  if (!eventSign) {
    // The console's probe may come unsigned. It holds no record that `read` would make a notice of.
    return isProbe(body) ? { ok: true, live: 0 } : { ok: false, reason: "signature_missing" };
  }
  const appId = headers["app-id"];
  if (!appId) return { ok: false, reason: "header_missing" };
  let reason: Exclude<Verification, { ok: true }>["reason"] = "app_mismatch";
  for (const [live, app] of apps.entries()) {
    if (app.appKey !== appId) continue;
    const answer = checkPush(app, body, eventSign);
    if (answer === "match") return { ok: true, live };
    reason = answer;
  }
  return { ok: false, reason };
}

const longestProbe = 512;
function isProbe(body: Uint8Array): boolean {
  if (body.length > longestProbe) return false;
  try {
    return recordsOf(body).every((record) => isRecord(record) && tagOf(record) === probeTag);
  } catch {
    return false;
  }
}

/**
 * A record is `{tag, msg_id, data}` with `data` as JSON text; the test console also sends `msgId`, a number as the tag
 * and `data` as an object.
 */
function read({ body }: PushRequest): PushReading {
  const notices: Notice[] = [];
  const ignored: { topic: string; why: string }[] = [];
  const rejected: { why: string; record: string }[] = [];
  for (const record of recordsOf(body)) {
    const tag = isRecord(record) ? tagOf(record) : undefined;
    if (tag === undefined || !isRecord(record)) rejected.push({ why: "no tag", record: JSON.stringify(record) });
    else if (tag === probeTag) ignored.push({ topic: tag, why: "the console's probe" });
    else if (!Object.hasOwn(tags, tag)) ignored.push({ topic: tag, why: "not about an after-sales case" });
    else {
      const outcome = noticeOf(tag, record);
      if (typeof outcome === "string") rejected.push({ why: outcome, record: JSON.stringify(record) });
      else notices.push(outcome);
    }
  }
  return { notices, ignored, rejected };
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** @throws SuiteError `payload_invalid` when the body is not UTF-8, not JSON, no array or an empty one. */
function recordsOf(body: Uint8Array): readonly Json[] {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw new SuiteError("payload_invalid", "not UTF-8");
  }
  const records = recordsIn(text);
  if (!Array.isArray(records)) throw new SuiteError("payload_invalid", "the body is no array of records");
  if (records.length === 0) throw new SuiteError("payload_invalid", "the body holds no record");
  return records;
}

/**
 * In the usual form the outer document holds only text, so a plain parse loses nothing and costs half. Any other form is
 * read again without rounding.
 */
function recordsIn(text: string): Json {
  let plain: Json;
  try {
    plain = JSON.parse(text);
  } catch {
    throw new SuiteError("payload_invalid", "not JSON");
  }
  const isUsual =
    Array.isArray(plain) &&
    plain.every((each) => isRecord(each) && typeof each.data === "string" && typeof each.msg_id === "string");
  return isUsual ? plain : parseLossless(text);
}

function tagOf({ tag }: Record_): string | undefined {
  const text = typeof tag === "number" ? String(tag) : tag;
  return typeof text === "string" && /^[0-9A-Za-z_.-]{1,64}$/.test(text) ? text : undefined;
}

/** The notice, or why the record cannot be understood. */
function noticeOf(tag: string, record: Record_): Notice | string {
  const data = dataOf(record.data);
  if (!data) return "data is no JSON object";
  const channelCaseId = idOf(data.aftersale_id ?? data.after_sale_id);
  if (!channelCaseId) return "no aftersale_id";
  const shopId = idOf(data.shop_id);
  if (!shopId) return "no shop_id";
  const { time, opens = false } = tags[tag] ?? {};
  const notice: Notice = {
    channel: "douyin",
    shopId: shopId as Notice["shopId"],
    subject: { kind: "case", channelCaseId: channelCaseId as ChannelCaseId },
    topic: tag,
    noticeId: messageIdOf(record) ?? hashOf(tag, record.data),
    opens,
    via: "push",
  };
  const occurredAt = timeOf(data.update_time) ?? (time ? timeOf(data[time]) : undefined);
  if (occurredAt) notice.occurredAt = occurredAt;
  return notice;
}

function dataOf(data: Json | undefined): Record_ | undefined {
  if (typeof data !== "string") return isRecord(data) ? data : undefined;
  try {
    const parsed = parseExactId(data) ?? parseLossless(data);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const idKey = '"aftersale_id"';
const valueOfId = /\s*:\s*(\d+)/y;

/**
 * The usual record, at half the price: a plain parse, and the one long id put right by its own digits. That is exact where
 * the text has no escape and the key stands in it once; undefined where it is not sure.
 */
function parseExactId(data: string): Record_ | undefined {
  const first = data.indexOf(idKey);
  if (first === -1 || data.indexOf(idKey, first + 1) !== -1 || data.includes("\\")) return undefined;
  const parsed: Json = JSON.parse(data);
  valueOfId.lastIndex = first + idKey.length;
  const digits = valueOfId.exec(data)?.[1];
  if (!isRecord(parsed) || !digits || parsed.aftersale_id !== Number(digits)) return undefined;
  if (typeof parsed.shop_id === "number" && !Number.isSafeInteger(parsed.shop_id)) return undefined;
  parsed.aftersale_id = digits;
  return parsed;
}

/** Ids keep every digit: long ones arrive as text, short ones as a number. A number beyond those has lost some. */
function idOf(value: Json | undefined): string | undefined {
  const text = Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === "string" && /^[1-9]\d{0,24}$/.test(text) ? text : undefined;
}

/** `update_time` is RFC 3339 text in pushes; the times of single tags are epoch seconds. */
function timeOf(value: Json | undefined): Instant | undefined {
  if (typeof value === "string") return instantOfText(value);
  return typeof value === "number" ? instantOfSecondsOr(value) : undefined;
}

function messageIdOf(record: Record_): string | undefined {
  const id = record.msg_id ?? record.msgId;
  const text = Number.isSafeInteger(id) ? String(id) : id;
  return typeof text === "string" && text.length >= 1 && text.length <= 200 ? text : undefined;
}

function hashOf(tag: string, data: Json | undefined): string {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return `sha256:${createHash("sha256").update(`${tag}\n${text}`).digest("hex")}`;
}

function isRecord(value: unknown): value is Record_ {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const cannotRead = 40041;
const cannotProcess = 40044;
const replies: Readonly<Record<PushOutcome, readonly [status: number, code: number, msg: string]>> = {
  accepted: [200, 0, "success"],
  unauthorized: [401, cannotProcess, "unauthorized"],
  unreadable: [400, cannotRead, "unreadable"],
  unsupported_media: [415, cannotRead, "unsupported media type"],
  too_large: [413, cannotRead, "too large"],
  unavailable: [503, cannotProcess, "unavailable"],
};

function reply(outcome: PushOutcome): PushReply {
  const [status, code, msg] = replies[outcome];
  return { status, contentType: "application/json", body: JSON.stringify({ code, msg }) };
}
