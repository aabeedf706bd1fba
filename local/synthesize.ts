import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * Writes the cloud assembly that would be deployed: templates and bundles. In a process of its own, because the CDK
 * should not live on in the one that runs the stack. @throws Error with the CDK app's own sentence.
 */
export async function synthesize(assemblyDir: string, context: Record<string, string> = {}): Promise<void> {
  // The schema check of the templates takes seconds and is part of `npm run synth`.
  const environment = {
    ...process.env,
    CDK_OUTDIR: assemblyDir,
    AWS_REGION: "us-east-1",
    CDK_DEFAULT_REGION: "",
    CDK_VALIDATION: "false",
    // As the CDK's own command line hands `-c name=value` to an app.
    CDK_CONTEXT_JSON: JSON.stringify(context),
  };
  try {
    await promisify(execFile)(process.execPath, ["infra/app.ts"], { env: environment, maxBuffer: 64 * 1024 * 1024 });
  } catch (fault) {
    const said = fault instanceof Error && "stderr" in fault ? String(fault.stderr).trim() : String(fault);
    throw new Error(`The stack could not be synthesized:\n${said.split("\n").slice(-20).join("\n")}`);
  }
}
