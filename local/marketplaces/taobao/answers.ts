/** The gateway's answer when it is not success. Thrown by whatever finds the reason, written by the gateway. */
export class Refusal extends Error {
  readonly code: number;
  readonly subCode: string | undefined;
  readonly subMessage: string | undefined;

  constructor(code: number, subCode?: string, subMessage?: string) {
    super(subMessage ?? messages[code] ?? "error");
    this.code = code;
    this.subCode = subCode;
    this.subMessage = subMessage;
  }
}

export const messages: Readonly<Record<number, string>> = {
  7: "App Call Limited",
  11: "Insufficient isv permissions",
  12: "Insufficient user permissions",
  15: "Remote service error",
  21: "Missing Method",
  22: "Invalid Method",
  23: "Invalid Format",
  24: "Missing Signature",
  25: "Invalid Signature",
  26: "Missing Session",
  27: "Invalid Session",
  28: "Missing App Key",
  29: "Invalid App Key",
  30: "Missing Timestamp",
  31: "Invalid Timestamp",
  32: "Missing Version",
  33: "Invalid Version",
  40: "Missing required arguments",
  41: "Invalid arguments",
  50: "Remote service error",
};

export const missing = (name: string) => new Refusal(40, `isv.missing-parameter:${name}`, `缺少参数 ${name}`);
export const invalid = (name: string, why = "参数不合法") => new Refusal(41, `isv.invalid-parameter:${name}`, why);
/** A case that the shop does not have. The platform's own sub code could not be read; see README.md. */
export const noSuchRefund = () => new Refusal(15, "isv.refund-not-exist", "退款不存在");
export const wrongStatus = (why = "当前状态不允许该操作") => new Refusal(15, "isv.refund-status-error", why);
export const versionMoved = () => new Refusal(15, "isv.refund-version-error", "退款版本已变更，请刷新后重试");
