import { AwsSolutionsChecks } from "cdk-nag";
import { buildSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { bundleOptions, entryOf } from "../../infra/bundling/bundle.ts";
import { SettingInvalid } from "../../infra/settings.ts";
import { regions, synthesize } from "./synthesize.ts";

describe.each(regions)("synthesis for %s", (region) => {
  it.each(["open", "fixed"])("leaves no finding of cdk-nag unexcused, with %s egress", (egress) => {
    const { app } = synthesize({ region, egress });
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
  });

  it("names no partition", () => {
    expect(synthesize({ region }).text).not.toMatch(/arn:aws|amazonaws\.com\.cn\/|\.console\.aws\.amazon/);
  });
});

describe("settings", () => {
  it("puts the stage into every name, so that two deployments fit in one account", () => {
    const { resources, text } = synthesize({ stage: "prod" });
    expect(text).not.toContain("casebridge-dev");
    for (const { properties } of resources) {
      for (const key of ["FunctionName", "QueueName", "AlarmName", "TopicName", "AliasName", "LogGroupName"]) {
        if (typeof properties[key] === "string") expect(properties[key]).toMatch(/prod/);
      }
    }
  });

  it("runs functions on the other processor where it is asked to", () => {
    const { all } = synthesize({ architecture: "x86_64" });
    for (const { properties } of all("Lambda::Function")) expect(properties.Architectures).toEqual(["x86_64"]);
  });

  it("gives up protection only when told so", () => {
    const { all } = synthesize({ deletionProtection: "false" });
    expect(all("DynamoDB::Table")[0]?.properties.DeletionProtectionEnabled).toBe(false);
  });

  it.each([
    ["stage", "Prod_1", /Set `-c stage=`/],
    ["region", "mars-1", /Set `-c region=`.*us-east-1.*mars-1/],
    ["account", "12", /Set `-c account=`/],
    ["alarmEmail", "ops", /Set `-c alarmEmail=`/],
    ["egress", "closed", /Set `-c egress=`/],
    ["architecture", "mips", /Set `-c architecture=`/],
    ["deletionProtection", "perhaps", /Set `-c deletionProtection=`/],
    ["webhooksPerSecond", "many", /Set `-c webhooksPerSecond=`/],
    ["webhooksPerSecond", "0", /Set `-c webhooksPerSecond=`/],
  ])("stops at %s=%s with a sentence that says what to set", (name, value, sentence) => {
    expect(() => synthesize({ [name]: value })).toThrow(SettingInvalid);
    expect(() => synthesize({ [name]: value })).toThrow(sentence);
  });
});

describe("bundles", () => {
  it("carry no way to credentials but the environment", () => {
    const { metafile } = buildSync({
      ...bundleOptions,
      entryPoints: [entryOf("receive-webhook")],
      outfile: "index.js",
      write: false,
      metafile: true,
    });
    const inputs = Object.keys(metafile.inputs);
    expect(
      inputs.filter((input) => /@aws-sdk\/(credential-provider|token-providers|nested-clients)/.test(input)),
    ).toEqual([]);
    expect(inputs).toContain("infra/bundling/environment-credentials.ts");
  });
});
