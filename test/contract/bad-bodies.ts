const encoder = new TextEncoder();

/** Bodies that hold no message, made from one that does. None is longer than a gateway would let through. */
export function badBodies(genuine: Uint8Array): [kind: string, body: Uint8Array][] {
  const text = new TextDecoder().decode(genuine);
  return [
    ["empty", new Uint8Array()],
    ["not JSON", encoder.encode("<xml>1</xml>")],
    ["null", encoder.encode("null")],
    ["an empty list", encoder.encode("[]")],
    ["a text", encoder.encode('"text"')],
    ["a number", encoder.encode("12")],
    ["nested deeply", encoder.encode(`${"[".repeat(90_000)}${"]".repeat(90_000)}`)],
    ["nested deeply in an object", encoder.encode(`${'{"a":'.repeat(40_000)}1${"}".repeat(40_000)}`)],
    ["unclosed and nested deeply", encoder.encode("[".repeat(200_000))],
    ["truncated in the middle", genuine.slice(0, Math.floor(genuine.length / 2))],
    ["truncated by one byte", encoder.encode(text.trimEnd().slice(0, -1))],
    ["UTF-16", Uint8Array.from(Buffer.from(text, "utf16le"))],
    ["not UTF-8", Uint8Array.from([...genuine.slice(0, 1), 0x22, 0xff, 0xc3, 0x22, ...genuine.slice(1)])],
    ["zero bytes", new Uint8Array(64)],
  ];
}

/** The same message with keys that would reach for an object's prototype; undefined where the body is no JSON object. */
export function withProtoKeys(genuine: Uint8Array): Uint8Array | undefined {
  const text = new TextDecoder().decode(genuine);
  const at = text.indexOf("{");
  if (at === -1 || !/^\s*\[?\s*$/.test(text.slice(0, at))) return undefined;
  const isEmpty = /^\{\s*\}/.test(text.slice(at));
  if (isEmpty) return undefined;
  const extra = '"__proto__":{"polluted":true,"toString":1},"constructor":{"prototype":{"polluted":true}},';
  return encoder.encode(`${text.slice(0, at + 1)}${extra}${text.slice(at + 1)}`);
}
