import { describe, expect, it } from "vitest";
import type { CommandArgs } from "#shared/case/command.ts";
import type { HeldFile } from "#shared/case/evidence.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { scriptedHttp, worldOf } from "../../test/contract/scripted-http.ts";
import type { HttpResponse } from "../contract.ts";
import { actions } from "./actions.ts";
import { command, disputeNow, gid, subject, variablesOf } from "./fixtures/acts.ts";
import { filesNow, heldFile, slipName, uploadedAs } from "./fixtures/files.ts";
import { fixtures } from "./fixtures/index.ts";
import { credentials, data } from "./fixtures/world.ts";

const accepted = data({ disputeEvidenceUpdate: { userErrors: [] } });
const fileId = (id: string) => ({ id: gid(`ShopifyPaymentsDisputeFileUpload/${id}`) });

/** Hands these files in, each with its kind; the answers come after the dispute has been read. */
async function handIn(files: readonly (Partial<HeldFile> & { as?: string })[], answers: (HttpResponse | Error)[]) {
  const held = files.map(({ as: _, ...about }, index) => heldFile({ evidenceId: String(index).repeat(32), ...about }));
  const evidence = held.map(({ evidenceId }, index) => ({ evidenceId, kind: files[index]?.as }));
  const args: CommandArgs = { note: "Signed for.", evidence };
  const { http, requests } = scriptedHttp([disputeNow(), ...answers]);
  const about = { subject: subject("a dispute that waits for evidence"), command: command("submit_evidence", args) };
  const request = { ...about, files: new Map(held.map((each) => [each.evidenceId, each])) };
  try {
    await actions.submit_evidence.send(request, worldOf(fixtures, http));
  } catch (fault) {
    if (!isSuiteError(fault)) throw fault;
    return { fault, code: fault.details.channelCode ?? fault.code, requests };
  }
  return { requests, input: variablesOf(requests.at(-1) ?? { method: "POST", url: "" }).input };
}

const other = (about: Partial<HeldFile> & { as?: string }) => ({ sha256: "cd".repeat(32), ...about });

describe("files of a dispute", () => {
  it("are uploaded one by one and named by their numbers, to the last digit", async () => {
    const { requests, input } = await handIn(
      [{ as: "chat_log" }, other({ mediaType: "application/pdf" })],
      [filesNow(), uploadedAs("890088186047892319"), uploadedAs("7202", 201), accepted],
    );
    expect(input).toEqual({
      uncategorizedText: "Signed for.",
      customerCommunicationFile: fileId("890088186047892319"),
      uncategorizedFile: fileId("7202"),
      submitEvidence: true,
    });
    const path = "/admin/api/2026-10/shopify_payments/disputes/285332461850802050/dispute_file_uploads.json";
    expect(requests.slice(2, 4).map(({ url }) => new URL(url).pathname.replace(/^\/shops\/[^/]+/, ""))).toEqual([
      path,
      path,
    ]);
    expect(JSON.parse(String(requests[2]?.body))).toEqual({
      dispute_file_upload: {
        ...{ document_type: "customer_communication_file", filename: slipName },
        ...{ mimetype: "image/png", data: "iVBORw0KGgo=" },
      },
    });
  });

  it.each([
    ["chat_log", "customerCommunicationFile"],
    ["tracking_proof", "shippingDocumentationFile"],
    ["outbound_record", "shippingDocumentationFile"],
    ["weight_proof", "shippingDocumentationFile"],
    ["service_documentation", "serviceDocumentationFile"],
    ["cancellation_policy", "cancellationPolicyFile"],
    ["refund_policy", "refundPolicyFile"],
    ["photo", "uncategorizedFile"],
    ["constructor", "uncategorizedFile"],
  ])("of kind %s are shown as %s", async (as, field) => {
    const { input } = await handIn([{ as }], [filesNow(), uploadedAs("1"), accepted]);
    expect(input).toMatchObject({ [field]: fileId("1") });
  });

  it("that are there already are not uploaded again", async () => {
    const there = { id: "7201", originalFileName: slipName, fileSize: 8 };
    const { input, requests } = await handIn([{}], [filesNow(there), accepted]);
    expect(input).toMatchObject({ uncategorizedFile: fileId("7201") });
    expect(requests).toHaveLength(3);
  });

  it("are uploaded where one of that name has another size", async () => {
    const there = { id: "7201", originalFileName: slipName, fileSize: 9 };
    const { input } = await handIn([{}], [filesNow(there), uploadedAs("7202"), accepted]);
    expect(input).toMatchObject({ uncategorizedFile: fileId("7202") });
  });

  it.each<[string, Parameters<typeof handIn>[0], string]>([
    ["one is a film", [{ mediaType: "video/mp4" }], "type_not_taken"],
    ["one has the type of a built-in", [{ mediaType: "constructor" }], "type_not_taken"],
    ["one is a byte too large", [{ bytes: 2_000_001 }], "file_too_large"],
    ["two belong into one field", [{ as: "tracking_proof" }, other({ as: "weight_proof" })], "field_taken"],
  ])("are refused before anything is uploaded when %s", async (_, files, code) => {
    expect(await handIn([...files], [])).toMatchObject({ code, requests: { length: 1 } });
  });

  it("may have so many bytes together, with those that are there, and not one more", async () => {
    const files = [{ as: "chat_log", bytes: 2_000_000 }, other({ as: "tracking_proof", bytes: 1_500_000 })];
    const there = (fileSize: number) => filesNow({ id: "1", originalFileName: "staff.pdf", fileSize });
    const uploads = [uploadedAs("2"), uploadedAs("3"), accepted];
    expect((await handIn(files, [there(500_000), ...uploads])).input).toBeDefined();
    expect(await handIn(files, [there(500_001)])).toMatchObject({ code: "files_too_large", requests: { length: 2 } });
  });
});

describe("an upload that does not end well hands nothing in", () => {
  const status = (code: number): HttpResponse => ({ status: code, headers: {}, body: new TextEncoder().encode("{}") });
  it.each<[string, HttpResponse | Error, string]>([
    ["its answer is lost", new SuiteError("answer_unclear", "broke"), "channel_unavailable"],
    ["nothing was sent", new SuiteError("channel_unavailable", "no connection"), "channel_unavailable"],
    ["its answer cannot be read", uploadedAs('"x"'), "channel_unavailable"],
    ["the server fails", status(500), "channel_unavailable"],
    ["it comes too often", status(429), "rate_limited"],
    ["the token has ended", status(401), "credentials_rejected"],
    ["the file is not liked", status(422), "channel_refused"],
    ["the scope is not granted", status(403), "channel_refused"],
    ["there is no such call for us", status(404), "channel_refused"],
  ])("when %s", async (_, answer, code) => {
    const { fault, requests } = await handIn([{}], [filesNow(), answer]);
    expect(fault?.code).toBe(code);
    expect(requests).toHaveLength(3);
  });

  it.each([403, 404])("and is left to a person after %i, without a word against the shop", async (code) => {
    const { fault } = await handIn([{}], [filesNow(), status(code)]);
    expect(fault?.details).toMatchObject({ manualOnly: true });
    expect(fault?.message).toContain("write_shopify_payments_dispute_file_uploads");
  });
});

it("is offered with files only where their scope is granted; a text needs none", () => {
  const of = subject("a dispute that waits for evidence");
  const scope = "write_shopify_payments_dispute_evidences";
  const offer = (args: CommandArgs, granted: string) =>
    actions.submit_evidence.offered(of, args, { ...credentials, scope: granted }).offered;
  const files = { evidence: [{ evidenceId: "a".repeat(32) }] };
  expect(offer({ note: "x" }, scope)).toBe(true);
  expect(offer(files, scope)).toBe(false);
  expect(offer(files, `${scope},write_shopify_payments_dispute_file_uploads`)).toBe(true);
});
