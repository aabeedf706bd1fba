import { globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

interface Room {
  /** Files of the room: `*` stands for one folder. The first room that fits a file is its room. */
  files: string;
  /** What it may import: files, folders, packages. `.` is the room's own folder, with the `*` of `files` filled in. */
  may: readonly string[];
  /** What its text must not hold, with the reason. */
  never?: Readonly<Record<string, RegExp>>;
}

const pure = {
  "what it needs of the world is handed in": /\bprocess\.env\b|\bfetch\(|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/,
};
const values = ["zod", "shared/case/", "shared/errors.ts"];

/** Who may import whom; docs/architecture.md says why. */
const rooms: readonly Room[] = [
  { files: "shared/case", may: [".", "zod"], never: pure },
  { files: "shared/events", may: [".", "zod", "shared/case/"], never: pure },
  // What buyers read, in their languages.
  { files: "shared/texts", may: [".", "shared/case/", "intl-messageformat"], never: pure },
  { files: "shared/store", may: [".", ...values, "@aws-sdk/", "p-retry", "node:crypto", "node:util", "node:zlib"] },
  { files: "shared/bus", may: [".", "shared/events/", "shared/errors.ts", "@aws-sdk/"] },
  { files: "shared/lambda", may: ["shared/", "zod", "@middy/core", "aws-lambda", "@aws-sdk/client-sqs"] },
  // The operator API as data: its routes and forms. The stack, the function and a console read it.
  { files: "shared/api", may: [".", "zod", "shared/case/"], never: pure },
  // The only place that knows a holiday library; everybody else counts by plain data.
  { files: "shared/calendars", may: [".", "zod", "shared/case/", "date-holidays"], never: pure },
  // Files that others name: fetched without being led astray, kept, shown by links that end.
  {
    files: "shared/evidence",
    may: [".", "shared/case/", "shared/errors.ts", "@aws-sdk/", "node:", "ipaddr.js", "file-type"],
  },
  { files: "shared", may: ["shared/case/", "shared/", "@aws-sdk/", "node:crypto"] },
  {
    files: "connectors/session",
    may: [".", "connectors/registry.ts", "connectors/contract.ts", "shared/", "@aws-sdk/"],
  },
  {
    files: "connectors/kit",
    may: [
      ...[".", "shared/case/", "shared/errors.ts", "shared/json.ts", "shared/evidence/public-address.ts"],
      "node:crypto",
    ],
    never: pure,
  },
  {
    files: "connectors/*",
    may: [
      ...[".", "connectors/contract.ts", "connectors/kit/", ...values, "shared/json.ts", "node:crypto", "node:zlib"],
      // For channels that answer in files.
      ...["fast-xml-parser", "csv-parse", "node:stream"],
    ],
    never: pure,
  },
  // contract.ts, registry.ts, push.ts
  { files: "connectors", may: ["connectors/", ...values], never: { ...pure, "it is loaded by all": /@aws-sdk/ } },
  {
    files: "functions/*",
    may: [
      ".",
      "shared/",
      "connectors/registry.ts",
      "connectors/push.ts",
      "connectors/contract.ts",
      "connectors/session/",
      ...["zod", "@aws-sdk/", "aws-lambda", "node:crypto"],
    ],
  },
  {
    files: "infra",
    may: [
      ...[".", "shared/case/", "shared/events/", "shared/api/", "shared/metrics.ts"],
      ...["aws-cdk-lib", "constructs", "cdk-nag", "esbuild", "zod", "node:"],
    ],
  },
  // A simulator shares nothing with the connector it tests, nor with another simulator.
  { files: "local/marketplaces/kit", may: [".", "local/marketplaces/contract.ts", "local/clock.ts", "node:"] },
  {
    files: "local/marketplaces/*",
    may: [
      ".",
      "local/marketplaces/contract.ts",
      "local/marketplaces/kit/",
      "local/clock.ts",
      "node:",
      "graphql",
      "zod",
    ],
  },
  // The runtime runs any assembly: it knows neither our functions nor our model.
  {
    files: "local/runtime",
    may: [".", "local/clock.ts", "local/clock-date.ts", "node:", "@aws-sdk/", "fauxqs", "esbuild", "zod"],
  },
  {
    files: "local",
    may: [
      ".",
      "shared/api/",
      "shared/case/",
      "shared/store/",
      ...["shared/lanes.ts", "shared/metrics.ts", "shared/queue.ts"],
      "node:",
      ...["@aws-sdk/client-dynamodb", "@aws-sdk/client-lambda", "@aws-sdk/client-s3", "@aws-sdk/client-sqs"],
      "cli-table3",
      "jose",
      "zod",
    ],
  },
];

/** Tests, their fixtures and what helps them may also use `test/` and test libraries. */
const isForTests = (file: string) => /\.test\.ts$|\/fixtures\/|\/test(ing|-[a-z-]+)\.ts$|\.d\.ts$/.test(file);
const slashes = (path: string) => path.replaceAll("\\", "/");
const files = globSync("{shared,connectors,functions,infra,local}/**/*.ts", { cwd: root })
  .map(slashes)
  .filter((file) => !isForTests(file));
const textOf = (file: string) => readFileSync(join(root, file), "utf8");

function roomOf(file: string): { room: Room; own: string } | undefined {
  for (const room of rooms) {
    const own = new RegExp(`^${room.files.replaceAll("*", "[^/]+")}/`).exec(file)?.[0];
    if (own) return { room, own };
  }
  return undefined;
}

const inside = (place: string) => (/[/:]$/.test(place) ? place : `${place}/`);

function importsOf(file: string): string[] {
  const specifiers = textOf(file).matchAll(
    /(?:^(?:import|export)\b[^;"]*?from\s*|^import\s*|\bimport\(\s*)"([^"]+)"/gm,
  );
  return [...specifiers].map(([, specifier = ""]) => {
    if (specifier.startsWith(".")) return slashes(join(file, "..", specifier));
    return specifier.replace(/^#(shared|connectors)\//, "$1/");
  });
}

describe("the rooms", () => {
  it("are seen by this test", () => {
    expect(files.length).toBeGreaterThan(100);
    expect(importsOf("functions/sync-refund/sync-refund.ts")).toContain("shared/case/case.ts");
    expect(files.filter((file) => !roomOf(file))).toEqual([]);
  });

  it("import only what they may", () => {
    const wrong = files.flatMap((file) => {
      const { room, own } = roomOf(file) ?? { room: { may: [] }, own: "" };
      const may = room.may.map((each) => (each === "." ? own : each));
      return importsOf(file)
        .filter((target) => !may.some((each) => target === each || target.startsWith(inside(each))))
        .map((target) => `${file} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it("hold nothing that they must not", () => {
    const wrong = files.flatMap((file) =>
      Object.entries(roomOf(file)?.room.never ?? {})
        .filter(([, words]) => words.test(withoutComments(textOf(file))))
        .map(([why]) => `${file}: ${why}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe("every file", () => {
  it.each([
    ["believes certificates", /rejectUnauthorized\s*:\s*false|NODE_TLS_REJECT_UNAUTHORIZED/],
    [
      "logs no whole event, record, request or body",
      /\b(?:console|log)\.\w+\(\s*(?:event|record|request|response|body|payload)\b/,
    ],
  ])("%s", (_, words) => {
    expect(files.filter((file) => words.test(textOf(file)))).toEqual([]);
  });
});

describe("every function", () => {
  const names = readdirSync(join(root, "functions"));

  it.each(names)("%s has its edge and its work, each in the file of that name", (name) => {
    expect(readdirSync(join(root, "functions", name))).toEqual(expect.arrayContaining(["handler.ts", `${name}.ts`]));
  });

  it.each(names)("%s decides nothing at its edge", (name) => {
    expect(textOf(`functions/${name}/handler.ts`)).not.toMatch(/^\s*(?:if|switch)\b|\bcatch\b/m);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}
