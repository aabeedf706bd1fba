import { createRandom } from "../kit/random.ts";
import { defaultGroup } from "./message-queue.ts";
import type { SellerAddress, TaobaoShop } from "./model.ts";
import type { Platform } from "./platform.ts";
import { grantTokens } from "./tokens.ts";

/**
 * The same name gives the same shop; one that is already open is handed back as it is. A name with 淘宝 or "taobao" in it
 * is a Taobao shop, every other a Tmall shop. Its messages are not asked for yet: that takes a call of the shop's own.
 */
export function openShop(platform: Platform, name: string): TaobaoShop {
  const id = `22${createRandom(name, "taobao shop").digits(11)}`;
  const open = platform.shops.get(id);
  if (open !== undefined) return open;
  return grantTokens(platform, {
    id,
    nick: name,
    kind: /淘宝|taobao/i.test(name) ? "taobao" : "tmall",
    openUid: `AAEsim${id}`,
    addresses: addressesOf(platform, id),
    isAuthorised: true,
    messageGroup: defaultGroup,
    wantsSmsCode: false,
    hasAliGenius: false,
  });
}

function addressesOf(platform: Platform, shopId: string): SellerAddress[] {
  const make = (nth: number, own: Pick<SellerAddress, "name" | "district" | "street" | "isReturnDefault">) => ({
    contactId: platform.makeId("31", 12, shopId, "address", nth),
    province: "浙江省",
    city: "杭州市",
    zip: "311100",
    phone: `0571-0000000${nth}`,
    mobile: `1370000000${nth}`,
    ...own,
  });
  return [
    make(1, { name: "模拟发货仓", district: "萧山区", street: "模拟路 20 号", isReturnDefault: false }),
    make(2, { name: "模拟退货仓", district: "余杭区", street: "模拟产业园 3 栋", isReturnDefault: true }),
    make(3, { name: "模拟质检仓", district: "临平区", street: "模拟大道 18 号", isReturnDefault: false }),
  ];
}
