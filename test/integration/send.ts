import { createHash, createHmac, randomUUID } from "node:crypto";
import { connect } from "node:net";

export interface Answer {
  status: number;
  contentType: string;
  body: string;
}

type Headers = Record<string, string | undefined>;

/** Posts bytes as they are; a header that is undefined is left out. */
export async function post(url: string, headers: Headers, body: string | Uint8Array, method = "POST"): Promise<Answer> {
  const given = Object.entries(headers).filter((each): each is [string, string] => each[1] !== undefined);
  const bytes = method === "GET" ? undefined : new Uint8Array(typeof body === "string" ? Buffer.from(body) : body);
  const response = await fetch(url, { method, headers: given, body: bytes });
  return {
    status: response.status,
    contentType: response.headers.get("content-type") ?? "",
    body: await response.text(),
  };
}

/** The headers of a genuine Shopify delivery. Source: shopify.dev, "Webhooks: HTTPS delivery". */
export function shopifyHeaders(
  body: string | Uint8Array,
  { topic, shop, secret }: { topic: string; shop: string; secret: string },
): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-shopify-topic": topic,
    "x-shopify-shop-domain": shop,
    "x-shopify-api-version": "2026-10",
    "x-shopify-webhook-id": randomUUID(),
    "x-shopify-triggered-at": "2026-11-25T02:00:00.123456789Z",
    "x-shopify-hmac-sha256": createHmac("sha256", secret).update(body).digest("base64"),
  };
}

/** The headers of a genuine Douyin push: MD5 over key, bytes and secret. */
export function douyinHeaders(
  body: string | Uint8Array,
  { appKey, appSecret }: { appKey: string; appSecret: string },
): Record<string, string> {
  const sign = createHash("md5").update(appKey).update(body).update(appSecret).digest("hex");
  return { "content-type": "application/json", "app-id": appKey, "event-sign": sign };
}

/** One record of a Douyin push as the platform spells it: `data` is JSON text with bare 64-bit ids. */
export function douyinRecord(data: Record<string, string | number>, { tag = 200, id = randomUUID() } = {}): object {
  const members = Object.entries(data).map(([name, value]) => `"${name}":${value}`);
  return { tag: String(tag), msg_id: id, data: `{${members.join(",")}}` };
}

/** Sends raw HTTP text, for requests that a client would tidy up. Returns the answer's text. */
export function sendRaw(url: string, lines: readonly string[], body = ""): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("end", () => resolve(text));
    socket.on("error", reject);
    socket.write(
      `${[...lines, `host: ${hostname}`, "connection: close", `content-length: ${Buffer.byteLength(body)}`].join("\r\n")}\r\n\r\n${body}`,
    );
  });
}
