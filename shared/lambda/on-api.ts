import middy from "@middy/core";
import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { documentOf } from "../api/problem.ts";
import { faultFields, log } from "../log.ts";

/** A call that the gateway has let through: its token is genuine and meant for us; what it allows is for us to say. */
export interface ApiCall {
  /** As the gateway names the operation, `GET /v1/shops` for example. */
  routeKey: string;
  params: Readonly<Record<string, string | undefined>>;
  query: Readonly<Record<string, string | undefined>>;
  contentType: string | undefined;
  body: Uint8Array;
  /** Claims of the token as the gateway hands them on: every value is text, a list is `[a b]`. */
  claims: Readonly<Record<string, unknown>>;
}

export interface ApiAnswer {
  status: number;
  contentType: string;
  body: object;
}

/** The way in for operators. A fault becomes a problem document that says nothing of us. */
export function onApi(work: (call: ApiCall) => Promise<ApiAnswer>) {
  return middy<APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2>()
    .onError((request) => {
      log.error("operator call failed", faultFields(request.error));
      const body = documentOf({ problem: "failed" });
      request.response = written({ status: body.status, contentType: "application/problem+json", body });
    })
    .handler(async (event: APIGatewayProxyEventV2WithJWTAuthorizer): Promise<APIGatewayProxyStructuredResultV2> => {
      const answer = await work({
        routeKey: event.routeKey,
        params: event.pathParameters ?? {},
        query: event.queryStringParameters ?? {},
        contentType: event.headers["content-type"],
        body: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
        claims: event.requestContext.authorizer?.jwt?.claims ?? {},
      });
      return written(answer);
    });
}

function written({ status, contentType, body }: ApiAnswer): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: {
      "content-type": contentType,
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    },
    body: JSON.stringify(body),
  };
}
