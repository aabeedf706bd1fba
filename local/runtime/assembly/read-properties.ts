import * as z from "zod";
import type { Resource } from "./resolve-template.ts";

/** CloudFormation writes numbers and booleans as text where it likes to. */
export const number = z.coerce.number();
export const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);
export const json = z.json();

/** The properties a component needs, checked; what it does not know is left out. Throws with the resource's name. */
export function readProperties<T>(resource: Resource, schema: z.ZodType<T>): T {
  const result = schema.safeParse(resource.properties);
  if (result.success) return result.data;
  throw new Error(
    `${resource.stack}/${resource.logicalId} (${resource.type}) has properties the local runtime cannot run: ` +
      z.prettifyError(result.error),
  );
}

export function ofType(resources: readonly Resource[], ...types: string[]): Resource[] {
  return resources.filter(({ type }) => types.includes(type));
}
