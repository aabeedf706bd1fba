// What both the schemas and the webhook function need; the latter loads no schema library.

/** The Admin API version that the documents are written for. Source: shopify.dev, "API versioning", read 2026-11-22. */
export const pinnedVersion = "2026-10";

/** Where a shop is called; `{shop}` stands for its domain. */
export const defaultGateway = "https://{shop}";

/** A merchant's permanent domain is the shop's id everywhere. */
export const shopDomain = /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/;
