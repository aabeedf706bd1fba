import type { Case } from "#shared/case/case.ts";
import type { Action, Command, CommandArgs } from "#shared/case/command.ts";
import { SuiteError } from "#shared/errors.ts";
import type { ChannelAction } from "../contract.ts";
import { type Family, partsOfJd } from "./case-id.ts";
import { base, type JdWorld, type Params, query } from "./client.ts";
import { long } from "./refused-here.ts";
import { type BillToAnswer, billToAnswerSchema, dataSchema } from "./schema.ts";
import type { JdApp, JdCredentials } from "./settings.ts";

export type JdAction = ChannelAction<JdApp, JdCredentials>;
export type JdActions = Readonly<Partial<Record<Action, JdAction>>>;
export interface Request {
  subject: Case;
  command: Command;
}
type Offer = ReturnType<JdAction["offered"]>;

/** The channel's own numbers of a case, as observed. */
export interface Codes {
  family: Family | undefined;
  status: number;
  /** `customerExpect` and the way back that was asked for; tickets only. */
  expect?: number;
  pickware?: number;
}

/** None of them on a case that we do not understand: nothing is offered there. */
export function codesOf({ channelCaseId, facts }: Pick<Case, "channelCaseId" | "facts">): Codes {
  const isUnderstood = facts.type.known && facts.state.known;
  const family = isUnderstood ? partsOfJd(channelCaseId)?.family : undefined;
  const status = Number(facts.raw.status);
  const [expect = "", pickware = ""] = facts.type.raw.split("/");
  if (family !== "ticket") return { family, status };
  return { family, status, expect: Number(expect), ...(pickware && { pickware: Number(pickware) }) };
}

export function offeredIf(condition: boolean, task: string): Offer {
  return condition ? { offered: true } : { offered: false, task };
}

/** Who acts, as it stands in the channel's log: the person's own name where one asked. */
export function actorOf({ askedBy }: Command): string {
  return askedBy.replace(/^person:/, "").slice(0, 50) || "casebridge";
}

/** What every write to a ticket names. */
export function ticketParams({ subject, command }: Request, world: JdWorld): Params {
  return {
    ...base(world, actorOf(command)),
    serviceId: long(partsOfJd(subject.channelCaseId)?.id, "serviceId"),
    orderId: long(subject.facts.orders[0]?.orderId, "orderId"),
  };
}

/**
 * The ticket as it is right before the write, with what the write takes from it.
 * @throws SuiteError `case_changed` when its version is no longer the one that the decision was made on.
 */
export async function ticketNow(request: Request, world: JdWorld): Promise<BillToAnswer> {
  const { buId, operatePin, operateNick, serviceId, orderId } = ticketParams(request, world);
  const whole = { buId, operatePin, operateNick, serviceId, orderId };
  const { data } = await query(world, "jingdong.asc.query.view", whole, dataSchema);
  const parsed = billToAnswerSchema.safeParse(data);
  if (!parsed.success) throw new SuiteError("payload_invalid", "the ticket has another form");
  if (parsed.data.sysVersion !== request.command.decidedOnVersion)
    throw new SuiteError("case_changed", "the case has changed since it was read");
  return parsed.data;
}

/** `shipWayId` and, after a blank, `shipWayName`: the channel wants both with every waybill. */
export function waybill({ carrier, trackingNo }: CommandArgs): Params | undefined {
  const [, shipWayId, shipWayName] = /^(\d{1,9}) (.+)$/.exec(carrier?.trim() ?? "") ?? [];
  if (!shipWayId || !shipWayName || !trackingNo) return undefined;
  return { shipWayId: Number(shipWayId), shipWayName, expressCode: trackingNo };
}
/** Without a waybill, the replacement is the channel's to send, from where the shop keeps its goods with it. */
export function isFromStock({ trackingNo }: CommandArgs, credentials: JdCredentials | undefined): boolean {
  return trackingNo === undefined && credentials?.channelStock !== undefined;
}
export const waybillForm = "with carrier as the channel's shipWayId, a blank and its name, and trackingNo";
