import type { Action } from "#shared/case/command.ts";

// Source: descriptions in the Admin API schema, version 2026-10, read 2026-11-22. A write scope includes the read scope.

/** Without these no case can be read. */
const requiredScopes = ["read_orders", "read_returns"] as const;

/** What is asked for when the app is installed: everything that the connector makes use of. */
export const wantedScopes: readonly string[] = [
  "write_returns",
  "write_orders",
  "read_locations",
  "read_shopify_payments_disputes",
  "write_shopify_payments_dispute_evidences",
  // Of the upload of files over REST; as reported from the field, read 2026-11-25.
  "write_shopify_payments_dispute_file_uploads",
];

/** The scope an action writes with; each becomes a task where the shop has not granted it. */
const scopeOfAction: Readonly<Partial<Record<Action, string>>> = {
  agree_return: "write_returns",
  agree_exchange: "write_returns",
  refuse: "write_returns",
  provide_address: "write_returns",
  confirm_receipt: "write_returns",
  agree_refund: "write_returns",
  ship_replacement: "write_returns",
  close_return: "write_returns",
  reopen_return: "write_returns",
  cancel_return: "write_returns",
  cancel_order: "write_orders",
  cancel_and_refund: "write_orders",
  submit_evidence: "write_shopify_payments_dispute_evidences",
};
/** A refund without a return is paid again by its order. */
const refundAgainScope = "write_orders";

/**
 * The scope that the shop has not granted and this action needs; undefined where it has, or where nobody knows: tokens
 * say their scopes, and what was connected by hand may not.
 */
export function missingScope(action: Action, granted: string | undefined, isRefund: boolean): string | undefined {
  const needed = isRefund && action === "agree_refund" ? refundAgainScope : scopeOfAction[action];
  return needed === undefined || isScopeGranted(granted, needed) ? undefined : needed;
}

/** The scopes without which nothing works and that are not granted. */
export function lackingScopes(granted = ""): string[] {
  return requiredScopes.filter((scope) => !has(granted, scope));
}

/** Whether a scope is granted; true where nobody knows. */
export function isScopeGranted(granted: string | undefined, scope: string): boolean {
  return granted === undefined || has(granted, scope);
}

function has(granted: string, scope: string): boolean {
  const all = granted.split(",").map((each) => each.trim());
  return all.includes(scope) || all.includes(scope.replace(/^read_/, "write_"));
}
