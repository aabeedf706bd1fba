import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** A queue inside fauxqs, as far as this runtime touches it. */
export interface FauxQueue {
  name: string;
  arn: string;
  attributes: Record<string, string>;
  messages: FauxMessage[];
  delayedMessages: FauxMessage[];
  inflightMessages: Map<string, { message: FauxMessage; visibilityDeadline: number }>;
  fifoMessages: Map<string, FauxMessage[]>;
  fifoDelayed: Map<string, FauxMessage[]>;
  fifoLockedGroups: Map<string, number>;
  enqueue(message: FauxMessage): void;
  dequeue(
    max: number,
    visibilitySeconds: number | undefined,
    deadLetterQueue: (arn: string) => FauxQueue | undefined,
  ): Received[];
  deleteMessage(receiptHandle: string): boolean;
  changeVisibility(receiptHandle: string, seconds: number): void;
  processTimers(): void;
  notifyWaiters(): void;
  isFifo(): boolean;
}

export interface FauxMessage {
  messageId: string;
  body: string;
  messageAttributes: Record<string, { DataType: string; StringValue?: string; BinaryValue?: string }>;
  sentTimestamp: number;
  approximateReceiveCount: number;
  approximateFirstReceiveTimestamp?: number;
  delayUntil?: number;
  messageGroupId?: string;
  messageDeduplicationId?: string;
  sequenceNumber?: string;
}

export interface Received {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MD5OfBody: string;
}

interface SqsStore {
  region?: string;
  persistence?: Persistence;
  createQueue(name: string, url: string, arn: string, attributes: Record<string, string>): FauxQueue;
  getQueueByName(name: string): FauxQueue | undefined;
  getQueueByArn(arn: string): FauxQueue | undefined;
  allQueues(): Iterable<FauxQueue & { persistence?: Persistence }>;
  shutdown(): void;
}

interface S3Store {
  persistence?: Persistence;
  createBucket(name: string): void;
}

interface Persistence {
  db: { exec(sql: string): void; prepare(sql: string): { run(...values: (string | number | null)[]): unknown } };
  transaction(work: () => void): void;
  updateMessageReady(messageId: string): void;
  load(sqs: SqsStore, sns: unknown, s3: S3Store): void;
  close(): void;
}

/** One HTTP-shaped call into the engine; nothing listens. */
export interface Inject {
  inject(request: { method: string; url: string; headers: Record<string, string>; payload: Buffer | string }): Promise<{
    statusCode: number;
    headers: Record<string, string | number | string[] | undefined>;
    rawPayload: Buffer;
  }>;
  close(): Promise<void>;
}

interface FauxqsModules {
  buildApp(options: {
    logger: false;
    defaultRegion: string;
    stores: { sqsStore: SqsStore; snsStore: unknown; s3Store: S3Store };
  }): Inject;
  SqsStore: new () => SqsStore;
  SnsStore: new () => unknown;
  S3Store: new () => S3Store;
  PersistenceManager: new (dataDir: string) => Persistence;
}

export interface Fauxqs {
  app: Inject;
  sqs: SqsStore;
  s3: S3Store;
  /** Runs the work in one transaction of the kept state, if there is one. */
  transaction(work: () => void): void;
  close(): Promise<void>;
}

const require = createRequire(import.meta.url);
let bundled: Promise<string> | undefined;

/**
 * fauxqs in this process, living on the given `Date` and listening nowhere. Its published start function listens on every
 * address of the machine and on the machine's time, so its modules are bundled once and evaluated with our `Date`.
 */
export async function openFauxqs({
  date,
  region,
  dataDir,
}: {
  date: DateConstructor;
  region: string;
  dataDir?: string;
}): Promise<Fauxqs> {
  bundled ??= bundle();
  const module = { exports: {} };
  new Function("Date", "require", "module", "exports", await bundled)(date, require, module, module.exports);
  const { buildApp, SqsStore, SnsStore, S3Store, PersistenceManager } = module.exports as FauxqsModules;
  const sqs = new SqsStore();
  const sns = new SnsStore();
  const s3 = new S3Store();
  const persistence = dataDir ? new PersistenceManager(dataDir) : undefined;
  if (persistence) {
    persistence.db.exec("PRAGMA synchronous = NORMAL");
    keepReceiveCount(persistence);
    persistence.load(sqs, sns, s3);
    sqs.persistence = persistence;
    s3.persistence = persistence;
    for (const queue of sqs.allQueues()) queue.persistence = persistence;
  }
  const app = buildApp({ logger: false, defaultRegion: region, stores: { sqsStore: sqs, snsStore: sns, s3Store: s3 } });
  return {
    app,
    sqs,
    s3,
    transaction: (work) => (persistence ? persistence.transaction(work) : work()),
    async close() {
      sqs.shutdown();
      await app.close();
      persistence?.close();
    },
  };
}

/**
 * fauxqs 2.4.1 writes a null into a column that forbids it when a message is made visible at once: the call fails and
 * the message is gone from the running queue.
 */
function keepReceiveCount(persistence: Persistence) {
  const ready = persistence.db.prepare(
    "UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?",
  );
  persistence.updateMessageReady = (messageId) => void ready.run(messageId);
}

async function bundle(): Promise<string> {
  const folder = dirname(fileURLToPath(import.meta.resolve("fauxqs")));
  const parts = {
    buildApp: "app",
    SqsStore: "sqs/sqsStore",
    SnsStore: "sns/snsStore",
    S3Store: "s3/s3Store",
    PersistenceManager: "persistence",
  };
  const result = await build({
    stdin: {
      contents: Object.entries(parts)
        .map(([name, path]) => `export { ${name} } from ${JSON.stringify(join(folder, `${path}.js`))};`)
        .join("\n"),
      resolveDir: folder,
    },
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    logLevel: "silent",
    external: ["fastify", "@smithy/*", "@aws-sdk/*"],
  });
  return result.outputFiles[0]?.text ?? "";
}
