import { type Defences, off, offEach } from "./defence.ts";

const suite = "inbound";
const bodies = "inbound-bodies";
const verify = "shared/inbound.ts";
const receive = "functions/receive-inbound/receive-inbound.ts";
const event = "shared/case/inbound-event.ts";

export const inboundDefences: Defences = {
  "a report is signed with a key of its tenant": off(
    suite,
    verify,
    'return isOurs ? undefined : "signature_mismatch";',
    "return isOurs ? undefined : undefined;",
  ),
  "keys belong to one tenant": off(
    suite,
    "shared/store/keys.ts",
    'pk: inboundPk(tenantId), sk: "KEYS"',
    'pk: "INBOUND#all", sk: "KEYS"',
  ),
  "a key is taken by its name": off(suite, verify, "keyId === undefined ? keys :", "keyId !== null ? keys :"),
  "two keys are live at most": off(suite, "shared/store/inbound.ts", ".slice(0, mostKeys)", ""),
  "no key is empty": off(
    suite,
    receive,
    'if (typeof secret === "string" && secret.length >= shortestSecret)',
    'if (typeof secret === "string")',
  ),
  "a signature has one form": offEach(
    suite,
    [verify, "/(?:^|,)\\s*v1=([0-9a-f]{64})(?=\\s*(?:,|$))/g", "/([0-9a-f]{64})/gi"],
    [verify, 'if (given.length === 0) return "signature_missing";', "if (given.length === 0) return undefined;"],
  ),
  "few signatures are tried": off(suite, verify, "given.slice(0, 4)", "given"),
  "a report is of now": offEach(
    suite,
    [verify, 'if (ageSeconds > toleranceSeconds) return "too_old";', ""],
    [verify, 'if (ageSeconds < -toleranceSeconds) return "too_new";', ""],
  ),
  "a time is whole seconds": off(
    suite,
    verify,
    'if (!/^\\d{1,12}$/.test(timestamp)) return "timestamp_missing";',
    "if (!(Math.abs(Number(timestamp) - now.getTime() / 1000) < 400)) return undefined;",
  ),
  "a report counts once": off(suite, receive, "await deps.inbound.mark(tenantId, eventId, deps.clock.now());", ""),
  "a report that came twice is told from another tenant's": off(
    suite,
    receive,
    "deduplicationId: createHash(",
    "deduplicationId: (tenantId + eventId).slice(-100) || createHash(",
  ),
  "a case is looked up under its tenant": off(
    suite,
    "shared/store/keys.ts",
    "const tenantPk = (tenantId: TenantId) => `T#",
    "const tenantPk = (tenantId: TenantId) => tenantId && `T#acme` || `",
  ),
  "who guesses tenants learns nothing": off(
    suite,
    receive,
    'tenantId === undefined ? "no_keys" : await verify(call, tenantId, deps);',
    'await verify(call, tenantId as TenantId, deps);\n  if (wrong === "no_keys") return refusal(404, "case_unknown", "There is no such tenant.");',
  ),
  "a report is at most 256 KB": off(bodies, receive, "if (call.body.length > maxBodyBytes)", "if (maxBodyBytes < 0)"),
  "a report is JSON in UTF-8": offEach(
    bodies,
    [receive, '"utf-8", { fatal: true }', '"utf-8"'],
    [receive, 'return refusal(400, "not_json", "The body is not JSON in UTF-8.");', "parsed = {};"],
  ),
  "a report has its form": off(
    bodies,
    receive,
    "if (event.success) return event.data;",
    'if (event.success || parsed !== undefined) return event.data ?? { type: "refund.paid", event_id: "e", occurred_at: "2026-11-25T12:00:00.000Z", data: { case_id: "douyin:4463798:7001", reference: "x", amount: {} } } as never;',
  ),
  "units are counted whole, and no more accepted than came": offEach(
    bodies,
    [event, "const count = z.int().nonnegative().max(100_000);", "const count = z.number();"],
    [event, "accepted_qty <= received_qty", "accepted_qty !== null || received_qty !== null"],
  ),
  "what was paid is a whole number above zero": offEach(bodies, [
    event,
    "amount: z.object({ amount_minor: z.int().positive(), currency: moneySchema.shape.currency })",
    "amount: z.any()",
  ]),
  "a time of an event exists": off(
    bodies,
    event,
    "z.iso.datetime().transform((text) => new Date(text).toISOString())",
    "z.string().transform((text) => new Date(Number(new Date(text)) || 0).toISOString())",
  ),
  "an event is not from the future": off(bodies, receive, "+ aheadMs)", "+ 1e15)"),
  "a picture is on the web": off(bodies, event, "z.url({ protocol: /^https$/ })", "z.url()"),
  "signatures are compared in constant time": off(
    suite,
    verify,
    'timingSafeEqual(expected, Buffer.from(hex, "hex"))',
    'expected.equals(Buffer.from(hex, "hex"))',
  ),
};
