import type { AlarmState } from "./alarms.ts";

export type AlarmRule = (stateOf: (nameOrArn: string) => AlarmState | undefined) => boolean;

/** Reads the rule of a composite alarm: `ALARM("x") OR (NOT OK(y) AND INSUFFICIENT_DATA("z"))`, TRUE, FALSE. */
export function readAlarmRule(text: string): AlarmRule {
  const tokens = text.match(/"[^"]*"|[()]|[^\s()"]+/g) ?? [];
  let place = 0;
  const accept = (token: string) => tokens[place]?.toUpperCase() === token && ++place > 0;
  const fail = (): never => {
    throw new Error(`The alarm rule ${text} is not understood at ${tokens[place] ?? "its end"}.`);
  };

  const either = (): AlarmRule => {
    const parts = [both()];
    while (accept("OR")) parts.push(both());
    return (stateOf) => parts.some((part) => part(stateOf));
  };
  const both = (): AlarmRule => {
    const parts = [one()];
    while (accept("AND")) parts.push(one());
    return (stateOf) => parts.every((part) => part(stateOf));
  };
  const one = (): AlarmRule => {
    if (accept("NOT")) {
      const inner = one();
      return (stateOf) => !inner(stateOf);
    }
    if (accept("TRUE")) return () => true;
    if (accept("FALSE")) return () => false;
    if (accept("(")) {
      const inner = either();
      return accept(")") ? inner : fail();
    }
    const state = tokens[place++]?.toUpperCase();
    if (state !== "ALARM" && state !== "OK" && state !== "INSUFFICIENT_DATA") return fail();
    if (!accept("(")) return fail();
    const name = (tokens[place++] ?? "").replaceAll('"', "");
    return accept(")") ? (stateOf) => stateOf(name) === state : fail();
  };

  const rule = either();
  return place === tokens.length ? rule : fail();
}
