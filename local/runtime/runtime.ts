import type { MovableClock } from "../clock.ts";
import { dateOn } from "../clock-date.ts";
import { createRights, type Rights } from "./access/rights.ts";
import { createActivity } from "./activity.ts";
import type { JsonObject } from "./assembly/json.ts";
import { readAssembly } from "./assembly/read-assembly.ts";
import { ofType } from "./assembly/read-properties.ts";
import { resolveTemplates } from "./assembly/resolve-template.ts";
import { createDynamoClient } from "./engines/dynamo-client.ts";
import { startDynamo } from "./engines/dynoxide.ts";
import { createExpiry } from "./engines/expiry.ts";
import { openFauxqs } from "./engines/fauxqs.ts";
import { createQueues, type QueueDepth } from "./engines/queues.ts";
import { createTables } from "./engines/tables.ts";
import { createBus } from "./events/bus.ts";
import { createDestinations } from "./events/destinations.ts";
import { type CallCount, createCounts } from "./gateway/counts.ts";
import { serveDynamo } from "./gateway/dynamodb.ts";
import type { FaultKind, Faults } from "./gateway/faults.ts";
import { type Service, startGateway } from "./gateway/gateway.ts";
import { serveKms } from "./gateway/kms.ts";
import { createSecrets, type Secrets } from "./gateway/secrets.ts";
import { serveCloudWatch, serveLambda, serveSns, serveSts } from "./gateway/small-services.ts";
import { serveS3, serveSqs } from "./gateway/sqs-s3.ts";
import { openKeep } from "./keep.ts";
import { createAsyncInvocations } from "./lambda/async-invocations.ts";
import { shieldFromProject } from "./lambda/code.ts";
import type { Outcome } from "./lambda/environment.ts";
import { createFunctions } from "./lambda/functions.ts";
import { createLogs, type Logs } from "./logs.ts";
import { createEventSources } from "./sources/event-sources.ts";
import { type ApiServer, type Authorize, listenForApi, serveHttpApis } from "./sources/http-api.ts";
import { startSchedules } from "./sources/schedules.ts";
import { type Alarms, createAlarms } from "./watch/alarms.ts";
import { createMetricStore, type MetricStore } from "./watch/metric-store.ts";
import { createQueueSampler } from "./watch/queue-metrics.ts";

export interface RuntimeOptions {
  /** A synthesized cloud assembly: the folder with `manifest.json`. */
  assemblyDir: string;
  clock: MovableClock;
  /** Keeps tables, queues, objects and the runtime's own memory; in memory only when left out. One runtime at a time. */
  dataDir?: string;
  region?: string;
  /** Threads per function; at most what the template reserves. */
  maxThreads?: number;
  /** Whether alarms are judged and queues measured each minute; true when left out. */
  watch?: boolean;
  /** Added to every function's variables. */
  env?: Record<string, string>;
  /** Port of the HTTP APIs, by their path `<stack>/<logical id>`; a kept runtime remembers the one it had. */
  apiPorts?: Record<string, number>;
  /** For routes with an authorizer; without it they answer 401. */
  authorizeRequest?: Authorize;
}

export interface Runtime {
  gatewayUrl: string;
  /** Base URL of each HTTP API, by its name. */
  httpApis: Record<string, string>;
  secrets: Secrets;
  logs: Logs;
  metrics: MetricStore;
  alarms: Alarms;
  /** What roles were allowed, one call of each kind, and what was refused. */
  rights: Pick<Rights, "allowed" | "refusals">;
  functions: readonly { name: string; logicalId: string; memoryMb: number }[];
  /** Names of the template's buckets, in its order. */
  buckets: readonly string[];
  /** Names of the template's tables, in its order. */
  tables: readonly string[];
  /** Starts taking what waits in queues, streams and schedules; sends that arrive earlier are kept. */
  open(): void;
  /** Runs a function once, past every event source. Throws when no function has that logical id or name. */
  invoke(logicalId: string, event: unknown): Promise<Outcome>;
  /** Moves the clock, each step at rest before the next. */
  advance(ms: number): Promise<void>;
  advanceTo(date: Date): Promise<void>;
  /** Resolves when nothing is in flight: no invocation, receivable message, unread stream record, request or delivery. */
  idle(): Promise<void>;
  inFlight(): Record<string, number>;
  queues(): (QueueDepth & { name: string; fifo: boolean })[];
  counts(): CallCount[];
  /** From now on tells of every event that a bus accepts, in the form its rules see. */
  onEvent(listener: (event: JsonObject) => void): void;
  /** Disturbs AWS calls from now on; `{}` ends it. */
  inject(faults: Faults): void;
  /** How many calls have met each kind of fault since the start. */
  injected(): Partial<Record<FaultKind, number>>;
  /** Ends every thread of the function at once. Returns how many there were. */
  killWorker(logicalId: string): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Runs the templates of a cloud assembly on this machine. Everything exists when this returns; nothing is consumed until
 * `open`, so that secrets and first data can be set.
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { clock, dataDir, region = "us-east-1", maxThreads = 4, watch = true, env = {}, apiPorts = {} } = options;
  const assembly = readAssembly(options.assemblyDir);
  shieldFromProject(assembly.dir);
  const keep = openKeep(dataDir);
  clock.jumpTo(new Date(Number(keep.get("clock") ?? 0)));
  const activity = createActivity();
  const counts = createCounts();
  const logs = createLogs(clock);
  const metrics = createMetricStore(clock);

  // Addresses come first: the templates are resolved with them.
  const services: Record<string, Service> = {};
  const access: { rights?: Rights } = {};
  const killers = new Map<string, () => Promise<number>>();
  const gateway = await startGateway({
    clock,
    activity,
    counts,
    services,
    authorize: (call) => access.rights?.authorize(call),
    kill: async (caller) => killers.get(caller)?.(),
    // A kept queue goes by the address it was made with: an operator who lists queues finds it only if that stays.
    port: Number(keep.get("port/gateway") ?? 0),
  });
  keep.set("port/gateway", new URL(gateway.url).port);
  const servers = new Map<string, ApiServer>();
  for (const stack of assembly.stacks) {
    for (const [logicalId, { Type }] of Object.entries(stack.template.Resources)) {
      if (Type !== "AWS::ApiGatewayV2::Api") continue;
      const path = `${stack.name}/${logicalId}`;
      const server = await listenForApi(apiPorts[path] ?? Number(keep.get(`port/${path}`) ?? 0));
      keep.set(`port/${path}`, new URL(server.url).port);
      servers.set(path, server);
    }
  }
  const resources = resolveTemplates(assembly, {
    region,
    gatewayUrl: gateway.url,
    apiUrl: (path) => servers.get(path)?.url ?? "",
  });
  const rights = createRights(resources, region);
  access.rights = rights;

  const [dynamoEngine, fauxqs] = await Promise.all([
    startDynamo({ dataDir }),
    openFauxqs({ date: dateOn(clock.shared), region, dataDir }),
  ]);
  const dynamo = createDynamoClient(dynamoEngine.url);
  const tables = await createTables(resources, dynamo);
  const queues = createQueues(resources, fauxqs, clock);
  const buckets = ofType(resources, "AWS::S3::Bucket").map(({ ref }) => ref);
  for (const bucket of buckets) fauxqs.s3.createBucket(bucket);

  const functions = createFunctions(resources, {
    clock,
    activity,
    logs,
    metrics,
    assetPaths: assembly.assetPaths,
    gatewayUrl: gateway.url,
    region,
    maxThreads,
    rights,
    extraEnv: env,
  });
  for (const each of functions) killers.set(each.name, each.kill);
  const destinations = createDestinations(fauxqs);
  const listeners: ((event: JsonObject) => void)[] = [];
  const heard = (event: JsonObject) => {
    for (const listener of listeners) listener(event);
  };
  const invocations = createAsyncInvocations(resources, {
    clock,
    activity,
    keep,
    metrics,
    functions,
    destinations,
    rights,
  });
  const functionArns = new Set(functions.map(({ arn }) => arn));
  const delivery = { clock, activity, metrics, region, destinations, invocations, functionArns, logs, rights };
  const expiry = createExpiry(tables, { dynamo, clock, activity, onDelete: () => sources.onWrite() });
  const sourceDeps = { ...delivery, counts, keep, dynamo, queues, tables, expiry, functions };
  const sources = await createEventSources(resources, sourceDeps);
  const { secrets, serve: serveSecrets } = createSecrets(resources, keep);
  const dynamodb = serveDynamo({ dynamo, counts, onWrite: sources.onWrite });
  Object.assign(services, {
    dynamodb,
    dynamodbstreams: dynamodb,
    sqs: serveSqs(fauxqs),
    s3: serveS3(fauxqs),
    events: createBus(resources, { ...delivery, heard }),
    kms: serveKms(resources, keep),
    secretsmanager: serveSecrets,
    monitoring: serveCloudWatch(metrics),
    sns: serveSns((line) => logs.add("local", line)),
    sts: serveSts,
    lambda: serveLambda(functions),
  });
  const httpApis = serveHttpApis(resources, {
    servers,
    functions,
    clock,
    activity,
    metrics,
    authorize: options.authorizeRequest,
  });
  const alarms = createAlarms(resources, metrics, clock);
  const sampleQueues = createQueueSampler(queues, metrics);

  let schedules: { stop(): void } | undefined;
  const endStepping = clock.onStep(async () => {
    await activity.idle();
    keep.set("clock", String(clock.now().getTime()));
  });
  const everyMinute = () => {
    const now = clock.now().getTime();
    clock.schedule(new Date(Math.floor(now / 60_000) * 60_000 + 60_000), () => {
      if (!schedules) return;
      everyMinute();
      alarms.evaluate();
      sampleQueues();
    });
  };

  const find = (name: string) => {
    const found = functions.find((each) => each.logicalId === name || each.name === name);
    if (!found)
      throw new Error(
        `No function is called ${name}. There are: ${functions.map(({ logicalId }) => logicalId).join(", ")}.`,
      );
    return found;
  };

  return {
    gatewayUrl: gateway.url,
    httpApis,
    secrets,
    logs,
    metrics,
    alarms,
    rights,
    functions: functions.map(({ name, logicalId, memoryMb }) => ({ name, logicalId, memoryMb })),
    buckets,
    tables: tables.map(({ name }) => name),
    open() {
      if (schedules) return;
      schedules = startSchedules(resources, delivery);
      if (watch) everyMinute();
      invocations.resume();
      sources.start();
      expiry.start();
    },
    invoke: async (logicalId, event) => find(logicalId).invoke(event),
    advance: (ms) => clock.advance(ms),
    advanceTo: (date) => clock.advanceTo(date),
    idle: () => activity.idle(),
    inFlight: () => activity.list(),
    queues: () => queues.map((queue) => ({ name: queue.name, fifo: queue.fifo, ...queue.depth() })),
    counts: () => counts.list(),
    onEvent: (listener) => void listeners.push(listener),
    inject: (faults) => gateway.inject(faults),
    injected: () => gateway.injected(),
    killWorker: async (logicalId) => find(logicalId).kill(),
    async stop() {
      schedules?.stop();
      schedules = undefined;
      sources.stop();
      expiry.stop();
      endStepping();
      await Promise.all([...servers.values()].map((server) => server.stop()));
      await Promise.all(functions.map((each) => each.kill()));
      await gateway.stop();
      await fauxqs.close();
      dynamo.close();
      await dynamoEngine.stop();
      keep.close();
    },
  };
}
