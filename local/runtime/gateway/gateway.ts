import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { LocalClock } from "../../clock.ts";
import type { Activity } from "../activity.ts";
import { type AwsAnswer, type AwsCall, AwsFault, awsError, readCall } from "./aws-call.ts";
import type { Counts } from "./counts.ts";
import { createFaultPicker, type FaultKind, type Faults, throttlingCode } from "./faults.ts";

export type Service = (call: AwsCall) => AwsAnswer | Promise<AwsAnswer>;

export interface GatewayOptions {
  clock: LocalClock;
  activity: Activity;
  counts: Counts;
  /** By the service's name in `AwsCall`. */
  services: Record<string, Service>;
  /** Throws an `AwsFault` for a call its caller has no right to. */
  authorize?: (call: AwsCall) => void;
  /** Ends the threads of a function, by its name. */
  kill?: (caller: string) => Promise<unknown>;
  /** Any free one when left out. */
  port?: number;
}

export interface Gateway {
  url: string;
  inject(faults: Faults): void;
  /** How many calls have met each kind of fault since the start. */
  injected(): Partial<Record<FaultKind, number>>;
  stop(): Promise<void>;
}

/** The one place every AWS call of the stack goes through (`AWS_ENDPOINT_URL`): told apart, allowed, disturbed, counted, answered. */
export async function startGateway({
  clock,
  activity,
  counts,
  services,
  authorize,
  kill,
  port = 0,
}: GatewayOptions): Promise<Gateway> {
  let pickFault = createFaultPicker({});
  const injected: Partial<Record<FaultKind, number>> = {};
  let requests = 0;

  const answer = async (call: AwsCall): Promise<AwsAnswer> => {
    const service = services[call.service];
    if (!service) {
      return awsError(
        call,
        400,
        "UnknownOperationException",
        `${call.service}:${call.operation} is not imitated locally.`,
      );
    }
    try {
      authorize?.(call);
      return await service(call);
    } catch (error) {
      if (error instanceof AwsFault) return awsError(call, error.status, error.code, error.message);
      return awsError(call, 500, "InternalFailure", error instanceof Error ? error.message : String(error));
    }
  };

  /** Undefined when the answer shall be lost. */
  const disturbed = async (call: AwsCall): Promise<AwsAnswer | undefined> => {
    const fault = pickFault(call);
    if (fault) injected[fault.kind] = (injected[fault.kind] ?? 0) + 1;
    switch (fault?.kind) {
      case "failing":
        return awsError(call, 500, "InternalFailure", "Injected fault.");
      case "throttled":
        return awsError(call, call.service === "s3" ? 503 : 400, throttlingCode(call.service), "Injected throttling.");
      case "answer-lost":
        await answer(call);
        return undefined;
      case "delayed":
        await wait(fault.ms);
        return answer(call);
      case "killed":
        if (fault.isCarriedOut) await answer(call);
        await kill?.(call.caller);
        return undefined;
      default:
        return answer(call);
    }
  };

  const serve = async (call: AwsCall, response: ServerResponse) => {
    const done = activity.begin("aws call");
    try {
      const given = await disturbed(call);
      counts.add(call, { errors: given && given.status < 400 ? 0 : 1, requestBytes: call.body.length });
      if (!given) return void response.destroy();
      response.writeHead(given.status, {
        ...given.headers,
        ...(call.method !== "HEAD" && { "content-length": String(Buffer.byteLength(given.body)) }),
        "x-amzn-requestid": given.headers["x-amzn-requestid"] ?? `local-${++requests}`,
        // SDK clients correct their clock by this header, so it must tell the time they are meant to live in.
        date: clock.now().toUTCString(),
      });
      response.end(call.method === "HEAD" ? undefined : given.body);
    } finally {
      done();
    }
  };

  const server = createServer({ keepAliveTimeout: 600_000, noDelay: true }, (request, response) => {
    readBody(request).then(
      (body) => serve(readCall(request, body), response),
      () => response.destroy(),
    );
  });
  server.requestTimeout = 0;
  const listen = (on: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(on, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  await listen(port).catch(() => listen(0));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    inject(faults) {
      pickFault = createFaultPicker(faults);
    },
    injected: () => ({ ...injected }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => resolve(Buffer.concat(chunks)));
    request.on("error", reject);
  });
}
