import { beforeAll } from "vitest";
import { roles } from "#shared/api/role.ts";
import { type RouteName, routeNames, routes } from "#shared/api/routes.ts";
import { useTable } from "../engine.ts";
import { openApi, twoTenants } from "./api-door.ts";
import { describeAttacks } from "./attacks.ts";

// The gateway has found every token here to be genuine. What it says is another matter.

const table = useTable({ shared: true });
let ask: ReturnType<typeof openApi>;
beforeAll(async () => {
  ask = openApi((await twoTenants(table())).store);
});

async function withClaims(claims: Record<string, unknown>, name: RouteName = "who_am_i"): Promise<string> {
  const { status, body } = await ask(name, { claims });
  return `${status} ${body.code ?? `${body.tenantId} ${body.role}`}`;
}
const unusable = "403 token_unusable";

describeAttacks("Operators' API: roles and claims", "api-roles", {
  "each operation has its least role": routeNames.flatMap((name) => {
    const below = roles[roles.indexOf(routes[name].role) - 1];
    return below === undefined
      ? []
      : [
          {
            attack: `${name} as ${below}`,
            answer: "403 role_missing",
            run: () => withClaims({ "custom:role": below }, name),
          },
        ];
  }),
  "a role is one of ours": [
    { attack: "a token without a role", answer: unusable, run: () => withClaims({ "custom:role": undefined }) },
    { attack: "the role `administrator`", answer: unusable, run: () => withClaims({ "custom:role": "administrator" }) },
    { attack: "the role `Admin`", answer: unusable, run: () => withClaims({ "custom:role": "Admin" }) },
    { attack: "the role `viewer;admin`", answer: unusable, run: () => withClaims({ "custom:role": "viewer;admin" }) },
    { attack: "an object as the role", answer: unusable, run: () => withClaims({ "custom:role": { admin: true } }) },
  ],
  "a tenant is one name": [
    { attack: "a token without a tenant", answer: unusable, run: () => withClaims({ "custom:tenant": undefined }) },
    {
      attack: "two tenants in one token",
      answer: unusable,
      run: () => withClaims({ "custom:tenant": "[acme rival]" }),
    },
    { attack: "a list of tenants", answer: unusable, run: () => withClaims({ "custom:tenant": ["acme"] }) },
    { attack: "the tenant `acme#C`", answer: unusable, run: () => withClaims({ "custom:tenant": "acme#C" }) },
    { attack: "the tenant `*`", answer: unusable, run: () => withClaims({ "custom:tenant": "*" }) },
    { attack: "a tenant with a line end", answer: unusable, run: () => withClaims({ "custom:tenant": "acme\n" }) },
    {
      attack: "a tenant of 65 letters",
      answer: unusable,
      run: () => withClaims({ "custom:tenant": "a".repeat(65) }),
    },
  ],
  "a person has a name that a log can hold": [
    { attack: "a token for nobody", answer: unusable, run: () => withClaims({ sub: "" }) },
    {
      attack: "a person whose name fakes a line of the log",
      answer: unusable,
      run: () => withClaims({ sub: 'lin"}\n{"level":"error"' }),
    },
    { attack: "a person whose name is a script", answer: unusable, run: () => withClaims({ sub: "<script>" }) },
  ],
  "who may not learns nothing of the thing": [
    {
      attack: "as viewer, find out by the answers which fields a command has",
      answer: "403 role_missing",
      run: async () => {
        const claims = { "custom:role": "viewer" };
        const params = { caseId: "douyin:4463798:7001" };
        const { status, body } = await ask("plan_command", { claims, params, body: { nonsense: 1 } });
        return `${status} ${body.code}`;
      },
    },
  ],
});
