import type { Push, PushOutcome, PushReading, PushReply } from "#connectors/contract.ts";
import type { ChannelSettings } from "#shared/channel-settings.ts";
import type { Clock } from "#shared/clock.ts";
import { isSuiteError } from "#shared/errors.ts";
import type { HttpAnswer, HttpCall } from "#shared/lambda/on-http.ts";
import { noticeMessage } from "#shared/lanes.ts";
import { faultFields, log } from "#shared/log.ts";
import { count } from "#shared/metrics.ts";
import { type Message, rejectedMessages } from "#shared/queue.ts";

/** Above this no platform's push has been seen; Shopify's largest body is 1,000,000 bytes. */
const maxBodyBytes = 1_048_576;

export interface Deps {
  pushOf: (channel: string) => Push<unknown> | undefined;
  channelSettings: ChannelSettings;
  clock: Clock;
  enqueue: (messages: readonly Message[]) => Promise<void>;
  quarantine: (messages: readonly Message[]) => Promise<void>;
  /** For what concerns a shop itself. */
  tellShops: (messages: readonly Message[]) => Promise<void>;
}

/**
 * Takes a platform's push: proves where it comes from, reads which cases it speaks of, queues one notice for each, and
 * answers in the platform's own form. Answers success only when the queue has the notices; when a secret, the queue or
 * anything else of ours is missing, it says so, and the platform sends its message again. Calls no platform, keeps
 * nothing. A forged or unreadable push leaves nothing behind but a count.
 */
export async function receiveWebhook(call: HttpCall, deps: Deps): Promise<HttpAnswer> {
  const channel = call.params.channel ?? "";
  const push = deps.pushOf(channel);
  if (!push) return { status: 404, contentType: "application/json", body: '{"message":"Not Found"}' };
  try {
    return await take(call, { channel, push }, deps);
  } catch (fault) {
    // The status 5xx is what the alarm watches.
    log.error("webhook not taken", { channel, ...faultFields(fault) });
    return answer(push.reply("unavailable"));
  }
}

async function take(
  call: HttpCall,
  { channel, push }: { channel: string; push: Push<unknown> },
  deps: Deps,
): Promise<HttpAnswer> {
  const refuse = (outcome: PushOutcome, reason: string) => {
    count(outcome === "unauthorized" ? "WebhookRefused" : "WebhookUnreadable", 1, { channel });
    log.warn("webhook refused", { channel, reason });
    return answer(push.reply(outcome));
  };

  if (call.body.length > maxBodyBytes) return refuse("too_large", "body_too_large");
  if (!/^application\/json\s*(;|$)/i.test(call.headers["content-type"] ?? ""))
    return refuse("unsupported_media", "not_json");

  const request = { headers: call.headers, body: call.body };
  const apps = (await deps.channelSettings(channel)).map(push.app);
  const verified = push.verify(request, apps, deps.clock.now());
  if (!verified.ok) return refuse("unauthorized", verified.reason);
  if (verified.live > 0) count("OldSecretInUse", 1, { channel });

  let reading: PushReading;
  try {
    reading = push.read(request);
  } catch (fault) {
    if (!isSuiteError(fault, "payload_invalid")) throw fault;
    log.warn("webhook unreadable", { channel, ...faultFields(fault) });
    return refuse("unreadable", fault.code);
  }
  await keep(reading, channel, deps);
  return answer(push.reply("accepted"));
}

async function keep(reading: PushReading, channel: string, deps: Deps): Promise<void> {
  const { notices, ignored, rejected, shopNotices = [] } = reading;
  if (shopNotices.length > 0) {
    await deps.tellShops(shopNotices.map((notice) => ({ body: JSON.stringify({ notice }) })));
    count("WebhookAccepted", shopNotices.length, { channel });
  }
  if (notices.length > 0) await deps.enqueue(notices.map(noticeMessage));
  if (rejected.length > 0) {
    await deps.quarantine(rejected.flatMap((each) => rejectedMessages({ channel, from: "push", ...each })));
    count("RecordQuarantined", rejected.length, { channel });
  }
  if (ignored.length > 0) {
    count("WebhookIgnored", ignored.length, { channel });
    for (const { topic, why } of ignored) log.info("webhook ignored", { channel, topic, why });
  }
  if (notices.length > 0) count("WebhookAccepted", notices.length, { channel });
}

function answer({ status, contentType, body }: PushReply): HttpAnswer {
  return { status, contentType, body };
}
