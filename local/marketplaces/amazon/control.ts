import type { HttpAnswer, HttpAsk } from "../kit/http-server.ts";
import * as lifecycle from "./lifecycle.ts";
import type { AmazonReturn } from "./model.ts";
import type { Platform } from "./platform.ts";

type Act = (platform: Platform, return_: AmazonReturn) => void;

/** What a person or a test may do to a return, by name. */
export const caseActions = {
  "staff-authorise": lifecycle.authorise,
  "staff-close": lifecycle.closeRequest,
  "staff-refund": (platform, return_) => lifecycle.refundWhole(platform, return_, "merchant_console"),
  scan: lifecycle.scan,
  deliver: lifecycle.deliver,
  process: lifecycle.process,
  claim: lifecycle.openClaim,
  "grant-claim": (platform, return_) => lifecycle.decideClaim(platform, return_, true),
  "file-safet": lifecycle.fileSafet,
  "grant-safet": lifecycle.grantSafet,
  "deny-claim": (platform, return_) => lifecycle.decideClaim(platform, return_, false),
} as const satisfies Readonly<Record<string, Act>>;
export type CaseAction = keyof typeof caseActions;

export interface ControlTarget {
  platform: Platform;
  openCase(given: Record<string, unknown>): unknown;
  read(name: string): unknown;
  command(name: string, given: Record<string, unknown>): unknown;
}

/** `/_control/…`: plays the buyer, the staff and Amazon over HTTP, JSON in and out. A key's `/` is written `~`. */
export function answerControl(target: ControlTarget, { method, path, body }: HttpAsk): HttpAnswer {
  const [, , first = "", place = "", action = ""] = path.split("/");
  try {
    const given = body.length === 0 ? {} : (JSON.parse(body.toString("utf8")) as Record<string, unknown>);
    const answer = () => {
      if (first === "cases" && place === "" && method === "POST") return target.openCase(given);
      if (first !== "cases" || place === "")
        return method === "GET" ? target.read(first) : target.command(first, given);
      const return_ = target.platform.returns.get(decodeURIComponent(place).replace("~", "/"));
      if (return_ === undefined) throw new Error(`no return ${place}`);
      if (method === "POST") actionOf(action)(target.platform, return_);
      return return_;
    };
    const result = answer();
    target.platform.commit();
    return { status: 200, body: `${JSON.stringify(result ?? {}, null, 2)}\n` };
  } catch (error) {
    return { status: 400, body: `${JSON.stringify({ error: String(error) })}\n` };
  }
}

function actionOf(name: string): Act {
  if (Object.hasOwn(caseActions, name)) return caseActions[name as CaseAction];
  throw new Error(`no action ${name}; there are ${Object.keys(caseActions).join(", ")}`);
}
