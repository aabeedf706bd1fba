export interface Reason {
  id: string;
  handle: string;
  name: string;
  /** The enum value that the definition replaced. */
  old: string;
  isDeleted: boolean;
}

const list: [handle: string, name: string, old: string, isDeleted?: true][] = [
  ["defective", "Defective", "DEFECTIVE"],
  ["too-tight", "Too tight", "SIZE_TOO_SMALL"],
  ["too-large", "Too large", "SIZE_TOO_LARGE"],
  ["color-too-bright", "Colour too bright", "COLOR"],
  ["comfort", "Not comfortable", "OTHER"],
  ["quality", "Quality below expectation", "NOT_AS_DESCRIBED"],
  ["wrong-item", "Another item was sent", "WRONG_ITEM"],
  ["unwanted", "No longer wanted", "UNWANTED"],
  ["style", "Style does not suit", "STYLE"],
  ["arrived-late", "Arrived too late", "OTHER", true],
];

/** The reason library every shop starts with. A deleted one still stands on old returns. */
export const reasons: readonly Reason[] = list.map(([handle, name, old, isDeleted = false], index) => ({
  id: String(101 + index),
  handle,
  name,
  old,
  isDeleted,
}));

/** A return may name a definition by handle, or (`enum:STYLE`) only the older enum, or nothing known. */
export function reasonNamed(name: string): { definition?: Reason; old: string } {
  if (name.startsWith("enum:")) return { old: name.slice("enum:".length) };
  const definition = reasons.find((reason) => reason.handle === name);
  return { definition, old: definition?.old ?? "UNKNOWN" };
}
