import { type CanonicalValue, stringifyCanonical } from "#shared/json.ts";
import { readAddresses } from "./addresses.ts";
import { businessFailure } from "./business-failure.ts";
import { carrierCode } from "./carriers.ts";
import { chinaTimeOf } from "./china-time.ts";
import { command as ask, type TaobaoWorld } from "./client.ts";
import type { Request } from "./refund-actions.ts";
import { given, refusedHere } from "./refused-here.ts";
import { cancelledAnswerSchema, uploadedAnswerSchema } from "./schema.ts";

// AliGenius (AG) is the platform's after-sales assistant, for shops that have joined it. It hears what happened in the
// warehouse, and its robot then refunds by the rules that the shop has set in it. Source: API metadata 29304 and 42161, by
// copies (github.com/bububa/opentaobao), read 2026-11-25; what the robot does with it is not published.

/** Reports that the shipment was stopped, which has the robot pay what the buyer claims. */
export async function reportShipmentCancelled({ subject, command }: Request, world: TaobaoWorld): Promise<void> {
  const { claimed } = subject.facts.money;
  const amount = command.args.amount ?? claimed;
  if (claimed?.currency !== "CNY" || amount?.amountMinor !== claimed.amountMinor)
    throw refusedHere("the platform's robot pays what is claimed and takes no other amount");
  const [order] = subject.facts.orders;
  const param = {
    refund_id: BigInt(subject.channelCaseId),
    tid: BigInt(given(order?.orderId, "the order")),
    ...(order?.lineId && { oid: BigInt(order.lineId) }),
    status: "SUCCESS",
    refund_fee: claimed.amountMinor,
    operate_time: chinaTimeOf(world.now),
    msg: command.args.note?.slice(0, 200) ?? "已取消发货",
  };
  const { result } = await ask(
    world,
    "taobao.rdc.aligenius.sendgoods.cancel",
    { param: stringifyCanonical(param) },
    { schema: cancelledAnswerSchema },
  );
  if (!result.success) throw businessFailure(result.error_code, result.error_info);
}

/** The metadata's numbers for the condition of goods that came back, by the word in `reasonCode`. */
const conditions: Readonly<Record<string, number>> = { intact: 1, damaged: 2, partly_damaged: 3 };
/** The warehouse's slip is closed: the goods are in. */
const inWarehouse = 3;
const ofAnOrder = 1;

/** Uploads the warehouse's slip of goods that came back: where, by which waybill, how many, in which condition. */
export async function reportReceipt({ subject, command }: Request, world: TaobaoWorld): Promise<void> {
  const { goods, orders } = subject.facts;
  const { wayBack, lines = [] } = goods;
  if (!wayBack) throw refusedHere("the buyer has given no waybill");
  const condition = conditions[command.args.reasonCode ?? "intact"];
  if (condition === undefined) throw refusedHere(`reasonCode is none of ${Object.keys(conditions).join(", ")}`);
  const carrier = given(wayBack.carrier, "the carrier of the buyer's parcel");
  const slip: Record<string, CanonicalValue> = {
    id: subject.channelCaseId,
    tid: BigInt(given(orders[0]?.orderId, "the order")),
    status: inWarehouse,
    create_time: chinaTimeOf(world.now),
    mail_no: wayBack.trackingNo,
    cp_name: carrier,
    cp_code: await carrierCode(carrier, world),
    ...(await warehouseOf(command.args.addressId, world)),
    goods_item_d_t_o_list: lines.map(({ lineId, sku, toReturn, requested }) => ({
      oid: BigInt(lineId),
      type: ofAnOrder,
      plan_qty: toReturn ?? requested,
      actual_qty: receivedOf(subject.facts.inspection, sku) ?? toReturn ?? requested,
      // The barcode; the seller's own code is what the case knows of it.
      qr_code: sku ?? lineId,
      status: condition,
    })),
  };
  const param0 = stringifyCanonical({ uploading_reverse_d_t_o_list: [slip] });
  const answer = await ask(
    world,
    "taobao.rdc.aligenius.warehouse.reverse.uploading",
    { param0 },
    { schema: uploadedAnswerSchema },
  );
  if (!answer.success_flag) throw businessFailure(answer.fail_code, answer.fail_info);
}

type Inspection = Request["subject"]["facts"]["inspection"];

/** What the merchant's warehouse counted of an article, where it has. */
function receivedOf(inspection: Inspection, sku: string | undefined): number | undefined {
  return inspection?.lines.find((line) => line.sku !== undefined && line.sku === sku)?.received;
}

/** The warehouse by the name that AG knows it under, at the address that was chosen, else at the usual one for returns. */
async function warehouseOf(addressId: string | undefined, world: TaobaoWorld): Promise<Record<string, string>> {
  const addresses = await readAddresses(world);
  const isIt = addressId
    ? ({ contact_id: id }: (typeof addresses)[number]) => id === addressId
    : ({ cancel_def: isUsual }: (typeof addresses)[number]) => isUsual === true;
  const address = addresses.find(isIt);
  if (!address) throw refusedHere("the platform has no such return address of the seller");
  return {
    warehouse_name: given(world.credentials.aliGenius?.warehouseName, "aliGenius.warehouseName"),
    country_name: "中国",
    province_name: given(address.province ?? undefined, "the address's province"),
    city_name: given(address.city ?? undefined, "the address's city"),
    district_name: given(address.country ?? undefined, "the address's district"),
    adr: given(address.addr ?? undefined, "the address's street"),
  };
}
