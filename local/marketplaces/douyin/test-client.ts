import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ManualClock } from "../kit/manual-clock.ts";
import { createDouyin, type Douyin, type DouyinSettings } from "./index.ts";
import { isParams, type Params } from "./params.ts";
import { defaultSettings } from "./settings.ts";
import { gatewaySignature } from "./signing.ts";
import { parseJson, writeJson } from "./wire.ts";

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** A busy test machine must not look like a slow receiver. */
const patience = { receiverTimeLimitMs: 20_000 };

export interface Reply {
  code: number;
  subCode: string;
  data: Params;
}

/** A started simulator with a clock that stands still, one shop, and a caller that signs as the platform asks. */
export async function startDouyin(
  { settings = {}, dataDir }: { settings?: Partial<DouyinSettings>; dataDir?: string } = {},
  clock = new ManualClock(),
) {
  const douyin = createDouyin({ clock, dataDir }, { ...patience, ...settings });
  await douyin.start();
  const shop = await douyin.openShop("山茶小店");
  const call = (path: string, params: Params | string, change: Record<string, string> = {}) =>
    callGateway(douyin, clock, {
      path,
      params,
      change: { access_token: String(shop.credentials.accessToken), ...change },
    });
  const data = async (path: string, params: Params) => (await call(path, params)).data;
  const detail = async (caseId: string) => {
    const { process_info } = await data("/afterSale/Detail", { after_sale_id: caseId });
    return (process_info as { after_sale_info: Params }).after_sale_info;
  };
  const operate = (type: number, caseId: string, item: Params = {}) =>
    call("/afterSale/operate", { type, items: [{ aftersale_id: caseId, ...item }] });
  return { douyin, clock, shop, call, data, detail, operate };
}

async function callGateway(
  { url }: Douyin,
  clock: ManualClock,
  { path, params, change }: { path: string; params: Params | string; change: Record<string, string> },
): Promise<Reply> {
  const { appKey, appSecret: secret } = defaultSettings;
  const method = path.slice(1).replaceAll("/", ".");
  const timestamp = String(Math.floor(clock.now().getTime() / 1000));
  const body = typeof params === "string" ? params : writeJson(params);
  const sign = gatewaySignature({ appKey, method, body, timestamp }, { secret, by: "hmac-sha256" });
  const query = { app_key: appKey, method, timestamp, v: "2", sign_method: "hmac-sha256", sign, ...change };
  const response = await fetch(`${url}${path}?${new URLSearchParams(query)}`, { method: "POST", body });
  const reply = parseJson(await response.text());
  if (!isParams(reply)) throw new Error("not an envelope");
  return { code: Number(reply.code), subCode: String(reply.sub_code), data: isParams(reply.data) ? reply.data : {} };
}

export interface ReceivedPush {
  headers: Record<string, string>;
  body: string;
  records: { tag: string; msg_id: string; data: string }[];
}

/** Receives pushes and answers them with what `reply` says, by default success. */
export async function startReceiver(reply: (nth: number) => string | undefined = () => '{"code":0,"msg":"success"}') {
  const received: ReceivedPush[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const records = JSON.parse(body) as ReceivedPush["records"];
    received.push({ headers: request.headers as Record<string, string>, body, records });
    const answer = reply(received.length);
    if (answer !== undefined) response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    records: () => received.flatMap(({ records }) => records).filter(({ tag }) => tag !== "0"),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
