/** The parts of the language's JSON that TypeScript does not describe yet. */
const json = JSON as unknown as {
  rawJSON(text: string): unknown;
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
};

/** A bare JSON integer of any length, from the digits of an id. */
export function int64(digits: string): unknown {
  return json.rawJSON(digits === "" ? "0" : digits);
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

/** Text with the zone the platform uses in pushes: seconds, `+08:00`. */
export function beijingText(epochSeconds: number): string {
  return `${new Date(epochSeconds * 1000 + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}
