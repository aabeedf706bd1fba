import { folderOf, rightsOf, rightsOfFunction } from "../infra/rights.ts";
import { at, type JsonObject, listAt, type Synthesis, synthesize } from "../infra/synthesize.ts";
import { describeAttacks } from "./attacks.ts";

// What no function of ours can hold against, because it never runs: the gateway, the policies and the queues.

let made: Synthesis | undefined;
/** Made in the first case that asks for it: where the rules of cdk-nag stop it, that is what comes of the attack. */
function synthesis(): Synthesis {
  made ??= synthesize();
  return made;
}

const all = (type: string) => synthesis().all(type);
const apiNamed = (name: string) =>
  all("ApiGatewayV2::Api").find(({ properties }) => String(properties.Name).endsWith(`-${name}`));
const ofApi = (type: string, name: string) =>
  all(`ApiGatewayV2::${type}`)
    .map(({ properties }) => properties)
    .filter(({ ApiId }) => ApiId === `<${apiNamed(name)?.id}>`);
const methodsAt = (path: string) =>
  ofApi("Route", "webhooks")
    .map(({ RouteKey }) => String(RouteKey).split(" "))
    .filter(([, to]) => to === path)
    .map(([method]) => method);
const some = (names: readonly unknown[], none: string) => (names.length === 0 ? none : names.join(", "));
const who = (action: string) =>
  all("Lambda::Function")
    .filter((each) => rightsOfFunction(synthesis(), each).some(({ actions }) => actions.includes(action)))
    .map(folderOf);
const statementsOf = (properties: JsonObject) => listAt(properties, "PolicyDocument", "Statement");
const refusesPlain = (statement: unknown) =>
  at(statement as never, "Effect") === "Deny" &&
  at(statement as never, "Condition", "Bool", "aws:SecureTransport") === "false";
const keyContexts = (of: (folder: string) => boolean) =>
  all("Lambda::Function")
    .filter((each) => of(folderOf(each)))
    .flatMap((each) => rightsOfFunction(synthesis(), each))
    .filter(({ actions }) => actions.some((action) => action.startsWith("kms:")));

const row = (attack: string, answer: string, run: () => string) => ({ attack, answer, run });
const pool = () => all("Cognito::UserPool")[0]?.properties ?? {};

describeAttacks("The template: gateway, rights, queues", "template", {
  "a door takes POST alone": ["/webhooks/{channel}", "/inbound/{tenantId}"].map((path) =>
    row(`GET, PUT, DELETE or OPTIONS on ${path}`, "404 from the gateway, which knows POST", () => {
      const methods = methodsAt(path);
      return `404 from the gateway, which knows ${methods.join(", ")}`;
    }),
  ),
  "every operation wants a token": [
    row("an operation of operators without a token", "401 from the gateway, at every route", () => {
      const open = ofApi("Route", "operators").filter(({ AuthorizationType }) => AuthorizationType !== "JWT");
      return `401 from the gateway, at ${open.length === 0 ? "every route" : `all but ${open.length} routes`}`;
    }),
  ],
  "a token is taken from its header alone": [
    row("a token in the query, where logs and histories keep it", "not looked at", () => {
      const sources = ofApi("Authorizer", "operators").flatMap((each) => listAt(each, "IdentitySource"));
      return sources.join() === "$request.header.Authorization" ? "not looked at" : sources.join(", ");
    }),
  ],
  "no page of another site may call": [
    row("a call from another site's page", "no site is allowed", () =>
      all("ApiGatewayV2::Api").some(({ properties }) => properties.CorsConfiguration)
        ? "SOME ARE"
        : "no site is allowed",
    ),
  ],
  "a flood is slowed down before any code runs": ["webhooks", "operators"].map((name) =>
    row(`10,000 calls a second to the ${name}`, "429 above the stage's limit", () => {
      const [stage] = ofApi("Stage", name);
      const limit = Number(at(stage, "DefaultRouteSettings", "ThrottlingRateLimit"));
      return limit > 0 && limit <= 1000 ? "429 above the stage's limit" : "NO LIMIT";
    }),
  ),
  "many refusals are an alarm": ["WebhookRefused", "InboundRefused"].map((metric) =>
    row(`1,000 bad signatures a minute, counted as ${metric}`, "an alarm", () => {
      const text = JSON.stringify(all("CloudWatch::Alarm").map(({ properties }) => properties));
      return text.includes(`"${metric}"`) ? "an alarm" : "NOBODY IS TOLD";
    }),
  ),
  "an access log holds no query and no header": [
    row("read signatures, codes and order numbers in the gateway's log", "none there", () => {
      const formats = all("ApiGatewayV2::Stage").map(({ properties }) =>
        String(at(properties, "AccessLogSettings", "Format")),
      );
      return formats.some((each) => /query|header|Authorization(?!r)/i.test(each)) ? "THERE" : "none there";
    }),
  ],
  "the table is read by key": [
    ...["Scan", "PartiQLSelect", "DeleteItem", "DeleteTable"].map((action) =>
      row(`${action} by any function`, "AccessDenied", () => some(who(`dynamodb:${action}`), "AccessDenied")),
    ),
  ],
  "operators reach the keys of tenants alone": [
    row("say whose a shop is, or read warehouses' keys, through the operators' API", "keys that begin with T#", () => {
      const api = all("Lambda::Function").find((each) => folderOf(each) === "operator-api");
      const rights = api ? rightsOfFunction(synthesis(), api) : [];
      const keys = rights
        .filter(({ actions }) => actions.some((action) => action.startsWith("dynamodb:")))
        .flatMap(({ statement }) => {
          const stated = listAt(statement, "Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys");
          return stated.length > 0 ? stated : ["ANY"];
        });
      return `keys that begin with ${[...new Set(keys)].map((each) => String(each).replace("*", "")).join(", ")}`;
    }),
  ],
  "only publish-events puts events": [
    row("an event from another function or another program of the account", "denied to all but publish-events", () => {
      const [policy] = all("Events::EventBusPolicy");
      const statement = at(policy?.properties, "Statement");
      const isClosed =
        at(statement, "Effect") === "Deny" &&
        String(at(statement, "Condition", "ArnNotEquals", "aws:PrincipalArn")).includes("publisheventsrole");
      return isClosed ? `denied to all but ${who("events:PutEvents").join(", ")}` : "ALLOWED";
    }),
  ],
  "queues and buckets speak TLS": [
    row("read or write a queue or a bucket in the clear", "denied by every one", () => {
      const policies = [...all("SQS::QueuePolicy"), ...all("S3::BucketPolicy")];
      const text = JSON.stringify(policies.filter(({ properties }) => statementsOf(properties).some(refusesPlain)));
      const open = [...all("SQS::Queue"), ...all("S3::Bucket")].filter(({ id }) => !text.includes(`<${id}>`));
      return open.length === 0 ? "denied by every one" : `ALLOWED by ${open.map(({ id }) => id)}`;
    }),
  ],
  "no bucket can be opened to the public": [
    row("a bucket, or an object in one, opened by a mistake", "blocked four times over", () => {
      const blocks = all("S3::Bucket").map(({ properties }) => at(properties, "PublicAccessBlockConfiguration"));
      const isWhole = (each: unknown) => Object.values(each ?? {}).filter((value) => value === true).length === 4;
      return blocks.every(isWhole) ? "blocked four times over" : "NOT BLOCKED";
    }),
  ],
  "a shop's tokens open for their owner alone": [
    row("open sealed tokens without saying whose they are", "AccessDenied", () => {
      const opening = keyContexts(() => true);
      const bound = opening.filter(
        ({ statement }) => at(statement, "Condition", "Null", "kms:EncryptionContext:tenantId") === "false",
      );
      return opening.length > 3 && bound.length === opening.length ? "AccessDenied" : "OPENED";
    }),
  ],
  "the warehouses' door opens no shop's tokens": [
    row("open a shop's tokens from the function that strangers can call", "AccessDenied", () => {
      const opening = keyContexts((folder) => ["receive-inbound", "connect-warehouse"].includes(folder));
      const bound = opening.filter(
        ({ statement }) => at(statement, "Condition", "StringEquals", "kms:EncryptionContext:channel") === "inbound",
      );
      return opening.length > 0 && bound.length === opening.length ? "AccessDenied" : "OPENED";
    }),
  ],
  "a right names its thing": [
    row("a right to every action of a service", "none", () =>
      some(
        rightsOf(synthesis())
          .flatMap(({ actions }) => actions)
          .filter((action) => action.includes("*")),
        "none",
      ),
    ),
  ],
  "no secret is in a function's environment": [
    row("read the environment of a function in the console", "no name of a secret", () => {
      const names = all("Lambda::Function").flatMap(({ properties }) =>
        Object.keys((at(properties, "Environment", "Variables") ?? {}) as object),
      );
      return some(
        names.filter((name) => /SECRET|TOKEN|PASSWORD|PRIVATE/.test(name) && name !== "CHANNEL_SECRET_PREFIX"),
        "no name of a secret",
      );
    }),
  ],
  "nobody makes themselves an operator": [
    row("sign up alone", "an admin adds people", () =>
      at(pool(), "AdminCreateUserConfig", "AllowAdminCreateUserOnly") === true ? "an admin adds people" : "ANYBODY MAY",
    ),
    row(
      "move to another tenant or role as a person of the pool",
      "only the name can be written",
      () =>
        `only the ${listAt(all("Cognito::UserPoolClient")[0]?.properties, "WriteAttributes").join(", ")} can be written`,
    ),
    row("sign in with a stolen password", "a second factor is asked for", () =>
      pool().MfaConfiguration === "ON" ? "a second factor is asked for" : "LET IN",
    ),
    row("guess a short password", "twelve characters", () =>
      at(pool(), "Policies", "PasswordPolicy", "MinimumLength") === 12 ? "twelve characters" : "SHORTER",
    ),
  ],
});
