const prefix = "gid://shopify/";

/** `gid://shopify/Return/7700110001` from `Return/7700110001`, as cases are keyed. */
export function gid(bareId: string): string {
  return prefix + bareId;
}

/** `Return/7700110001` from the global id. */
export function bare(globalId: string): string {
  return globalId.startsWith(prefix) ? globalId.slice(prefix.length) : globalId;
}
