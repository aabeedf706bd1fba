import { CfnOutput } from "aws-cdk-lib";
import { Alarm, type AlarmProps, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import { SuiteKey } from "./suite-key.ts";
import { SuiteStack } from "./suite-stack.ts";

export interface Watched extends Pick<AlarmProps, "metric" | "threshold"> {
  /** One sentence: what the person who is woken does. */
  doThis: string;
  /** How many minutes in a row it must be so; 1 when left out. */
  minutes?: number;
}

/** Where alarms are raised and whom they reach. Encrypted, and only CloudWatch of this account may speak in it. */
export class AlarmChannel extends Construct {
  readonly alarms: Alarm[] = [];
  readonly #action: SnsAction;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = SuiteStack.of(this);
    const key = new SuiteKey(this, "Key", { name: "alarms", description: "Casebridge's alarm messages on their way" });
    const cloudWatch = new ServicePrincipal("cloudwatch.amazonaws.com", {
      conditions: { StringEquals: { "aws:SourceAccount": stack.account } },
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlarmsThroughTopic",
        principals: [cloudWatch],
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: ["*"],
      }),
    );
    const topic = new Topic(this, "Topic", {
      topicName: stack.nameOf("alarms"),
      displayName: `Casebridge ${stack.settings.stage}`,
      masterKey: key,
      enforceSSL: true,
    });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlarmsOfThisAccount",
        principals: [cloudWatch],
        actions: ["sns:Publish"],
        resources: [topic.topicArn],
      }),
    );
    const { alarmEmail } = stack.settings;
    if (alarmEmail) topic.addSubscription(new EmailSubscription(alarmEmail));
    this.#action = new SnsAction(topic);
    new CfnOutput(this, "TopicArn", { value: topic.topicArn, description: "Subscribe here to hear alarms" });
  }

  /**
   * Raises an alarm named `name` while the metric is above `threshold`. A metric without data is good news: our counters
   * and AWS's are silent while nothing happens.
   */
  raise(name: string, { doThis, minutes = 1, ...watched }: Watched): Alarm {
    const stack = SuiteStack.of(this);
    const alarm = new Alarm(this, name, {
      ...watched,
      alarmName: stack.nameOf(name),
      alarmDescription: doThis,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: minutes,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(this.#action);
    alarm.addOkAction(this.#action);
    this.alarms.push(alarm);
    return alarm;
  }
}
