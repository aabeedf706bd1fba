import * as z from "zod";
import type { Fauxqs } from "../engines/fauxqs.ts";
import { type AwsAnswer, type AwsCall, AwsFault } from "./aws-call.ts";
import type { Service } from "./gateway.ts";

const entry = z.looseObject({ MessageGroupId: z.string().optional(), MessageDeduplicationId: z.string().optional() });
const batch = z.looseObject({ Entries: z.array(entry.extend({ Id: z.string() })).default([]) });

/** Calls the engine in this process, after refusing what the real SQS refuses and the engine accepts. */
export function serveSqs(engine: Fauxqs): Service {
  return (call) => {
    if (call.operation === "SendMessage") refuseBadIds(entry.parse(JSON.parse(call.body.toString())));
    if (call.operation === "SendMessageBatch") {
      for (const message of batch.parse(JSON.parse(call.body.toString())).Entries) refuseBadIds(message);
    }
    return inject(engine, call);
  };
}

export function serveS3(engine: Fauxqs): Service {
  return (call) => inject(engine, call);
}

/** Source: SQS API reference, SendMessage: 1 to 128 letters, digits and ASCII punctuation. */
const allowedId = /^[\x21-\x7e]{1,128}$/;

function refuseBadIds(message: z.infer<typeof entry>) {
  for (const name of ["MessageGroupId", "MessageDeduplicationId"] as const) {
    const value = message[name];
    if (value === undefined || allowedId.test(value)) continue;
    throw new AwsFault(
      "InvalidParameterValue",
      `Value ${value} for parameter ${name} is invalid. Reason: ${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
  }
}

async function inject(engine: Fauxqs, call: AwsCall): Promise<AwsAnswer> {
  const { statusCode, headers, rawPayload } = await engine.app.inject({
    method: call.method,
    url: call.path,
    // The engine takes a dotted host for a bucket's name.
    headers: { ...call.headers, host: "localhost" },
    payload: call.body,
  });
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !["connection", "date", "transfer-encoding"].includes(name)) {
      kept[name] = Array.isArray(value) ? value.join(",") : String(value);
    }
  }
  return { status: statusCode, headers: kept, body: rawPayload };
}
