import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { faultFields, log } from "../log.ts";

/** A browser's call. */
export interface PageCall {
  method: string;
  /** The operation as the gateway names it. */
  routeKey: string;
  params: Readonly<Record<string, string | undefined>>;
  /** As it was sent: the gateway joins parameters that come twice, and that must be seen. */
  query: URLSearchParams;
  /** The fields of a sent form. */
  form: URLSearchParams;
  cookies: readonly string[];
  acceptLanguage: string | undefined;
}

/** A page, or with `location` a redirect. */
export interface PageAnswer {
  status: number;
  html?: string;
  location?: string;
  /** Beside those that every page has. */
  headers?: Readonly<Record<string, string>>;
  cookies?: string[];
}

const largestFormBytes = 4096;

/** The way in for a person's browser. Nothing of an answer is kept, framed, guessed at or told to the next site. */
export function onPage(work: (call: PageCall) => Promise<PageAnswer>, { failed }: { failed: PageAnswer }) {
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .onError((request) => {
      log.error("page failed", faultFields(request.error));
      request.response = written(failed);
    })
    .handler(async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
      const body = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
      return written(
        await work({
          method: event.requestContext.http.method,
          routeKey: event.routeKey,
          params: event.pathParameters ?? {},
          query: new URLSearchParams(event.rawQueryString),
          form: new URLSearchParams(body.length > largestFormBytes ? "" : body.toString("utf8")),
          cookies: event.cookies ?? [],
          acceptLanguage: event.headers["accept-language"],
        }),
      );
    });
}

function written({ status, html = "", location, headers, cookies }: PageAnswer): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-frame-options": "DENY",
      "strict-transport-security": "max-age=31536000",
      ...headers,
      ...(location !== undefined && { location }),
    },
    ...(cookies && { cookies }),
    body: html,
  };
}
