import { ApiRefusal, GatewayRefusal } from "./answers.ts";
import type { JdShop } from "./model.ts";
import { optionalText, type Params } from "./params.ts";
import type { Platform } from "./platform.ts";

/** A call of an authorised shop: what it answers stands beside the outer code. */
export type ShopCall = (platform: Platform, shop: JdShop, params: Params) => Record<string, unknown>;

export interface Base {
  pin: string;
  nick: string;
}

/** The three fields of every `asc` call. Another merchant's id is refused, whoever's token it is. */
export function baseOf(shop: JdShop, params: Params): Base {
  const [buId, pin, nick] = ["buId", "operatePin", "operateNick"].map((name) => {
    const value = optionalText(params, name);
    if (value === undefined || [...value].length > 50) throw new GatewayRefusal(61, name);
    return value;
  });
  if (buId !== shop.id) throw new ApiRefusal("E-BU", "商家不匹配");
  return { pin: pin ?? "", nick: nick ?? "" };
}
