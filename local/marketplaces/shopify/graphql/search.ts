import { GraphQLError } from "graphql";

type Test = (item: string | undefined) => boolean;
/** The searchable fields of one list, each giving the item's value as text; instants as ISO text. */
export type Searchable<Item> = Record<string, (item: Item) => string | undefined>;

/**
 * The platform's search syntax as far as after-sales lists need it: `field:value`, `field:>='value'`, AND (or a space),
 * OR, brackets and a leading minus. A field the list does not know is an error here, so that a typing mistake is seen.
 */
export function compileSearch<Item>(
  query: string | null | undefined,
  fields: Searchable<Item>,
): (item: Item) => boolean {
  const tokens = (query ?? "").match(/\(|\)|-?[a-z_]+:(?:[<>]=?)?(?:'[^']*'|"[^"]*"|[^\s()]+)|[^\s()]+/gi) ?? [];
  let position = 0;
  const either = (): ((item: Item) => boolean) => {
    const sides = [both()];
    while (tokens[position] === "OR") {
      position += 1;
      sides.push(both());
    }
    return (item) => sides.some((side) => side(item));
  };
  const both = (): ((item: Item) => boolean) => {
    const sides: ((item: Item) => boolean)[] = [];
    for (
      let token = tokens[position];
      token !== undefined && token !== "OR" && token !== ")";
      token = tokens[position]
    ) {
      position += 1;
      if (token === "AND") continue;
      if (token === "(") {
        sides.push(either());
        position += 1;
      } else sides.push(term(token, fields));
    }
    return (item) => sides.every((side) => side(item));
  };
  return either();
}

function term<Item>(token: string, fields: Searchable<Item>): (item: Item) => boolean {
  const match = /^(-?)([a-z_]+):([<>]=?)?['"]?(.*?)['"]?$/i.exec(token);
  const read = fields[match?.[2] ?? ""];
  if (match === null || read === undefined) throw new GraphQLError(`This list cannot be searched for "${token}".`);
  const test = comparison(match[3], match[4] ?? "");
  return (item) => test(read(item)) !== (match[1] === "-");
}

function comparison(operator: string | undefined, wanted: string): Test {
  const instant = Date.parse(wanted);
  const isInstant = /^\d{4}-\d\d/.test(wanted) && !Number.isNaN(instant);
  const difference = (value: string) =>
    isInstant ? Date.parse(value) - instant : value.toLowerCase().localeCompare(wanted.toLowerCase());
  return (value) => {
    if (value === undefined) return false;
    const sign = difference(value);
    if (operator === ">=") return sign >= 0;
    if (operator === ">") return sign > 0;
    if (operator === "<=") return sign <= 0;
    if (operator === "<") return sign < 0;
    return sign === 0;
  };
}
