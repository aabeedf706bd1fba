import { type Defences, off, offEach } from "./defence.ts";

const tenancy = "api-tenancy";
const roles = "api-roles";
const routes = "shared/api/routes.ts";
const forms = "shared/api/forms.ts";
const operator = "functions/operator-api/operator.ts";
const cursor = "functions/operator-api/cursor.ts";
const readRequest = "functions/operator-api/read-request.ts";

export const apiDefences: Defences = {
  "every key begins with the tenant of the token": off(
    tenancy,
    "shared/store/keys.ts",
    "const tenantPk = (tenantId: TenantId) => `T#",
    "const tenantPk = (tenantId: TenantId) => tenantId && `T#acme` || `",
  ),
  "the tenant comes from the token alone": off(
    tenancy,
    "shared/lambda/on-api.ts",
    "claims: event.requestContext.authorizer?.jwt?.claims ?? {},",
    "claims: { ...event.requestContext.authorizer?.jwt?.claims, ...event.headers },",
  ),
  "a query holds what is asked for and nothing else": off(
    tenancy,
    routes,
    "const none = z.strictObject({});",
    "const none = z.object({});",
  ),
  "a list is asked for by the fields that it has": offEach(
    tenancy,
    [forms, "export const worklistQueryForm = z.strictObject({", "export const worklistQueryForm = z.object({"],
    [forms, "  channel: channelSchema.optional(),\n  shopId: shopIdSchema.optional(),\n", "  channel: z.any(),\n"],
  ),
  "a command holds what is asked for and nothing else": off(
    tenancy,
    forms,
    "export const commandForm = z.strictObject({",
    "export const commandForm = z.object({",
  ),
  "a mode holds what is asked for and nothing else": off(
    tenancy,
    forms,
    "shopSchema.pick({ mode: true })",
    "shopSchema.pick({ mode: true }).strip()",
  ),
  "an id is made of letters that no key is made of": off(
    tenancy,
    "shared/case/ids.ts",
    "/^[a-z]+:[A-Za-z0-9._-]+:[A-Za-z0-9._/-]+$/",
    "/^/",
  ),
  "a cursor goes on in its own list alone": off(tenancy, cursor, "parsed.data.of !== listOf(query) || ", ""),
  "a cursor names a place and nothing else": off(
    tenancy,
    cursor,
    'z.strictObject({ by: z.literal("deadline"), worklistAt: instantSchema, caseId: caseIdSchema })',
    'z.object({ by: z.literal("deadline"), worklistAt: instantSchema, caseId: z.string() as never as typeof caseIdSchema })',
  ),
  "a body is small, JSON and UTF-8": offEach(
    tenancy,
    [readRequest, "if (body.length > largestBodyBytes)", "if (largestBodyBytes < 0)"],
    [readRequest, '/^application\\/json\\s*(;|$)/i.test(contentType ?? "")', "/^/.test(contentType ?? String())"],
    [readRequest, 'return invalid("not JSON in UTF-8");', "return { json: {} };"],
  ),
  "money is a whole number above zero": offEach(tenancy, [
    forms,
    "moneySchema.extend({ amountMinor: z.int().positive() })",
    "moneySchema.extend({ amountMinor: z.any() })",
  ]),
  "what was wrong is not quoted": off(
    tenancy,
    readRequest,
    'issue.code === "unrecognized_keys" ? "has a field that is not known" : message.slice(0, 200)',
    "message",
  ),
  "what leaves has been meant to": offEach(
    tenancy,
    ["functions/operator-api/operator-api.ts", "route.answer.parse(answer)", "answer"],
    ["functions/operator-api/shops.ts", "{ tenantId: _, ...shop }", "{ ...shop }"],
  ),
  "no answer is kept or guessed at": offEach(
    tenancy,
    ["shared/lambda/on-api.ts", '"x-content-type-options": "nosniff",', ""],
    ["shared/lambda/on-api.ts", '"cache-control": "no-store",', ""],
  ),

  "each operation has its least role": off(
    roles,
    "functions/operator-api/operator-api.ts",
    "if (!includesRole(operator.role, route.role))",
    "if (!includesRole(operator.role, operator.role))",
  ),
  "a role is one of ours": off(
    roles,
    operator,
    "roles.findLast((each) => held.includes(each))",
    'roles.findLast((each) => held.includes(each)) ?? "viewer"',
  ),
  "a tenant is one name": offEach(roles, [
    operator,
    "tenantIdSchema.safeParse(claims[names.tenant])",
    'tenantIdSchema.safeParse(/\\w+/.exec(String(claims[names.tenant] ?? "any"))?.[0]?.slice(0, 9) ?? "any")',
  ]),
  "a person has a name that a log can hold": off(
    roles,
    operator,
    "z.string().regex(/^[\\w.@|-]{1,100}$/)",
    "z.string()",
  ),
  "who may not learns nothing of the thing": off(
    roles,
    "functions/operator-api/operator-api.ts",
    "if (!includesRole(operator.role, route.role))",
    'if (isProblem(readRequest(route, call))) return refused({ problem: "request_invalid" }, place);\n  if (!includesRole(operator.role, route.role))',
  ),
};
