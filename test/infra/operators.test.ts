import { describe, expect, it } from "vitest";
import { keyOf, routeNames, routes } from "#shared/api/routes.ts";
import { SettingInvalid } from "../../infra/settings.ts";
import { at, listAt, type Synthesis, synthesize } from "./synthesize.ts";

const ofIssuer = { oidcIssuer: "https://login.example.com", oidcAudience: "casebridge" };
const inAws = synthesize();
const atIssuer = synthesize({ region: "cn-north-1", ...ofIssuer, tenantClaim: "tenant", roleClaim: "roles" });

/** The operators' API is the one whose routes have an authorizer. */
function partsOf({ all }: Synthesis) {
  const api = all("ApiGatewayV2::Api").find(({ properties }) => String(properties.Name).endsWith("-operators"));
  const ofApi = (type: string) =>
    all(`ApiGatewayV2::${type}`)
      .map(({ properties }) => properties)
      .filter(({ ApiId }) => ApiId === `<${api?.id}>`);
  return { api, routes: ofApi("Route"), stages: ofApi("Stage"), authorizers: ofApi("Authorizer") };
}

describe.each([
  ["a user pool of ours", inAws],
  ["an issuer that is given", atIssuer],
])("the operators' API with %s", (_, synthesis) => {
  const parts = partsOf(synthesis);

  it("has exactly the routes of its contract, each behind the one authorizer", () => {
    expect(parts.routes.map(({ RouteKey }) => RouteKey).toSorted()).toEqual(
      routeNames.map((name) => keyOf(routes[name])).toSorted(),
    );
    expect(parts.authorizers).toHaveLength(1);
    for (const { AuthorizationType, AuthorizerId } of parts.routes) {
      expect(AuthorizationType).toBe("JWT");
      expect(AuthorizerId).toMatch(/Issuer/);
    }
  });

  it("takes the token from the header alone", () => {
    expect(parts.authorizers[0]).toMatchObject({
      AuthorizerType: "JWT",
      IdentitySource: ["$request.header.Authorization"],
    });
  });

  it("slows down who asks too much, and writes down who asked for what", () => {
    const [stage] = parts.stages;
    expect(at(stage, "DefaultRouteSettings")).toEqual({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 });
    const format = String(at(stage, "AccessLogSettings", "Format"));
    expect(JSON.parse(format)).toMatchObject({ person: "$context.authorizer.claims.sub", route: "$context.routeKey" });
    expect(format).not.toMatch(/querystring|authorizer\.claims\.(?!sub)/i);
  });

  it("lets nothing in a browser call it", () => {
    expect(at(parts.api?.properties, "CorsConfiguration")).toBeUndefined();
  });

  it("lets the function write what belongs to tenants, and never say whose a shop is", () => {
    const rights = synthesis
      .all("IAM::Policy")
      .filter(({ id }) => /operatorapirole/.test(id))
      .flatMap(({ properties }) => listAt(properties, "PolicyDocument", "Statement"))
      .filter((statement) => JSON.stringify(at(statement, "Action")).includes("dynamodb:"))
      .map((statement) => [
        listAt(statement, "Action"),
        listAt(statement, "Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys"),
      ]);
    const items = ["BatchGetItem", "GetItem", "PutItem", "Query", "UpdateItem"].map((action) => `dynamodb:${action}`);
    expect(rights).toEqual([
      [items, ["T#*"]],
      [["dynamodb:Query"], ["T#*"]],
    ]);
  });
});

describe("who the operators are", () => {
  it("believes our own pool for its own client", () => {
    expect(at(partsOf(inAws).authorizers[0], "JwtConfiguration")).toEqual({
      Audience: [expect.stringMatching(/PeoplePoolClient/)],
      Issuer: expect.stringMatching(/PeoplePool.*ProviderURL/),
    });
  });

  it("asks everybody for twelve characters and a second factor, and lets nobody sign up or move to another tenant", () => {
    const [pool] = inAws.all("Cognito::UserPool");
    expect(pool?.properties).toMatchObject({
      MfaConfiguration: "ON",
      EnabledMfas: ["SOFTWARE_TOKEN_MFA"],
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      DeletionProtection: "ACTIVE",
      Policies: { PasswordPolicy: { MinimumLength: 12, RequireNumbers: true, RequireSymbols: true } },
    });
    expect(inAws.all("Cognito::UserPoolClient")[0]?.properties).toMatchObject({
      WriteAttributes: ["name"],
      PreventUserExistenceErrors: "ENABLED",
      EnableTokenRevocation: true,
    });
  });

  it("believes the issuer that is given, with its names of the claims", () => {
    expect(at(partsOf(atIssuer).authorizers[0], "JwtConfiguration")).toEqual({
      Audience: ["casebridge"],
      Issuer: "https://login.example.com",
    });
    const { all } = atIssuer;
    expect(all("Cognito::UserPool")).toEqual([]);
    const api = all("Lambda::Function").find(({ properties }) => /operator-api$/.test(String(properties.FunctionName)));
    expect(at(api?.properties, "Environment", "Variables")).toMatchObject({
      TENANT_CLAIM: "tenant",
      ROLE_CLAIM: "roles",
    });
  });

  it("has no API where nobody could say who an operator is", () => {
    expect(partsOf(synthesize({ region: "cn-north-1" })).api).toBeUndefined();
  });

  it.each([
    ["oidcIssuer", { oidcIssuer: "http://login.example.com", oidcAudience: "casebridge" }],
    ["oidcAudience", { oidcIssuer: "https://login.example.com" }],
    ["tenantClaim", { tenantClaim: "" }],
  ])("stops at a %s that cannot be used", (name, context) => {
    expect(() => synthesize(context)).toThrow(SettingInvalid);
    expect(() => synthesize(context)).toThrow(`Set \`-c ${name}=`);
  });
});
