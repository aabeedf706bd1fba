import { describe, expect, it } from "vitest";
import type { Case } from "#shared/case/case.ts";
import type { HttpRequest, HttpResponse } from "../contract.ts";
import { externalReturns } from "./external-returns.ts";
import { fetchCase } from "./fetch.ts";
import { answer, app, caseFile, credentials, failure, notice, now, shopId } from "./fixtures/build.ts";
import { external, externalNotice } from "./fixtures/feeds.ts";
import { normalize } from "./normalize.ts";

function worldOf(answers: HttpResponse[], more: Partial<typeof credentials> = {}) {
  const asked: HttpRequest[] = [];
  const http = async (request: HttpRequest) => {
    asked.push(request);
    const next = answers.shift();
    if (!next) throw new Error("asked too often");
    return next;
  };
  return { asked, world: { app, shopId, credentials: { ...credentials, ...more }, http, now } };
}

const id = "111-2000041-2000001/DFxxxx41RRMA";
const told = externalNotice(id, "ef-1", "2026-03-20T08:30:00Z");

describe("External Fulfillment returns", () => {
  it("are not asked for where the shop is not said to be in the programme", async () => {
    const { world, asked } = worldOf([], { externalFulfillment: false });
    expect(await externalReturns.list(undefined, world)).toMatchObject({ notices: [], next: { when: "later" } });
    expect(asked).toEqual([]);
  });

  it("are refused with the role that is missing", async () => {
    const { world } = worldOf([failure(403, "Forbidden", "Request is forbidden")]);
    await expect(externalReturns.list(undefined, world)).rejects.toMatchObject({
      code: "misconfigured",
      message: expect.stringContaining("Direct to Consumer Shipping (Restricted)"),
    });
  });

  it("are refused with what to set where Amazon knows none of the seller", async () => {
    const { world } = worldOf([failure(404, "NotFound")]);
    await expect(externalReturns.list(undefined, world)).rejects.toMatchObject({
      code: "misconfigured",
      message: expect.stringContaining("externalFulfillment"),
    });
  });

  it("set aside what does not fit, without the buyer's password", async () => {
    const { world } = worldOf([
      answer({ returns: [{ ...external("ef-1"), status: 7, otpDetails: { otp: "314159" } }, "?"] }),
    ]);
    const { rejected } = await externalReturns.list(undefined, world);
    expect(rejected.map(({ record }) => record)).toEqual(["{}", "{}"]);
  });

  it("are all told again once a day", async () => {
    const line = external("ef-1", { updated: "2026-01-20T09:00:00Z" });
    const readAt = now.getTime() - 3_600_000;
    const toldAfter = async (longAt: number) => {
      const { world } = worldOf([answer({ returns: [line] })]);
      return (await externalReturns.list({ readAt, longAt }, world)).notices.length;
    };
    expect(await toldAfter(now.getTime() - 23 * 3_600_000)).toBe(0);
    expect(await toldAfter(now.getTime() - 24 * 3_600_000)).toBe(1);
  });

  it("are read whole or not at all: a line that cannot be read is no line less", async () => {
    const { world } = worldOf([
      answer({ returns: [external("ef-1"), { ...external("ef-2"), lastUpdatedDateTime: 7 }] }),
    ]);
    await expect(fetchCase(told, world)).rejects.toMatchObject({ code: "payload_invalid" });
  });

  it("are asked for one by one where they name no RMA, and may be gone", async () => {
    const alone = { ...told, payload: { kind: "external", orderId: "111-2000041-2000001", returnId: "ef/1" } };
    const { world, asked } = worldOf([answer(external("ef/1")), failure(404, "NotFound")]);
    expect(await fetchCase(alone, world)).toHaveLength(1);
    expect(await fetchCase(alone, world)).toEqual([]);
    expect(asked.map(({ url }) => new URL(url).pathname)).toEqual(
      Array(2).fill("/externalFulfillment/2024-09-11/returns/ef%2F1"),
    );
  });

  it("have their money looked up once they are back, until it is proven", async () => {
    const back = { ...external("ef-1"), returnShippingInfo: { deliveryDateTime: "2026-03-17T18:04:00Z" } };
    const pathsWith = async (line: object, money: object) => {
      const { world, asked } = worldOf([answer({ returns: [line] }), failure(404, "NotFound")]);
      const held = { facts: { money } } as unknown as Case;
      await fetchCase(told, world, { held: async () => held, ofReference: async () => [] });
      return asked.map(({ url }) => new URL(url).pathname.split("/")[1]);
    };
    const claimed = { amountMinor: 2150, currency: "USD" };
    expect(await pathsWith(external("ef-1"), { status: "pending" })).toEqual(["externalFulfillment"]);
    expect(await pathsWith(back, { status: "pending", claimed })).toEqual(["externalFulfillment", "finances"]);
    const settledAt = "2026-03-19T16:20:31.000Z";
    expect(await pathsWith(back, { status: "paid", settledAt })).toEqual(["externalFulfillment"]);
  });

  it("hold neither the password nor anything else that is not named", async () => {
    const { world } = worldOf([answer({ returns: [external("ef-1")] })]);
    const text = JSON.stringify(await fetchCase(told, world));
    expect(text).not.toMatch(/314159|LOCATION-FIXTURE|otp/i);
  });
});

describe("a return that the report tells of as well", () => {
  const factsOf = (payload: unknown) => normalize({ payload }, { shopId, observedAt: now }).facts;
  const raw = caseFile("external-came-for-a-reported-return").raw.payload as Record<string, object>;
  const [line] = raw.lines as unknown as object[];
  const heldIn = (value: string, word: string) => ({ ...raw.held, state: { known: true, value, raw: word } });
  const stateOf = (held: object, status: string) =>
    factsOf({ ...raw, held, lines: [{ ...line, status, deliveredAt: undefined }] }).state;

  it.each([
    ["moves on", "approved", "Approved", "IN_TRANSIT", "return_in_transit", "IN_TRANSIT"],
    ["keeps the report's word where it says as much", "approved", "Approved", "CREATED", "approved", "Approved"],
    ["is not taken back to what lies behind", "received", "Approved", "IN_TRANSIT", "received", "Approved"],
    [
      "goes back with its own word",
      "return_in_transit",
      "IN_TRANSIT",
      "CUSTOMER_CANCELLED_PICK_UP",
      "approved",
      "CUSTOMER_CANCELLED_PICK_UP",
    ],
    ["keeps a closed request", "closed", "Closed", "DELIVERED", "closed", "Closed"],
    ["is over when it has been processed", "received", "Approved", "PROCESSED", "closed", "PROCESSED"],
    ["keeps what it knows where a word is new", "approved", "Approved", "TELEPORTED", "approved", "Approved"],
    ["was refused before it moved", "approved", "Approved", "REJECTED", "rejected", "REJECTED"],
    ["moves after all", "rejected", "REJECTED", "IN_TRANSIT", "return_in_transit", "IN_TRANSIT"],
  ])("%s", (_, held, heldWord, status, value, word) => {
    expect(stateOf(heldIn(held, heldWord), status)).toEqual({ known: true, value, raw: word });
  });

  it("says of what the report states the very same", () => {
    const { raw: words, type, orders, flags, openedAt, money, dispute } = factsOf(raw);
    expect({ raw: words, type, orders, flags, openedAt, money, dispute }).toEqual({
      ...Object.fromEntries(
        ["raw", "type", "orders", "flags", "openedAt", "money", "dispute"].map((name) => [
          name,
          (raw.held as Record<string, unknown>)[name],
        ]),
      ),
    });
  });

  it("waits for Amazon where Amazon pays by itself", () => {
    const held = { ...raw.held, money: { status: "pending", executedBy: "platform_robot" } };
    expect(factsOf({ ...raw, held }).waitingOn).toBe("channel");
  });

  it("keeps the day of its return that the report gave", () => {
    const held = { ...raw.held, returnedAt: "2026-03-17T07:00:00.000Z" };
    expect(factsOf({ ...raw, held }).returnedAt).toBe("2026-03-17T07:00:00.000Z");
    expect(factsOf(raw).returnedAt).toBe("2026-03-17T18:04:00.000Z");
  });

  it("is not known by an RMA of another order", async () => {
    const { world } = worldOf([answer({ returns: [external("ef-1", { orderId: "111-9999999-2000001" })] })]);
    expect(await fetchCase(notice({ ...told, id }), world)).toEqual([]);
  });
});
