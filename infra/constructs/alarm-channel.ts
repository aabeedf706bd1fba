import { CfnOutput } from "aws-cdk-lib";
import {
  Alarm,
  type AlarmBase,
  type AlarmProps,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarmRule,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import { SuiteKey } from "./suite-key.ts";
import { SuiteStack } from "./suite-stack.ts";

export interface Advice {
  /** One sentence: what the person who is woken does. */
  doThis: string;
  /** Name of its page in docs/runbooks. */
  runbook: string;
}

export interface Watched extends Advice, Pick<AlarmProps, "metric" | "threshold"> {
  /** How many periods in a row it must be so; 1 when left out. */
  periods?: number;
  /** It wakes nobody itself, because an alarm above it does. */
  quiet?: boolean;
}

/** Where alarms are raised and whom they reach. Encrypted, and only CloudWatch of this account may speak in it. */
export class AlarmChannel extends Construct {
  readonly alarms: (Alarm | CompositeAlarm)[] = [];
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
  raise(name: string, watched: Watched): Alarm {
    return this.#raise(name, watched, {
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /** Raises an alarm while the metric is below `threshold` or silent, for what must be heard of all the time. */
  raiseSilence(name: string, watched: Watched): Alarm {
    return this.#raise(name, watched, {
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  /** Raises an alarm over others. */
  combine(name: string, { rule, ...advice }: Advice & { rule: IAlarmRule }): CompositeAlarm {
    const compositeAlarmName = SuiteStack.of(this).nameOf(name);
    const alarm = new CompositeAlarm(this, name, {
      compositeAlarmName,
      alarmDescription: this.#describe(advice),
      alarmRule: rule,
    });
    this.alarms.push(alarm);
    return this.#tell(alarm);
  }

  #raise(
    name: string,
    { doThis, runbook, quiet = false, periods = 1, ...watched }: Watched,
    when: Pick<AlarmProps, "comparisonOperator" | "treatMissingData">,
  ): Alarm {
    const alarm = new Alarm(this, name, {
      ...watched,
      ...when,
      alarmName: SuiteStack.of(this).nameOf(name),
      alarmDescription: this.#describe({ doThis, runbook }),
      evaluationPeriods: periods,
    });
    this.alarms.push(alarm);
    return quiet ? alarm : this.#tell(alarm);
  }

  #tell<A extends AlarmBase>(alarm: A): A {
    alarm.addAlarmAction(this.#action);
    alarm.addOkAction(this.#action);
    return alarm;
  }

  #describe({ doThis, runbook }: Advice): string {
    const base = SuiteStack.of(this).settings.runbookBaseUrl ?? "docs/runbooks";
    return `${doThis} Runbook: ${base.replace(/\/$/, "")}/${runbook}.md`;
  }
}

/** Part of the rule of a combined alarm: holds while this one is in alarm. */
export const inAlarm = (alarm: Alarm): IAlarmRule => AlarmRule.fromAlarm(alarm, AlarmState.ALARM);
