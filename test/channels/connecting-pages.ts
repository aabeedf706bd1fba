import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { hashOf, newAuthorizationId, newTicket, writeTicket } from "#shared/authorization-link.ts";
import type { Channel } from "#shared/case/channel.ts";
import { shopIdSchema, type TenantId } from "#shared/case/ids.ts";
import type { Clock } from "#shared/clock.ts";
import { onPage } from "#shared/lambda/on-page.ts";
import type { Store } from "#shared/store/index.ts";
import { authorizeShop, type Deps } from "../../functions/authorize-shop/authorize-shop.ts";
import { outcomePage } from "../../functions/authorize-shop/page.ts";
import {
  type HttpAnswer,
  type HttpAsk,
  type RunningServer,
  startHttpServer,
} from "../../local/marketplaces/kit/http-server.ts";

/** What an admin of the tenant gets from the operators' API: the path and query of a link, good for 15 minutes. */
export async function linkPath(
  { store, clock }: { store: Store; clock: Clock },
  { tenantId, channel = "taobao", shopId }: { tenantId: TenantId; channel?: Channel; shopId?: string },
): Promise<string> {
  const ticket = newTicket({ tenantId, authorizationId: newAuthorizationId() });
  const { authorizationId } = ticket;
  const asked: Record<string, string> = channel === "taobao" ? { shop_kind: "tmall" } : {};
  await store.authorizations.open({
    ...{ tenantId, authorizationId, channel, personId: "lin <b>", asked },
    ...(shopId && { shopId: shopIdSchema.parse(shopId) }),
    linkHash: hashOf(ticket.secret),
    expiresAt: new Date(clock.now().getTime() + 15 * 60_000).toISOString(),
  });
  return `/connect/${channel}?link=${writeTicket(ticket)}`;
}

/** The function on 127.0.0.1, called as API Gateway calls it, with every header that it answers with. */
export function servePages(deps: (connectUrl: string) => Deps): Promise<RunningServer> {
  const handler = onPage((call) => authorizeShop(call, deps(`${server.url}/connect`)), {
    failed: outcomePage("en", { code: "misconfigured" }),
  });
  let server: RunningServer;
  const started = startHttpServer({
    answer: async (ask) => {
      if (!ask.path.startsWith("/connect/")) return { status: 404, body: "" };
      return asAnswer(await handler(asEvent(ask), {} as Context));
    },
  });
  return started.then((running) => {
    server = running;
    return running;
  });
}

function asEvent({ method, path, query, headers, body }: HttpAsk): APIGatewayProxyEventV2 {
  const [, , channel, step] = path.split("/");
  const event: Partial<APIGatewayProxyEventV2> = {
    routeKey: `${method} /connect/{channel}${step ? `/${step}` : ""}`,
    rawQueryString: query.toString(),
    pathParameters: { channel },
    headers: { "accept-language": headers["accept-language"] },
    cookies: headers.cookie?.split("; ") ?? [],
    body: body.toString("base64"),
    isBase64Encoded: true,
    requestContext: { http: { method } } as APIGatewayProxyEventV2["requestContext"],
  };
  return event as APIGatewayProxyEventV2;
}

function asAnswer({ statusCode = 200, headers, cookies, body }: APIGatewayProxyStructuredResultV2): HttpAnswer {
  const [cookie, another] = cookies ?? [];
  if (another) throw new Error("more than one cookie cannot be sent by this server");
  return {
    status: statusCode,
    headers: { ...(headers as Record<string, string>), ...(cookie && { "set-cookie": cookie }) },
    body: body ?? "",
  };
}
