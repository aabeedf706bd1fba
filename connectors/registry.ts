import type { Channel } from "#shared/case/channel.ts";
import { amazon } from "./amazon/index.ts";
import type { Connector } from "./contract.ts";
import { douyin } from "./douyin/index.ts";
import { jd } from "./jd/index.ts";
import { shopify } from "./shopify/index.ts";
import { taobao } from "./taobao/index.ts";

const connectors = { douyin, shopify, taobao, jd, amazon } satisfies Record<Channel, unknown>;

/** The connector of a channel. Settings and credentials are checked by the connector's own schemas before each use. */
export function connectorOf(channel: Channel): Connector {
  return connectors[channel] as Connector;
}
