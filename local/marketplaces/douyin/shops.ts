import { createRandom } from "../kit/random.ts";
import type { DouyinShop, Region, ReturnAddress } from "./model.ts";
import type { Platform } from "./platform.ts";
import { keepFresh } from "./tokens.ts";

const region = (id: string, name: string): Region => ({ id, name });
const guangdong = { province: region("44", "广东省") };

/** The same name gives the same shop; one that is already open is handed back as it is. */
export function openShop(platform: Platform, name: string): DouyinShop {
  const id = createRandom(name, "douyin shop").digits(8);
  const open = platform.shops.get(id);
  if (open !== undefined) return open;
  return keepFresh(platform, {
    id,
    name,
    isAuthorised: true,
    refundHelper: { onShipmentStopped: false, onGoodsBookedIn: false },
    addresses: addressesOf(platform, id),
  });
}

function addressesOf(platform: Platform, shopId: string): ReturnAddress[] {
  const createTime = platform.nowSeconds();
  const shenzhen = { city: region("440300", "深圳市"), district: region("440305", "南山区") };
  const guangzhou = { city: region("440100", "广州市"), district: region("440106", "天河区") };
  const make = (nth: number, own: Omit<ReturnAddress, "id" | "createTime" | "province">): ReturnAddress => ({
    id: platform.makeId("72", shopId, "address", nth),
    createTime: createTime + nth,
    ...guangdong,
    ...own,
  });
  return [
    make(0, {
      name: "售后仓",
      isDefault: true,
      isSendDefault: false,
      ...shenzhen,
      street: region("440305002", "南山街道"),
      detail: "模拟产业园 3 栋 1 层",
      phone: "0755-00000001",
      remark: "",
    }),
    make(1, {
      name: "质检仓",
      isDefault: false,
      isSendDefault: false,
      ...guangzhou,
      street: region("", ""),
      detail: "模拟路 18 号",
      phone: "020-00000002",
      remark: "大件",
    }),
    make(2, {
      name: "发货仓",
      isDefault: false,
      isSendDefault: true,
      ...guangzhou,
      street: region("", ""),
      detail: "模拟路 20 号",
      phone: "020-00000003",
      remark: "仅发货",
    }),
  ];
}
