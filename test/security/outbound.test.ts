import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { generate } from "selfsigned";
import { afterAll, beforeAll } from "vitest";
import { textOf } from "#connectors/amazon/document.ts";
import { refundXml } from "#connectors/amazon/refund-xml.ts";
import { returnsOf } from "#connectors/amazon/xml-report.ts";
import { connectorOf } from "#connectors/registry.ts";
import { channels } from "#shared/case/channel.ts";
import { isSuiteError } from "#shared/errors.ts";
import { httpClient } from "#shared/http.ts";
import { describeAttacks } from "./attacks.ts";

// The far side is a marketplace that was taken over, or somebody on the way to it.

let plain: Server;
let secure: Server;
let [url, secureUrl] = ["", ""];
let requests: string[] = [];

const answers: Record<string, RequestListener> = {
  "/redirect": (_, response) => response.writeHead(302, { location: "/inside" }).end(),
  "/moved": (_, response) => response.writeHead(308, { location: "/inside" }).end(),
  "/large": (_, response) => response.end(Buffer.alloc(5000, 0x20)),
  "/packed": (_, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(1_000_000))),
  // Both come to an end long after the limit, so that a limit that is gone is seen soon.
  "/slow": (_, response) => {
    response.writeHead(200).write("{");
    setTimeout(() => response.end("}"), 1500);
  },
  "/silent": (_, response) => void setTimeout(() => response.end("{}"), 1500),
  "/short": (_, response) =>
    void response.writeHead(200, { "content-length": "900" }).end("{}", () => response.socket?.destroy()),
};

beforeAll(async () => {
  const answer: RequestListener = (request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    requests.push(path);
    (answers[path] ?? ((_, given) => given.end("{}")))(request, response);
  };
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], {
    keySize: 2048,
  } as never);
  [plain, secure] = [createServer(answer), createSecureServer({ key, cert }, answer)];
  for (const server of [plain, secure]) await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  [url, secureUrl] = [plain, secure].map((server, place) => {
    const { port } = server.address() as AddressInfo;
    return `${place === 0 ? "http" : "https"}://127.0.0.1:${port}`;
  }) as [string, string];
});
afterAll(() => {
  for (const server of [plain, secure]) {
    server.closeAllConnections();
    server.close();
  }
});

const token = "canary-token-in-the-query";

/** How a call ends: the status or the fault, what was asked, and whether the token stands in the fault. */
async function call(path: string, { to = url, timeoutMs = 20_000 } = {}): Promise<string> {
  requests = [];
  const http = httpClient({ timeoutMs, maxBytes: 2000 });
  const end = await http({ method: "POST", url: `${to}${path}?access_token=${token}`, body: "{}" }).then(
    ({ status }) => String(status),
    (fault) => `${isSuiteError(fault) ? fault.code : String(fault)}${leak(fault)}`,
  );
  return `${end}, asked for ${requests.join(" and ") || "nothing"}`;
}
const leak = (fault: Error) =>
  (JSON.stringify(fault) + String(fault) + String(fault.cause)).includes(token) ? ", LEAKS" : "";

const row = (attack: string, answer: string, run: () => Promise<string> | string) => ({ attack, answer, run });

/** What a channel's connector makes of an answer that is a page. */
function pageFrom(channel: (typeof channels)[number]): string {
  const body = Buffer.from("<html><body>Please sign in</body></html>");
  const fault = connectorOf(channel).explain({ status: 200, headers: { "content-type": "text/html" }, body });
  return fault ? "a failure" : "TAKEN AS AN ANSWER";
}

async function* piecesOf(...pieces: string[]) {
  yield* pieces;
}
async function xmlCells(text: string): Promise<string> {
  const found = await Array.fromAsync(returnsOf(piecesOf(text)));
  return JSON.stringify(found.flat().map(({ order_id }) => order_id ?? ""));
}
const returned = (orderId: string) =>
  `<return_details><order_id>${orderId}</order_id><item_details><sku>A</sku></item_details></return_details>`;

describeAttacks("Calls to channels", "outbound", {
  "no redirect is followed": [
    row("an answer that leads to another address", "302, asked for /redirect", () => call("/redirect")),
    row("an answer that leads on with the same body", "308, asked for /moved", () => call("/moved")),
  ],
  "an answer is bounded in size": [
    row("an answer larger than allowed", "answer_unclear, asked for /large", () => call("/large")),
    row("an answer that unpacks to a thousand times its size", "answer_unclear, asked for /packed", () =>
      call("/packed"),
    ),
  ],
  "an answer is bounded in time": [
    row("an answer that does not end", "answer_unclear, asked for /slow", () => call("/slow", { timeoutMs: 300 })),
    row("an answer that does not begin", "answer_unclear, asked for /silent", () =>
      call("/silent", { timeoutMs: 300 }),
    ),
  ],
  "an answer that is not whole is none": [
    row("an answer shorter than it says", "answer_unclear, asked for /short", () => call("/short")),
  ],
  "certificates are checked": [
    row("a certificate that nobody vouches for", "channel_unavailable, asked for nothing", () =>
      call("/", { to: secureUrl }),
    ),
  ],
  "a page is no answer": channels
    .filter((each) => each !== "amazon")
    .map((channel) => row(`${channel}: success, with a page to sign in`, "a failure", () => pageFrom(channel))),
  "a document is not unpacked without end": [
    row("a report that unpacks to a thousand times its size", "payload_invalid", async () => {
      const body = gzipSync(Buffer.alloc(4_000_000));
      try {
        for await (const _ of textOf({ status: 200, headers: {}, body }, 1_000_000));
        return "READ TO ITS END";
      } catch (fault) {
        return isSuiteError(fault) ? fault.code : String(fault);
      }
    }),
  ],
  "no document type is read": [
    row("a report that defines an entity of its own", '["&b;"]', () =>
      xmlCells(`<!DOCTYPE r [<!ENTITY b "something else">]>${returned("&b;")}`),
    ),
    row("a report that names a file as an entity", '["&x;"]', () =>
      xmlCells(`<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${returned("&x;")}`),
    ),
  ],
  "what goes into a document is escaped": [
    row("an order number that ends its element and begins another", "one refund, of 1.00", () => {
      const xml = refundXml({
        ...{ sellerId: "A1", orderItemId: "1", adjustmentId: "1", reason: "Other" },
        orderId: "1</AmazonOrderID><Amount>99</Amount><AmazonOrderID>",
        components: [{ type: "Principal", amount: { amountMinor: 100, currency: "USD" } }],
      });
      const amounts = [...xml.matchAll(/<Amount[^>]*>([^<]*)/g)].map(([, amount]) => amount);
      return `${amounts.length === 1 ? "one refund" : "MORE"}, of ${amounts.join(" and ")}`;
    }),
  ],
});
