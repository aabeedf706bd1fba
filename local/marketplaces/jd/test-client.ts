import { ManualClock } from "../kit/manual-clock.ts";
import { createJd, type Jd, type JdSettings } from "./index.ts";
import { isParams, type Params } from "./params.ts";
import { defaultSettings } from "./settings.ts";
import { signatureOf } from "./signing.ts";
import { chinaText, parseJson, writeJson } from "./wire.ts";

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

export interface Reply {
  status: number;
  root: string;
  /** What stands under the root. */
  body: Params;
}

/** A started simulator with a clock that stands still, one shop, and a caller that signs as the platform asks. */
export async function startJd({ settings = {}, dataDir }: { settings?: Partial<JdSettings>; dataDir?: string } = {}) {
  const clock = new ManualClock();
  const jd = createJd({ clock, dataDir }, settings);
  await jd.start();
  const shop = await jd.openShop("海棠小店");
  const base = { buId: shop.shopId, operatePin: "ops", operateNick: "售后一组" };
  const call = (method: string, params: Params | string, change: Record<string, string> = {}) =>
    callGateway(jd, clock, {
      method,
      params,
      change: { access_token: String(shop.credentials.accessToken), ...change },
    });
  /** With Base, and with the ticket's ids and version where one is given. */
  const asc = (method: string, params: Params = {}) => call(`jingdong.asc.${method}`, { ...base, ...params });
  const about = (key: string): Params => {
    const found = jd.case(key);
    if (found?.family !== "ticket") throw new Error(`no ticket ${key}`);
    const { serviceId, orderId, sysVersion } = found;
    return { serviceId: BigInt(serviceId), orderId: BigInt(orderId), sysVersion };
  };
  return { jd, clock, shop, base, call, asc, about };
}

async function callGateway(
  { url }: Jd,
  clock: ManualClock,
  { method, params, change }: { method: string; params: Params | string; change: Record<string, string> },
): Promise<Reply> {
  const { appKey, appSecret } = defaultSettings;
  const sent: Record<string, string> = {
    method,
    app_key: appKey,
    timestamp: chinaText(clock.now().getTime()),
    v: "2.0",
    "360buy_param_json": typeof params === "string" ? params : textOf(params),
    ...change,
  };
  const sign = signatureOf(sent, appSecret);
  const response = await fetch(`${url}/routerjson`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ sign, ...sent }).toString(),
  });
  const reply = parseJson((await response.text()) || "{}");
  const [root = "", body = {}] = Object.entries(isParams(reply) ? reply : {})[0] ?? [];
  return { status: response.status, root, body: isParams(body) ? body : {} };
}

/** JSON with Longs bare. */
function textOf(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join(",")}]`;
  if (!isParams(value)) return writeJson(value);
  return `{${Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `${JSON.stringify(name)}:${textOf(member)}`)
    .join(",")}}`;
}

/** The block that an agreement wants. */
export const block: Params = {
  returnContactName: "柳**",
  returnContactTel: "136****5521",
  returnZipcode: "100000",
  returnProvince: 1,
  returnCity: 72,
  returnCounty: 2799,
  returnDetailAddress: "****",
  returnAddressType: 1,
};
