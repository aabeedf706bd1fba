import { badParameter, missingParameter } from "./answers.ts";

export type Params = Record<string, unknown>;

export function isParams(value: unknown): value is Params {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Text, and nothing that merely looks like it: a case id sent as a number has usually been rounded already. */
export function text(params: Params, name: string): string {
  const value = params[name];
  if (value === undefined || value === null || value === "") throw missingParameter(name);
  if (typeof value !== "string") throw badParameter(`${name} 应为字符串`);
  return value;
}

export function optionalText(params: Params, name: string): string {
  const value = params[name] ?? "";
  if (typeof value !== "string") throw badParameter(`${name} 应为字符串`);
  return value;
}

export function integer(params: Params, name: string): number {
  const value = optionalInteger(params, name);
  if (value === undefined) throw missingParameter(name);
  return value;
}

export function optionalInteger(params: Params, name: string): number | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw badParameter(`${name} 应为整数`);
  return value;
}

/** An id documented as int64. Digits in a string are taken too, as the gateway does in published samples. */
export function id64(params: Params, name: string): string {
  const value = params[name];
  if (value === undefined || value === null || value === "" || value === 0) throw missingParameter(name);
  const digits = typeof value === "string" || typeof value === "number" ? String(value) : `${value as bigint}`;
  if (!/^\d{1,19}$/.test(digits)) throw badParameter(`${name} 应为 int64`);
  return digits;
}

export function optionalFlag(params: Params, name: string): boolean {
  const value = params[name] ?? false;
  if (typeof value !== "boolean") throw badParameter(`${name} 应为布尔值`);
  return value;
}

export function optionalList(params: Params, name: string): unknown[] | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw badParameter(`${name} 应为数组`);
  return value;
}

export function integers(params: Params, name: string): number[] | undefined {
  const list = optionalList(params, name);
  if (list?.some((entry) => !Number.isSafeInteger(entry))) throw badParameter(`${name} 应为整数数组`);
  return list as number[] | undefined;
}

export function texts(params: Params, name: string): string[] | undefined {
  const list = optionalList(params, name);
  if (list?.some((entry) => typeof entry !== "string")) throw badParameter(`${name} 应为字符串数组`);
  return list as string[] | undefined;
}

export function optionalObject(params: Params, name: string): Params | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (!isParams(value)) throw badParameter(`${name} 应为对象`);
  return value;
}
