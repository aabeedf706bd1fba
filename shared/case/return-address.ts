import type { ReturnAddress } from "./shop.ts";

/** The address goods come back to: the channel's default, else the only one. Undefined when a person must say. */
export function chooseAddress(addresses: readonly ReturnAddress[]): ReturnAddress | undefined {
  return addresses.find(({ isDefault }) => isDefault) ?? (addresses.length === 1 ? addresses[0] : undefined);
}
