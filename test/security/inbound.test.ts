import { describeAttacks } from "./attacks.ts";
import { comparisonsIn } from "./comparisons.ts";
import { another, eventWith, type Given, longest, refused, startsAt, useInbound } from "./inbound-door.ts";

const { post, tell, resigned } = useInbound();
const unsigned = refused(401, "not_signed");
const ofTime = (timestamp: string) => () => tell(eventWith(), { signed: { timestamp } });
const claiming = (headers: Given["headers"]) => () => tell(eventWith(), { headers });
const withData = (data: object) => () => tell(eventWith(data));

describeAttacks("Merchants' own systems: who reports", "inbound", {
  "a report is signed with a key of its tenant": [
    {
      attack: "signed with a made-up secret",
      answer: unsigned,
      run: () => tell(eventWith(), { keyId: "nobody's", headers: { "x-aftersale-key-id": "k1" } }),
    },
    {
      attack: "signed with Rival's key under the name of Acme's",
      answer: unsigned,
      run: () => tell(eventWith(), { keyId: "r1", headers: { "x-aftersale-key-id": "k1" } }),
    },
    {
      attack: "signed with Rival's key and no name",
      answer: unsigned,
      run: () => tell(eventWith(), { keyId: "r1", headers: { "x-aftersale-key-id": undefined } }),
    },
    {
      attack: "another body than was signed",
      answer: unsigned,
      run: () => tell(eventWith(), { signed: { body: Buffer.from(JSON.stringify(eventWith({ result: "damaged" }))) } }),
    },
    {
      attack: "a space more than was signed",
      answer: unsigned,
      run: () =>
        tell(Buffer.from(`${JSON.stringify(eventWith())} `), {
          signed: { body: Buffer.from(JSON.stringify(eventWith())) },
        }),
    },
    {
      attack: "another time than was signed",
      answer: unsigned,
      run: claiming({ "x-aftersale-timestamp": String(startsAt / 1000 - 1) }),
    },
    {
      attack: "a signature of zeros",
      answer: unsigned,
      run: claiming({ "x-aftersale-signature": `v1=${"0".repeat(64)}` }),
    },
  ],
  "keys belong to one tenant": [
    {
      attack: "Rival's report to Acme's address, signed with Rival's key",
      answer: unsigned,
      run: () => tell(eventWith(), { keyId: "r1" }),
    },
  ],
  "a key is taken by its name": [
    {
      attack: "Acme's key under the name of one that is gone",
      answer: unsigned,
      run: claiming({ "x-aftersale-key-id": "k0" }),
    },
    {
      attack: "two names of keys, as a gateway joins them",
      answer: unsigned,
      run: claiming({ "x-aftersale-key-id": "k1,k1" }),
    },
  ],
  "two keys are live at most": [
    {
      attack: "a key that two others have replaced",
      answer: unsigned,
      run: () => tell(eventWith(), { tenant: "turning" }),
    },
  ],
  "no key is empty": [
    {
      attack: "signed with an empty secret, to a tenant whose key is empty",
      answer: "500, 0 queued",
      run: () => tell(eventWith(), { tenant: "careless", keyId: "empty" }),
    },
  ],
  "a signature has one form": [
    { attack: "no signature", answer: unsigned, run: claiming({ "x-aftersale-signature": undefined }) },
    { attack: "the right signature without its version", answer: unsigned, run: () => resigned((hex) => hex) },
    { attack: "the right signature in another version", answer: unsigned, run: () => resigned((hex) => `v2=${hex}`) },
    {
      attack: "the right signature in capitals",
      answer: unsigned,
      run: () => resigned((hex) => `v1=${hex.toUpperCase()}`),
    },
    {
      attack: "the right signature with digits behind it",
      answer: unsigned,
      run: () => resigned((hex) => `v1=${hex}00`),
    },
  ],
  "few signatures are tried": [
    {
      attack: "the right signature as the thousandth",
      answer: unsigned,
      run: () => resigned((hex) => `${`v1=${"0".repeat(64)},`.repeat(999)}v1=${hex}`),
    },
  ],
  "a report is of now": [
    { attack: "five minutes and a second old", answer: unsigned, run: ofTime(String(startsAt / 1000 - 301)) },
    { attack: "five minutes and a second ahead", answer: unsigned, run: ofTime(String(startsAt / 1000 + 301)) },
    {
      attack: "a captured report, sent again after six minutes",
      answer: unsigned,
      run: () => tell(eventWith(), { atMs: startsAt + 360_000 }),
    },
  ],
  "a time is whole seconds": [
    "",
    "NaN",
    "1.7956098e9",
    "-1795609800",
    "1795609800,1795609800",
    String(startsAt),
    "0x6b06d948",
    " 1795609800",
  ].map((timestamp) => ({
    attack: `of the time \`${timestamp}\`, and signed`,
    answer: unsigned,
    run: ofTime(timestamp),
  })),
  "a report counts once": [
    {
      attack: "a captured report, sent again at once",
      answer: "202, 1 queued, then 200, 0 queued",
      run: async () => {
        const report = eventWith();
        return `${await tell(report)}, then ${await tell(report)}`;
      },
    },
  ],
  "a report that came twice is told from another tenant's": [
    {
      attack: "two tenants whose long names end alike report events of the same long name",
      answer: "two names in the queue",
      run: async () => {
        const report = eventWith({ case_id: "douyin:5500001:8001" }, { event_id: "e".repeat(64) });
        const names: unknown[] = [];
        for (const tenant of [longest, another])
          names.push(...(await post(report, { tenant, keyId: "r1" })).queued.map((each) => each.deduplicationId));
        return new Set(names).size === 2 ? "two names in the queue" : "ONE NAME: the queue would drop the second";
      },
    },
  ],
  "a case is looked up under its tenant": [
    {
      attack: "report on Rival's case",
      answer: refused(404, "case_unknown"),
      run: withData({ case_id: "douyin:5500001:8001" }),
    },
    {
      attack: "report on Rival's parcel",
      answer: refused(404, "case_unknown"),
      run: withData({ case_id: undefined, tracking_number: "SFRIVAL" }),
    },
  ],
  "who guesses tenants learns nothing": [
    {
      attack: "compare the answers to a tenant that is there, one that is not, and one that cannot be",
      answer: "401 three times the same",
      run: async () => {
        const answers = [];
        for (const tenant of ["acme", "nobody", "a#b"])
          answers.push(await post(eventWith(), { tenant, keyId: "nobody's" }));
        const same = new Set(answers.map(({ status, text }) => `${status} ${text}`)).size === 1;
        return `${answers[0]?.status} three times ${same ? "the same" : "NOT THE SAME"}`;
      },
    },
  ],
  "signatures are compared in constant time": [
    {
      attack: "the time of comparing measured with a wrong first digit and a wrong last digit",
      answer: "32 with 32, 32 with 32",
      run: async () => {
        const seen = await comparisonsIn(async () => {
          await resigned((hex) => `v1=${hex[0] === "0" ? "1" : "0"}${hex.slice(1)}`);
          await resigned((hex) => `v1=${hex.slice(0, -1)}${hex.at(-1) === "0" ? "1" : "0"}`);
        });
        return seen.join(", ");
      },
    },
  ],
});
