import * as z from "zod";
import type { Case } from "#shared/case/case.ts";
import { isOpen } from "#shared/case/command.ts";
import type { ChannelCaseId } from "#shared/case/ids.ts";
import { moneyOfDecimal } from "#shared/case/money.ts";
import type { Notice } from "#shared/case/notice.ts";
import type { Facts } from "#shared/case/observation.ts";
import type { Known, RawCase } from "../contract.ts";
import { endOfFeed, type FeedEnd } from "./adjustments.ts";
import { orderIdOf } from "./case-id.ts";
import type { AmazonWorld } from "./client.ts";
import { lineOf, marketOf } from "./external-line.ts";
import { externalLines } from "./external-returns.ts";
import { eventsOfOrder } from "./finances.ts";
import type { RefundResult } from "./schema.ts";

const told = z.looseObject({ kind: z.string(), orderId: z.string() });
const carriedExternal = told.extend({
  kind: z.literal("external"),
  returnId: z.string(),
  rmaId: z.string().optional(),
});
const reimbursement = told.extend({ amount: z.string(), currency: z.string().regex(/^[A-Z]{3}$/), sku: z.string() });
const shown = z.object({
  rows: z.array(
    z.object({
      status: z.string().default(""),
      deliveryDate: z.string().optional(),
      refundedAmount: z.string().optional(),
      aToZ: z.string().optional(),
    }),
  ),
});

/**
 * A notice of a report carries its rows; beside them stands what we hold, which they must not erase, and where money may
 * have moved or is about to, what Finances says. Every other notice leads to an order, of which only Finances can be read:
 * the cases of it that we hold are told of their money.
 */
export async function fetchCase(notice: Notice, world: AmazonWorld, known?: Known): Promise<RawCase[]> {
  const { subject } = notice;
  const carried = told.safeParse(notice.payload).data;
  const external = carriedExternal.safeParse(notice.payload).data;
  if (external && subject.kind === "case") return externalCase(external, subject.channelCaseId, world, known);
  if (carried && subject.kind === "case") return [await withHeld(carried, subject.channelCaseId, world, known)];
  if (carried?.kind === "reimbursement") return reimbursed(carried, known);
  if (subject.kind === "case") {
    const held = await known?.held(subject.channelCaseId);
    return held ? moneyOf([held], orderIdOf(subject.channelCaseId), world) : [];
  }
  if (subject.by === "order") return ofOrder(subject.id, world, known);
  if (subject.by === "feed") return failures(await endOfFeed(world, subject.id), subject.id, known);
  return [];
}

async function withHeld(
  carried: z.infer<typeof told>,
  channelCaseId: ChannelCaseId,
  world: AmazonWorld,
  known: Known | undefined,
): Promise<RawCase> {
  const held = await known?.held(channelCaseId);
  const events = needsFinances(carried, held) ? await eventsOfOrder(world, carried.orderId) : undefined;
  return { payload: { ...carried, ...(held && { held: factsOf(held) }), ...(events && { events }) } };
}

/**
 * Once the goods are back a refund is due, so what was paid must be known; where the report shows money, or Amazon takes
 * part, it must be proven. Most rows of a report need neither, and Finances answers once in two seconds.
 */
function needsFinances({ kind, ...payload }: z.infer<typeof told>, held: Case | undefined): boolean {
  if (kind !== "return") return false;
  const { money, dispute } = held?.facts ?? {};
  if (money?.settledAt !== undefined && money.status === "paid") return false;
  const rows = shown.safeParse(payload).data?.rows ?? [];
  const isMoved = rows.some(
    ({ refundedAmount, aToZ = "" }) => Number(refundedAmount ?? 0) > 0 || /^(y|yes|true)$/i.test(aToZ),
  );
  if (isMoved) return dispute?.status.known !== true || dispute.status.value !== "decided_for_buyer";
  const isOpenReturn = rows.some(
    ({ status, deliveryDate }) => deliveryDate !== undefined && !/^(closed|completed)$/i.test(status),
  );
  return isOpenReturn && money?.claimed === undefined;
}

/** All lines of the RMA, read now, with what Finances says once they are back. Nothing where Amazon shows none any more. */
async function externalCase(
  carried: z.infer<typeof carriedExternal>,
  channelCaseId: ChannelCaseId,
  world: AmazonWorld,
  known: Known | undefined,
): Promise<RawCase[]> {
  const found = await externalLines(world, carried);
  if (found.length === 0) return [];
  const held = await known?.held(channelCaseId);
  const { money } = held?.facts ?? {};
  const isBack = found.some(({ returnShippingInfo }) => returnShippingInfo.deliveryDateTime !== undefined);
  // No column shows a refund here, so what has come is looked up with every telling, until the money is proven.
  const isProven = money?.status === "paid" && money.settledAt !== undefined;
  const events = isBack && !isProven ? await eventsOfOrder(world, carried.orderId) : undefined;
  const { orderId, rmaId } = carried;
  const market = marketOf(found);
  const lines = found.map(lineOf);
  const own = { kind: "external", orderId, lines, ...(rmaId !== undefined && { rmaId }), ...(market && { market }) };
  return [{ payload: { ...own, ...(held && { held: factsOf(held) }), ...(events && { events }) } }];
}

async function ofOrder(orderId: string, world: AmazonWorld, known: Known | undefined): Promise<RawCase[]> {
  if (!known) return moneyOf([], orderId, world);
  const cases = await casesOf(orderId, known);
  const unsettled = cases.filter(({ facts }) => facts.money.settledAt === undefined || facts.money.status !== "paid");
  return unsettled.length > 0 ? moneyOf(unsettled, orderId, world) : [];
}

async function moneyOf(cases: readonly Case[], orderId: string, world: AmazonWorld): Promise<RawCase[]> {
  const events = await eventsOfOrder(world, orderId);
  const raws: RawCase[] = [];
  for (const held of cases) {
    const refund = await refundOf(held, orderId, world);
    const refusedAnswer = await refusedCancelOf(held, world);
    const more = { ...(events && { events }), ...(refund && { refund }), ...(refusedAnswer && { refusedAnswer }) };
    raws.push(heldCase(held, orderId, more));
  }
  return raws;
}

/** Finances show what was posted two days later at the latest. */
const provenByMs = 54 * 3_600_000;

/** What became of our refund that is under way; undefined while its feed is at work, or there is none. */
async function refundOf(held: Case, orderId: string, world: AmazonWorld): Promise<RefundResult | undefined> {
  const sent = held.commands.find((each) => each.action === "agree_refund" && isOpen(each) && each.channelReference);
  const end = sent?.channelReference !== undefined ? await endOfFeed(world, sent.channelReference) : undefined;
  if (!end) return undefined;
  const { at } = end;
  // Our feed has one message, so an error that names no order is its own.
  const isFailed = end.errors?.some((each) => each.orderId === undefined || each.orderId === orderId);
  if (end.is === "done") return { is: isFailed ? "failed" : "done", at };
  // It may have been carried out; once Finances would show it and does not, it has not been.
  return { is: world.now.getTime() - Date.parse(at) > provenByMs ? "failed" : "stopped", at };
}

/** What Amazon says of a cancellation that it took and did not carry out; undefined while its feed is at work or went well. */
async function refusedCancelOf(held: Case, world: AmazonWorld): Promise<Facts["refusedAnswer"]> {
  const sent = held.commands.find((each) => each.action === "cancel_order" && isOpen(each) && each.channelReference);
  const reference = sent?.channelReference;
  const end = reference !== undefined ? await endOfFeed(world, reference) : undefined;
  return end && reference !== undefined ? refusalBy(end, reference) : undefined;
}

/** A cancelling feed has one message, so every error in its report is ours, whether or not it names the order. */
function refusalBy({ is, at, errors = [] }: FeedEnd, reference: string): Facts["refusedAnswer"] {
  const [first] = errors;
  const reason = {
    done: first?.reason,
    stopped: "FATAL, it was stopped and may have been carried out all the same",
    cancelled: "CANCELLED, it was withdrawn before it began",
  }[is];
  return reason === undefined ? undefined : { reference, at, reason };
}

/**
 * A report of a failed refund names the order, so it is the case of the order whose refund we have asked for, if that was
 * before the feed was made: ends of feeds are told again and again.
 */
async function failures(end: FeedEnd | undefined, feedId: string, known: Known | undefined): Promise<RawCase[]> {
  const raws: RawCase[] = [];
  const refusedAnswer = end && refusalBy(end, feedId);
  for (const orderId of end?.failedOrders ?? []) {
    const cases = known ? await casesOf(orderId, known) : [];
    const cancelled = cases.filter(({ commands }) =>
      commands.some((each) => each.action === "cancel_order" && isOpen(each) && each.channelReference === feedId),
    );
    raws.push(...cancelled.map((held) => heldCase(held, orderId, { refusedAnswer })));
    const asked = cases.filter(
      ({ commands, facts }) =>
        facts.money.status !== "paid" &&
        commands.some(
          (each) => each.action === "agree_refund" && each.sentAt && each.sentAt <= (end?.at ?? "") && isOpen(each),
        ),
    );
    raws.push(...asked.map((held) => heldCase(held, orderId, { refund: { is: "failed", at: end?.at } })));
  }
  return raws;
}

async function reimbursed(carried: z.infer<typeof told>, known: Known | undefined): Promise<RawCase[]> {
  const { amount, currency, sku, orderId } = reimbursement.parse(carried);
  const cases = known ? await casesOf(orderId, known) : [];
  const own = cases.filter(
    ({ facts }) => facts.raw.type === "FBA" && facts.goods.lines?.some((line) => line.sku === sku),
  );
  return own.map((held) => heldCase(held, orderId, { reimbursed: moneyOfDecimal(amount, currency) }));
}

async function casesOf(orderId: string, known: Known): Promise<Case[]> {
  const ids = await known.ofReference(orderId);
  return (await Promise.all(ids.map((id) => known.held(id)))).filter((each) => each !== undefined);
}

function heldCase(held: Case, orderId: string, more: object): RawCase {
  return { payload: { kind: "held", orderId, channelCaseId: held.channelCaseId, held: factsOf(held), ...more } };
}

function factsOf({ facts }: Case): object {
  const { state, type, openedAt, orders, goods, money, dispute, flags, returnedAt, market, reason, raw } = facts;
  return { state, type, openedAt, orders, goods, money, dispute, flags, returnedAt, market, reason, raw };
}
