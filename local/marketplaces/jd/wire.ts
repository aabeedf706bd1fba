/** The parts of the language's JSON that TypeScript does not describe yet. */
const json = JSON as unknown as {
  rawJSON(text: string): unknown;
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
};

/** A Long: a bare JSON integer of any length, from the digits of an id. */
export function long(digits: string | undefined): unknown {
  return digits === undefined ? null : json.rawJSON(digits);
}

/** A Java double always shows a point: `129.0`, `25990.0`. */
export function double(value: number | undefined): unknown {
  if (value === undefined) return null;
  return json.rawJSON(Number.isInteger(value) ? `${value}.0` : String(value));
}

export function writeJson(value: unknown): string {
  return JSON.stringify(value);
}

/** Integers a double cannot hold become `bigint`; everything else as usual. Throws on text that is not JSON. */
export function parseJson(text: string): unknown {
  return json.parse(text, (_key, value, { source }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)
      ? BigInt(source)
      : value,
  );
}

const chinaOffsetMs = 8 * 3_600_000;

/** `yyyy-MM-dd HH:mm:ss` in China. */
export function chinaText(epochMs: number): string {
  return new Date(epochMs + chinaOffsetMs).toISOString().slice(0, 19).replace("T", " ");
}

/** Epoch milliseconds of such a text, or of the form with milliseconds and zone that the .NET SDK sends; NaN otherwise. */
export function chinaMs(text: string): number {
  if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return Date.parse(`${text.replace(" ", "T")}+08:00`);
  const long = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})\+0800$/.exec(text);
  return long ? Date.parse(`${long[1]}T${long[2]}+08:00`) : Number.NaN;
}
