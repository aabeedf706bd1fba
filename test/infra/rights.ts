import { at, type Json, listAt, type Resource, type Synthesis } from "./synthesize.ts";

export interface Right {
  role: string;
  actions: string[];
  resources: string[];
  statement: Json;
}

/** Everything a role is allowed, statement by statement. */
export function rightsOf({ all }: Synthesis): Right[] {
  return all("IAM::Policy").flatMap(({ properties }) =>
    listAt(properties, "Roles").flatMap((role) =>
      listAt(properties, "PolicyDocument", "Statement")
        .filter((statement) => at(statement, "Effect") === "Allow")
        .map((statement) => ({
          role: String(role),
          actions: listAt(statement, "Action").map(String),
          resources: listAt(statement, "Resource").map(String),
          statement,
        })),
    ),
  );
}

/** The short name of a function, as its folder has it. */
export const folderOf = ({ properties }: Resource) =>
  String(properties.FunctionName).replace(/^casebridge-[a-z0-9]+-/, "");

/** What a function may do. */
export function rightsOfFunction(synthesis: Synthesis, { properties }: Resource): Right[] {
  const role = String(properties.Role).replace(/\.Arn>$/, ">");
  return rightsOf(synthesis).filter((right) => right.role === role);
}

/** The reference to the thing that an ARN names: `<Stack/Id.Arn>/index/due` is of `<Stack/Id>`. */
export const thingOf = (arn: string) => arn.replace(/^<([^>.]+)(\.[^>]+)?>.*$/, "<$1>");
