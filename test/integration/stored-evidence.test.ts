import { createHash } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { beforeAll, describe, expect, it } from "vitest";
import type { Case } from "#shared/case/case.ts";
import type { Evidence } from "#shared/case/evidence.ts";
import { createArchive } from "#shared/evidence/archive.ts";
import { demoTenant } from "../../local/stack.ts";
import { startsAt, useStack } from "./stack.ts";

// A picture that really lies in the bucket of evidence is handed on to a platform, with the rights of act-on-channel alone:
// the platform fetches it by a link that this function has signed.

const stack = useStack({ channels: ["douyin"] });
const minute = 60_000;
const bytes = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.from("a torn sleeve, from above")]);
const sha256 = createHash("sha256").update(bytes).digest("hex");
const evidenceId = sha256.slice(0, 32);
let channelCaseId = "";

async function held(): Promise<Case> {
  const of = { channel: "douyin", shopId: stack().shopOn("douyin"), channelCaseId };
  const found = await stack().desk.caseOf(demoTenant, of);
  if (!found) throw new Error("the case is not known yet");
  return found;
}

/** What capture-evidence would have left behind; it fetches from public hosts alone, of which a machine has none. */
async function keep({ caseId }: Case): Promise<void> {
  const { runtime, desk } = stack();
  const bucket = runtime.buckets.find((name) => name.includes("evidence"));
  if (!bucket) throw new Error("the stack has no bucket of evidence");
  const credentials = { accessKeyId: "operator", secretAccessKey: "local" };
  const client = new S3Client({ endpoint: runtime.gatewayUrl, region: "us-east-1", credentials, forcePathStyle: true });
  const file: Evidence & { status: "kept" } = {
    ...{ tenantId: demoTenant, caseId, evidenceId, kind: "photo", source: "buyer", status: "kept" },
    ...{ receivedAt: startsAt.toISOString(), sha256, bytes: bytes.length, mediaType: "image/png" },
  };
  const archive = createArchive({ client, bucket });
  await archive.put(file, bytes);
  await desk.store.evidence.put(file);
  expect(await archive.read(file)).toEqual(bytes);
  expect(await archive.read({ ...file, sha256: "0".repeat(64) })).toBeUndefined();
  expect(await archive.read({ ...file, evidenceId: "0".repeat(32) })).toBeUndefined();
}

beforeAll(async () => {
  const { douyin, shopOn, runtime } = stack();
  channelCaseId = douyin.apply({ shopId: shopOn("douyin"), type: 0, seed: 11, reasonCode: 7, quantity: 1 }).id;
  const refusal = { reason: "示例", remark: "示例", reject_reason_code: 5 };
  douyin.act(channelCaseId, "staff", { type: 102, ...refusal });
  douyin.act(channelCaseId, "appeal");
  douyin.act(channelCaseId, "ask-evidence");
  await runtime.advance(10 * minute);
});

describe("a picture in the bucket of evidence", () => {
  it("is fetched by the platform and handed in for the arbitration", async () => {
    const { call, runtime, douyin } = stack();
    const subject = await held();
    await keep(subject);
    const request = { tenantId: demoTenant, caseId: subject.caseId, personId: "lin", action: "submit_evidence" };
    expect(await call("plan-command", { ...request, args: { evidence: [{ evidenceId }] } })).toMatchObject({
      ok: true,
    });
    await runtime.advance(5 * minute);
    const [material] = douyin.materials();
    expect(material).toMatchObject({ sha256, bytes: bytes.length, format: "png" });
    expect(douyin.case(channelCaseId)?.arbitration?.evidence?.images).toEqual([
      `https://p3-aio.ecombdimg.com/obj/ecom-shop-material/${material?.id}.png`,
    ]);
    expect((await held()).commands.at(-1)).toMatchObject({ action: "submit_evidence", status: "confirmed" });
  });
});
