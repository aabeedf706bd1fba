import type { Case } from "#shared/case/case.ts";
import type { Action, CommandArgs } from "#shared/case/command.ts";
import type { CaseType } from "#shared/case/vocabulary.ts";
import { type CaseWords, wordsOf } from "./case-words.ts";
import { isNoReasonReturn } from "./reason.ts";
import type { ShopKind, TaobaoCredentials } from "./settings.ts";
import type { Step } from "./status.ts";

/** A call that fits a case at a step. Where several fit, the first is taken. */
export interface Offer {
  call: string;
  kind: CaseWords["kind"];
  steps: readonly Step[];
  types?: readonly CaseType[];
  shop?: ShopKind;
  /** Refusing has conditions of its own, and some calls are only for shops that have them switched on. */
  when?: (subject: Case, args: CommandArgs | undefined, credentials: TaobaoCredentials | undefined) => boolean;
}

const money: readonly CaseType[] = ["refund_only", "return_refund"];

/** What the channel lets no seller refuse: orders not shipped, returns without a reason, and what it marks. */
function isRefusable({ facts }: Case): boolean {
  return facts.shipped !== false && !isNoReasonReturn(facts.reason) && !facts.flags.includes("cannot_refuse");
}

const mayRefuse = (subject: Case) => !subject.facts.flags.includes("cannot_refuse");

/**
 * The calls of the channel under our actions. For exchanges of Taobao shops, reissues and repairs none is published.
 * Source: API metadata of `refund` and `exchange`, by copies (github.com/bububa/opentaobao), read 2026-11-25; that the
 * address owed after an agreement goes by the agreement's own call is our reading.
 */
export const offers: Readonly<Partial<Record<Action, readonly Offer[]>>> = {
  agree_refund: [
    {
      call: "taobao.rdc.aligenius.sendgoods.cancel",
      kind: "refund",
      steps: ["pending"],
      types: ["refund_only"],
      when: ({ facts }, _, credentials) =>
        facts.shipped === false && credentials?.aliGenius?.paysWhenShipmentCancelled === true,
    },
    { call: "taobao.rp.refunds.agree", kind: "refund", steps: ["pending"], types: ["refund_only"] },
    { call: "taobao.rp.refunds.agree", kind: "refund", steps: ["returned"], types: ["return_refund"] },
  ],
  agree_return: [{ call: "taobao.rp.returngoods.agree", kind: "refund", steps: ["pending"], types: ["return_refund"] }],
  provide_address: [
    { call: "taobao.rp.returngoods.agree", kind: "refund", steps: ["address_owed"], types: ["return_refund"] },
  ],
  agree_exchange: [{ call: "tmall.exchange.agree", kind: "exchange", steps: ["pending"] }],
  refuse: [
    { call: "tmall.exchange.refuse", kind: "exchange", steps: ["pending"], when: mayRefuse },
    { call: "tmall.exchange.returngoods.refuse", kind: "exchange", steps: ["returned"], when: mayRefuse },
    { call: "taobao.refund.refuse", kind: "refund", steps: ["pending"], types: money, when: isRefusable },
    {
      call: "taobao.rp.returngoods.refuse",
      kind: "refund",
      steps: ["returned"],
      types: ["return_refund"],
      shop: "tmall",
      when: mayRefuse,
    },
    { call: "taobao.refund.refuse", kind: "refund", steps: ["returned"], types: ["return_refund"], when: isRefusable },
  ],
  confirm_receipt: [
    { call: "tmall.exchange.returngoods.agree", kind: "exchange", steps: ["returned"] },
    {
      call: "taobao.rp.returngoods.refill",
      kind: "refund",
      steps: ["buyer_returns"],
      types: ["return_refund"],
      shop: "tmall",
      when: (_, args) => Boolean(args?.carrier && args.trackingNo),
    },
    {
      call: "taobao.rdc.aligenius.warehouse.reverse.uploading",
      kind: "refund",
      steps: ["returned"],
      types: ["return_refund"],
      when: (_, __, credentials) => credentials?.aliGenius?.warehouseName !== undefined,
    },
  ],
  ship_replacement: [
    { call: "tmall.exchange.consigngoods", kind: "exchange", steps: ["to_ship"] },
    { call: "tmall.exchange.confirm.consign", kind: "exchange", steps: ["returned"] },
  ],
  message_buyer: [
    {
      call: "tmall.exchange.message.add",
      kind: "exchange",
      steps: ["pending", "buyer_returns", "returned", "to_ship", "shipped", "refused"],
    },
    {
      call: "taobao.refund.message.add",
      kind: "refund",
      steps: ["pending", "address_owed", "buyer_returns", "returned", "to_ship", "shipped", "refused"],
    },
  ],
};

/** The call that fits the case now. None on a case that we do not understand, that is over, or that is for the web only. */
export function offerFor(
  action: Action,
  subject: Case,
  args?: CommandArgs,
  credentials?: TaobaoCredentials,
): Offer | undefined {
  const { facts } = subject;
  const { type, state, flags } = facts;
  if (!type.known || !state.known || flags.includes("not_actionable") || flags.includes("web_only")) return undefined;
  const { shop, kind, step } = wordsOf(subject);
  return (offers[action] ?? []).find(
    (each) =>
      each.kind === kind &&
      step !== undefined &&
      each.steps.includes(step) &&
      (each.types?.includes(type.value) ?? true) &&
      (each.shop ?? shop) === shop &&
      (each.when?.(subject, args, credentials) ?? true),
  );
}
