import { GatewayRefusal } from "./answers.ts";
import { chinaMs } from "./wire.ts";

export type Params = Record<string, unknown>;

export function isParams(value: unknown): value is Params {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const bad = (name: string) => new GatewayRefusal(61, name);

/** A Long: a bare number, never text. Numbers beyond 2^53 come as bigint, and a rounded one finds no case. */
export function longId(params: Params, name: string): string {
  const value = optionalLong(params, name);
  if (value === undefined) throw bad(name);
  return value;
}

export function optionalLong(params: Params, name: string): string | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value))) return String(value);
  throw bad(name);
}

export function text(params: Params, name: string, longest = 1000): string {
  const value = optionalText(params, name);
  if (value === undefined || [...value].length > longest) throw bad(name);
  return value;
}

export function optionalText(params: Params, name: string): string | undefined {
  const value = params[name];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") throw bad(name);
  return value;
}

export function int(params: Params, name: string): number {
  const value = optionalInt(params, name);
  if (value === undefined) throw bad(name);
  return value;
}

export function optionalInt(params: Params, name: string): number | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw bad(name);
  return value;
}

export function optionalFlag(params: Params, name: string): boolean | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "boolean") throw bad(name);
  return value;
}

export function longs(params: Params, name: string): string[] {
  const value = params[name];
  if (!Array.isArray(value) || value.length === 0) throw bad(name);
  return value.map((member) => longId({ member }, "member"));
}

/** Page fields are tolerated as text too. Pages from 1; sizes from 1 to 50. */
export function pageOf(params: Params, name: string, { most = Number.POSITIVE_INFINITY } = {}) {
  const whole = (value: unknown, fallback: number) => (value === undefined ? fallback : Number(value));
  const number = whole(params[name], 1);
  const size = whole(params.pageSize, 10);
  if (!Number.isInteger(number) || number < 1 || number > most) throw bad(name);
  if (!Number.isInteger(size) || size < 1 || size > 50) throw bad("pageSize");
  return { number, size };
}

/** A pair of times in China; both or none. Both ends count. */
export function windowOf(params: Params, begin: string, end: string, longestMs: number) {
  const [from, to] = [optionalText(params, begin), optionalText(params, end)];
  if (from === undefined && to === undefined) return undefined;
  const window = { fromMs: chinaMs(from ?? ""), toMs: chinaMs(to ?? "") + 999 };
  if (Number.isNaN(window.fromMs) || Number.isNaN(window.toMs) || window.toMs < window.fromMs) throw bad(begin);
  if (window.toMs - window.fromMs > longestMs + 999) throw bad(begin);
  return window;
}
