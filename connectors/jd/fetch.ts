import * as z from "zod";
import type { Notice } from "#shared/case/notice.ts";
import { SuiteError } from "#shared/errors.ts";
import type { RawCase } from "../contract.ts";
import { partsOfJd } from "./case-id.ts";
import { base, type JdWorld, type Params, query } from "./client.ts";
import {
  auditRowSchema,
  billSchema,
  dataSchema,
  freightSchema,
  orderStateSchema,
  pageSchema,
  refundApplySchema,
  refundPageSchema,
  refundProofSchema,
  ticketRowSchema,
} from "./schema.ts";
import { auditStatuses, paidStatuses, processStatuses, ticketTable } from "./status.ts";

const firstPage = { pageNumber: 1, pageSize: 50 };

/** Reads the one case that a notice points at; none when the channel does not know it. */
export async function fetchCase(notice: Notice, world: JdWorld): Promise<RawCase[]> {
  if (notice.subject.kind !== "case") {
    await probe(world);
    return [];
  }
  const parts = partsOfJd(notice.subject.channelCaseId);
  if (!parts) return [];
  const payload = await (parts.family === "refund" ? refundOf(parts.id, world) : ticketOf(parts.id, world));
  return payload ? [{ payload }] : [];
}

/** The channel's cheapest call that needs the shop's token. */
async function probe(world: JdWorld): Promise<void> {
  await query(world, "jingdong.pop.afs.soa.refundapply.getWaitRefundNum", {}, z.unknown());
}

async function refundOf(id: string, world: JdWorld): Promise<unknown> {
  const method = "jingdong.pop.afs.soa.refundapply.queryById";
  const { result } = await query(world, method, { id: BigInt(id) }, refundPageSchema);
  const refundApply = result.find((row) => idOf(row, refundApplySchema.pick({ id: true })) === id);
  if (!refundApply) return undefined;
  const { orderId } = refundApplySchema.pick({ orderId: true }).safeParse(refundApply).data ?? {};
  const orderState = world.credentials.switches.readOrders && orderId ? await orderStateOf(orderId, world) : undefined;
  return { refundApply, ...(orderState && { orderState }) };
}

async function orderStateOf(orderId: string, world: JdWorld): Promise<string | undefined> {
  const params = { order_id: orderId, optional_fields: "orderId,orderState" };
  const { orderInfo } = await query(world, "jingdong.pop.order.get", params, orderStateSchema);
  return orderInfo?.orderState?.slice(0, 64);
}

/**
 * A ticket is spread over several calls: its row leads to the order and the waybill, the view holds the rest, and what
 * the status asks for is read beside it: the clock of the audit, the refund's proof, the arbitration.
 */
async function ticketOf(id: string, world: JdWorld): Promise<unknown> {
  const ticket = { ...base(world), serviceId: BigInt(id) };
  const row = await rowOf(world, "jingdong.asc.query.list", { ...ticket, ...firstPage }, ticketRowSchema, (found) => {
    return found.serviceId === id;
  });
  if (!row?.parsed.orderId) return undefined;
  const whole = { ...ticket, orderId: BigInt(row.parsed.orderId) };
  const { data: bill } = await query(world, "jingdong.asc.query.view", whole, dataSchema);
  if (idOf(bill, billSchema.pick({ serviceId: true })) !== id)
    throw new SuiteError("payload_invalid", "the answer is about another case");
  const { data: core } = billSchema.pick({ serviceStatus: true }).safeParse(bill);
  const status = core?.serviceStatus ?? 0;
  const freight = row.parsed.expressCode ? await freightOf(whole, world) : undefined;
  const audit = asksForClock(status) ? await auditOf(ticket, id, world) : undefined;
  const proof = paidStatuses.includes(status) ? await proofOf(row.parsed.orderId, id, world) : undefined;
  const disputed = processStatuses.includes(status) && (await isDisputed(ticket, id, world));
  return {
    bill,
    row: row.raw,
    ...(freight !== undefined && { freight }),
    ...(audit !== undefined && { audit }),
    ...(proof !== undefined && { proof }),
    ...(disputed && { disputed }),
    ...(world.credentials.switches.addressIsShown && { addressIsShown: true }),
  };
}

/** A status that no table knows may be a new one of the audit. */
function asksForClock(status: number): boolean {
  return auditStatuses.includes(status) || !Object.hasOwn(ticketTable, status);
}

async function freightOf(whole: Params, world: JdWorld): Promise<unknown> {
  const { data } = await query(world, "jingdong.asc.freight.view", whole, dataSchema);
  return freightSchema.safeParse(data).success ? data : undefined;
}

async function auditOf(ticket: Params, id: string, world: JdWorld): Promise<unknown> {
  const params = { ...ticket, ...firstPage };
  const found = await rowOf(world, "jingdong.asc.audit.list", params, auditRowSchema, ({ serviceIdList }) =>
    serviceIdList.includes(id),
  );
  return found?.raw;
}

async function proofOf(orderId: string, id: string, world: JdWorld): Promise<unknown> {
  const params = { buId: String(world.shopId), orderId: BigInt(orderId), ...firstPage };
  const method = "jingdong.asc.serviceAndRefund.view";
  const found = await rowOf(world, method, params, refundProofSchema, ({ sameOrderServiceBill: ticket }) => {
    return ticket.serviceId === id;
  });
  return found?.raw;
}

/** A ticket does not say that it is in arbitration; only the filter of the list knows. */
async function isDisputed(ticket: Params, id: string, world: JdWorld): Promise<boolean> {
  const params = { ...ticket, jdInterveneFlag: true, ...firstPage };
  const found = await rowOf(
    world,
    "jingdong.asc.process.list",
    params,
    ticketRowSchema.pick({ serviceId: true }),
    (row) => {
      return row.serviceId === id;
    },
  );
  return found !== undefined;
}

async function rowOf<T>(
  world: JdWorld,
  method: string,
  params: Params,
  schema: z.ZodType<T>,
  isIt: (row: T) => boolean,
): Promise<{ raw: unknown; parsed: T } | undefined> {
  const { data } = await query(world, method, params, pageSchema);
  for (const raw of data) {
    const row = schema.safeParse(raw);
    if (row.success && isIt(row.data)) return { raw, parsed: row.data };
  }
  return undefined;
}

function idOf(raw: unknown, schema: z.ZodType<{ id: string } | { serviceId: string }>): string | undefined {
  const { data } = schema.safeParse(raw);
  return data && ("id" in data ? data.id : data.serviceId);
}
