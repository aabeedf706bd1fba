import type { AuthorizationOutcome } from "#shared/case/shop-authorization.ts";

export const languages = ["en", "zh"] as const;
export type Language = (typeof languages)[number];

interface Told {
  title: string;
  says: string;
  next: string;
}

interface Texts {
  start: { title: string; says: string; warning: string; go: string };
  channel: string;
  tenant: string;
  askedBy: string;
  shop: string;
  next: string;
  outcomes: Record<AuthorizationOutcome, Told>;
}

const askAnew = "Ask whoever sent you the link for a new one.";
const askAnewZh = "请联系发送链接的人，重新获取一个链接。";

/** Everything that the pages say. */
export const texts: Record<Language, Texts> = {
  en: {
    start: {
      title: "Connect a shop",
      says: "You will go to the marketplace, sign in there and decide. Use a sub-account that may handle refunds where the marketplace has sub-accounts.",
      warning:
        "Go on only if you know who asks. Whoever connects a shop lets this merchant's suite answer its refunds.",
      go: "Go on to the marketplace",
    },
    channel: "Marketplace",
    tenant: "For the merchant",
    askedBy: "Asked for by",
    shop: "Shop",
    next: "What to do next",
    outcomes: {
      connected: {
        title: "The shop is connected",
        says: "Its after-sales cases are being read.",
        next: "A new shop only observes: look at what would be answered for some days, then let an admin raise its mode. You can close this page.",
      },
      connected_without_addresses: {
        title: "The shop is connected",
        says: "Its return addresses could not be read yet.",
        next: "Make sure that the account may see return addresses, and connect the shop again. Its cases are being read already.",
      },
      denied: {
        title: "Nothing was connected",
        says: "The marketplace says that access was declined.",
        next: "If that was a mistake, try again.",
      },
      link_invalid: {
        title: "This link is not valid",
        says: "It is unknown, or older than 15 minutes.",
        next: askAnew,
      },
      link_finished: { title: "This link is used up", says: "A shop has been connected with it.", next: askAnew },
      state_unknown: {
        title: "Nothing was connected",
        says: "This answer belongs to no open request, or to an earlier one.",
        next: askAnew,
      },
      state_spent: {
        title: "Nothing was connected",
        says: "This answer has been used before, and it counts once.",
        next: askAnew,
      },
      browser_other: {
        title: "Nothing was connected",
        says: "This answer came to another browser than the one that set out.",
        next: "Open the link and go through all of it in one browser, with cookies allowed.",
      },
      channel_mixed_up: {
        title: "Nothing was connected",
        says: "This answer came from another marketplace than the one that was asked.",
        next: "Tell whoever sent you the link: somebody may be trying to mislead you.",
      },
      callback_invalid: {
        title: "Nothing was connected",
        says: "The marketplace's answer is not in its form.",
        next: "Try again. If it happens twice, tell whoever sent you the link.",
      },
      shop_taken: {
        title: "Nothing was connected",
        says: "This shop is connected to another merchant.",
        next: "It must be disconnected there first.",
      },
      shop_other: {
        title: "Nothing was connected",
        says: "The link is for another shop than the one you signed in to.",
        next: "Sign out at the marketplace, and try again with the account of the right shop.",
      },
      code_refused: {
        title: "Nothing was connected",
        says: "The marketplace does not accept its own answer any more: it took too long, or the account lacks rights.",
        next: "Try again, with an account that may grant access.",
      },
      channel_away: {
        title: "Nothing was connected",
        says: "The marketplace does not answer at the moment.",
        next: "Try again in some minutes.",
      },
      misconfigured: {
        title: "Nothing was connected",
        says: "Our app at the marketplace is not set up for this.",
        next: "Tell whoever runs this suite; the log says what is missing.",
      },
    },
  },
  zh: {
    start: {
      title: "连接店铺",
      says: "接下来会前往电商平台，请在那里登录并确认授权。平台有子账号的，请使用拥有退款权限的子账号。",
      warning: "请确认您认识发起人再继续。连接后，该商家的系统可以处理此店铺的退款。",
      go: "前往平台授权",
    },
    channel: "平台",
    tenant: "商家",
    askedBy: "发起人",
    shop: "店铺",
    next: "下一步",
    outcomes: {
      connected: {
        title: "店铺已连接",
        says: "正在读取该店铺的售后单。",
        next: "新店铺只观察、不操作：请先查看几天系统的建议，再由管理员提升模式。现在可以关闭本页。",
      },
      connected_without_addresses: {
        title: "店铺已连接",
        says: "暂时未能读取退货地址。",
        next: "请确认该账号可以查看退货地址，然后重新连接。售后单已在读取中。",
      },
      denied: { title: "未连接任何店铺", says: "平台返回：授权被拒绝。", next: "如果是误操作，请重试。" },
      link_invalid: { title: "链接无效", says: "链接不存在，或已超过 15 分钟。", next: askAnewZh },
      link_finished: { title: "链接已使用", says: "已通过此链接连接过店铺。", next: askAnewZh },
      state_unknown: { title: "未连接任何店铺", says: "此授权结果不属于任何进行中的请求。", next: askAnewZh },
      state_spent: { title: "未连接任何店铺", says: "此授权结果已被使用，只能使用一次。", next: askAnewZh },
      browser_other: {
        title: "未连接任何店铺",
        says: "返回的浏览器与发起授权的浏览器不同。",
        next: "请在同一个浏览器中打开链接并完成全部步骤，并允许 Cookie。",
      },
      channel_mixed_up: {
        title: "未连接任何店铺",
        says: "返回的平台与发起授权的平台不同。",
        next: "请告知发送链接的人：可能有人试图误导您。",
      },
      callback_invalid: {
        title: "未连接任何店铺",
        says: "平台返回的内容格式不正确。",
        next: "请重试。若再次出现，请告知发送链接的人。",
      },
      shop_taken: { title: "未连接任何店铺", says: "该店铺已连接到其他商家。", next: "请先在那里解除连接。" },
      shop_other: {
        title: "未连接任何店铺",
        says: "链接对应的店铺与您登录的店铺不同。",
        next: "请在平台退出登录，用正确店铺的账号重试。",
      },
      code_refused: {
        title: "未连接任何店铺",
        says: "平台不再接受此授权码：已超时，或账号没有授权权限。",
        next: "请使用有授权权限的账号重试。",
      },
      channel_away: { title: "未连接任何店铺", says: "平台暂时没有响应。", next: "请几分钟后重试。" },
      misconfigured: {
        title: "未连接任何店铺",
        says: "平台上的应用尚未配置好。",
        next: "请告知系统管理员，日志中有缺失项。",
      },
    },
  },
};

/** Chinese for those who prefer it to English; English for everybody else. */
export function languageOf(acceptLanguage = ""): Language {
  const wish = (name: RegExp) =>
    Math.max(
      0,
      ...acceptLanguage
        .slice(0, 200)
        .split(",")
        .filter((each) => name.test(each.trim()))
        .map((each) => Number(/;\s*q=([\d.]+)/.exec(each)?.[1] ?? 1) || 0),
    );
  return wish(/^zh\b/i) > wish(/^en\b/i) ? "zh" : "en";
}
