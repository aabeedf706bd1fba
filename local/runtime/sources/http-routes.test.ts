import { expect, it } from "vitest";
import { matchRoute } from "./http-routes.ts";

const routes = [
  "GET /cases/{id}",
  "ANY /cases/{id}",
  "GET /cases/open",
  "POST /hooks/{channel}/{proxy+}",
  "$default",
].map((key) => ({ key, target: key }));

it.each([
  ["GET", "/cases/open", "GET /cases/open", {}],
  ["GET", "/cases/7", "GET /cases/{id}", { id: "7" }],
  ["PUT", "/cases/a%20b", "ANY /cases/{id}", { id: "a b" }],
  ["POST", "/hooks/jd/a/b", "POST /hooks/{channel}/{proxy+}", { channel: "jd", proxy: "a/b" }],
  ["POST", "/hooks/jd/", "$default", {}],
  ["GET", "/else", "$default", {}],
])("%s %s goes to %s", (method, path, key, parameters) => {
  const match = matchRoute(routes, method, path);
  expect([match?.route.key, match?.pathParameters]).toEqual([key, parameters]);
});

it("finds nothing when there is no default", () => {
  expect(matchRoute(routes.slice(0, 3), "GET", "/else")).toBeUndefined();
});
