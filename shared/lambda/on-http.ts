import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { faultFields, log } from "../log.ts";

export interface HttpCall {
  method: string;
  /** Path parameters of the route, decoded. */
  params: Readonly<Record<string, string | undefined>>;
  headers: Readonly<Record<string, string | undefined>>;
  /** The untouched bytes. */
  body: Uint8Array;
}

export interface HttpAnswer {
  status: number;
  contentType: string;
  body: string;
}

/**
 * The way in over the HTTP API. A fault becomes a bare 500: the platform sends its message again, and no stack trace, no
 * name of ours and no secret leaves in an answer.
 */
export function onHttp(work: (call: HttpCall) => Promise<HttpAnswer>) {
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .onError((request) => {
      log.error("http call failed", faultFields(request.error));
      request.response = answer({ status: 500, contentType: "application/json", body: '{"message":"internal error"}' });
    })
    .handler(async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
      const { http } = event.requestContext;
      const body = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
      return answer(
        await work({ method: http.method, params: event.pathParameters ?? {}, headers: event.headers, body }),
      );
    });
}

function answer({ status, contentType, body }: HttpAnswer): APIGatewayProxyStructuredResultV2 {
  return { statusCode: status, headers: { "content-type": contentType, "x-content-type-options": "nosniff" }, body };
}
