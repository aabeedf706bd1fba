import type { Action, CommandArgs } from "#shared/case/command.ts";
import { linksOf } from "../kit/pieces.ts";
import { fromStock } from "./channel-stock.ts";
import { command as ask, base, type JdWorld, type Params, query } from "./client.ts";
import { given, refusedHere } from "./refused-here.ts";
import { type BillToAnswer, reasonListSchema } from "./schema.ts";
import { auditStatuses, pickware } from "./status.ts";
import {
  type Codes,
  codesOf,
  isFromStock,
  type JdAction,
  type JdActions,
  offeredIf,
  type Request,
  ticketNow,
  ticketParams,
  waybill,
  waybillForm,
} from "./subject.ts";
import { addressText, chosenAddress, customerBlock, pickupBlock, returnBlock } from "./way-back.ts";

/** The first answer to a ticket. What the buyer asked for decides which agreements fit. */
const expects: Readonly<Partial<Record<Action, readonly number[]>>> = {
  agree_return: [10, 100],
  agree_exchange: [20],
  agree_repair: [30],
};

/** The call for each way back, and what it wants to know of the ticket. */
const agreements: Readonly<
  Record<number, { method: string; needs: (block: Params, ticket: BillToAnswer, world: JdWorld) => Params }>
> = {
  [pickware.send]: { method: "jingdong.asc.audit.send", needs: (block) => block },
  [pickware.homepick]: {
    method: "jingdong.asc.audit.homepick",
    needs: (block, ticket) => ({ ...pickupBlock(ticket), ...block }),
  },
  [pickware.delivery]: {
    method: "jingdong.asc.audit.delivery",
    needs: ({ returnAddressType: _, ...block }) => block,
  },
  [pickware.swap]: {
    method: "jingdong.asc.audit.doorRenew",
    needs: (block, ticket, world) => ({ ...pickupBlock(ticket), ...block, ...fromStock(ticket, world) }),
  },
};

const longestNote = 500;

/** Agrees that the goods come back, in the way that the buyer chose. */
function agreeing(action: Action, word: string): JdAction {
  return {
    needs: ["addressId"],
    offered: (subject, args, credentials) => {
      const codes = codesOf(subject);
      const fits = waitsForAudit(codes) && (expects[action] ?? []).includes(codes.expect ?? 0);
      if (!fits)
        return offeredIf(false, `Agree to the ${word} in the merchant's console, if the case still allows it.`);
      if (!hasWay(codes))
        return offeredIf(false, `Agree to the ${word} in the merchant's console: this way back has no call.`);
      if (codes.pickware === pickware.swap && (action !== "agree_exchange" || !credentials?.channelStock))
        return offeredIf(
          false,
          `Agree to the ${word} in the merchant's console: a swap at the door wants channelStock.`,
        );
      return offeredIf(
        args?.reasonCode !== undefined || credentials?.agreeReason !== undefined,
        `Agree to the ${word} in the merchant's console, or set the shop's agreeReason: the call wants a reason's id.`,
      );
    },
    send: async (request, world) => {
      const { args } = request.command;
      const agreement = agreements[codesOf(request.subject).pickware ?? 0];
      if (!agreement) throw refusedHere("this way back has no call");
      const ticket = await ticketNow(request, world);
      const address = await chosenAddress(args.addressId, world);
      const ids = ticket.applyDetailList.map(({ applyDetailId }) => BigInt(applyDetailId));
      if (ids.length === 0) throw refusedHere("the ticket names no unit to agree to");
      // Buyers are shown the address that is set at the channel; the note says it once more.
      const note = [args.note ?? `同意${words[action] ?? ""}申请`, address && addressText(address)]
        .filter(Boolean)
        .join("；");
      await ask(world, agreement.method, {
        ...audit(request, note, world),
        ...agreement.needs(returnBlock(ticket, address, world), ticket, world),
        applyDetailIdList: ids,
      });
    },
  };
}

const words: Readonly<Partial<Record<Action, string>>> = {
  agree_return: "退货",
  agree_exchange: "换货",
  agree_repair: "维修",
};

/** Sends the goods once more: by a waybill of the shop's own, else from where the channel keeps them. */
const agreeReissue: JdAction = {
  offered: (subject, args, credentials) => {
    const codes = codesOf(subject);
    const fits = waitsForAudit(codes) && codes.expect === 80;
    if (!fits) return offeredIf(false, "Agree to the reissue in the merchant's console, if the case still allows it.");
    // The waybill comes with the agreement; without arguments the question is only whether there is a call.
    return offeredIf(
      !args || waybill(args) !== undefined || isFromStock(args, credentials),
      `Ship first, then agree to the reissue ${waybillForm}.`,
    );
  },
  send: async (request, world) => {
    const { args } = request.command;
    const shipped = waybill(args);
    if (!shipped && !isFromStock(args, world.credentials)) throw refusedHere(`the waybill is missing: ${waybillForm}`);
    const ticket = await ticketNow(request, world);
    const method = shipped ? "jingdong.asc.audit.reissue" : "jingdong.asc.audit.compensate";
    await ask(world, method, {
      ...audit(request, args.note ?? "同意补发", world),
      ...(shipped ?? { ...customerBlock(ticket), ...fromStock(ticket, world) }),
    });
  },
};

/** Refuses at the audit, with one of the channel's reasons; those are read right before, because they change. */
export async function refuseAtAudit(request: Request, world: JdWorld): Promise<void> {
  const { args } = request.command;
  const reason = given(args.reasonCode, "reasonCode").split("/")[0] ?? "";
  await ticketNow(request, world);
  const { data } = await query(world, "jingdong.asc.audit.reason.list", base(world), reasonListSchema);
  if (!data.some(({ code }) => code === reason)) throw refusedHere("the channel does not offer this refuse reason");
  await ask(world, "jingdong.asc.audit.refuse", {
    ...audit(request, given(args.note, "note"), world),
    operateRemark: evidenceText(args),
  });
}

/** Ends a ticket whose buyer was asked and gave no answer. The note is what the buyer reads. */
export async function cancelUnanswered(request: Request, world: JdWorld): Promise<void> {
  if (!world.credentials.switches.cancelUnanswered) throw refusedHere("the shop has not switched on cancelUnanswered");
  const { args, decidedOnVersion } = request.command;
  const note = given(args.note, "note");
  await ticketNow(request, world);
  await ask(world, "jingdong.asc.common.cancel", {
    ...ticketParams(request, world),
    approveNotes: note.slice(0, longestNote),
    sysVersion: decidedOnVersion,
    operateRemark: evidenceText(args),
  });
}

/** The audit calls take no pictures; where they lie goes into the channel's own log. */
export function evidenceText(args: CommandArgs): string | undefined {
  const links = linksOf(args).map(({ kind, url }) => `${kind} ${url}`);
  return links.length > 0 ? links.join("；").slice(0, longestNote) : undefined;
}

/** Asks the buyer for more; the ticket then waits for them. */
const messageBuyer: JdAction = {
  needs: ["note"],
  offered: (subject, args, credentials) => {
    if (!waitsForAudit(codesOf(subject)))
      return offeredIf(
        false,
        "Write to the buyer in the merchant's console: the channel takes a question only at the audit.",
      );
    return offeredIf(
      args?.reasonCode !== undefined || credentials?.agreeReason !== undefined,
      "Write to the buyer in the merchant's console: the call wants a reason's id.",
    );
  },
  send: async (request, world) => {
    const note = given(request.command.args.note, "note");
    await ticketNow(request, world);
    await ask(world, "jingdong.asc.audit.waitFeedback", audit(request, note, world));
  },
};

/** What every audit call carries: the note that buyers see, the version, the reason. */
function audit(request: Request, note: string, world: JdWorld): Params {
  const { args, decidedOnVersion } = request.command;
  const [first, second] = (args.reasonCode ?? String(world.credentials.agreeReason ?? "")).split("/");
  if (!/^\d{1,9}$/.test(first ?? "")) throw refusedHere("reasonCode is missing or no number");
  return {
    ...ticketParams(request, world),
    approveNotes: note.slice(0, longestNote),
    sysVersion: decidedOnVersion,
    approveReasonCid1: Number(first),
    approveReasonCid2: second && /^\d{1,9}$/.test(second) ? Number(second) : undefined,
  };
}

export function waitsForAudit({ family, status }: Codes): boolean {
  return family === "ticket" && auditStatuses.includes(status);
}

function hasWay({ pickware: way }: Codes): boolean {
  return way !== undefined && Object.hasOwn(agreements, way);
}

export const auditActions: JdActions = {
  agree_return: agreeing("agree_return", "return"),
  agree_exchange: agreeing("agree_exchange", "exchange"),
  agree_repair: agreeing("agree_repair", "repair"),
  agree_reissue: agreeReissue,
  message_buyer: messageBuyer,
};
