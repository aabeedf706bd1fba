import { createHttpClient, type EngineAnswer } from "./http-client.ts";

/** Speaks DynamoDB's JSON protocol to the engine as the runtime itself, past the gateway. */
export interface DynamoClient {
  /** `target` is the wire name, such as `DynamoDB_20120810.CreateTable`. Throws `<code>: <message>` on an error answer. */
  call<T>(target: string, input: unknown): Promise<T>;
  forward(target: string, body: Buffer | string): Promise<EngineAnswer>;
  close(): void;
}

export function createDynamoClient(url: string): DynamoClient {
  const http = createHttpClient(url);
  const forward = (target: string, body: Buffer | string) =>
    http.send({
      method: "POST",
      path: "/",
      // The engine wants to see credentials but checks no signature.
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": target,
        authorization:
          "AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0",
        "x-amz-date": "20200101T000000Z",
      },
      body,
    });
  return {
    forward,
    async call<T>(target: string, input: unknown) {
      const { status, body } = await forward(target, JSON.stringify(input));
      const answer = JSON.parse(body.toString()) as T & { __type?: string; message?: string };
      if (status === 200) return answer;
      throw new Error(`${answer.__type?.split("#").at(-1)}: ${answer.message}`);
    },
    close: http.close,
  };
}
