/** The gateway's answer when it is not success. Thrown by whatever finds the reason, written by the gateway. */
export class Refusal extends Error {
  readonly code: number;
  readonly subCode: string;

  constructor(code: number, subCode: string, explanation: string) {
    super(explanation);
    this.code = code;
    this.subCode = subCode;
  }
}

const messages: Record<number, string> = {
  20000: "系统错误",
  30001: "操作权限不足",
  30002: "IP 受限",
  40001: "缺少必选参数",
  40002: "缺少必选参数",
  40003: "非法的参数",
  40004: "非法的参数",
  50000: "平台处理失败",
  50002: "业务处理失败",
  60000: "请求过于频繁",
  70000: "接口已下线",
};

export function refusalMessage(code: number): string {
  return messages[code] ?? "未知错误";
}

/** A case the platform does not know is reported as if its service were down: the prefix says nothing about retrying. */
export const invalidCase = () => new Refusal(20000, "isp.service-error:10000", "售后单无效");
export const badParameter = (explanation: string) => new Refusal(40004, "isv.parameter-invalid:11000", explanation);
export const missingParameter = (name: string) => new Refusal(40002, "isv.missing-parameter:11000", `缺少 ${name}`);
export const stateChanged = () => new Refusal(50002, "isv.business-failed:20309541", "售后状态已变化");
export const failed = (number: number, explanation: string) =>
  new Refusal(50002, `isv.business-failed:${number}`, explanation);
