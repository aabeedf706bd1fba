const patterns = new Map<string, RegExp>();

/** Whether IAM's `*` (any text, also none) and `?` (one character) in `pattern` cover the whole of `text`. */
export function isLike(text: string, pattern: string): boolean {
  let known = patterns.get(pattern);
  if (!known) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    known = new RegExp(`^${source}$`, "s");
    patterns.set(pattern, known);
  }
  return known.test(text);
}

/**
 * Compares ARNs part by part, so that no wildcard reaches over a colon but in the last part, the resource's own name.
 * Source: IAM user guide, policy elements Resource and ArnLike, read 2026-11.
 */
export function isArnLike(arn: string, pattern: string): boolean {
  if (pattern === "*") return true;
  const wanted = partsOf(pattern);
  const given = partsOf(arn);
  if (!wanted || !given) return false;
  return wanted.every((part, index) => isLike(given[index] ?? "", part));
}

/** arn, partition, service, region, account, resource. */
function partsOf(arn: string): string[] | undefined {
  const parts = arn.split(":");
  if (parts.length < 6) return undefined;
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}
