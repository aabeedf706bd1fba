import type { HttpAnswer, HttpAsk } from "../kit/http-server.ts";
import { answerMerchant, cancel, confirm, ship } from "./buyer.ts";
import * as lifecycle from "./lifecycle.ts";
import type { JdCase, JdRefund, JdTicket } from "./model.ts";
import { isParams, type Params } from "./params.ts";
import type { Platform } from "./platform.ts";
import { reply, withdraw } from "./refund-lifecycle.ts";
import { parseJson } from "./wire.ts";

type Act = (platform: Platform, case_: JdCase, given: Params) => void;

const ticketAct =
  (act: (platform: Platform, ticket: JdTicket, given: Params) => void): Act =>
  (platform, case_, given) => {
    if (case_.family !== "ticket") throw new Error("this is no ticket");
    act(platform, case_, given);
  };
const refundAct =
  (act: (platform: Platform, refund: JdRefund, given: Params) => void): Act =>
  (platform, case_, given) => {
    if (case_.family !== "refund") throw new Error("this is no refund application");
    act(platform, case_, given);
  };

/** What a person or a test may do to a case, by name. `given` is the JSON of the request. */
export const caseActions = {
  ship: ticketAct((platform, ticket, { expressCode }) =>
    ship(platform, ticket, String(expressCode ?? "SF1234567890123")),
  ),
  arrive: ticketAct((platform, ticket) => lifecycle.arrive(platform, ticket)),
  answer: ticketAct((platform, ticket) => answerMerchant(platform, ticket)),
  cancel: ticketAct((platform, ticket) => cancel(platform, ticket)),
  confirm: ticketAct((platform, ticket) => confirm(platform, ticket)),
  /** The merchant's staff in the platform's console. */
  "staff-register": ticketAct((platform, ticket) => lifecycle.register(platform, ticket, "merchant_console", "完好")),
  "staff-refund": ticketAct((platform, ticket) => lifecycle.acceptRefund(platform, ticket, "merchant_console")),
  withdraw: refundAct((platform, refund) => withdraw(platform, refund)),
  "staff-reply": refundAct((platform, refund, { status }) =>
    reply(platform, refund, {
      status: Number(status ?? 1),
      by: "merchant_console",
      checkUserName: "console",
      remark: "已核实",
    }),
  ),
  /** Sets fields no rule would set: a status that nobody documents. */
  force: ((platform, case_, given) => {
    Object.assign(case_, given, { updateMs: platform.nowMs() });
    if (case_.family === "ticket") case_.sysVersion += 1;
    platform.saveCase(case_);
  }) as Act,
} as const satisfies Readonly<Record<string, Act>>;
export type CaseAction = keyof typeof caseActions;

export interface ControlTarget {
  platform: Platform;
  openCase(given: Params): unknown;
  read(name: string): unknown;
  command(name: string, given: Params): unknown;
}

/** `/_control/…`: plays the buyer and the platform's staff over HTTP, JSON in and out. Not part of the platform. */
export function answerControl(target: ControlTarget, { method, path, body }: HttpAsk): HttpAnswer {
  const [, , first = "", key = "", action = ""] = path.split("/");
  try {
    const given = body.length === 0 ? {} : parseJson(body.toString("utf8"));
    if (!isParams(given)) throw new Error("the body must be a JSON object");
    const { platform } = target;
    const answer = () => {
      if (first === "cases" && key === "" && method === "POST") return target.openCase(given);
      if (first !== "cases" || key === "") return method === "GET" ? target.read(first) : target.command(first, given);
      const case_ = platform.cases.get(key);
      if (case_ === undefined) throw new Error(`no case ${key}`);
      if (method === "POST") actionOf(action)(platform, case_, given);
      return case_;
    };
    const result = answer();
    platform.commit();
    return { status: 200, body: `${JSON.stringify(result ?? {}, null, 2)}\n` };
  } catch (error) {
    return { status: 400, body: `${JSON.stringify({ error: String(error) })}\n` };
  }
}

function actionOf(name: string): Act {
  if (!Object.hasOwn(caseActions, name))
    throw new Error(`no action ${name}; there are ${Object.keys(caseActions).join(", ")}`);
  return caseActions[name as CaseAction];
}
