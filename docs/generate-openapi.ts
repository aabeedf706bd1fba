import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openApiDocument } from "#shared/api/openapi.ts";

// `node docs/generate-openapi.ts` writes docs/openapi.json; docs/openapi.test.ts checks it.

const file = join(import.meta.dirname, "openapi.json");

export const readOpenApi = (): string => readFileSync(file, "utf8");

export const renewedOpenApi = (): string => `${JSON.stringify(openApiDocument(), null, 2)}\n`;

if (import.meta.main) writeFileSync(file, renewedOpenApi());
