/** The gateway's own no. Thrown by whatever finds the reason, written as `error_response` with HTTP 200. */
export class GatewayRefusal extends Error {
  readonly code: string;

  constructor(code: number, detail = "") {
    super(detail);
    this.code = String(code);
  }
}

/** An API's no: HTTP 200, outer code "0", and `success` false inside. */
export class ApiRefusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const words: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  2: ["限制时间内调用失败次数", "App Call Limited"],
  4: ["缺少版本参数", "Missing Version"],
  5: ["不支持的版本号", "Unsupported Version"],
  7: ["缺少时间戳参数", "Missing Timestamp"],
  8: ["非法的时间戳参数", "Invalid Timestamp"],
  11: ["缺少签名参数", "Missing Signature"],
  12: ["无效签名", "Invalid Signature"],
  14: ["缺少方法名参数", "Missing Method"],
  15: ["不存在的方法名", "Invalid Method"],
  18: ["缺少access_token参数", "Missing access_token"],
  19: ["无效access_token", "Invalid access_token"],
  20: ["缺少app_key参数", "Missing App Key"],
  21: ["无效app_key", "Invalid App Key"],
  24: ["无权调用API", "cannot use this API"],
  61: ["业务参数错误", "Invalid Business Parameter"],
  66: ["后端服务超时", "Backend Timeout"],
  67: ["后端服务不可用", "Backend Unavailable"],
};

export function errorResponse({ code, message }: GatewayRefusal): Record<string, unknown> {
  const [zh = "未知错误", en = "Unknown"] = words[code] ?? [];
  return { error_response: { code, zh_desc: message === "" ? zh : `${zh}：${message}`, en_desc: en } };
}

/** The number of the business code is invented: the platform's table is not public. */
export const staleVersion = () => new ApiRefusal("E-VERSION", "服务单版本号不一致");
export const wrongStatus = () => new ApiRefusal("E-STATUS", "当前状态不允许该操作");
export const noSuchTicket = () => new ApiRefusal("E-NONE", "服务单不存在");
export const badParam = (name: string) => new ApiRefusal("E-PARAM", `参数${name}错误`);
