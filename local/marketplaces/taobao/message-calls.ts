import { invalid, missing, Refusal } from "./answers.ts";
import { defaultGroup, type MessageQueue } from "./message-queue.ts";
import type { TaobaoShop } from "./model.ts";
import { fieldsOf, need, optional, type Params, pick, whole } from "./params.ts";
import type { Platform } from "./platform.ts";
import { int64, List } from "./wire.ts";
import { chinaTime } from "./wording.ts";

// Calls of the message service. Those on the queue are the app's and need no shop.

export function consumeMessages(queue: MessageQueue, params: Params): Record<string, unknown> {
  const group = groupOf(queue, params);
  const quantity = whole(params, "quantity", { least: 10, most: 200, otherwise: 100 });
  const rows = queue.consume(group, quantity).map(({ id, topic, userId, nick, content, publishedMs }) => ({
    id: int64(id),
    topic,
    user_id: int64(userId),
    user_nick: nick,
    pub_app_key: "12497914",
    pub_time: chinaTime(publishedMs),
    content,
  }));
  return { messages: new List("tmc_message", rows) };
}

export function confirmMessages(queue: MessageQueue, params: Params): Record<string, unknown> {
  const group = groupOf(queue, params);
  const ids = need(params, "s_message_ids").split(",");
  if (ids.length > 200) throw invalid("s_message_ids");
  queue.confirm(group, ids);
  return { is_success: true };
}

/** Naming a group that is not there is an error. */
function groupOf(queue: MessageQueue, params: Params): string {
  const name = optional(params, "group_name") ?? defaultGroup;
  if (!queue.hasGroup(name)) throw new Refusal(15, "isv.group-not-exist", "分组不存在");
  return name;
}

export function addGroup(platform: Platform, queue: MessageQueue, params: Params): Record<string, unknown> {
  const name = need(params, "group_name");
  if (name.length > 32 || name.startsWith("default")) throw invalid("group_name");
  const nicks = need(params, "nicks").split(",");
  if (nicks.length > 200) throw invalid("nicks");
  queue.addGroup(name);
  for (const shop of platform.shops.values())
    if (nicks.includes(shop.nick)) platform.saveShop({ ...shop, messageGroup: name });
  return { created: chinaTime(platform.nowMs()), group_name: name };
}

const mostTopics = 100;

/** The list that is given replaces the one before; no list stands for all topics of the app. */
export function permitUser(platform: Platform, shop: TaobaoShop, params: Params): Record<string, unknown> {
  const topics = optional(params, "topics")?.split(",") ?? [];
  if (topics.length > mostTopics) throw invalid("topics");
  platform.saveShop({ ...shop, permit: { topics } });
  return { is_success: true };
}

export function cancelUser(platform: Platform, shop: TaobaoShop): Record<string, unknown> {
  platform.saveShop({ ...shop, permit: undefined });
  return { is_success: true };
}

export function getUser(platform: Platform, params: Params): Record<string, unknown> {
  const fields = fieldsOf(params);
  const nick = need(params, "nick");
  const shop = [...platform.shops.values()].find((each) => each.nick === nick);
  if (!shop?.permit) throw missing("nick");
  const view = {
    user_nick: shop.nick,
    user_id: int64(shop.id),
    is_valid: shop.isAuthorised,
    group_name: shop.messageGroup,
    topics: new List("string", shop.permit.topics),
  };
  return { tmc_user: pick(view, fields) };
}
