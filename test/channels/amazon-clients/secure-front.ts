import { mkdtempSync, writeFileSync } from "node:fs";
import { request as plainRequest } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";

const names = ["api.amazon.com", "sellingpartnerapi-na.amazon.com"];

/** Amazon's names over TLS on this machine, in front of a simulator, with a certificate made for the run. */
export async function startSecureFront(target: string) {
  const { cert, private: key } = await generate([{ name: "commonName", value: "simulated Amazon" }], {
    algorithm: "sha256",
    keyType: "ec",
    extensions: [{ name: "subjectAltName", altNames: names.map((value) => ({ type: 2, value })) }],
  });
  const caFile = join(mkdtempSync(join(tmpdir(), "casebridge-amazon-")), "ca.pem");
  writeFileSync(caFile, cert);
  const server = createServer({ cert, key }, (incoming, outgoing) => {
    const { host = "", ...headers } = incoming.headers;
    const onward = plainRequest(
      new URL(incoming.url ?? "/", target),
      { method: incoming.method, headers: { ...headers, "x-forwarded-host": host } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    caFile,
    port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
