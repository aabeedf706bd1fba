import type { ChannelAction } from "../contract.ts";
import type { ShopifyApp, ShopifyCredentials } from "./settings.ts";

export type ShopifyAction = ChannelAction<ShopifyApp, ShopifyCredentials>;
