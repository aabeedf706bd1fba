const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** What the simulator assumes where the platform publishes no figure. README.md says how sure each of these is. */
export interface DouyinSettings {
  appKey: string;
  appSecret: string;
  /** The app's number in the service market, and where its registration leads a merchant who has consented. */
  serviceId: string;
  redirectUri: string;
  pushSigning: "md5" | "hmac-sha256";
  /** How far a request's `timestamp` may be from the platform's time, either way. */
  timestampToleranceMs: number;
  accessTokenLifeMs: number;
  refreshTokenLifeMs: number;
  /** `expires_in` is documented as an instant and used as a duration: both can be played. */
  expiresInAs: "duration" | "instant";
  /** Token bucket per shop: refill rate and size. */
  callsPerSecond: number;
  callsAtOnce: number;
  /** Length of each node, by case status; 6 differs by nothing but is the first answer of the seller. */
  nodeMs: Readonly<Record<number, number>>;
  evidenceNodeMs: number;
  /** From consent to "refunding", and from there to the money being with the buyer. */
  refundStartMs: number;
  refundArrivesMs: number;
  /** From a failed refund to the platform's own next attempt. */
  refundRetryMs: number;
  /** Pushes of one interval may share a request. */
  pushIntervalMs: number;
  pushBatchSize: number;
  pushGapsMs: readonly number[];
  /** From the upload of a picture to the end of its audit. */
  auditMs: number;
  /** Multiplies the hours that buyers, carriers and staff take; see MarketplaceOptions. */
  pace: number;
  /** Wall-clock time the receiver has to answer a push. */
  receiverTimeLimitMs: number;
}

export const defaultSettings: DouyinSettings = {
  appKey: "7412233445566778899",
  appSecret: "5eed0000-0d0c-4a11-9e55-ca5eb21d9e00",
  serviceId: "27001",
  redirectUri: "http://127.0.0.1:9/connect/douyin/callback",
  pushSigning: "md5",
  timestampToleranceMs: 10 * minute,
  accessTokenLifeMs: 7 * day,
  refreshTokenLifeMs: 14 * day,
  expiresInAs: "duration",
  callsPerSecond: 20,
  callsAtOnce: 40,
  nodeMs: { 6: 2 * day, 7: 7 * day, 8: 2 * day, 11: 7 * day, 13: 10 * day, 27: 7 * day, 29: 7 * day },
  evidenceNodeMs: 2 * day,
  refundStartMs: 30 * second,
  refundArrivesMs: 5 * minute,
  refundRetryMs: 6 * hour,
  pushIntervalMs: 200,
  pushBatchSize: 10,
  pushGapsMs: [10 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute, hour],
  auditMs: 4 * second,
  pace: 1,
  receiverTimeLimitMs: 2 * second,
};
