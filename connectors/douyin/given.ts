import { refusedHere } from "./refused-here.ts";

/** An argument that a call cannot do without. */
export function given(value: string | undefined, name: string): string {
  if (!value) throw refusedHere(`${name} is missing`);
  return value;
}

/** Fields that are documented as 64-bit integers are written as bare digits. */
export function int64(value: string | undefined, name: string): bigint {
  if (!value || !/^\d{1,19}$/.test(value)) throw refusedHere(`${name} is missing or no number`);
  return BigInt(value);
}
