import { idOf, uuidFrom } from "../model/ids.ts";
import { topicOf, topicScopes } from "../webhooks/topics.ts";
import type { GraphRequest } from "./request.ts";
import { isGranted } from "./scopes.ts";

interface SubscriptionInput {
  uri?: string;
  callbackUrl?: string;
  filter?: string;
  format?: string;
  includeFields?: string[];
  name?: string;
}

export const platformMutations = {
  webhookSubscriptionCreate: (
    { topic, webhookSubscription: input }: { topic: string; webhookSubscription: SubscriptionInput },
    { view, act, subscriptions }: GraphRequest,
  ) => {
    const uri = input.uri ?? input.callbackUrl;
    const known = topicOf(topic);
    const needed: readonly string[] = known === undefined ? [] : topicScopes[known];
    if (known === undefined) return failed(["topic"], "This topic cannot be subscribed.");
    if (needed.length > 0 && !needed.some((scope) => isGranted(view.shop.scopes, scope))) {
      return failed(["topic"], `The topic needs one of these scopes: ${needed.join(", ")}.`);
    }
    if (uri === undefined || !isAddress(uri)) return failed(["webhookSubscription", "uri"], "Address is invalid.");
    if (input.format === "XML") return failed(["webhookSubscription", "format"], "Only JSON is served here.");
    const isTaken = subscriptions.list(view.shop.domain).some((one) => one.topic === topic && one.uri === uri);
    if (isTaken) return failed(["webhookSubscription", "uri"], "This address is already subscribed to the topic.");
    const added = act((turn) =>
      subscriptions.add(
        view.shop.domain,
        { topic, uri, name: input.name, filter: input.filter, includeFields: input.includeFields },
        turn.now,
      ),
    );
    return { webhookSubscription: added.view(), userErrors: [] };
  },

  webhookSubscriptionUpdate: (
    { id, webhookSubscription: input }: { id: string; webhookSubscription: SubscriptionInput },
    { view, act, subscriptions }: GraphRequest,
  ) => {
    const uri = input.uri ?? input.callbackUrl;
    if (uri !== undefined && !isAddress(uri)) return failed(["webhookSubscription", "uri"], "Address is invalid.");
    const changed = act((turn) =>
      subscriptions.change(view.shop.domain, idOf("WebhookSubscription", id) ?? "", { ...input, uri }, turn.now),
    );
    if (changed === undefined) return failed(["id"], "There is no such subscription.");
    return { webhookSubscription: changed.view(), userErrors: [] };
  },

  webhookSubscriptionDelete: ({ id }: { id: string }, { view, act, subscriptions }: GraphRequest) => {
    const isGone = act(() => subscriptions.remove(view.shop.domain, idOf("WebhookSubscription", id) ?? ""));
    if (isGone) return { deletedWebhookSubscriptionId: id, userErrors: [] };
    const error = { field: ["id"], message: "There is no such subscription." };
    return { deletedWebhookSubscriptionId: null, userErrors: [error] };
  },

  stagedUploadsCreate: (
    { input }: { input: { filename: string; resource: string; httpMethod: string; mimeType: string }[] },
    { view, baseUrl }: GraphRequest,
  ) => ({
    stagedTargets: input.map(({ filename, resource, mimeType }, index) => {
      const place = uuidFrom(view.shop.domain, filename, resource, index, view.now.getTime());
      const url = `${baseUrl}/uploads/${place}/${encodeURIComponent(filename)}`;
      return { url, resourceUrl: url, parameters: [{ name: "content_type", value: mimeType }] };
    }),
    userErrors: [],
  }),
};

/** An HTTP address, an EventBridge partner source or a Pub/Sub topic. Plain HTTP only for this machine. */
function isAddress(uri: string): boolean {
  if (/^arn:aws[a-z-]*:events:[a-z0-9-]+::event-source\/aws\.partner\/shopify\.com\/\d+\/[\w.-]+$/.test(uri))
    return true;
  if (/^pubsub:\/\/[\w-]+:[\w-]+$/.test(uri)) return true;
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  return protocol === "https:" || (protocol === "http:" && (hostname === "127.0.0.1" || hostname === "localhost"));
}

function failed(field: string[], message: string) {
  return { webhookSubscription: null, userErrors: [{ field, message }] };
}
