import { type Defences, off } from "./defence.ts";

const suite = "rendering";
const log = "shared/log.ts";
const archive = "shared/evidence/archive.ts";

export const renderingDefences: Defences = {
  "a log line is one line": off(
    suite,
    log,
    "print(JSON.stringify({ level, message, ...fields, ",
    'print(`{"level":"warn","nick":"` + Object.values(fields).join() + `"}`);\n  void (({ level, message, ',
  ),
  "an error of others is logged without its text": off(
    suite,
    log,
    "return { errorName: fault.name,",
    "return { errorName: fault.message,",
  ),
  "the cause of an error is not logged": off(
    suite,
    log,
    "errorMessage: fault.message, ...",
    "errorMessage: String(fault.cause), ...",
  ),
  "a terminal shows text": off(suite, "local/cli/show.ts", "table.push(row.map(harmless));", "table.push([...row]);"),
  "a text for buyers keeps its direction": off(
    suite,
    "shared/texts/return-text.ts",
    'text.replace(/\\p{Bidi_Control}/gu, "")',
    "text",
  ),
  "a warehouse can be printed on a parcel": off(
    suite,
    "shared/case/address-book.ts",
    "!/[\\p{Cc}\\p{Cf}]/u.test(text)",
    "text.length > 0",
  ),
  "a name of a file ends where it should": off(suite, archive, '?.replace(/\\W/g, "")', ""),
  "a file stands under its tenant and nowhere else": off(
    suite,
    archive,
    'createHash("sha256").update(caseId).digest("hex").slice(0, 32)',
    'createHash("sha256") && caseId',
  ),
  "a bad record can be set aside": off(
    suite,
    "shared/queue.ts",
    "body: onlyWhatQueuesTake(JSON.stringify(whole))",
    "body: JSON.stringify(whole)",
  ),
};
