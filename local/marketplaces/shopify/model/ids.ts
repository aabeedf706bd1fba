import { createHash } from "node:crypto";
import type { Order } from "./types.ts";

const prefix = "gid://shopify/";

export function gid(type: string, id: string): string {
  return `${prefix}${type}/${id}`;
}

/** The number in a global id of this type, or undefined when it is another type's or no global id at all. */
export function idOf(type: string, globalId: string): string | undefined {
  const start = `${prefix}${type}/`;
  const id = globalId.startsWith(start) ? globalId.slice(start.length) : "";
  return /^\d+$/.test(id) ? id : undefined;
}

/**
 * A number that depends on nothing but its labels. Two in three are longer than 2^53 allows, as on the real platform,
 * where a parser that makes floats of them loses digits.
 */
export function numberFrom(...labels: (string | number)[]): string {
  const value = createHash("sha256").update(labels.join("\u0000")).digest().readBigUInt64BE();
  if (value % 3n === 0n) return String(5_000_000_000n + ((value / 3n) % 90_000_000_000n));
  return String(100_000_000_000_000_001n + (value % 800_000_000_000_000_000n));
}

/** The next id of an object that belongs to this order. */
export function nextId(order: Order, type: string): string {
  order.made += 1;
  return numberFrom(order.id, type, order.made);
}

/** A UUID that depends on nothing but its labels. */
export function uuidFrom(...labels: (string | number)[]): string {
  const hex = createHash("sha256").update(labels.join("\u0000")).digest("hex");
  const variant = "89ab"[Number.parseInt(hex.charAt(16), 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
