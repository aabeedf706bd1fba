/** A list as the platform wraps it: `{refunds: {refund: […]}}`, or bare in a simplified answer; left out when empty. */
export class List {
  readonly name: string;
  readonly rows: readonly unknown[];

  constructor(name: string, rows: readonly unknown[]) {
    this.name = name;
    this.rows = rows;
  }
}

/** An id that goes onto the wire as a bare number, beyond what a double can hold. */
export function int64(digits: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(digits === "" ? "0" : digits);
}

/** JSON as a parameter carries it: ids are bare numbers, and keep every digit as text. */
export function parseDigits(text: string): unknown {
  try {
    const revive = (_key: string, value: unknown, { source }: { source?: string }) =>
      typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined ? source : value;
    return JSON.parse(text, revive as never);
  } catch {
    return undefined;
  }
}

export function writeJson(answer: Readonly<Record<string, unknown>>, { simplify }: { simplify: boolean }): string {
  const [[node, body] = ["", {}]] = Object.entries(answer);
  // Errors keep their node in both forms.
  const whole = simplify && node !== "error_response" ? body : answer;
  return JSON.stringify(whole, (_key, value: unknown) => {
    if (!(value instanceof List)) return value;
    if (value.rows.length === 0) return undefined;
    return simplify ? value.rows : { [value.name]: value.rows };
  });
}

/** The form nobody asked for but everybody gets who does not say `format=json`. */
export function writeXml(answer: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(answer).map(([name, value]) => element(name, value));
  return `<?xml version="1.0" encoding="utf-8" ?>${parts.join("")}`;
}

function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (value instanceof List) {
    if (value.rows.length === 0) return "";
    return `<${name} list="true">${value.rows.map((row) => element(value.name, row)).join("")}</${name}>`;
  }
  if (typeof value !== "object") return `<${name}>${escaped(String(value))}</${name}>`;
  if (isRaw(value)) return `<${name}>${value.rawJSON}</${name}>`;
  return `<${name}>${Object.entries(value)
    .map(([key, member]) => element(key, member))
    .join("")}</${name}>`;
}

function isRaw(value: object): value is { rawJSON: string } {
  return Object.getPrototypeOf(value) === null && "rawJSON" in value;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
