import { isObject, type Json, type JsonObject } from "../assembly/json.ts";

type Matches = (value: Json | undefined) => boolean;

/**
 * Reads an EventBridge pattern (also the pattern of an event source filter) into a test. Knows exact values, prefix,
 * suffix, equals-ignore-case, wildcard, anything-but, exists, numeric and `$or`; throws on any other operator, so that
 * no rule is silently deaf.
 */
export function readPattern(pattern: JsonObject): (event: Json) => boolean {
  const test = readFields(pattern);
  return (event) => test(event);
}

function readFields(pattern: JsonObject): Matches {
  const fields = Object.entries(pattern).map(([name, wanted]): Matches => {
    if (name === "$or") {
      const choices = (Array.isArray(wanted) ? wanted : []).filter(isObject).map(readFields);
      return (value) => choices.some((choice) => choice(value));
    }
    const test = Array.isArray(wanted) ? readChoices(wanted) : isObject(wanted) ? readFields(wanted) : refuse(wanted);
    return (value) => test(isObject(value) ? value[name] : undefined);
  });
  // An array of objects matches when one of them does.
  const one: Matches = (value) => fields.every((field) => field(value));
  return (value) => (Array.isArray(value) ? value.some(one) : one(value));
}

function readChoices(choices: Json[]): Matches {
  const tests = choices.map(readChoice);
  const absent = choices.some((choice) => isObject(choice) && choice.exists === false);
  return (value) => {
    if (value === undefined) return absent;
    const values = Array.isArray(value) ? value : [value];
    return values.some((each) => tests.some((test) => test(each)));
  };
}

function readChoice(choice: Json): Matches {
  if (!isObject(choice)) return (value) => value === choice;
  const [operator, operand] = Object.entries(choice)[0] ?? [];
  const text =
    (test: (value: string) => boolean): Matches =>
    (value) =>
      typeof value === "string" && test(value);
  switch (operator) {
    case "exists":
      return (value) => operand === true && value !== undefined;
    case "prefix":
      return text((value) => value.startsWith(String(operand)));
    case "suffix":
      return text((value) => value.endsWith(String(operand)));
    case "equals-ignore-case":
      return text((value) => value.toLowerCase() === String(operand).toLowerCase());
    case "wildcard": {
      const parts = String(operand)
        .split("*")
        .map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&"));
      const expression = new RegExp(`^${parts.join(".*")}$`, "s");
      return text((value) => expression.test(value));
    }
    case "anything-but": {
      const refused = (Array.isArray(operand) ? operand : [operand ?? null]).map(readChoice);
      return (value) => value !== undefined && !refused.some((test) => test(value));
    }
    case "numeric":
      return readNumeric(Array.isArray(operand) ? operand : []);
    default:
      return refuse(choice);
  }
}

function readNumeric(parts: Json[]): Matches {
  const tests: ((value: number) => boolean)[] = [];
  for (let place = 0; place < parts.length; place += 2) {
    const bound = Number(parts[place + 1]);
    switch (parts[place]) {
      case "=":
        tests.push((value) => value === bound);
        break;
      case "<":
        tests.push((value) => value < bound);
        break;
      case "<=":
        tests.push((value) => value <= bound);
        break;
      case ">":
        tests.push((value) => value > bound);
        break;
      case ">=":
        tests.push((value) => value >= bound);
        break;
      default:
        return refuse(parts);
    }
  }
  return (value) => typeof value === "number" && tests.every((test) => test(value));
}

function refuse(part: Json): never {
  throw new Error(`The event pattern holds ${JSON.stringify(part)}, which the local runtime does not know.`);
}
