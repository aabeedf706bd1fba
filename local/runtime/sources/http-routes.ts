/** One route of an HTTP API, `POST /hooks/{channel}` for example, or `$default`. */
export interface Route<T> {
  key: string;
  target: T;
}

export interface Match<T> {
  route: Route<T>;
  pathParameters: Record<string, string>;
}

/**
 * Chooses as API Gateway does: the most specific path wins, a method before ANY, `$default` last. `path` is the raw
 * path; parameters come out decoded.
 */
export function matchRoute<T>(routes: readonly Route<T>[], method: string, path: string): Match<T> | undefined {
  let best: (Match<T> & { score: string }) | undefined;
  for (const route of routes) {
    if (route.key === "$default") continue;
    const [routeMethod = "", routePath = ""] = route.key.split(" ");
    if (routeMethod !== "ANY" && routeMethod !== method) continue;
    const found = matchPath(routePath, path);
    if (!found) continue;
    const score = `${found.score}${routeMethod === "ANY" ? "0" : "1"}`;
    if (!best || score > best.score) best = { route, pathParameters: found.parameters, score };
  }
  if (best) return best;
  const fallback = routes.find(({ key }) => key === "$default");
  return fallback && { route: fallback, pathParameters: {} };
}

function matchPath(pattern: string, path: string): { parameters: Record<string, string>; score: string } | undefined {
  const wanted = pattern.split("/").slice(1);
  const given = path.split("/").slice(1);
  const parameters: Record<string, string> = {};
  let score = "";
  for (const [place, part] of wanted.entries()) {
    const greedy = /^\{(.+)\+\}$/.exec(part)?.[1];
    if (greedy) {
      if (given.length <= place || given[place] === "") return undefined;
      parameters[greedy] = decode(given.slice(place).join("/"));
      return { parameters, score: `${score}0` };
    }
    const value = given[place];
    if (value === undefined) return undefined;
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name ? value === "" : value !== part) return undefined;
    if (name) parameters[name] = decode(value);
    score += name ? "1" : "2";
  }
  return given.length === wanted.length ? { parameters, score: `${score}9` } : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
