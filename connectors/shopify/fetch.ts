import * as z from "zod";
import type { Notice } from "#shared/case/notice.ts";
import { SuiteError } from "#shared/errors.ts";
import type { RawCase } from "../contract.ts";
import { ask, type ShopifyWorld } from "./client.ts";
import * as documents from "./documents.ts";
import { bare, gid } from "./gid.ts";
import { idsOf } from "./lookup.ts";
import { parse } from "./parse.ts";

/** More pages than any real return has; a bound against an answer that never ends. */
const maxPages = 20;

/**
 * Reads the case a notice names, or all cases that its lookup leads to. An id that the shop's own token does not find
 * gives nothing: it is deleted, another shop's, or forged.
 */
export async function fetchCases({ subject, occurredAt }: Notice, world: ShopifyWorld): Promise<RawCase[]> {
  const ids =
    subject.kind === "case"
      ? [subject.channelCaseId]
      : await idsOf({ by: subject.by, id: subject.id, occurredAt }, world);
  const cases: RawCase[] = [];
  for (const id of new Set(ids)) cases.push(...(await readCase(id, world)));
  return cases;
}

async function readCase(id: string, world: ShopifyWorld): Promise<RawCase[]> {
  if (id.startsWith("Return/")) return readReturn(id, world);
  if (id.startsWith("Refund/")) return readRefund(id, world);
  if (id.startsWith("ShopifyPaymentsDispute/")) {
    const { data, apiVersion } = await ask(world, documents.disputeCase, { id: gid(id) });
    return data.dispute ? [{ payload: { apiVersion, dispute: data.dispute } }] : [];
  }
  throw new SuiteError("payload_invalid", "not a kind of case that Shopify has");
}

const linesSchema = z.object({
  returnLineItems: z
    .object({
      nodes: z.array(z.unknown()),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
    })
    .nullish(),
});

/** A return with all its lines. */
async function readReturn(id: string, world: ShopifyWorld): Promise<RawCase[]> {
  const { data, apiVersion } = await ask(world, documents.returnCase, { id: gid(id), after: null });
  if (!data.return) return [];
  const first = parse(linesSchema, data.return).returnLineItems;
  const nodes = [...(first?.nodes ?? [])];
  let pageInfo = first?.pageInfo;
  for (let page = 1; pageInfo?.hasNextPage && pageInfo.endCursor && page < maxPages; page += 1) {
    const next = await ask(world, documents.returnCase, { id: gid(id), after: pageInfo.endCursor });
    if (!next.data.return) break;
    const lines = parse(linesSchema, next.data.return).returnLineItems;
    nodes.push(...(lines?.nodes ?? []));
    pageInfo = lines?.pageInfo;
  }
  const returnLineItems = first && { nodes, pageInfo };
  return [{ payload: { apiVersion, return: { ...data.return, returnLineItems } } }];
}

/** A refund that pays for a return is a part of that return, never a case. */
async function readRefund(id: string, world: ShopifyWorld): Promise<RawCase[]> {
  const { data, apiVersion } = await ask(world, documents.refundCase, { id: gid(id) });
  if (!data.refund) return [];
  const { return: owner } = parse(z.object({ return: z.object({ id: z.string() }).nullish() }), data.refund);
  return owner ? readReturn(bare(owner.id), world) : [{ payload: { apiVersion, refund: data.refund } }];
}
