import type { HttpAnswer, HttpAsk } from "../kit/http-server.ts";
import { createRandom } from "../kit/random.ts";
import { approveReturn, cancelReturn, closeReturn, declineReturn, reopenReturn } from "./acts/returns.ts";
import type { Turn } from "./acts/turn.ts";
import type { ShopifyMarketplace } from "./index.ts";
import type { Order, Return } from "./model/types.ts";
import { attachLabel, inspect, processAndPay } from "./plans/moves.ts";

type Move = (turn: Turn, order: Order, one: Return) => unknown;

/** What a person may do to a return by hand, as the staff in the admin or the buyer would. */
const moves: Record<string, Move> = {
  approve: approveReturn,
  decline: (turn, order, one) => declineReturn(turn, order, one, { reason: "OTHER", note: "Declined by hand." }),
  cancel: cancelReturn,
  close: closeReturn,
  reopen: reopenReturn,
  label: (turn, order) => attachLabel(turn, order, createRandom(order.id)),
  arrive: (turn, order) => inspect(turn, order),
  arrive_one_missing: (turn, order) => inspect(turn, order, { missing: 1 }),
  pay: (turn, order) => processAndPay(turn, order),
};

/** `/_control/…`: the buyer and the staff for a person with curl. */
export async function answerControl(ask: HttpAsk, platform: ShopifyMarketplace): Promise<HttpAnswer> {
  const path = ask.path.slice("/_control".length);
  const wish = Object.fromEntries(ask.query);
  try {
    if (path === "/plans") {
      return json(
        200,
        Object.entries(platform.plans).map(([name, { story, needsAnswer }]) => ({ name, needsAnswer, story })),
      );
    }
    if (path === "/truth") return json(200, platform.truth());
    if (path === "/ledger") return json(200, platform.ledger());
    if (path === "/webhooks") return json(200, platform.waitingWebhooks());
    if (path === "/calls") return json(200, platform.calls);
    if (ask.method !== "POST") return json(404, { error: "See the README for what can be asked here." });
    if (path === "/shops") return json(201, await platform.openShop(wish.name ?? "demo", { currency: wish.currency }));
    if (path === "/cases") {
      const shopId = wish.shop ?? "demo.myshopify.com";
      const opened = await platform.openCase({ shopId, plan: wish.plan ?? "", seed: Number(wish.seed ?? 1) });
      return json(201, opened);
    }
    const move = moves[path.slice(1)];
    if (move === undefined)
      return json(404, { error: `There is no move ${path}; try ${Object.keys(moves).join(", ")}.` });
    const found = platform
      .orders()
      .flatMap((order) => order.returns.map((one) => [order, one] as const))
      .find(([, one]) => `Return/${one.id}` === wish.case);
    if (found === undefined) return json(404, { error: "Say which return: ?case=Return/…" });
    const [order, one] = found;
    return json(200, platform.play("staff", (turn) => move(turn, order, one)) ?? { done: true });
  } catch (error) {
    return json(400, { error: error instanceof Error ? error.message : "failed" });
  }
}

function json(status: number, body: unknown): HttpAnswer {
  return { status, body: `${JSON.stringify(body, null, 2)}\n` };
}
