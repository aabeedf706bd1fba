import type { HeldFile } from "#shared/case/evidence.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import type { ActionRequest, HttpResponse } from "../contract.ts";
import { piecesOf } from "../kit/pieces.ts";
import { type DisputeFile, readDisputeFiles, refused } from "./before-write.ts";
import { memberOf, readBody, subjectId } from "./body.ts";
import { type ShopifyWorld, shopUrl } from "./client.ts";
import { explain } from "./explain.ts";
import { gid } from "./gid.ts";

// Version 2026-10 stages files for disputes and then has no way to name them, which `unstable` alone brings. What works is
// the REST upload, whose number is the GraphQL id. Source: the resource DisputeFileUpload of shopify-api-js and
// shopify-api-ruby; that it answers with the scope below, and that all six fields take its id: field reports of May 2026.
// Read 2026-11-25.

/** Of a file and of all together, and the types. Source: as reported, see README; read 2026-11-22. */
const mostBytes = 2_000_000;
const mostBytesTogether = 4_000_000;
const mediaTypes: Readonly<Record<string, string>> = {
  "application/pdf": "pdf",
  "image/jpeg": "jpg",
  "image/png": "png",
};

/** The scope of the upload; GraphQL has none of its own for it. */
export const filesScope = "write_shopify_payments_dispute_file_uploads";

interface Field {
  /** The member of the evidence's input, and what the upload calls it. */
  readonly name: string;
  readonly type: string;
}
const anyOther: Field = { name: "uncategorizedFile", type: "uncategorized_file" };
const shipping: Field = { name: "shippingDocumentationFile", type: "shipping_documentation_file" };

/** Where a kind of evidence belongs; the bank is shown each under its own heading. The last three are Shopify's own. */
const fieldOfKind: Readonly<Record<string, Field>> = {
  chat_log: { name: "customerCommunicationFile", type: "customer_communication_file" },
  tracking_proof: shipping,
  outbound_record: shipping,
  weight_proof: shipping,
  service_documentation: { name: "serviceDocumentationFile", type: "service_documentation_file" },
  cancellation_policy: { name: "cancellationPolicyFile", type: "cancellation_policy_file" },
  refund_policy: { name: "refundPolicyFile", type: "refund_policy_file" },
};

type Wanted = Map<Field, HeldFile>;

/**
 * The files of a command as the evidence's input names them. All are looked at before the first is uploaded; one that is
 * there already, by its name, which is of its bytes, is not uploaded again, so that all of it may be repeated. Nothing is
 * handed in by it. @throws SuiteError `channel_refused` for too large, too many, of another type, or an address;
 * `channel_unavailable` when an upload is lost; else as a read does
 */
export async function filesOf(request: ActionRequest, world: ShopifyWorld): Promise<Record<string, { id: string }>> {
  const wanted = wantedOf(request);
  if (wanted.size === 0) return {};
  const { channelCaseId } = request.subject;
  const there = await readDisputeFiles(request.subject, world);
  checkTogether([...wanted.values()], there);
  const input: Record<string, { id: string }> = {};
  for (const [field, file] of wanted) {
    const known = there.find((each) => isSame(each, file));
    const id = known?.id ?? gid(await upload(channelCaseId, { field, file }, world));
    input[field.name] = { id };
  }
  return input;
}

function wantedOf(request: ActionRequest): Wanted {
  const wanted: Wanted = new Map();
  for (const piece of piecesOf(request)) {
    if ("url" in piece) {
      throw refused("address_not_taken", "Shopify takes files and no addresses: name a file that the case keeps");
    }
    const { kind, file } = piece;
    const field = Object.hasOwn(fieldOfKind, kind) ? (fieldOfKind[kind] ?? anyOther) : anyOther;
    if (wanted.has(field)) throw refused("field_taken", `Shopify takes one file as ${field.name}: put them into one`);
    if (!Object.hasOwn(mediaTypes, file.mediaType)) {
      throw refused("type_not_taken", `Shopify takes PDF, JPEG and PNG, and no ${file.mediaType}`);
    }
    if (file.bytes > mostBytes) throw refused("file_too_large", `the file is larger than ${mostBytes} bytes`);
    wanted.set(field, file);
  }
  return wanted;
}

/** What has been uploaded before counts too, whoever did it. */
function checkTogether(files: readonly HeldFile[], there: readonly DisputeFile[]): void {
  const others = there.filter((each) => !files.some((file) => isSame(each, file)));
  const bytes = [...files.map((file) => file.bytes), ...others.map(({ fileSize }) => fileSize)];
  if (bytes.reduce((sum, each) => sum + each, 0) > mostBytesTogether) {
    throw refused("files_too_large", `the files of the dispute are larger than ${mostBytesTogether} bytes together`);
  }
}

const nameOf = ({ sha256, mediaType }: HeldFile) => `${sha256.slice(0, 40)}.${mediaTypes[mediaType]}`;
const isSame = ({ originalFileName, fileSize }: DisputeFile, file: HeldFile) =>
  originalFileName === nameOf(file) && fileSize === file.bytes;

async function upload(
  channelCaseId: string,
  { field, file }: { field: Field; file: HeldFile },
  { app, shopId, credentials, http }: ShopifyWorld,
): Promise<string> {
  const dispute = channelCaseId.slice(channelCaseId.indexOf("/") + 1);
  const path = `/admin/api/${app.apiVersion}/shopify_payments/disputes/${dispute}/dispute_file_uploads.json`;
  const data = Buffer.from(await file.read()).toString("base64");
  const about = { document_type: field.type, filename: nameOf(file), mimetype: file.mediaType, data };
  try {
    const response = await http({
      method: "POST",
      url: `${shopUrl(app, shopId)}${path}`,
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        "x-shopify-access-token": credentials.accessToken,
      },
      body: JSON.stringify({ dispute_file_upload: about }),
    });
    return idIn(response);
  } catch (error) {
    if (!isSuiteError(error, "answer_unclear") && !isSuiteError(error, "payload_invalid")) throw error;
    throw new SuiteError("channel_unavailable", "an upload got no answer; nothing was handed in yet", {
      details: error.details,
      cause: error,
    });
  }
}

function idIn(response: HttpResponse): string {
  const { status } = response;
  if (status === 200 || status === 201) {
    const uploaded = memberOf(readBody(response.body, { numericIds: true }), "dispute_file_upload");
    return subjectId("ShopifyPaymentsDisputeFileUpload", uploaded);
  }
  const details = { httpStatus: status, channelCode: `http_${status}` };
  // Without the scope it is forbidden, or as if it were not there: the shop itself is open, the dispute was read just now.
  if (status === 403 || status === 404) {
    const task = `Hand the files in in the Shopify admin, or grant the scope ${filesScope} and connect the shop again.`;
    throw new SuiteError("channel_refused", task, { details: { ...details, manualOnly: true } });
  }
  throw explain(response) ?? new SuiteError("channel_refused", "the upload was refused", { details });
}
