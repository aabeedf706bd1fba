import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { at, synthesize } from "./synthesize.ts";

const source = "aws.partner/shopify.com/1234567/casebridge";

describe("a deployment with Shopify's partner event source", () => {
  const { app, all } = synthesize({ shopifyEventSource: source });
  const [rule] = all("Events::Rule").filter(({ properties }) => JSON.stringify(properties).includes("shopifyWebhook"));
  const queueOf = (name: string) => all("SQS::Queue").find(({ properties }) => properties.QueueName === name);
  const queue = queueOf("casebridge-dev-notifications-shopify");

  it("has a bus of the source's name, which only the partner can fill, and takes Shopify's events from it", () => {
    const bus = all("Events::EventBus").find(({ properties }) => properties.EventSourceName === source);
    expect(bus?.properties.Name).toBe(source);
    expect(rule?.properties).toMatchObject({
      EventPattern: { source: [source], "detail-type": ["shopifyWebhook"] },
    });
    expect(String(rule?.properties.EventBusName)).toContain(String(bus?.id));
  });

  it("lets nobody but that rule write to the queue behind it, and keeps what does not get there", () => {
    const policies = all("SQS::QueuePolicy").filter(({ properties }) =>
      JSON.stringify(properties.Queues).includes(`<${queue?.id}>`),
    );
    const allowed = policies
      .flatMap(({ properties }) => at(properties, "PolicyDocument", "Statement") as { [name: string]: unknown }[])
      .filter(({ Effect }) => Effect === "Allow");
    expect(allowed).toMatchObject([
      {
        Action: expect.arrayContaining(["sqs:SendMessage"]),
        Principal: { Service: "events.amazonaws.com" },
        Condition: { ArnEquals: { "aws:SourceArn": `<${rule?.id}.Arn>` } },
      },
    ]);
    expect(JSON.stringify(rule?.properties.Targets)).toContain("DeadLetterConfig");
  });

  it("reads them with the code that reads every channel's queue", () => {
    const reader = all("Lambda::Function").find(
      ({ properties }) => properties.FunctionName === "casebridge-dev-receive-notification-shopify",
    );
    const environment = at(reader?.properties ?? {}, "Environment", "Variables");
    expect(environment).toMatchObject({ CHANNEL: "shopify", SHOP_NOTICES_QUEUE_URL: expect.any(String) });
    const fed = all("Lambda::EventSourceMapping").filter(
      ({ properties }) => properties.FunctionName === `<${reader?.id}>`,
    );
    expect(fed.map(({ properties }) => properties.EventSourceArn)).toEqual([`<${queue?.id}.Arn>`]);
  });

  it("leaves no finding of cdk-nag unexcused", () => {
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
  });
});

it("has none of it without the setting", () => {
  expect(JSON.stringify(synthesize().all("Events::Rule"))).not.toContain("shopifyWebhook");
});

it("stops at a name that is no partner source's", () => {
  expect(() => synthesize({ shopifyEventSource: "shopify" })).toThrow(/Set `-c shopifyEventSource=`/);
});
