import { Duration } from "aws-cdk-lib";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import { Construct } from "constructs";
import { EventRules } from "../constructs/event-rule.ts";
import { excuseObjects } from "../constructs/excuse.ts";
import { SuiteFunction } from "../constructs/suite-function.ts";
import type { DataStack } from "./data.ts";

/** Files that cases show, into the bucket of evidence, and out of it when a case is redacted. */
export class CapturedEvidence extends Construct {
  constructor(scope: Construct, id: string, { data, bus }: { data: DataStack; bus: IEventBus }) {
    super(scope, id);
    const { table, evidence, outbound, channelEnvironment } = data;
    const worker = new SuiteFunction(this, "capture-evidence", {
      description: "Fetches the pictures and videos that a case shows, and erases them with the rest",
      timeout: Duration.minutes(4), // files of ten seconds each, one after the other
      memoryMiB: 1024, // several whole files at a time
      outbound,
      environment: { ...channelEnvironment, EVIDENCE_BUCKET: evidence.bucketName },
    });
    data.shopsServedBy(worker, { named: "by tenant" });
    table.usedBy(worker, ["GetItem", "PutItem", "Query"], { keys: ["cases"] });
    worker.may(["s3:PutObject", "s3:DeleteObject"], [evidence.arnForObjects("*")]);
    excuseObjects(worker.executionRole, evidence, "*", "Objects are named by tenant, case and file; none exists yet.");
    new EventRules(this, "capture-evidence", {
      bus,
      worker,
      rules: {
        CaseOpenedCapturesEvidence: { names: ["case.opened"] },
        EvidenceAmendedCapturesEvidence: { names: ["case.amended"], data: { fields: ["evidence"] } },
        CaseRedactedErasesEvidence: { names: ["case.redacted"] },
      },
    });
  }
}
