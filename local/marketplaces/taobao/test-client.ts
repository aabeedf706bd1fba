import { ManualClock } from "../kit/manual-clock.ts";
import { createTaobao, type Taobao, type TaobaoSettings } from "./index.ts";
import { defaultSettings } from "./settings.ts";
import { platformSignature } from "./signing.ts";
import { chinaTime } from "./wording.ts";

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

type Texts = Readonly<Record<string, string | number | boolean | undefined>>;
/** Parsed by the language itself: good enough where no id is compared. */
export type Answer = Record<string, unknown> & {
  error_response?: { code: number; sub_code?: string; sub_msg?: string };
};

export const png = Buffer.from("89504e470d0a1a0a0000000d", "hex");

/** A started simulator with a clock that stands still, one shop, and a caller that signs as the platform asks. */
export async function startTaobao(
  {
    settings = {},
    dataDir,
    shopName = "模拟旗舰店",
  }: { settings?: Partial<TaobaoSettings>; dataDir?: string; shopName?: string } = {},
  clock = new ManualClock("2026-03-01T01:00:00Z"),
) {
  const taobao = createTaobao({ clock, dataDir }, settings);
  await taobao.start();
  const shop = await taobao.openShop(shopName);
  const session = String(shop.credentials.accessToken);
  const call = (method: string, params: Texts = {}, pictures: Record<string, Buffer> = {}) =>
    callRouter(taobao, clock, { method, session, ...params }, pictures);
  /** What stands in the outer node. */
  const ask = async (method: string, params: Texts = {}, pictures: Record<string, Buffer> = {}) => {
    const answer = await call(method, params, pictures);
    return answer[`${method.replace("taobao.", "").replaceAll(".", "_")}_response`] as Answer;
  };
  const refund = async (id: string) =>
    (await ask("taobao.refund.get", { refund_id: id, fields: everyRefundField })).refund as Answer;
  return { taobao, clock, shop, call, ask, refund };
}

export const everyRefundField =
  "refund_id,tid,oid,status,created,modified,refund_fee,payment,good_status,has_good_return,reason,num,refund_remind_timeout," +
  "refund_phase,refund_version,operation_contraint,dispute_type,order_status,cs_status,address,company_name,sid,end_time";

async function callRouter(
  { url }: Taobao,
  clock: ManualClock,
  given: Texts,
  pictures: Record<string, Buffer>,
): Promise<Answer> {
  const { appKey, appSecret } = defaultSettings;
  const common = {
    app_key: appKey,
    v: "2.0",
    format: "json",
    sign_method: "md5",
    timestamp: chinaTime(clock.now().getTime()),
  };
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries({ ...common, ...given }))
    if (value !== undefined) texts.set(name, String(value));
  if (!texts.has("sign")) texts.set("sign", platformSignature(texts, appSecret) ?? "none");
  const hasPictures = Object.keys(pictures).length > 0;
  const body = hasPictures ? new FormData() : new URLSearchParams();
  for (const [name, value] of texts) body.append(name, value);
  for (const [name, bytes] of Object.entries(pictures))
    (body as FormData).append(name, new Blob([new Uint8Array(bytes)]), `${name}.png`);
  const response = await fetch(`${url}/router/rest`, { method: "POST", body });
  const text = await response.text();
  return text.startsWith("<") ? { xml: text } : (JSON.parse(text) as Answer);
}
