import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, expect, it, vi } from "vitest";
import { createDynamoClient } from "./dynamo-client.ts";
import { startDynamo } from "./dynoxide.ts";

const folders: string[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

it("has an index for the engine's search of the last stream record before anything is written", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "casebridge-test-"));
  folders.push(dataDir);
  const engine = await startDynamo({ dataDir });
  const dynamo = createDynamoClient(engine.url);
  expect(await dynamo.call("DynamoDB_20120810.ListTables", {})).toEqual({ TableNames: [] });
  const db = new DatabaseSync(join(dataDir, "dynamodb.db"));
  const plan = db
    .prepare(
      "EXPLAIN QUERY PLAN SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = 't'",
    )
    .all();
  db.close();
  expect(plan.map(({ detail }) => detail).join()).toContain("casebridge_stream_order");
  dynamo.close();
  await engine.stop();
  // A second start over the same file finds the index there.
  const again = await startDynamo({ dataDir });
  await again.stop();
});

it("uses another DynamoDB when it is told of one", async () => {
  // Any answer will do: whether it is a DynamoDB shows at the first call.
  const elsewhere = createServer((_, response) => response.writeHead(400).end()).listen(0, "127.0.0.1");
  await once(elsewhere, "listening");
  const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  vi.stubEnv("CASEBRIDGE_DYNAMODB_ENDPOINT", url);
  expect((await startDynamo({})).url).toBe(url);
  elsewhere.closeAllConnections();
  elsewhere.close();
});

it("says what to set on a platform the engine is not built for", async () => {
  const platform = vi.spyOn(process, "platform", "get").mockReturnValue("sunos");
  await expect(startDynamo({})).rejects.toThrow("CASEBRIDGE_DYNAMODB_ENDPOINT");
  platform.mockRestore();
});
