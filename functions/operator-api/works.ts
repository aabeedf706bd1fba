import type * as z from "zod";
import type { Connector } from "#connectors/contract.ts";
import type { Problem } from "#shared/api/problem.ts";
import type { ApiRoute, RouteName, routes } from "#shared/api/routes.ts";
import type { Channel } from "#shared/case/channel.ts";
import type { Clock } from "#shared/clock.ts";
import type { Archive } from "#shared/evidence/archive.ts";
import type { Store } from "#shared/store/index.ts";
import { listAddresses, putAddress, putAddressRules, readAddressRules, readReturnInstructions } from "./addresses.ts";
import { startAuthorization } from "./authorizations.ts";
import { findCases, readCase } from "./cases.ts";
import { approveCommand, cancelCommand, planCommand, resendCommand } from "./commands.ts";
import type { Operator } from "./operator.ts";
import { listPrivacyRequests } from "./privacy-requests.ts";
import type { ApiRequest } from "./read-request.ts";
import { listShops, setShopMode } from "./shops.ts";
import { listWorklist } from "./worklist.ts";

export interface Deps {
  store: Pick<
    Store,
    | "cases"
    | "timeline"
    | "references"
    | "shops"
    | "limits"
    | "addresses"
    | "rules"
    | "privacyRequests"
    | "authorizations"
  > &
    Pick<Store, "evidence">;
  archive: Pick<Archive, "link">;
  connectorOf: (channel: Channel) => Connector;
  clock: Clock;
  /** Where links to connect a shop begin, without a slash at the end. */
  connectUrl?: string;
}

type Out<S> = S extends z.ZodType ? z.output<S> : undefined;
type BodyOf<R> = R extends { body: infer S } ? Out<S> : undefined;

/** What an operation is handed: the operator, and its request as the route's schemas have it. */
export interface Asked<R extends ApiRoute> {
  operator: Operator;
  params: z.output<R["params"]>;
  query: z.output<R["query"]>;
  body: BodyOf<R>;
}

export type Work<N extends RouteName> = (
  asked: Asked<(typeof routes)[N]>,
  deps: Deps,
) => Promise<z.input<(typeof routes)[N]["answer"]> | Problem>;

const all: { [N in RouteName]: Work<N> } = {
  who_am_i: async ({ operator }) => operator,
  list_worklist: listWorklist,
  find_cases: findCases,
  read_case: readCase,
  plan_command: planCommand,
  approve_command: approveCommand,
  cancel_command: cancelCommand,
  resend_command: resendCommand,
  list_privacy_requests: listPrivacyRequests,
  list_shops: listShops,
  start_authorization: startAuthorization,
  set_shop_mode: setShopMode,
  read_return_instructions: readReturnInstructions,
  list_addresses: listAddresses,
  put_address: putAddress,
  read_address_rules: readAddressRules,
  put_address_rules: putAddressRules,
};

/** Does the work of an operation on a request that its schemas have checked. */
export function work(
  name: RouteName,
  { operator, request, deps }: { operator: Operator; request: ApiRequest; deps: Deps },
): Promise<object> {
  // The table above ties each work to its route's schemas; what they have parsed is what it takes.
  const one = all[name] as (asked: unknown, deps: Deps) => Promise<object>;
  return one({ operator, ...request }, deps);
}
