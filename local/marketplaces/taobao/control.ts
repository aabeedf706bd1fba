import type { HttpAnswer, HttpAsk } from "../kit/http-server.ts";
import { Refusal } from "./answers.ts";
import * as buyer from "./buyer.ts";
import { collectEvidence, decide, stepIn } from "./intervention.ts";
import { agreeRefund, agreeReturn, confirmReceipt, refuse, shipReplacement } from "./lifecycle.ts";
import type { TaobaoCase } from "./model.ts";
import type { Platform } from "./platform.ts";

/** What a person or a test may give to an action. */
export type Given = Readonly<Record<string, unknown>>;

/** What a person or a test may do to a case, by name. `given` is the JSON of the request. */
export const caseActions: Readonly<Record<string, (platform: Platform, case_: TaobaoCase, given: Given) => void>> = {
  edit: (platform, case_, { refundFee }) =>
    buyer.edit(platform, case_, typeof refundFee === "number" ? { refundFee } : {}),
  "send-back": (platform, case_, given) =>
    buyer.sendBack(platform, case_, {
      company: String(given.company ?? "顺丰速运"),
      number: String(given.number ?? "SF1234567890123"),
    }),
  withdraw: buyer.withdraw,
  receive: buyer.receiveReplacement,
  "turn-into-refund": (platform, case_) => {
    buyer.turnIntoRefund(platform, case_);
  },
  message: (platform, case_, { content }) => buyer.leaveMessage(platform, case_, String(content ?? "你好")),
  complain: buyer.complain,
  "take-complaint-back": buyer.takeComplaintBack,
  "step-in": stepIn,
  "collect-evidence": collectEvidence,
  decide: (platform, case_, { winner }) => decide(platform, case_, winner === "merchant" ? "merchant" : "buyer"),
  /** The merchant's staff in the platform's console. */
  "staff-refunds": (platform, case_) => agreeRefund(platform, case_, "merchant_console"),
  "staff-agrees": (platform, case_) =>
    agreeReturn(platform, case_, platform.returnAddressOf(case_.shopId), "merchant_console"),
  "staff-refuses": (platform, case_) => refuse(platform, case_, "merchant_console"),
  "staff-confirms": (platform, case_) => confirmReceipt(platform, case_, "merchant_console"),
  "staff-ships": (platform, case_, given) => {
    const parcel = { company: "圆通速递", number: String(given.number ?? "YT0000000000001"), atMs: platform.nowMs() };
    shipReplacement(platform, case_, parcel, "merchant_console");
  },
  /** Sets fields no rule would set: a status nobody documents, a constraint, an amount. */
  force: (platform, case_, given) => {
    Object.assign(case_, given, {
      modifiedMs: platform.nowMs(),
      version: Math.max(platform.nowMs(), case_.version + 1),
    });
    platform.saveCase(case_);
  },
};

export interface ControlTarget {
  platform: Platform;
  openCase(given: Given): unknown;
  read(name: string): unknown;
  command(name: string, given: Given): unknown;
}

/** `/_control/…`: plays the buyer and the platform's staff over HTTP, JSON in and out. Not part of the platform. */
export function answerControl(target: ControlTarget, { method, path, body }: HttpAsk): HttpAnswer {
  const [, , first = "", caseId = "", action = ""] = path.split("/");
  try {
    const given: unknown = body.length === 0 ? {} : JSON.parse(body.toString("utf8"));
    if (typeof given !== "object" || given === null || Array.isArray(given))
      throw new Error("the body must be a JSON object");
    const result = answerOf(target, { method, first, caseId, action, given: given as Given });
    target.platform.commit();
    return { status: 200, body: `${JSON.stringify(result ?? {}, null, 2)}\n` };
  } catch (error) {
    const reason = error instanceof Refusal ? `${error.code} ${error.subCode} ${error.message}` : String(error);
    return { status: 400, body: `${JSON.stringify({ error: reason })}\n` };
  }
}

function answerOf(
  { platform, openCase, read, command }: ControlTarget,
  {
    method,
    first,
    caseId,
    action,
    given,
  }: { method: string; first: string; caseId: string; action: string; given: Given },
): unknown {
  if (first === "cases" && caseId === "" && method === "POST") return openCase(given);
  if (first !== "cases" || caseId === "") return method === "GET" ? read(first) : command(first, given);
  const case_ = platform.cases.get(caseId);
  if (case_ === undefined) throw new Error(`no case ${caseId}`);
  if (method !== "POST") return case_;
  const act = caseActions[action];
  if (act === undefined) throw new Error(`no action ${action}; there are ${Object.keys(caseActions).join(", ")}`);
  act(platform, case_, given);
  return case_;
}
