export interface Picture {
  filename: string;
  bytes: Buffer;
}

export interface Parts {
  texts: Map<string, string>;
  pictures: Map<string, Picture>;
}

/** Takes a `multipart/form-data` body apart: parts with a file name are pictures, the others are text. */
export function partsOf(body: Buffer, contentType: string): Parts {
  const parts: Parts = { texts: new Map(), pictures: new Map() };
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (!boundary) return parts;
  const mark = Buffer.from(`--${boundary}`);
  for (let at = body.indexOf(mark); at !== -1; ) {
    const next = body.indexOf(mark, at + mark.length);
    if (next === -1) break;
    addPart(body.subarray(at + mark.length + 2, next - 2), parts);
    at = next;
  }
  return parts;
}

function addPart(part: Buffer, { texts, pictures }: Parts): void {
  const end = part.indexOf("\r\n\r\n");
  if (end === -1) return;
  const head = part.subarray(0, end).toString("utf8");
  const bytes = part.subarray(end + 4);
  const name = /[^e]name="([^"]*)"/i.exec(head)?.[1];
  const filename = /filename="([^"]*)"/i.exec(head)?.[1];
  if (name === undefined) return;
  if (filename === undefined) texts.set(name, bytes.toString("utf8"));
  else pictures.set(name, { filename, bytes });
}
