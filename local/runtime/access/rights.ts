import { account } from "../assembly/identity.ts";
import type { Resource } from "../assembly/resolve-template.ts";
import { type AwsCall, AwsFault } from "../gateway/aws-call.ts";
import { type AskedFor, askedIn, withSeal } from "./asked-of-others.ts";
import { type AllowedCall, createCallBook } from "./call-book.ts";
import type { Context } from "./condition.ts";
import { decide } from "./decide.ts";
import { partitionsOf } from "./grants.ts";
import { functionsOf, holderNames } from "./holders.ts";
import { readPolicies } from "./policies.ts";
import type { Principal, Statement } from "./statement.ts";
import { createThings } from "./things.ts";

export interface Refusal {
  /** Whoever asked: a function, a role, or a service of AWS. */
  who: string;
  action: string;
  resource: string;
  times: number;
}

/** Who may do what, by the policies of the template. */
export interface Rights {
  /**
   * Refuses a function's call as AWS would. Whoever is no function of the template is the operator and may do everything,
   * and so may a function without a role, which only the runtime's own tests have: CloudFormation refuses one.
   * @throws AwsFault `AccessDeniedException`, by the name its service gives it
   */
  authorize(call: AwsCall): void;
  /** Whether AWS may do something in the name of a function (by its ARN) or a role. */
  mayInNameOf(functionOrRoleArn: string, action: string, resource: string): boolean;
  /** Whether a service may do something for `sourceArn`, by the policy of the thing itself. */
  mayService(service: string, action: string, resource: string, sourceArn: string): boolean;
  /** What roles were allowed since the start, one call of each kind. */
  allowed(): AllowedCall[];
  /** What was refused since the start. */
  refusals(): Refusal[];
}

interface Holder {
  name: string;
  principal: Principal;
  identity: readonly Statement[];
}

export function createRights(resources: readonly Resource[], region: string): Rights {
  const policies = readPolicies(resources);
  const things = createThings(resources);
  const functions = functionsOf(resources);
  const nameOf = holderNames(resources);

  const holders = new Map<string, Holder>(); // by the ARN of the role
  for (const [arn, { name, statements: identity }] of policies.roles) {
    holders.set(arn, { name: nameOf(arn) ?? name, principal: { kind: "role", arn }, identity });
  }
  const patterns = [...holders.values()].flatMap(({ identity }) => identity.flatMap(partitionsOf));
  const book = createCallBook([...new Set(patterns)]);
  const byCaller = new Map<string, Holder>(); // by a function's name and ARN, and by a role's ARN
  for (const { ref, arn, roleArn } of functions) {
    const holder = holders.get(roleArn ?? "");
    if (!holder) continue;
    byCaller.set(ref, holder);
    byCaller.set(arn, holder);
  }
  for (const [arn, holder] of holders) byCaller.set(arn, holder);

  const refused = new Map<string, Refusal>();
  const refuse = (who: string, { action, resource }: AskedFor) => {
    const line = `${who} ${action} ${resource}`;
    const known = refused.get(line);
    if (known) known.times++;
    else refused.set(line, { who, action, resource, times: 1 });
  };

  /** Why not, or undefined when the holder may. */
  const judge = ({ name, principal, identity }: Holder, asked: AskedFor, more: Record<string, string> = {}) => {
    const { action, resource } = asked;
    const context = contextOf(principal, region, asked, more);
    const request = { principal, action, resource, context };
    const decision = decide(request, { identity, resource: policies.on(resource) });
    if (!decision.allowed) {
      refuse(name, asked);
      return decision.why;
    }
    book.add(name, request);
    return undefined;
  };

  return {
    authorize(call) {
      const holder = byCaller.get(call.caller);
      if (!holder) return;
      for (const asked of read(call)) {
        const why = judge(holder, asked);
        if (why === undefined) continue;
        const [code, status] = refusalForms[call.service] ?? ["AccessDeniedException", 400];
        const role = holder.principal.kind === "role" ? holder.principal.arn.split("/").at(-1) : "";
        const user = `arn:aws:sts::${account}:assumed-role/${role}/${call.caller}`;
        const what = `is not authorized to perform: ${asked.action} on resource: ${asked.resource}`;
        throw new AwsFault(code, `User: ${user} ${what} ${why}`, status);
      }
    },
    mayInNameOf(arn, action, resource) {
      const holder = byCaller.get(arn);
      if (!holder) return true;
      const { sealedBy } = things.bucket(resource.split(":::").at(-1)?.split("/")[0] ?? "");
      const asked = withSeal(
        { action, resource, sealedBy: action === "s3:PutObject" ? sealedBy : undefined },
        "s3",
        "GenerateDataKey",
      );
      return asked.every((each) => judge(holder, each) === undefined);
    },
    mayService(service, action, resource, sourceArn) {
      const holder: Holder = { name: service, principal: { kind: "service", name: service }, identity: [] };
      const more = { "aws:SourceArn": sourceArn, "aws:SourceAccount": account };
      return judge(holder, { action, resource }, more) === undefined;
    },
    allowed: () => book.list(),
    refusals: () => [...refused.values()].map((each) => ({ ...each })),
  };

  function read(call: AwsCall): AskedFor[] {
    try {
      return askedIn(call, things);
    } catch (error) {
      throw new AwsFault("ValidationException", error instanceof Error ? error.message : String(error));
    }
  }
}

/** How services that are not of the JSON family say it. */
const refusalForms: Record<string, [code: string, status: number]> = {
  s3: ["AccessDenied", 403],
  sqs: ["AccessDenied", 403],
  sns: ["AuthorizationError", 403],
};

function contextOf(principal: Principal, region: string, asked: AskedFor, more: Record<string, string>): Context {
  const context = new Map<string, readonly string[]>([
    ["aws:requestedregion", [region]],
    // Calls travel in the clear between threads of one machine; in the cloud the clients speak TLS 1.2 or later.
    ["aws:securetransport", ["true"]],
    ["s3:tlsversion", ["1.3"]],
    ["kms:calleraccount", [account]],
  ]);
  if (principal.kind === "role") {
    context.set("aws:principalarn", [principal.arn]);
    context.set("aws:principalaccount", [account]);
  }
  if (asked.leadingKeys) context.set("dynamodb:leadingkeys", asked.leadingKeys);
  if (asked.viaService) context.set("kms:viaservice", [`${asked.viaService}.${region}.amazonaws.com`]);
  for (const [key, value] of Object.entries({ ...asked.context, ...more })) {
    context.set(key.toLowerCase(), typeof value === "string" ? [value] : value);
  }
  return context;
}
