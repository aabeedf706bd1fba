/** A series of datapoints by the start of their period, or one number for every period. */
export type Series = Map<number, number> | number;

/**
 * Evaluates a CloudWatch metric math expression over the metrics named by id. Knows numbers, + - * /, comparisons,
 * brackets, FILL(m, number), IF(c, a, b), MIN, MAX and SUM over their arguments, ABS; throws on anything else. A period that one of
 * the operands lacks is missing in the result; so is a division by zero.
 */
export function evaluateExpression(
  text: string,
  metrics: ReadonlyMap<string, Map<number, number>>,
): Map<number, number> {
  const tokens = text.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|[<>=!]=|[-+*/()<>,[\]]|\S/g) ?? [];
  const periods = [...new Set([...metrics.values()].flatMap((series) => [...series.keys()]))].sort(
    (one, other) => one - other,
  );
  let place = 0;

  const fail = (what: string): never => {
    throw new Error(`The metric expression ${text} ${what}, which the local runtime does not know.`);
  };
  const accept = (...wanted: string[]) => {
    const token = tokens[place];
    if (token === undefined || !wanted.includes(token)) return undefined;
    place++;
    return token;
  };
  const expect = (token: string) => accept(token) ?? fail(`lacks ${token}`);

  const combine = (operands: Series[], apply: (values: number[]) => number): Series => {
    if (operands.every((operand) => typeof operand === "number")) return apply(operands as number[]);
    const result = new Map<number, number>();
    for (const period of periods) {
      const values = operands.map((operand) => (typeof operand === "number" ? operand : operand.get(period)));
      if (values.some((value) => value === undefined)) continue;
      const value = apply(values as number[]);
      if (Number.isFinite(value)) result.set(period, value);
    }
    return result;
  };

  const chain = (next: () => Series, operators: Record<string, (one: number, other: number) => number>): Series => {
    let left = next();
    for (;;) {
      const operator = accept(...Object.keys(operators));
      const apply = operator && operators[operator];
      if (!apply) return left;
      left = combine([left, next()], ([one = 0, other = 0]) => apply(one, other));
    }
  };

  const comparison = (): Series =>
    chain(sum, {
      ">": (one, other) => Number(one > other),
      ">=": (one, other) => Number(one >= other),
      "<": (one, other) => Number(one < other),
      "<=": (one, other) => Number(one <= other),
      "==": (one, other) => Number(one === other),
      "!=": (one, other) => Number(one !== other),
    });
  const sum = (): Series => chain(product, { "+": (one, other) => one + other, "-": (one, other) => one - other });
  const product = (): Series => chain(factor, { "*": (one, other) => one * other, "/": (one, other) => one / other });

  const factor = (): Series => {
    if (accept("-")) return combine([factor()], ([value = 0]) => -value);
    if (accept("(")) {
      const inner = comparison();
      expect(")");
      return inner;
    }
    const token = tokens[place++] ?? fail("ends too early");
    if (/^\d/.test(token)) return Number(token);
    if (accept("(")) {
      const list: Series[] = [];
      do {
        const bracket = accept("[");
        if (token === "FILL" && tokens[place] === "REPEAT") fail("fills by REPEAT");
        list.push(comparison());
        while (bracket && accept(",")) list.push(comparison());
        if (bracket) expect("]");
      } while (accept(","));
      expect(")");
      return call(token, list);
    }
    return metrics.get(token) ?? fail(`names ${token}`);
  };

  const call = (name: string, list: Series[]): Series => {
    const [first = 0, second = 0, third = 0] = list;
    switch (name) {
      case "FILL":
        if (typeof first === "number" || typeof second !== "number") return fail("fills with a series");
        return new Map(periods.map((period) => [period, first.get(period) ?? second]));
      case "IF":
        return combine([first, second, third], ([condition = 0, yes = 0, no = 0]) => (condition !== 0 ? yes : no));
      case "ABS":
        return combine([first], ([value = 0]) => Math.abs(value));
      case "MIN":
        return combine(list, (values) => Math.min(...values));
      case "MAX":
        return combine(list, (values) => Math.max(...values));
      case "SUM":
        return combine(list, (values) => values.reduce((total, value) => total + value, 0));
      default:
        return fail(`calls ${name}`);
    }
  };

  const result = comparison();
  if (place < tokens.length) fail(`goes on with ${tokens[place]}`);
  return typeof result === "number" ? new Map(periods.map((period) => [period, result])) : result;
}
