/** Markup that is safe to put into a page. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const escaped = (text: string) => text.replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A piece of a page. Whatever is filled in is escaped, unless it is such a piece itself. */
export function html(parts: TemplateStringsArray, ...values: (string | Html)[]): Html {
  const filled = values.map((value) => (value instanceof Html ? value.text : escaped(value)));
  return new Html(parts.reduce((text, part, place) => text + (filled[place - 1] ?? "") + part));
}
