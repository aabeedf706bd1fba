import * as z from "zod";
import { caseIdInPath } from "./case-path.ts";
import * as forms from "./forms.ts";
import type { ProblemCode } from "./problem.ts";
import type { Role } from "./role.ts";

/** One operation of the operator API: the stack makes its route, the function checks it, and its page says it. */
export interface ApiRoute {
  readonly method: "GET" | "POST" | "PUT";
  /** As API Gateway spells it. */
  readonly path: string;
  /** The least role that may do it. */
  readonly role: Role;
  readonly says: string;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body?: z.ZodObject;
  readonly answer: z.ZodObject;
  /** Problems beside those that any request may meet. */
  readonly problems: readonly ProblemCode[];
}

const none = z.strictObject({});
const ofCase = z.strictObject({ caseId: caseIdInPath });
const ofCommand = ofCase.extend({ commandId: forms.commandIdForm });
const read = { method: "GET", role: "viewer", params: none, query: none, problems: [] } as const;

/** Everything an operator can ask for. The tenant is never part of a request: it is in the token. */
export const routes = {
  who_am_i: { ...read, path: "/v1/me", says: "Who the token says I am", answer: forms.operatorForm },
  list_worklist: {
    ...read,
    path: "/v1/worklist",
    says: "Open cases that wait on somebody, most urgent first",
    query: forms.worklistQueryForm,
    answer: forms.worklistForm,
    problems: ["cursor_invalid"],
  },
  find_cases: {
    ...read,
    path: "/v1/cases",
    says: "Cases of an order or a tracking number",
    query: z.strictObject({ reference: z.string().min(1).max(128) }),
    answer: forms.foundForm,
  },
  read_case: {
    ...read,
    path: "/v1/cases/{caseId}",
    says: "A case with its timeline",
    params: ofCase,
    answer: forms.caseForm,
    problems: ["not_found"],
  },
  plan_command: {
    method: "POST",
    path: "/v1/cases/{caseId}/commands",
    role: "agent",
    says: "Asks the channel for something; it is sent if the case still allows it then",
    params: ofCase,
    query: none,
    body: forms.commandForm,
    answer: forms.commandAnswerForm,
    problems: ["not_found", "command_refused"],
  },
  approve_command: {
    method: "POST",
    path: "/v1/cases/{caseId}/commands/{commandId}/approve",
    role: "approver",
    says: "Says yes to a command that waits for a person",
    params: ofCommand,
    query: none,
    answer: forms.commandAnswerForm,
    problems: ["not_found", "command_refused"],
  },
  cancel_command: {
    method: "POST",
    path: "/v1/cases/{caseId}/commands/{commandId}/cancel",
    role: "agent",
    says: "Takes back a command that has not been sent",
    params: ofCommand,
    query: none,
    answer: forms.commandAnswerForm,
    problems: ["not_found", "command_refused"],
  },
  resend_command: {
    method: "POST",
    path: "/v1/cases/{caseId}/commands/{commandId}/resend",
    role: "approver",
    says: "Sends again, by a person's word, what nobody could tell the outcome of",
    params: ofCommand,
    query: none,
    body: forms.resendForm,
    answer: forms.commandAnswerForm,
    problems: ["not_found", "command_refused"],
  },
  list_privacy_requests: {
    ...read,
    path: "/v1/privacy-requests",
    says: "Who asked to know or to be forgotten, and what became of it",
    answer: forms.privacyRequestsForm,
  },
  list_shops: { ...read, path: "/v1/shops", says: "The connected shops and their modes", answer: forms.shopsForm },
  start_authorization: {
    method: "POST",
    path: "/v1/shops/authorizations",
    role: "admin",
    says: "Makes a link, good for 15 minutes, by which a merchant connects a shop in the browser",
    params: none,
    query: none,
    body: forms.startAuthorizationForm,
    answer: forms.authorizationLinkForm,
    problems: ["not_found"],
  },
  set_shop_mode: {
    method: "PUT",
    path: "/v1/shops/{channel}/{shopId}/mode",
    role: "admin",
    says: "How far Casebridge may go in a shop",
    params: forms.shopPlaceForm,
    query: none,
    body: forms.shopModeForm,
    answer: forms.shopForm,
    problems: ["not_found"],
  },
  read_return_instructions: {
    ...read,
    path: "/v1/cases/{caseId}/return-instructions",
    says: "Where the goods of a case go, and the text for the buyer",
    params: ofCase,
    query: forms.instructionsQueryForm,
    answer: forms.instructionsForm,
    problems: ["not_found"],
  },
  list_addresses: {
    ...read,
    path: "/v1/addresses",
    says: "The warehouses, and how the channels list them",
    answer: forms.addressesForm,
  },
  put_address: {
    method: "PUT",
    path: "/v1/addresses/{addressId}",
    role: "admin",
    says: "Adds or changes a warehouse",
    params: forms.addressPlaceForm,
    query: none,
    body: forms.putAddressForm,
    answer: forms.addressForm,
    problems: ["version_moved"],
  },
  read_address_rules: {
    ...read,
    path: "/v1/address-rules",
    says: "Which goods go to which warehouse",
    answer: forms.savedAddressRulesForm,
  },
  put_address_rules: {
    method: "PUT",
    path: "/v1/address-rules",
    role: "admin",
    says: "Decides which goods go to which warehouse",
    params: none,
    query: none,
    body: forms.putAddressRulesForm,
    answer: forms.savedAddressRulesForm,
    problems: ["version_moved"],
  },
} as const satisfies Record<string, ApiRoute>;

export type RouteName = keyof typeof routes;
export const routeNames = Object.keys(routes) as RouteName[];

/** The operation as the gateway names it in an event, such as `GET /v1/shops`; undefined for none of ours. */
export function routeNamed(routeKey: string): RouteName | undefined {
  return routeNames.find((name) => keyOf(routes[name]) === routeKey);
}

export const keyOf = ({ method, path }: Pick<ApiRoute, "method" | "path">): string => `${method} ${path}`;
