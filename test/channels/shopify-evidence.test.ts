import { describe, expect, it } from "vitest";
import type { ShopId } from "#shared/case/ids.ts";
import { openDispute } from "../../local/marketplaces/shopify/acts/dispute.ts";
import { everyScope } from "../../local/marketplaces/shopify/graphql/scopes.ts";
import { useShopifyWorld } from "./use-shopify-world.ts";

const hourMs = 3_600_000;
const { world } = useShopifyWorld();

const png = (text: string) => Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.from(text)]);

/** A chargeback that waits for evidence. */
async function dispute(scopes = everyScope) {
  const { shopId: domain } = await world().platform.openShop("demo");
  world().platform.changeShop(domain, { scopes: [...scopes] });
  const shopId: ShopId = await world().connect("demo");
  const order = world().platform.openOrder({ shopId, seed: 4 });
  const about = {
    type: "CHARGEBACK",
    reason: "PRODUCT_NOT_RECEIVED",
    networkReasonCode: "13.1",
    verdict: "WON",
  } as const;
  const opened = world().platform.play("staff", (turn) =>
    openDispute(turn, order, { ...about, amountMinor: 1000, dueInDays: 7 }),
  );
  await world().advance();
  const held = () => world().caseOf(shopId, `ShopifyPaymentsDispute/${opened.id}`);
  return { opened, held };
}
const calls = (named: string) => world().platform.calls.filter(({ name }) => name === named);

describe("files of a dispute", () => {
  it("are uploaded and shown to the bank under their headings, with the text", async () => {
    const { opened, held } = await dispute();
    const slip = world().keep(await held(), png("slip"), "image/png");
    const talk = world().keep(await held(), png("talk"), "image/png");
    const evidence = [{ evidenceId: slip, kind: "tracking_proof" }, { evidenceId: talk }];
    await world().command(await held(), "submit_evidence", { note: "Signed for.", evidence });
    await world().advance();
    expect(await held()).toMatchObject({ facts: { dispute: { status: { value: "under_review" } } } });
    const [first, second] = opened.evidence.uploads ?? [];
    expect([first?.sha256.slice(0, 32), second?.sha256.slice(0, 32)]).toEqual([slip, talk]);
    expect(opened.evidence).toMatchObject({
      submitted: true,
      texts: { uncategorizedText: "Signed for." },
      files: {
        shippingDocumentationFile: expect.stringContaining(first?.id ?? "none"),
        uncategorizedFile: expect.stringContaining(second?.id ?? "none"),
      },
    });
  });

  it("whose upload was lost on the way back are found again, and handed in once", async () => {
    const { opened, held } = await dispute();
    const evidenceId = world().keep(await held(), png("slip"), "image/png");
    const args = { evidence: [{ evidenceId }] };
    world().losing.part = "dispute_file_uploads";
    expect(await world().command(await held(), "submit_evidence", args)).toBe("planned");
    world().losing.part = "";
    expect(opened.evidence).toMatchObject({ submitted: false, uploads: { length: 1 } });
    await world().advance(hourMs);
    await world().again(await held());
    expect(opened.evidence).toMatchObject({ submitted: true, uploads: { length: 1 } });
    expect(opened.evidence.files.uncategorizedFile).toContain(opened.evidence.uploads?.[0]?.id ?? "none");
    expect((await held()).commands).toMatchObject([{ action: "submit_evidence", status: "confirmed" }]);
  });

  it("are left to a person where their scope is not granted, and nothing is asked", async () => {
    const { opened, held } = await dispute(everyScope.filter((each) => !each.endsWith("file_uploads")));
    const evidenceId = world().keep(await held(), png("slip"), "image/png");
    await world().command(await held(), "submit_evidence", { note: "x", evidence: [{ evidenceId }] });
    expect((await held()).tasks).toMatchObject([{ what: expect.stringContaining("file_uploads") }]);
    expect([opened.evidence.submitted, calls("dispute_file_upload")]).toEqual([false, []]);
  });

  it("that Shopify does not take are refused before anything is sent", async () => {
    const { opened, held } = await dispute();
    const evidenceId = world().keep(await held(), Buffer.from("film"), "video/mp4");
    expect(await world().command(await held(), "submit_evidence", { note: "x", evidence: [{ evidenceId }] })).toMatch(
      /^refused: channel_refused: Shopify takes PDF/,
    );
    expect([opened.evidence.submitted, calls("dispute_file_upload")]).toEqual([false, []]);
  });
});
