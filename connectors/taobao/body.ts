/** A picture that travels with a call, by the name of its parameter. It is not signed. */
export interface Picture {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly type: "image/gif" | "image/jpeg" | "image/png";
}

interface Body {
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

/** The parameters as the platform takes them: a form, or parts where a picture is among them. */
export function bodyOf(params: Readonly<Record<string, string>>, pictures: readonly Picture[]): Body {
  if (pictures.length === 0) {
    const form = new URLSearchParams(params).toString();
    return { contentType: "application/x-www-form-urlencoded;charset=utf-8", body: form };
  }
  // A boundary made from the signature differs between calls and is the same for the same call.
  const boundary = `casebridge-${params.sign?.slice(0, 32) ?? "unsigned"}`;
  const parts: Uint8Array[] = [];
  const add = (text: string) => parts.push(new TextEncoder().encode(text));
  for (const [name, value] of Object.entries(params)) {
    add(
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\ncontent-type: text/plain;charset=utf-8\r\n\r\n`,
    );
    add(`${value}\r\n`);
  }
  for (const { name, bytes, type } of pictures) {
    const filename = `${name}.${type.slice("image/".length)}`;
    add(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="${filename}"\r\n`);
    add(`content-type: ${type}\r\n\r\n`);
    parts.push(bytes);
    add("\r\n");
  }
  add(`--${boundary}--\r\n`);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(parts) };
}
