import type { ShopFeed } from "../contract.ts";
import { asRead, command } from "./client.ts";
import { successSchema } from "./schema.ts";
import type { TaobaoApp, TaobaoCredentials } from "./settings.ts";

const dayMs = 86_400_000;

/**
 * Keeps the shop's messages coming: asks the channel once a day to send this shop's messages to our app. It names no
 * topics, because the list that is given replaces the one before; without a list the shop has all topics of the app, and
 * none can be lost. Brings no news itself.
 * Source: API metadata 21990 and 22554 (an empty list stands for all topics), by copies (github.com/bububa/opentaobao),
 * read 2026-11-25.
 */
export const subscription: ShopFeed<TaobaoApp, TaobaoCredentials> = {
  scope: "shop",
  everyMs: dayMs,
  list: async (bookmark, world) => {
    await asRead(command(world, "taobao.tmc.user.permit", {}, { schema: successSchema }));
    const times = typeof bookmark?.times === "number" ? bookmark.times + 1 : 1;
    return { notices: [], rejected: [], bookmark: { times }, next: { when: "later" } };
  },
};
