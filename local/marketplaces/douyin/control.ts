import type { HttpAnswer, HttpAsk } from "../kit/http-server.ts";
import { createRandom } from "../kit/random.ts";
import { Refusal } from "./answers.ts";
import { askEvidence, decide, intervene, negotiate } from "./arbitration.ts";
import * as buyer from "./buyer.ts";
import { moveDeadline } from "./lifecycle.ts";
import type { DouyinCase } from "./model.ts";
import { operate } from "./operate.ts";
import { isParams, type Params } from "./params.ts";
import { robotRefunds } from "./plan-steps.ts";
import type { Platform } from "./platform.ts";
import { parseJson } from "./wire.ts";

/** What a person or a test may do to a case, by name. `given` is the JSON of the request. */
export const caseActions: Readonly<Record<string, (platform: Platform, case_: DouyinCase, given: Params) => void>> = {
  edit: (platform, case_, given) => buyer.edit(platform, case_, given),
  ship: (platform, case_, given) =>
    buyer.ship(platform, case_, {
      companyCode: String(given.companyCode ?? "shunfeng"),
      trackingNo: String(given.trackingNo ?? "SF1234567890123"),
    }),
  withdraw: buyer.withdraw,
  arrive: buyer.arrive,
  receive: buyer.receiveReplacement,
  "refuse-delivery": buyer.refuseDelivery,
  appeal: buyer.takeToPlatform,
  "withdraw-appeal": buyer.withdrawAppeal,
  negotiate,
  "ask-evidence": (platform, case_, { withinMs }) =>
    askEvidence(platform, case_, typeof withinMs === "number" ? withinMs : undefined),
  intervene,
  decide: (platform, case_, { conclusion }) => {
    if (conclusion !== 1 && conclusion !== 2 && conclusion !== 3) throw new Error("conclusion is 1, 2 or 3");
    decide(platform, case_, conclusion);
  },
  /** The platform's own programme agrees for the merchant; `bit` is what it leaves in `auto_audit_bits`. */
  "robot-refund": (platform, case_, { bit = 1 }) => robotRefund(platform, case_, Number(bit)),
  "move-deadline": (platform, case_, { deadline }) => moveDeadline(platform, case_, Number(deadline), "platform_robot"),
  /** The merchant's staff in the platform's console: the body is one item of operate plus its `type`. */
  staff: (platform, case_, { type, ...item }) => {
    const shop = platform.shops.get(case_.shopId);
    if (shop === undefined) throw new Error("the shop is gone");
    operate(platform, shop, { type, items: [{ ...item, aftersale_id: case_.id }] }, "merchant_console");
  },
  /** Pushes a tag by hand: one that no rule sends, or one more time. */
  announce: (platform, case_, { tag, ...fields }) => platform.announce(case_, Number(tag), fields),
  /** Sets fields no rule would set: a status nobody documents, a manual-only mark, refunds that will fail. */
  force: (platform, case_, given) => {
    Object.assign(case_, given, { updateTime: platform.nowSeconds() });
    platform.saveCase(case_);
  },
};

function robotRefund(platform: Platform, case_: DouyinCase, bit: number): void {
  if (case_.status !== 6 || case_.finalTime > 0) throw new Error(`case ${case_.id} waits for no answer`);
  robotRefunds(bit)(platform, case_, createRandom(case_.seed, "robot"));
}

export interface ControlTarget {
  platform: Platform;
  openCase(given: Params): unknown;
  read(name: string): unknown;
  command(name: string, given: Params): unknown;
}

/** `/_control/…`: plays the buyer and the platform's staff over HTTP, JSON in and out. Not part of the platform. */
export function answerControl(target: ControlTarget, { method, path, body }: HttpAsk): HttpAnswer {
  const [, , first = "", caseId = "", action = ""] = path.split("/");
  try {
    const given = body.length === 0 ? {} : parseJson(body.toString("utf8"));
    if (!isParams(given)) throw new Error("the body must be a JSON object");
    const { platform } = target;
    const answer = () => {
      if (first === "cases" && caseId === "" && method === "POST") return target.openCase(given);
      if (first !== "cases" || caseId === "")
        return method === "GET" ? target.read(first) : target.command(first, given);
      const case_ = platform.cases.get(caseId);
      if (case_ === undefined) throw new Error(`no case ${caseId}`);
      if (method === "POST") caseAction(action)(platform, case_, given);
      return case_;
    };
    const result = answer();
    platform.commit();
    return { status: 200, body: `${JSON.stringify(result ?? {}, null, 2)}\n` };
  } catch (error) {
    const reason = error instanceof Refusal ? `${error.code} ${error.subCode} ${error.message}` : String(error);
    return { status: 400, body: `${JSON.stringify({ error: reason })}\n` };
  }
}

function caseAction(name: string) {
  const action = caseActions[name];
  if (action === undefined) throw new Error(`no action ${name}; there are ${Object.keys(caseActions).join(", ")}`);
  return action;
}
