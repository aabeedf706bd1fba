import { parseArgs } from "node:util";
import { benchAmazonReport } from "./amazon-report.ts";
import { benchCold } from "./cold.ts";
import { benchLoad } from "./load/run.ts";
import { benchPipeline } from "./pipeline.ts";
import { benchStartup } from "./startup.ts";
import { benchTiming } from "./timing.ts";
import { benchWebhooks } from "./webhook.ts";
import { benchWrites } from "./writes.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  // Of `load` alone.
  options: {
    part: { type: "string", multiple: true },
    seconds: { type: "string" },
    largest: { type: "string" },
    assembly: { type: "string" },
  },
});

const benches: Readonly<Record<string, () => Promise<void>>> = {
  webhook: benchWebhooks,
  cold: benchCold,
  writes: benchWrites,
  pipeline: benchPipeline,
  startup: benchStartup,
  timing: benchTiming,
  "amazon.report": benchAmazonReport,
  load: () => benchLoad(values),
};

const chosen = positionals.length > 0 ? positionals : Object.keys(benches);
for (const name of chosen) {
  const bench = benches[name];
  if (!bench) {
    console.error(`There is no benchmark ${name}. There are: ${Object.keys(benches).join(", ")}.`);
    process.exit(2);
  }
  await bench();
}
process.exit(0);
