import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import type { Bookmark } from "#connectors/contract.ts";
import { scriptedHttp } from "../../test/contract/scripted-http.ts";
import type { AmazonWorld } from "./client.ts";
import { componentsOf } from "./components.ts";
import { textOf } from "./document.ts";
import { answer, app, credentials, failure, file, now, shopId } from "./fixtures/build.ts";
import { readReturns, returns } from "./returns.ts";

const rowCount = 6000;
/** Two rows an RMA, so that a page could end between them; an item name with an unbalanced quote in each. */
function* lines(rows: number): Generator<string> {
  yield "Order ID\tReturn request date\tReturn request status\tAmazon RMA ID\tMerchant SKU\tItem Name\tReturn quantity\n";
  for (let row = 0; row < rows; row++) {
    const rma = Math.floor((row + 1) / 2);
    yield `111-${String(rma).padStart(7, "0")}-0000001\t12-Mar-2026\tApproved\tD${rma}RRMA\tSKU-${row}\t"12" screen\t1\n`;
  }
}
const report = gzipSync([...lines(rowCount)].join(""));
const world = (http: AmazonWorld["http"], more: Partial<AmazonWorld["credentials"]> = {}): AmazonWorld => ({
  app,
  shopId,
  credentials: { ...credentials, ...more },
  now,
  http,
});
const document = answer({ reportDocumentId: "d", url: "https://tortuga.example.com/d", compressionAlgorithm: "GZIP" });

describe("a long report", () => {
  it("is read page by page, each RMA whole, nothing twice and nothing left out", async () => {
    const { http, requests } = scriptedHttp([document, file(report), file(report), file(report), file(report)]);
    let bookmark: Bookmark = { store: 0, longAt: 0, isLong: true, documentId: "d", offset: 0 };
    const sizes: number[] = [];
    const rows: string[] = [];
    for (let pages = 0; ; pages++) {
      const page = await returns.list(JSON.parse(JSON.stringify(bookmark)), world(http));
      for (const { payload } of page.notices) {
        const { rows: carried } = payload as unknown as { rows: { sku: string }[] };
        sizes.push(carried.length);
        rows.push(...carried.map(({ sku }) => sku));
      }
      bookmark = page.bookmark;
      if (page.next.when === "later" || pages > 5) break;
    }
    expect(rows).toEqual(Array.from({ length: rowCount }, (_, row) => `SKU-${row}`));
    // The first and the last RMA have one row each.
    expect(sizes.filter((size) => size !== 2)).toEqual([1, 1]);
    expect(sizes).toHaveLength(rowCount / 2 + 1);
    // The address is asked for once while it is good.
    expect(requests.filter(({ url }) => url.includes("/documents/"))).toHaveLength(1);
    expect(bookmark).toEqual({ store: 0, longAt: now.getTime() });
  });

  it("goes on at the page whose notices were not queued", async () => {
    const about = { world: world(() => Promise.reject()), market: "US" };
    const read = (offset: number) => readReturns(textOf(file(report)), { ...about, offset });
    const first = await read(0);
    expect((await read(0)).notices).toEqual(first.notices);
    const second = await read(first.next ?? 0);
    expect(second.notices[0]?.subject).not.toEqual(first.notices.at(-1)?.subject);
  });

  // How much memory 200,000 rows take is measured by `npm run bench -- amazon.report`.
  it("is read as it arrives, and no further than the page goes", async () => {
    const text = gzipSync([...lines(20_000)].join(""));
    let taken = 0;
    let isLeft = false;
    const stream = (async function* () {
      try {
        for (; taken < text.length; taken += 1000) yield text.subarray(taken, taken + 1000);
      } finally {
        isLeft = true;
      }
    })();
    const about = { world: world(() => Promise.reject()), market: "US", offset: 0 };
    const page = await readReturns(textOf({ ...file(""), stream }), about);
    expect(page.next).toBeGreaterThan(1000);
    await vi.waitFor(() => expect(isLeft).toBe(true));
    expect(taken).toBeLessThan(text.length * 0.9);
  });
});

describe("the cycle of reports", () => {
  it("asks for each store by itself, and rests after the last", async () => {
    const stores = { marketplaceIds: ["ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"] };
    const empty = answer({ reportId: "r", processingStatus: "CANCELLED" });
    const { http, requests } = scriptedHttp([
      answer({ reportId: "r" }, 202),
      empty,
      answer({ reportId: "r" }, 202),
      empty,
    ]);
    const whens: string[] = [];
    let bookmark: Bookmark | undefined;
    for (let calls = 0; calls < 4; calls++) {
      const page = await returns.list(bookmark, world(http, stores));
      whens.push(page.next.when);
      bookmark = page.bookmark;
    }
    expect(whens).toEqual(["wait", "now", "wait", "later"]);
    const asked = requests
      .filter(({ method }) => method === "POST")
      .map(({ body }) => JSON.parse(String(body)).marketplaceIds);
    expect(asked).toEqual([["ATVPDKIKX0DER"], ["A2EUQ1WTGCTBG2"]]);
  });

  it.each([
    ["was stopped by Amazon", answer({ reportId: "r", processingStatus: "FATAL" })],
    ["is no longer known", failure(404, "NotFound")],
  ])("makes a report anew that %s, over the same window", async (_, response) => {
    const { http } = scriptedHttp([response]);
    const page = await returns.list({ store: 0, longAt: 0, isLong: true, reportId: "r" }, world(http));
    expect(page.next).toMatchObject({ when: "wait" });
    expect(page.bookmark).toEqual({ store: 0, longAt: 0, isLong: true });
  });
});

describe("a document", () => {
  it.each([
    ["compressed", gzipSync("Straße"), "text/plain; charset=UTF-8"],
    ["inflated by the client already", Buffer.from("Straße"), "text/plain; charset=UTF-8"],
    ["of no named set, in UTF-8", Buffer.from("Straße"), "text/plain"],
    ["of no named set, in Windows-1252", Buffer.from("Straße", "latin1"), "text/plain"],
  ])("is inflated once and decoded, however it is cut: %s", async (_, bytes, type) => {
    const cut = { ...file("", type), stream: [...bytes].map((byte) => Uint8Array.of(byte)) as never };
    for (const download of [file(bytes, type), cut]) {
      let text = "";
      for await (const piece of textOf(download)) text += piece;
      expect(text).toBe("Straße");
    }
  });

  it("that is no gzip though it begins so, or of an unknown set, is payload_invalid", async () => {
    const read = async (bytes: Uint8Array, type: string) => {
      for await (const _ of textOf(file(bytes, type))) void _;
    };
    await expect(read(Buffer.from([0x1f, 0x8b, 1, 2, 3]), "text/plain; charset=UTF-8")).rejects.toMatchObject({
      code: "payload_invalid",
    });
    await expect(read(Buffer.from("x"), "text/plain; charset=klingon")).rejects.toMatchObject({
      code: "payload_invalid",
    });
  });
});

describe("a refund's components", () => {
  const usd = (amountMinor: number) => ({ amountMinor, currency: "USD" });
  const part = (kind: "goods" | "tax" | "outbound_freight", amountMinor: number) =>
    ({ kind, ledger: "merchant", amount: usd(amountMinor), status: "expected" }) as const;
  const money = {
    status: "pending" as const,
    parts: [part("goods", 4000), part("tax", 320), part("outbound_freight", 500)],
  };
  const read = (amountMinor: number, market?: string) =>
    componentsOf(usd(amountMinor), { money, ...(market && { market }) }).map(({ type, amount }) => [
      type,
      amount.amountMinor,
    ]);

  it.each([
    [
      "all of goods and tax",
      4320,
      "US",
      [
        ["Principal", 4000],
        ["Tax", 320],
      ],
    ],
    [
      "with postage",
      4820,
      "US",
      [
        ["Principal", 4000],
        ["Tax", 320],
        ["Shipping", 500],
      ],
    ],
    [
      "a half",
      2160,
      "US",
      [
        ["Principal", 2000],
        ["Tax", 160],
      ],
    ],
    ["where prices are with tax", 4320, "DE", [["Principal", 4320]]],
    ["of an unknown store", 2160, undefined, [["Principal", 2160]]],
  ])("add up to the amount: %s", (_, amount, market, components) => {
    expect(read(amount, market)).toEqual(components);
  });
});
