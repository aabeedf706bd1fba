import { expect, it } from "vitest";
import { Journal } from "../kit/journal.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { open } from "./buyer.ts";
import { Platform } from "./platform.ts";
import { defaultSettings } from "./settings.ts";
import { openShop } from "./shops.ts";
import { stateOf } from "./truth.ts";

const platform = new Platform({ clock: new ManualClock(), settings: defaultSettings, journal: new Journal() });
const shop = openShop(platform, "对照");
const parcel = { trackingNo: "SF0000000000001", companyCode: "shunfeng", companyName: "", time: 1 };

it.each([
  [0, { status: 6 }, "requested"],
  [0, { status: 7 }, "approved"],
  [7, { status: 8 }, "approved"],
  [8, { status: 8 }, "approved"],
  [8, { status: 8, returnParcel: parcel }, "received"],
  [0, { status: 11 }, "return_in_transit"],
  [3, { status: 13, returnParcel: parcel }, "received"],
  [7, { status: 13 }, "approved"],
  [8, { status: 13 }, "approved"],
  [8, { status: 13, returnParcel: parcel }, "received"],
  [0, { status: 12, refundStatus: 1 }, "refunding"],
  [0, { status: 12, refundStatus: 4 }, "refunding"],
  [0, { status: 12, refundStatus: 3 }, "refunded"],
  [0, { status: 12, refundStatus: 5 }, "refunded"],
  [3, { status: 14 }, "closed"],
  [0, { status: 27 }, "rejected"],
  [0, { status: 29 }, "rejected"],
  [0, { status: 28 }, "closed"],
  [2, { status: 51, refundStatus: 3 }, "refunded"],
  [2, { status: 53, refundStatus: 1 }, "closed"],
  [0, { status: 77 }, "unknown"],
])("a case of type %i with %o is %s", (type, fields, state) => {
  expect(stateOf({ ...open(platform, { shopId: shop.id, type }), ...fields })).toBe(state);
});
