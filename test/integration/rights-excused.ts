/** Grants that no integration test needs, each with the reason. A pattern that fits no grant any more is a fault. */
export const excused: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/ may xray:Put(TraceSegments|TelemetryRecords) on \*$/, "Lambda writes traces; the local runtime has no X-Ray."],
  [
    / may secretsmanager:GetSecretValue on \S+channel\/(amazon|jd|taobao)-\w+$/,
    "Most tests run two channels. Which secret is read is data; the smoke scenario plays all channels and refuses nothing.",
  ],
  [
    /-normalize-case may dynamodb:Query on \S+ in T#\*#R#\*$/,
    "Amazon and JD tell of an order without naming its cases: in the smoke scenario.",
  ],
  [
    /-(act-on-channel|enforce-deadline|handle-shop-notice|normalize-case|poll-channel|reconcile-refunds|refresh-credentials) may kms:GenerateDataKey on /,
    "Seals a token that ended just then: connectors/session/session.test.ts renews one, whichever function it runs in.",
  ],
  [
    /-(enforce-deadline|reconcile-refunds) may dynamodb:UpdateItem on \S+ in T#\*$/,
    "Stores a token that ended just then, or parks the shop: connectors/session/session.test.ts.",
  ],
  [
    /-resolve-return-address may dynamodb:UpdateItem on \S+ in T#\*$/,
    "Counts against the daily intake of a warehouse: test/channels/return-addresses.test.ts.",
  ],
  [
    /-act-on-channel may sqs:SendMessage on \S+-intake\.fifo$/,
    "A channel that does not know the case any more: functions/act-on-channel/act-on-channel.test.ts.",
  ],
  [
    /-capture-evidence may (dynamodb|kms|s3|secretsmanager):/,
    "Copies what a buyer shows: functions/capture-evidence/capture-evidence.test.ts. No plan of the two channels shows anything yet.",
  ],
  [
    /-operator-api may s3:GetObject on /,
    "A browser opens a link that it signed: functions/operator-api/operator-api.test.ts.",
  ],
  [
    /-authorize-shop may /,
    "A merchant consents in the browser: test/channels/connecting.test.ts, by the simulator of a channel these tests do not open.",
  ],
  [
    /-handle-shop-notice may (sqs:ChangeMessageVisibility on |secretsmanager:GetSecretValue on \S+channel\/douyin-)/,
    "A message that fails is tried again in its time: shared/lambda/on-queue.test.ts. Shopify alone tells of shops today.",
  ],
  [
    /-receive-notification may sqs:ChangeMessageVisibility on /,
    "A message that fails is tried again in its time: shared/lambda/on-queue.test.ts.",
  ],
  [
    /-poll-channel may sqs:SendMessage on \S+-quarantine$/,
    "A channel lists what cannot be read: functions/poll-channel/poll-shop.test.ts.",
  ],
  [
    /-receive-notification may sqs:SendMessage on \S+-(intake\.fifo|shop-notices)$/,
    "Amazon's notifications: test/channels/amazon-notifications.test.ts; in the smoke scenario.",
  ],
  [
    /-(decide-response|plan-command) may dynamodb:Query on \S+ in T#\*#R#\*$/,
    "A buyer's request in several cases: functions/plan-command/plan-command.test.ts.",
  ],
];

/** Why no test needs a grant, or undefined when one should. */
export function excuseOf(grant: string): string | undefined {
  return excused.find(([pattern]) => pattern.test(grant))?.[1];
}
