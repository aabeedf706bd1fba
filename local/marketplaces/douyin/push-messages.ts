import type { DouyinCase, DouyinShop } from "./model.ts";
import { beijingText, int64, writeJson } from "./wire.ts";

/** One push as it waits: `data` is already the text that goes on the wire. */
export interface PushMessage {
  tag: string;
  msg_id: string;
  data: string;
}

const isArbitrationTag = (tag: number) => tag >= 212 && tag <= 218;
const isBenefitTag = (tag: number) => tag === 224 || tag === 225;
const isReissueTag = (tag: number) => tag === 226 || tag === 227;

/** The message of a tag about a case as it stands now. `own` are the fields only this tag has. */
export function pushMessage(
  case_: DouyinCase,
  tag: number,
  {
    own,
    shop,
    now,
    serial,
  }: { own: Record<string, unknown>; shop: DouyinShop | undefined; now: number; serial: number },
): PushMessage {
  const data = { ...ids(case_, tag), ...commonFields(case_, tag), ...own, ...tagFields(case_, tag, shop) };
  const digits = String(8_800_000_000_000_000_000n + BigInt(serial));
  return { tag: String(tag), msg_id: `${case_.id}::${tag}:${now}:${digits}`, data: writeJson(data) };
}

export function probeMessage(nowIso: string): PushMessage {
  return { tag: "0", msg_id: "0", data: nowIso };
}

function ids({ id, shopId, status, type, order }: DouyinCase, tag: number): Record<string, unknown> {
  return {
    p_id: int64(order.orderId),
    s_id: int64(order.lineId),
    shop_id: int64(shopId),
    ...(isReissueTag(tag) ? {} : { store_id: 0 }),
    aftersale_id: int64(id),
    // This one message spells its status differently.
    [tag === 227 ? "after_sale_status" : "aftersale_status"]: status,
    aftersale_type: type,
  };
}

function commonFields(case_: DouyinCase, tag: number): Record<string, unknown> {
  if (tag === 209 || isArbitrationTag(tag)) return {};
  if (isBenefitTag(tag)) return { refund_amount: case_.refundAmount };
  const updated = { reason_code: case_.reasonCode, update_time: beijingText(case_.updateTime) };
  if (isReissueTag(tag)) return updated;
  return {
    refund_amount: case_.refundAmount,
    refund_post_amount: case_.refundPostAmount,
    refund_voucher_num: 0,
    ...updated,
  };
}

function tagFields(case_: DouyinCase, tag: number, shop: DouyinShop | undefined): Record<string, unknown> {
  if (tag === 209) return { status_deadline: case_.statusDeadline };
  if (tag === 202) return { addr: addressText(case_, shop) };
  if (!isArbitrationTag(tag) || case_.arbitration === undefined) return {};
  const { round, status, conclusion } = case_.arbitration;
  return {
    arbitrate_id: `${case_.id}_${String(round).padStart(3, "0")}`,
    arbitrate_status: status,
    ...(tag === 216 ? { arbitrate_conclusion: conclusion } : {}),
  };
}

/** A JSON document inside the JSON document inside the JSON array. */
function addressText(case_: DouyinCase, shop: DouyinShop | undefined): string {
  const address = shop?.addresses.find(({ id }) => id === case_.returnAddressId);
  if (address === undefined) return "{}";
  const { province, city, district, street, detail, name, phone } = address;
  return writeJson({
    province: province.name,
    province_id: province.id,
    city: city.name,
    city_id: city.id,
    town: district.name,
    town_id: district.id,
    street: street.name,
    street_id: street.id,
    detail,
    name,
    mobile: phone,
  });
}
