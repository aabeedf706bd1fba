export interface PageArguments {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
  reverse?: boolean | null;
}

/** One page of a list, in the form of every connection type. Cursors are opaque and stay valid while the item lives. */
export function connection<Item>(
  items: readonly Item[],
  { first, last, after, before, reverse }: PageArguments,
  { idOf, view }: { idOf: (item: Item) => string; view: (item: Item) => unknown },
) {
  const all = reverse ? items.toReversed() : [...items];
  const cursors = all.map((item) => Buffer.from(idOf(item)).toString("base64url"));
  const start = after ? cursors.indexOf(after) + 1 : 0;
  const found = before ? cursors.indexOf(before) : -1;
  const end = found === -1 ? all.length : found;
  const from = last ? Math.max(start, end - last) : start;
  const to = first ? Math.min(end, from + first) : end;
  const edges = all.slice(from, to).map((item, index) => ({ cursor: cursors[from + index], node: view(item) }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: to < all.length,
      hasPreviousPage: from > 0,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
