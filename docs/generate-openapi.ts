import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openApiDocument } from "#shared/api/openapi.ts";

// `node docs/generate.ts` writes docs/openapi.json, among others; docs/openapi.test.ts checks it.

const file = join(import.meta.dirname, "openapi.json");

export const readOpenApi = (): string => readFileSync(file, "utf8");

export const renewedOpenApi = (): string => `${JSON.stringify(openApiDocument(), null, 2)}\n`;

export const writeOpenApi = (): void => writeFileSync(file, renewedOpenApi());
