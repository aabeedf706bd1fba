import { type App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { readSettings } from "./settings.ts";
import { CasesStack } from "./stacks/cases.ts";
import { DataStack } from "./stacks/data.ts";
import { IntakeStack } from "./stacks/intake.ts";
import { hasOperators, OperatorStack } from "./stacks/operator.ts";
import { WatchStack } from "./stacks/watch.ts";

/**
 * Adds all stacks to `app`, in the order of flow. Synthesis fails on any cdk-nag finding that is not excused.
 * @throws SettingInvalid with a sentence that says what to set.
 */
export function casebridge(app: App) {
  const settings = readSettings(app.node);
  const data = new DataStack(app, "CasebridgeData", settings);
  const intake = new IntakeStack(app, "CasebridgeIntake", settings, { data });
  const cases = new CasesStack(app, "CasebridgeCases", settings, { data, intake });
  const operator = hasOperators(settings)
    ? new OperatorStack(app, "CasebridgeOperator", settings, { data, intake })
    : undefined;
  const watch = new WatchStack(app, "CasebridgeWatch", settings, { data, intake, cases, operator });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { data, intake, cases, operator, watch };
}
