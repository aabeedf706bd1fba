import { type Money, sumOf } from "./money.ts";
import type { Facts, Line } from "./observation.ts";

/**
 * What may be paid at most: received × unit paid + allowed freight, and never more than the channel's own ceiling or the
 * buyer's claim. Undefined when nothing is known, or when the amounts are in several currencies.
 */
export function ceilingOf(facts: Facts): Money | undefined {
  const { ceiling, claimed } = facts.money;
  const limits = [ceiling, claimed, countedWorth(facts)].filter((each) => each !== undefined);
  const [first, ...rest] = limits;
  if (!first || rest.some(({ currency }) => currency !== first.currency)) return undefined;
  return { amountMinor: Math.min(...limits.map(({ amountMinor }) => amountMinor)), currency: first.currency };
}

/**
 * Received units at what was paid for them, plus the freight that is to be given back. Undefined while nothing is counted,
 * and where everything came back but the channel does not say what of the claim is freight: then the claim itself counts.
 */
function countedWorth(facts: Facts): Money | undefined {
  const counted = countedLines(facts);
  if (!counted) return undefined;
  const freight = allowedFreight(facts);
  if (freight.length === 0 && counted.every(({ received, expected }) => received >= expected)) return undefined;
  const goods = counted.map(({ unitPaid, received, expected }) => ({
    currency: unitPaid.currency,
    amountMinor: unitPaid.amountMinor * Math.min(received, expected),
  }));
  const amounts = [...goods, ...freight];
  const isOneCurrency = new Set(amounts.map(({ currency }) => currency)).size === 1;
  // Amounts that cannot be added allow nothing.
  return isOneCurrency ? sumOf(amounts) : { amountMinor: 0, currency: amounts[0]?.currency ?? "" };
}

interface Counted {
  unitPaid: Money;
  received: number;
  expected: number;
}

/** Every line with what came back of it; undefined unless something is counted and each line has a count and a price. */
function countedLines({ goods, inspection }: Facts): Counted[] | undefined {
  const lines = goods.lines ?? [];
  const isCounted = inspection || lines.some(({ received = 0, missing = 0 }) => received > 0 || missing > 0);
  const counted = lines.flatMap((line): Counted[] => {
    const received = inspection ? inspectedLine(line, lines, inspection.lines)?.received : line.received;
    if (received === undefined || !line.unitPaid) return [];
    return [{ unitPaid: line.unitPaid, received, expected: line.toReturn ?? line.requested }];
  });
  return isCounted && lines.length > 0 && counted.length === lines.length ? counted : undefined;
}

type Inspected = NonNullable<Facts["inspection"]>["lines"];

/** What the warehouse counted of a line: by its stock-keeping unit, or as the only line there is. */
export function inspectedLine(line: Line, lines: readonly Line[], inspected: Inspected): Inspected[number] | undefined {
  if (lines.length === 1 && inspected.length === 1) return inspected[0];
  const own = inspected.filter(({ sku }) => sku === line.sku);
  const isPlain = line.sku !== undefined && lines.filter(({ sku }) => sku === line.sku).length === 1;
  return isPlain && own.length === 1 ? own[0] : undefined;
}

function allowedFreight({ money }: Facts): Money[] {
  return (money.parts ?? [])
    .filter(({ kind, ledger, status }) => kind.endsWith("_freight") && ledger === "merchant" && status !== "failed")
    .map(({ amount }) => amount);
}
