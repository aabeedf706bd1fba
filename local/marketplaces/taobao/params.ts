import { invalid, missing } from "./answers.ts";
import type { Picture } from "./multipart.ts";

/** The parameters of one call: texts, and pictures beside them. */
export interface Params {
  texts: ReadonlyMap<string, string>;
  pictures: ReadonlyMap<string, Picture>;
}

export function need({ texts }: Params, name: string): string {
  const value = texts.get(name);
  if (!value) throw missing(name);
  return value;
}

export function optional({ texts }: Params, name: string): string | undefined {
  return texts.get(name) || undefined;
}

export function digits(params: Params, name: string): string {
  const value = need(params, name);
  if (!/^\d{1,19}$/.test(value)) throw invalid(name);
  return value;
}

export function whole(
  params: Params,
  name: string,
  { least, most, otherwise }: { least: number; most: number; otherwise: number },
): number {
  const text = optional(params, name);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) throw invalid(name);
  return value;
}

export function flag(params: Params, name: string): boolean {
  return optional(params, name) === "true";
}

/** The names in `fields`, without which the call is refused. */
export function fieldsOf(params: Params): Set<string> {
  return new Set(
    need(params, "fields")
      .split(",")
      .map((name) => name.trim()),
  );
}

/** Only what is named is answered; names nobody knows are ignored. */
export function pick(view: Readonly<Record<string, unknown>>, fields: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(view).filter(([name, value]) => value !== undefined && fields.has(name)));
}

const pictureStarts = ["89504e47", "ffd8ff", "47494638"];

/** GIF, JPG or PNG within the size; undefined when there is none and none is needed. */
export function picture(
  { pictures }: Params,
  name: string,
  { mostBytes, isNeeded }: { mostBytes: number; isNeeded: boolean },
): Picture | undefined {
  const found = pictures.get(name);
  if (!found) {
    if (isNeeded) throw missing(name);
    return undefined;
  }
  if (found.bytes.length > mostBytes) throw invalid(name, "图片过大");
  const start = found.bytes.subarray(0, 4).toString("hex");
  if (!pictureStarts.some((each) => start.startsWith(each))) throw invalid(name, "图片格式不支持");
  return found;
}
