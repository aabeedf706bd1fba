import { S3Client } from "@aws-sdk/client-s3";
import { warehouseSchema } from "#shared/case/address-book.ts";
import { SuiteError } from "#shared/errors.ts";
import { createArchive } from "#shared/evidence/archive.ts";
import { faultFields, log } from "#shared/log.ts";
import { rejectedMessages } from "#shared/queue.ts";
import { returnText } from "#shared/texts/return-text.ts";
import { showShops } from "../../local/cli/show.ts";
import { hearLines } from "../builders/fakes.ts";
import { describeAttacks } from "./attacks.ts";

// What strangers wrote, where people and machines of ours read it.

/** Writes a value into the log: how many lines there are, what they hold of it, and what could steer a terminal. */
function logged(value: string): string {
  const lines: string[] = [];
  const spy = hearLines((text) => void lines.push(...text.split(/\r\n|[\r\n]/)));
  log.warn("said", { nick: value });
  spy.mockRestore();
  const isWhole = lines.length === 1 && JSON.parse(lines[0] ?? "").nick === value;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return `${lines.length} line, ${/[\u0000-\u001f]/.test(lines.join("")) ? "WITH" : "without"} control characters${isWhole ? "" : ", BROKEN"}`;
}

const warehouse = {
  ...{ addressId: "south", name: "South", street: ["18 Sample Road"], city: "Guangzhou", region: "CN-GD" },
  ...{ contact: { name: "Returns desk", phone: "+86 20 1234 5678" }, markets: ["CN"], languages: ["zh"] },
};
const parsed = warehouseSchema.parse(warehouse);
const told = (street: string) =>
  returnText(
    {
      ...{ packageMark: "RMA 7001", timeZone: "Asia/Shanghai", freightPayer: "merchant", insured: false },
      ...{ returnBy: undefined, warehouse: { ...parsed, street: [street] } },
    },
    "en",
  );

function shopNamed(name: string): string {
  const shop = { channel: "douyin", shopId: "1", name, mode: "observe", status: "connected", addresses: [] };
  const [, ...rows] = showShops({ shops: [{ ...shop, connectedAt: "2026-11-25T12:00:00.000Z" }] } as never).split("\n");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/.test(rows.join(""))
    ? "STEERS THE TERMINAL"
    : "shown as text";
}

const client = new S3Client({ region: "us-east-1", credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "s" } });
const archive = createArchive({ client, bucket: "evidence" });
const fileOf = (caseId: string, mediaType: string) =>
  ({
    tenantId: "acme",
    caseId,
    evidenceId: "0".repeat(32),
    mediaType,
    sha256: "0".repeat(64),
    status: "kept",
  }) as never;

describeAttacks("Logs, terminals, texts and links", "rendering", {
  "a log line is one line": [
    { what: "a line end and a line of its own", value: 'lin"}\r\n{"level":"error","message":"all lost"}' },
    { what: "colours and a cursor that moves up", value: "\u001b[31m\u001b[1A\u001b[2K" },
    { what: "a zero byte", value: "a\u0000b" },
    { what: "a backspace over what stands before", value: "admin\b\b\b\b\b" },
  ].map(({ what, value }) => ({
    attack: `a nick with ${what}`,
    answer: "1 line, without control characters",
    run: () => logged(value),
  })),
  "an error of others is logged without its text": [
    {
      attack: "an error that quotes a buyer and a token",
      answer: "errorName, errorAt",
      run: () => {
        const fields = faultFields(new TypeError("Canary Erika, token canary"));
        return `${Object.keys(fields).join(", ")}${JSON.stringify(fields).includes("anary") ? ", LEAKS" : ""}`;
      },
    },
  ],
  "the cause of an error is not logged": [
    {
      attack: "an error of ours whose cause quotes a buyer",
      answer: "errorCode, errorMessage",
      run: () => {
        const cause = new Error("Canary Erika");
        const fields = faultFields(new SuiteError("payload_invalid", "not JSON", { cause }));
        return `${Object.keys(fields).join(", ")}${JSON.stringify(fields).includes("anary") ? ", LEAKS" : ""}`;
      },
    },
  ],
  "a terminal shows text": [
    { what: "that clears the screen", value: "\u001b[2J\u001b[H" },
    { what: "that hides a command behind a title", value: "\u001b]0;rm -rf /\u0007" },
    { what: "of the one-byte escape", value: "\u009b31m" },
    { what: "that turns the line around", value: "shop\u202e001-" },
    { what: "of letters that nobody sees", value: "a\u200bb" },
  ].map(({ what, value }) => ({
    attack: `a shop with a name ${what}`,
    answer: "shown as text",
    run: () => shopNamed(value),
  })),
  "a text for buyers keeps its direction": [
    {
      attack: "a street that turns the line around",
      answer: "without direction marks",
      run: () =>
        /\p{Bidi_Control}/u.test(told("\u202eRoad 1\u202c")) ? "WITH DIRECTION MARKS" : "without direction marks",
    },
  ],
  "a warehouse can be printed on a parcel": ["Road\n1", "Road\u001b[2J", "\u202edaoR", "Road\u200b1"].map((street) => ({
    attack: `a warehouse in ${JSON.stringify(street)}`,
    answer: "refused",
    run: () => (warehouseSchema.safeParse({ ...warehouse, street: [street] }).success ? "TAKEN" : "refused"),
  })),
  "a name of a file ends where it should": [
    {
      attack: "a type that ends the header and begins another",
      answer: 'attachment; filename="00000000000000000000000000000000.pngxsetcookiea"',
      run: async () => {
        const link = await archive.link(fileOf("douyin:1:2", 'image/png"\r\nx-set-cookie: a'), 60);
        return String(new URL(link).searchParams.get("response-content-disposition"));
      },
    },
  ],
  "a file stands under its tenant and nowhere else": [
    {
      attack: "a case whose id climbs to another tenant",
      answer: "acme, and two names of letters and digits",
      run: async () => {
        const link = await archive.link(fileOf("douyin:1:../../rival", "image/png"), 60);
        const parts = new URL(link).pathname.split("/").slice(1);
        const isPlain = parts.length === 3 && parts.slice(1).every((each) => /^[0-9a-f]{32}$/.test(each));
        return `${parts[0]}, and ${isPlain ? "two names of letters and digits" : parts.slice(1).join("/")}`;
      },
    },
  ],
  "a bad record can be set aside": [
    {
      attack: "a record with a letter that queues refuse",
      answer: "1 message that a queue takes",
      run: () => {
        const messages = rejectedMessages({
          channel: "douyin",
          from: "push",
          why: "no tag",
          record: "a\ufffeb\uffffc",
        });
        const isTaken = messages.every(({ body }) => !/[\ufffe\uffff]/.test(body));
        return `${messages.length} message that a queue ${isTaken ? "takes" : "REFUSES"}`;
      },
    },
  ],
});
