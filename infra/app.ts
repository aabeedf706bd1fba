import { App } from "aws-cdk-lib";
import { casebridge } from "./casebridge.ts";
import { featureFlags } from "./feature-flags.ts";
import { SettingInvalid } from "./settings.ts";

// The CDK command line runs this file. Without it, `CDK_OUTDIR=<folder> node infra/app.ts` writes the same cloud
// assembly: templates, and one folder `asset.<hash>` per function with its bundle in `index.js`.
process.env.JSII_DEPRECATED ??= "quiet"; // cdk-nag reads a property that the CDK has deprecated, and would say so each time
try {
  const app = new App({ context: featureFlags, analyticsReporting: false });
  casebridge(app);
  app.synth();
} catch (fault) {
  if (!(fault instanceof SettingInvalid)) throw fault;
  console.error(fault.message);
  process.exitCode = 1;
}
