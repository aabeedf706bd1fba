import { expect, it } from "vitest";
import { type Condition, holds } from "./condition.ts";

const context = new Map<string, readonly string[]>([
  ["events:source", ["casebridge.cases"]],
  ["aws:securetransport", ["true"]],
  ["s3:tlsversion", ["1.2"]],
  ["aws:sourcearn", ["arn:aws-cn:events:cn-north-1:111122223333:rule/bus/Rule"]],
  ["dynamodb:leadingkeys", ["T#acme#C#douyin:1:2", "T#acme#R#6921"]],
  ["kms:encryptioncontextkeys", ["tenantId", "channel", "shopId"]],
  ["kms:encryptioncontext:tenantid", ["acme"]],
  ["nothing", []],
]);

it.each<[operator: string, key: string, wanted: string[], expected: boolean]>([
  ["StringEquals", "events:source", ["other", "casebridge.cases"], true],
  ["StringEquals", "events:source", ["Casebridge.Cases"], false],
  ["StringEquals", "Events:SOURCE", ["casebridge.cases"], true],
  ["StringEquals", "absent", ["x"], false],
  ["StringEqualsIfExists", "absent", ["x"], true],
  ["StringEqualsIfExists", "events:source", ["x"], false],
  ["StringEqualsIgnoreCase", "events:source", ["Casebridge.Cases"], true],
  ["StringNotEquals", "events:source", ["casebridge.cases"], false],
  ["StringNotEquals", "absent", ["x"], true],
  ["StringLike", "events:source", ["casebridge.*"], true],
  ["StringNotLike", "events:source", ["aws.*"], true],
  ["Bool", "aws:SecureTransport", ["false"], false],
  ["Bool", "aws:SecureTransport", ["true"], true],
  ["NumericLessThan", "s3:TlsVersion", ["1.2"], false],
  ["NumericLessThan", "s3:TlsVersion", ["1.3"], true],
  ["NumericGreaterThanEquals", "s3:TlsVersion", ["1.2"], true],
  ["ArnEquals", "aws:SourceArn", ["arn:aws-cn:events:cn-north-1:111122223333:rule/bus/Rule"], true],
  ["ArnLike", "aws:SourceArn", ["arn:*:events:*:111122223333:rule/*"], true],
  ["ArnLike", "aws:SourceArn", ["arn:aws:events:*:111122223333:rule/*"], false],
  ["ArnNotEquals", "aws:SourceArn", ["arn:aws-cn:events:cn-north-1:111122223333:rule/bus/Other"], true],
  ["Null", "kms:EncryptionContext:tenantId", ["false"], true],
  ["Null", "kms:EncryptionContext:shopId", ["false"], false],
  ["Null", "kms:EncryptionContext:shopId", ["true"], true],
  ["ForAllValues:StringLike", "dynamodb:LeadingKeys", ["T#*#C#*", "T#*#R#*"], true],
  ["ForAllValues:StringLike", "dynamodb:LeadingKeys", ["T#*#C#*"], false],
  ["ForAnyValue:StringLike", "dynamodb:LeadingKeys", ["T#*#C#*"], true],
  ["ForAnyValue:StringLike", "dynamodb:LeadingKeys", ["SHOP#*"], false],
  // True of nothing, which is why policies that use it must also demand that the key is there.
  ["ForAllValues:StringLike", "absent", ["x"], true],
  ["ForAllValues:StringLike", "nothing", ["x"], true],
  ["ForAnyValue:StringLike", "absent", ["x"], false],
  ["ForAllValues:StringEquals", "kms:EncryptionContextKeys", ["tenantId", "channel", "shopId"], true],
  ["ForAllValues:StringEquals", "kms:EncryptionContextKeys", ["tenantId", "channel"], false],
  ["ForAllValues:StringNotEquals", "kms:EncryptionContextKeys", ["secret"], true],
])("judges %s of %s against %j as %s", (operator, key, wanted, expected) => {
  expect(holds({ operator, key, wanted } satisfies Condition, context)).toBe(expected);
});
