import type { Push } from "./contract.ts";
import { douyinPush } from "./douyin/push.ts";
import { shopifyPush } from "./shopify/push.ts";

// Apart from registry.ts, so that the webhook function starts without the schema library and the clients.
const pushes: Readonly<Record<string, Push<unknown>>> = {
  douyin: douyinPush as Push<unknown>,
  shopify: shopifyPush as Push<unknown>,
};

/** The push half of a channel that pushes; undefined for an unknown channel or one that is only polled. */
export function pushOf(channel: string): Push<unknown> | undefined {
  return Object.hasOwn(pushes, channel) ? pushes[channel] : undefined;
}
