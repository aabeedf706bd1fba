import { createHmac } from "node:crypto";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { signPush } from "#connectors/douyin/verify.ts";
import { pushOf } from "#connectors/push.ts";
import { createChannelSettings } from "#shared/channel-settings.ts";
import { onHttp } from "#shared/lambda/on-http.ts";
import type { Message } from "#shared/queue.ts";
import { type Deps, receiveWebhook } from "../../functions/receive-webhook/receive-webhook.ts";
import { listen } from "../builders/fakes.ts";

type Headers = Record<string, string | undefined>;
export type Pushing = "douyin" | "shopify";

/** Our apps, as their secrets hold them; nothing of it may ever leave. */
export const apps = {
  douyin: { appKey: "7001234567890123456", appSecret: "douyin-canary-secret-01", pushSigning: "hmac-sha256" },
  shopify: { clientId: "canary-client-id", clientSecret: "shpss_canary_secret_0001" },
};
const buyer = "Canary Erika Mustermann";

export const shopifyBody = JSON.stringify({
  id: 5196600000101,
  admin_graphql_api_id: "gid://shopify/Return/7700110001",
  note: buyer,
});
/** A push of Douyin with one record about a case; `data` is JSON text, as it comes. */
export const douyinBody = (data = '{"shop_id":10437917,"aftersale_id":7301234567890123403}', record: object = {}) =>
  JSON.stringify([{ tag: "200", msg_id: "m-1", data, ...record }]);

export const shopifySignature = (body: string | Uint8Array, secret = apps.shopify.clientSecret) =>
  createHmac("sha256", secret).update(body).digest("base64");
export const douyinSignature = (body: string | Uint8Array, app = apps.douyin) =>
  signPush(app, Buffer.from(body), "hmac-sha256");

/** The headers that the channel itself would send around a body. */
export const genuine = {
  shopify: (body: string | Uint8Array): Headers => ({
    "content-type": "application/json",
    "x-shopify-topic": "returns/update",
    "x-shopify-shop-domain": "demo.myshopify.com",
    "x-shopify-api-version": "2026-10",
    "x-shopify-webhook-id": "b54557e4-0001",
    "x-shopify-hmac-sha256": shopifySignature(body),
  }),
  douyin: (body: string | Uint8Array): Headers => ({
    "content-type": "application/json",
    "app-id": apps.douyin.appKey,
    "event-sign": douyinSignature(body),
  }),
};

interface Given {
  headers?: Headers;
  body?: string | Uint8Array;
  path?: string;
}

/** A door with secrets of its own; `current` and `previous` are the texts of the two live versions. */
export function openDoor({
  current = (channel: string): string => JSON.stringify(apps[channel as Pushing]),
  previous = (_channel: string): string => "",
  now = () => Date.parse("2026-11-25T12:00:00Z"),
} = {}) {
  const send = async ({ input }: { input: { SecretId: string; VersionStage: string } }) => {
    const channel = input.SecretId.split("/").at(-1) ?? "";
    return { SecretString: input.VersionStage === "AWSCURRENT" ? current(channel) : previous(channel) };
  };
  const client = { send } as unknown as SecretsManagerClient;
  const channelSettings = createChannelSettings({ client, prefix: "casebridge/test/channel/", now });

  /** Sends as API Gateway does, and answers all that came of it. */
  return async function push(channel: Pushing, { headers = {}, body, path = channel }: Given = {}) {
    const sent = body ?? (channel === "shopify" ? shopifyBody : douyinBody());
    const [intake, quarantine, shops]: Message[][] = [[], [], []];
    const deps: Deps = {
      ...{ pushOf, channelSettings },
      clock: { now: () => new Date(now()) },
      enqueue: async (messages) => void intake?.push(...messages),
      quarantine: async (messages) => void quarantine?.push(...messages),
      tellShops: async (messages) => void shops?.push(...messages),
    };
    const all = { ...genuine[channel](sent), ...headers };
    const heard = listen();
    try {
      const event = {
        pathParameters: { channel: path },
        headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
        body: Buffer.from(sent).toString("base64"),
        isBase64Encoded: true,
        requestContext: { http: { method: "POST" } },
      } as unknown as APIGatewayProxyEventV2;
      const answer = await onHttp((call) => receiveWebhook(call, deps))(event, {} as Context);
      const said = heard.said();
      const counted = (["WebhookRefused", "WebhookUnreadable", "WebhookIgnored"] as const).filter(
        (name) => heard.metric(name).length > 0,
      );
      return { answer, said, counted, ...{ intake: intake ?? [], quarantine: quarantine ?? [], shops: shops ?? [] } };
    } finally {
      heard.end();
    }
  };
}

export type Came = Awaited<ReturnType<ReturnType<typeof openDoor>>>;

/** What came of a push, in one line: the status, what was left behind, what was counted, why, and what leaked. */
export function told({ answer, intake, quarantine, shops, counted, said }: Came): string {
  const left = [
    ...(intake.length > 0 ? [`${intake.length} queued`] : []),
    ...(quarantine.length > 0 ? [`${quarantine.length} set aside`] : []),
    ...(shops.length > 0 ? [`${shops.length} about the shop`] : []),
  ];
  const why = said.map(({ reason, errorCode, errorName }) => reason ?? errorCode ?? errorName).at(-1);
  const out = JSON.stringify([answer, said]);
  const leaks = [apps.douyin.appSecret, apps.shopify.clientSecret, buyer].filter((each) => out.includes(each));
  return [
    String(answer.statusCode),
    left.join(" and ") || "nothing queued",
    ...counted,
    ...(why ? [String(why)] : []),
    ...leaks.map((each) => `LEAKS ${each}`),
  ].join(", ");
}
