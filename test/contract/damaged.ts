const replacements: readonly unknown[] = [null, "text", -1, 1.5, true, [], {}, "x".repeat(5000)];

/** The payload with one place damaged: a member gone, or of another kind. Every place, every damage. */
export function* damaged(payload: unknown): Generator<unknown> {
  for (const path of pathsOf(payload)) {
    yield changed(payload, path, undefined);
    for (const replacement of replacements) yield changed(payload, path, replacement);
  }
}

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const here = [...path, Array.isArray(value) ? Number(name) : name];
    return [here, ...pathsOf(member, here)];
  });
}

/** A copy with another value at the path; `undefined` takes the member away. */
function changed(value: unknown, [name, ...rest]: Path, replacement: unknown): unknown {
  if (name === undefined) return replacement;
  if (Array.isArray(value)) {
    return value.flatMap((member, index) => {
      if (index !== name) return [member];
      const next = changed(member, rest, replacement);
      return next === undefined ? [] : [next];
    });
  }
  const members = Object.entries(value as Record<string, unknown>).flatMap(([key, member]) => {
    if (key !== name) return [[key, member]];
    const next = changed(member, rest, replacement);
    return next === undefined ? [] : [[key, next]];
  });
  return Object.fromEntries(members);
}
