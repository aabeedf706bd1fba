/** List prices in US dollars, each for one unit. What AWS gives away first is not taken off. */
export const prices = {
  region: "us-east-1",
  readOn: "2026-11-20",
  sources:
    "infracost price tests at 95ba4f4 (2026-08-21); cloudburn.io on EventBridge (2026-03-13); signoz.com on CloudWatch (2026-02)",
  perUnit: {
    /** HTTP API, a request of up to 512 KB. */
    httpRequest: 1.0 / 1e6,
    /** Any SQS request of up to 64 KB, at the price of FIFO, which is the higher. */
    queueRequest: 0.5 / 1e6,
    lambdaRequest: 0.2 / 1e6,
    /** arm64. */
    lambdaGbSecond: 0.0000133334,
    /** On demand. */
    writeUnit: 0.625 / 1e6,
    readUnit: 0.125 / 1e6,
    /** A custom event of up to 64 KB. */
    event: 1.0 / 1e6,
    keyRequest: 0.03 / 1e4,
    secretRequest: 0.05 / 1e4,
    /** CloudWatch Logs, taken in. */
    logGigabyte: 0.5,
  },
} as const;

/**
 * Asked for by each running function once in five minutes, or once in its life, however many cases there are. At a price of
 * 0.05 for ten thousand, one function that never rests asks for 0.09 a month and channel.
 */
export const byTime: readonly Item[] = ["secretRequest", "keyRequest"];

export type Item = keyof typeof prices.perUnit;

/** What each item is called in a report. */
export const itemNames: Readonly<Record<Item, string>> = {
  httpRequest: "HTTP API requests",
  queueRequest: "SQS requests",
  lambdaRequest: "Lambda requests",
  lambdaGbSecond: "Lambda GB-seconds",
  writeUnit: "DynamoDB write units",
  readUnit: "DynamoDB read units",
  event: "EventBridge events",
  keyRequest: "KMS requests",
  secretRequest: "Secrets Manager requests",
  logGigabyte: "CloudWatch Logs GB",
};
