import type { HttpAnswer } from "../kit/http-server.ts";
import { uploadFile } from "./acts/dispute.ts";
import type { GraphRequest } from "./graphql/request.ts";
import { isGranted } from "./graphql/scopes.ts";
import { gid } from "./model/ids.ts";

/** The one call over REST: GraphQL of this version has no way to name an uploaded file. */
export const disputeUploadPath =
  /^\/admin\/api\/([\w-]+)\/shopify_payments\/disputes\/(\d+)\/dispute_file_uploads\.json$/;
const scope = "write_shopify_payments_dispute_file_uploads";

/** Takes a file for a dispute, as JSON with its bytes in base64. */
export function answerUpload(body: unknown, disputeId: string, { view, act }: GraphRequest): HttpAnswer {
  if (!isGranted(view.shop.scopes, scope)) return json(403, { errors: `This action requires ${scope}.` });
  const id = gid("ShopifyPaymentsDispute", disputeId);
  const order = view.world.ownerOf(view.shop.domain, id);
  const dispute = order?.disputes.find((each) => each.id === disputeId);
  if (order === undefined || dispute === undefined) return json(404, { errors: "Not Found" });
  const given = (body as { dispute_file_upload?: Record<string, unknown> } | undefined)?.dispute_file_upload ?? {};
  const text = (name: string) => (typeof given[name] === "string" ? given[name] : "");
  const bytes = Buffer.from(text("data"), "base64");
  const wish = { documentType: text("document_type"), name: text("filename"), mediaType: text("mimetype"), bytes };
  const outcome = act((turn) => uploadFile(turn, order, dispute, wish));
  if ("errors" in outcome) {
    return json(422, {
      errors: Object.fromEntries(outcome.errors.map(({ field, message }) => [field?.[0], [message]])),
    });
  }
  const about = { dispute_evidence_type: wish.documentType, file_size: bytes.length, file_type: wish.mediaType };
  const uploaded = { filename: wish.name, original_filename: wish.name, ...about };
  // As a number: the digits are beyond what a double holds.
  const text200 = JSON.stringify({ dispute_file_upload: { id: "ID", ...uploaded } });
  return { status: 200, body: text200.replace('"ID"', outcome.value.id) };
}

function json(status: number, body: unknown): HttpAnswer {
  return { status, body: JSON.stringify(body) };
}
