import { request } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createClock } from "../../clock.ts";
import type { Json } from "../assembly/json.ts";
import { type Runtime, startRuntime } from "../runtime.ts";
import { getAtt, lambda, ref, type TestAssembly, writeAssembly } from "../test-assembly.ts";

let assembly: TestAssembly;
let runtime: Runtime;
let url = "";

const route = (RouteKey: string, rest: Record<string, Json> = {}): Json => ({
  Type: "AWS::ApiGatewayV2::Route",
  Properties: {
    ApiId: ref("Api"),
    RouteKey,
    Target: { "Fn::Join": ["/", ["integrations", ref("Integration")]] },
    ...rest,
  },
});

beforeAll(async () => {
  assembly = writeAssembly(
    {
      s: {
        Resources: {
          Api: { Type: "AWS::ApiGatewayV2::Api", Properties: { Name: "hooks", ProtocolType: "HTTP" } },
          Stage: {
            Type: "AWS::ApiGatewayV2::Stage",
            Properties: { ApiId: ref("Api"), StageName: "$default", AutoDeploy: true },
          },
          Echo: lambda("echo", { env: { API: getAtt("Api", "ApiEndpoint") } }),
          Integration: {
            Type: "AWS::ApiGatewayV2::Integration",
            Properties: {
              ApiId: ref("Api"),
              IntegrationType: "AWS_PROXY",
              IntegrationUri: getAtt("Echo"),
              PayloadFormatVersion: "2.0",
            },
          },
          Hooks: route("POST /hooks/{channel}/{proxy+}"),
          Answers: route("GET /answers/{kind}"),
          Console: route("GET /console", { AuthorizationType: "JWT", AuthorizerId: "a" }),
        },
      },
    },
    {
      echo: `exports.handler = async (event) => {
          switch (event.pathParameters?.kind) {
            case "throws": throw new Error("secret detail");
            case "plain": return { hello: "world" };
            case "nonsense": return { statusCode: "many" };
            case "binary": return { statusCode: 201, body: Buffer.from([0, 255]).toString("base64"), isBase64Encoded: true, headers: { "Content-Type": "application/octet-stream" }, cookies: ["a=1", "b=2"] };
            case "api": return { statusCode: 200, body: process.env.API };
          }
          return { statusCode: 200, body: JSON.stringify(event) };
        };`,
    },
  );
  runtime = await startRuntime({
    assemblyDir: assembly.dir,
    clock: createClock({ mode: "moved", start: new Date("2026-03-01T00:00:00Z") }),
    authorizeRequest: async ({ headers }) =>
      headers.authorization === "Bearer good" ? { jwt: { claims: { sub: "u1" } } } : undefined,
  });
  url = runtime.httpApis.hooks ?? "";
});

afterAll(async () => {
  await runtime.stop();
  assembly.remove();
});

const post = async (body: string | Buffer, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${url}/hooks/douyin/a%20b/c?x=1&x=2&empty=`, {
    method: "POST",
    body: body as string,
    headers,
  });
  return (await answer.json()) as Record<string, Json>;
};

it("gives the function a format 2.0 event", async () => {
  const event = await post('{"a":1}', { "content-type": "application/json", Cookie: "s=1; t=2", "X-Shop": "7" });
  expect(event).toMatchObject({
    version: "2.0",
    routeKey: "POST /hooks/{channel}/{proxy+}",
    rawPath: "/hooks/douyin/a b/c",
    rawQueryString: "x=1&x=2&empty=",
    queryStringParameters: { x: "1,2", empty: "" },
    pathParameters: { channel: "douyin", proxy: "a b/c" },
    cookies: ["s=1", "t=2"],
    headers: { "x-shop": "7", "content-type": "application/json", "content-length": "7" },
    requestContext: {
      http: { method: "POST", sourceIp: "127.0.0.1" },
      stage: "$default",
      timeEpoch: Date.parse("2026-03-01T00:00:00Z"),
    },
    body: '{"a":1}',
    isBase64Encoded: false,
  });
});

it("joins repeated headers with commas", async () => {
  const answered = await new Promise<string>((resolve, reject) => {
    const sent = request(`${url}/hooks/x/y`, { method: "POST", headers: { "X-Many": ["1", "2"] } }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve(text));
    });
    sent.on("error", reject);
    sent.end();
  });
  expect(JSON.parse(answered).headers["x-many"]).toBe("1,2");
});

it.each([
  ["text/plain; charset=utf-8", "退款", "退款", false],
  ["application/x-www-form-urlencoded", "a=1", "YT0x", true],
  ["application/octet-stream", Buffer.from([0, 255]), "AP8=", true],
  ["application/json", Buffer.from([0x22, 0xff, 0x22]), "Iv8i", true],
  ["application/json", "\ufeff{}", "\ufeff{}", false],
])("passes a body of %s byte for byte", async (type, sent, body, isBase64Encoded) => {
  expect(await post(sent, { "content-type": type })).toMatchObject({ body, isBase64Encoded });
});

it.each([
  ["/answers/throws", 500, '{"message":"Internal Server Error"}'],
  ["/answers/nonsense", 500, '{"message":"Internal Server Error"}'],
  ["/answers/plain", 200, '{"hello":"world"}'],
  ["/nowhere", 404, '{"message":"Not Found"}'],
  ["/console", 401, '{"message":"Unauthorized"}'],
])("answers %s with %i", async (path, status, body) => {
  const answer = await fetch(url + path);
  expect([answer.status, await answer.text()]).toEqual([status, body]);
});

it("answers with bytes and cookies", async () => {
  const answer = await fetch(`${url}/answers/binary`);
  expect(answer.status).toBe(201);
  expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0, 255]);
  expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
});

it("lets an authorized call through with what the authorizer found", async () => {
  const answer = await fetch(`${url}/console`, { headers: { authorization: "Bearer good" } });
  expect(await answer.json()).toMatchObject({ requestContext: { authorizer: { jwt: { claims: { sub: "u1" } } } } });
});

it("refuses a body of more than 10 MB with 413, and one that Lambda would not take with 500", async () => {
  const send = async (bytes: number) =>
    (
      await fetch(`${url}/hooks/a/b`, {
        method: "POST",
        body: "x".repeat(bytes),
        headers: { "content-type": "text/plain" },
      })
    ).status;
  expect([await send(10 * 1024 * 1024 + 1), await send(7 * 1024 * 1024), await send(1024 * 1024)]).toEqual([
    413, 500, 200,
  ]);
});

it("tells a function the API's own address", async () => {
  expect(await (await fetch(`${url}/answers/api`)).text()).toBe(url);
});
