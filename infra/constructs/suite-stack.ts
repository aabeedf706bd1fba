import { type App, Stack } from "aws-cdk-lib";
import type { IConstruct } from "constructs";
import type { Settings } from "../settings.ts";

/** A stack that knows the settings of the deployment it belongs to. Its parts find it with `SuiteStack.of`. */
export class SuiteStack extends Stack {
  readonly settings: Settings;

  /** `id` is how `cdk deploy <id>` calls it; in AWS it is named for its stage, as `casebridge-dev-data`. */
  constructor(app: App, id: string, settings: Settings, description: string) {
    super(app, id, {
      stackName: `casebridge-${settings.stage}-${id.replace("Casebridge", "").toLowerCase()}`,
      description,
      env: { account: settings.account, region: settings.region },
      terminationProtection: settings.deletionProtection,
      tags: { application: "casebridge", stage: settings.stage },
    });
    this.settings = settings;
  }

  /** What a part is called in AWS. Names are spelled out, so that people find things and alarms need no exports. */
  nameOf(part: string): string {
    return `casebridge-${this.settings.stage}-${part}`;
  }

  static override of(part: IConstruct): SuiteStack {
    const stack = Stack.of(part);
    if (stack instanceof SuiteStack) return stack;
    throw new Error(`${part.node.path} is not in a SuiteStack.`);
  }
}
