import { type Defences, off, offEach } from "./defence.ts";

const suite = "template";
const intake = "infra/stacks/intake.ts";
const operator = "infra/stacks/operator.ts";
const people = "infra/constructs/operator-pool.ts";
const queues = "infra/constructs/queue-with-dlq.ts";
const data = "infra/stacks/data.ts";

export const templateDefences: Defences = {
  "a door takes POST alone": offEach(
    suite,
    [intake, "methods: [HttpMethod.POST],", "methods: [HttpMethod.ANY],"],
    ["infra/stacks/inbound.ts", "methods: [HttpMethod.POST],", "methods: [HttpMethod.ANY],"],
  ),
  "every operation wants a token": offEach(
    suite,
    [operator, "import { HttpApi, HttpMethod,", "import { HttpApi, HttpMethod, HttpNoneAuthorizer,"],
    [
      operator,
      "this.api.addRoutes({ path,",
      'this.api.addRoutes({ ...(name === "who_am_i" && { authorizer: new HttpNoneAuthorizer() }), path,',
    ],
  ),
  "a token is taken from its header alone": off(
    suite,
    operator,
    "{ jwtAudience: [client.userPoolClientId] }",
    '{ jwtAudience: [client.userPoolClientId], identitySource: ["$request.querystring.token"] }',
  ),
  "no page of another site may call": off(
    suite,
    operator,
    "defaultAuthorizer: this.authorizer(),",
    'defaultAuthorizer: this.authorizer(),\n      corsPreflight: { allowOrigins: ["*"] },',
  ),
  "a flood is slowed down before any code runs": offEach(
    suite,
    [intake, "throttle: { rateLimit: webhooksPerSecond, burstLimit: webhooksPerSecond * 2 },", ""],
    [operator, "throttle: { rateLimit: requestsPerSecond, burstLimit: requestsPerSecond * 2 },", ""],
  ),
  "many refusals are an alarm": offEach(
    suite,
    ["infra/stacks/own-alarms.ts", '"WebhookRefused",', '"WebhookIgnored",'],
    ["infra/stacks/own-alarms.ts", '"InboundRefused",', '"InboundAccepted",'],
  ),
  "an access log holds no query and no header": off(
    suite,
    intake,
    'path: "$context.path",',
    'path: "$context.path",\n            query: "$context.requestOverride.querystring",',
  ),
  "the table is read by key": off(
    suite,
    operator,
    'table.usedBy(operatorApi, ["GetItem",',
    'table.usedBy(operatorApi, ["Scan", "PartiQLSelect", "DeleteItem", "DeleteTable", "GetItem",',
  ),
  "operators reach the keys of tenants alone": off(
    suite,
    operator,
    '"PutItem", "UpdateItem"], { keys: ["tenants"] });',
    '"PutItem", "UpdateItem"], { keys: ["tenants", "shopBindings", "inbound"] });',
  ),
  "only publish-events puts events": off(suite, "infra/stacks/cases.ts", 'Effect: "Deny",', 'Effect: "Allow",'),
  "queues and buckets speak TLS": off(
    suite,
    queues,
    "enforceSSL: true,\n    });\n    this.plainName = plainName;",
    "});\n    this.plainName = plainName;",
  ),
  "no bucket can be opened to the public": off(
    suite,
    data,
    "BlockPublicAccess.BLOCK_ALL",
    "new BlockPublicAccess({ blockPublicPolicy: false, restrictPublicBuckets: false })",
  ),
  "a shop's tokens open for their owner alone": off(
    suite,
    data,
    'Null: { "kms:EncryptionContext:tenantId": "false" },',
    "",
  ),
  "the warehouses' door opens no shop's tokens": off(
    suite,
    "infra/stacks/inbound.ts",
    'StringEquals: { "kms:EncryptionContext:channel": "inbound" },',
    "",
  ),
  "a right names its thing": off(suite, data, '["kms:Decrypt", "kms:GenerateDataKey"]', '["kms:*"]'),
  "no secret is in a function's environment": off(
    suite,
    "infra/constructs/suite-function.ts",
    "[metricNamespaceSetting]: metricNamespaceOf(stack.settings.stage),",
    '[metricNamespaceSetting]: metricNamespaceOf(stack.settings.stage),\n        APP_SECRET: "x",',
  ),
  "nobody makes themselves an operator": offEach(
    suite,
    [people, "selfSignUpEnabled: false,", "selfSignUpEnabled: true,"],
    [people, "mfa: Mfa.REQUIRED,", "mfa: Mfa.OPTIONAL,"],
    [people, "minLength: 12,", "minLength: 8,"],
    [
      people,
      ".withStandardAttributes({ fullname: true })",
      '.withStandardAttributes({ fullname: true }).withCustomAttributes("tenant")',
    ],
  ),
};
