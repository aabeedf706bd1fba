import { spawn } from "node:child_process";
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";

export interface DynamoEngine {
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts dynoxide as a child process over a database file: in `dataDir`, or in memory-backed storage that goes with it.
 * On a platform it is not built for, `CASEBRIDGE_DYNAMODB_ENDPOINT` names another DynamoDB to use.
 */
export async function startDynamo({ dataDir }: { dataDir?: string }): Promise<DynamoEngine> {
  const { elsewhere, binary } = await findDynamo();
  if (elsewhere) return { url: elsewhere, stop: async () => undefined };

  const folder = dataDir ?? mkdtempSync(join(memoryFolder(), "casebridge-"));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "dynamodb.db");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // The shell waits for our end of its stdin to close, which also happens when we are killed: no orphan keeps the file.
  const child = spawn(
    "sh",
    [
      "-c",
      '"$0" serve --port "$1" --db-path "$2" 1>&2 & engine=$!; read -r _; kill $engine; wait',
      binary,
      String(port),
      file,
    ],
    { stdio: ["pipe", "ignore", "pipe"] },
  );
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk).slice(-2000);
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await untilAnswering(url, () => said);
  indexStreamRecords(file);
  return {
    url,
    async stop() {
      child.stdin.end();
      await ended;
      if (!dataDir) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * dynoxide 1.2.1 looks for the last stream record by an expression no index serves, so each write is slower than the one
 * before, whatever table it goes to. This index serves that search and the reading of the stream.
 */
export function indexStreamRecords(file: string) {
  const db = new DatabaseSync(file);
  db.exec("PRAGMA busy_timeout = 5000");
  db.exec(
    "CREATE INDEX IF NOT EXISTS casebridge_stream_order ON _stream_records (table_name, CAST(sequence_number AS INTEGER))",
  );
  db.close();
}

/** Where a DynamoDB is, or what starts one. @throws Error with a sentence that says what to set. */
export async function findDynamo(): Promise<
  { elsewhere: string; binary: "" } | { elsewhere: undefined; binary: string }
> {
  const elsewhere = process.env.CASEBRIDGE_DYNAMODB_ENDPOINT;
  return elsewhere
    ? { elsewhere: await answering(elsewhere), binary: "" }
    : { elsewhere: undefined, binary: findBinary() };
}

async function answering(url: string): Promise<string> {
  try {
    await fetch(url, { method: "POST", signal: AbortSignal.timeout(10_000) });
    return url;
  } catch (cause) {
    throw new Error(
      `No DynamoDB answers at ${url}. Start one there, set CASEBRIDGE_DYNAMODB_ENDPOINT to where it is, or unset it to use the one that comes along.`,
      { cause },
    );
  }
}

function findBinary(): string {
  try {
    const file = createRequire(import.meta.url).resolve(`@dynoxide/${process.platform}-${process.arch}/dynoxide`);
    accessSync(file, constants.X_OK);
    return file;
  } catch (cause) {
    throw new Error(
      `No local DynamoDB for ${process.platform}-${process.arch}: the optional package @dynoxide/linux-x64 is not installed here. ` +
        "Set CASEBRIDGE_DYNAMODB_ENDPOINT to a DynamoDB with streams, such as http://127.0.0.1:8000 of DynamoDB Local.",
      { cause },
    );
  }
}

function memoryFolder(): string {
  try {
    accessSync("/dev/shm", constants.W_OK);
    return "/dev/shm";
  } catch {
    return tmpdir();
  }
}

/** dynoxide takes port 0 but does not say which port it got. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function untilAnswering(url: string, said: () => string) {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (
      await fetch(url, { method: "POST" }).then(
        () => true,
        () => false,
      )
    )
      return;
    await wait(25);
  }
  throw new Error(`dynoxide does not answer at ${url}. It said: ${said() || "nothing"}`);
}
