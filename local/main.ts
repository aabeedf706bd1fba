import { parseArgs } from "node:util";
import { type Disturbance, readFaults } from "./faults.ts";
import { runLive } from "./live.ts";
import { playSmoke } from "./scenario-smoke.ts";

const help = `npm start                                     run Casebridge on this machine until Ctrl-C
npm start -- --data DIR                       keep everything in DIR, and go on from it
npm start -- --channels douyin,jd              open only these marketplaces
npm start -- --scenario smoke --exit          play a fixed day in fast time and judge it
      --faults answers-lost=0.2,throttle=0.2  disturb marketplaces and AWS while it plays`;

const { values } = readArguments();
const channels = values.channels?.split(",").map((each) => each.trim());
try {
  if (values.help) console.log(help);
  else if (values.scenario) await playScenario(values.scenario);
  else await runLive({ dataDir: values.data, channels });
} catch (fault) {
  console.error(process.env.DEBUG ? fault : sentencesOf(fault));
  process.exit(1); // whatever was started so far would keep the process alive
}

/** What went wrong and why, for a person who wants to start the stack; `DEBUG=1` shows where. */
function sentencesOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  return fault.cause === undefined ? fault.message : `${fault.message}\n${sentencesOf(fault.cause)}`;
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        channels: { type: "string" },
        data: { type: "string" },
        scenario: { type: "string" },
        exit: { type: "boolean" },
        faults: { type: "string" },
        help: { type: "boolean" },
      },
    });
  } catch (fault) {
    console.error(`${fault instanceof Error ? fault.message : fault}\n\n${help}`);
    process.exit(2);
  }
}

function faultsIn(text: string): Disturbance {
  try {
    return readFaults(text);
  } catch (fault) {
    console.error(fault instanceof Error ? fault.message : fault);
    process.exit(2);
  }
}

async function playScenario(name: string): Promise<void> {
  if (name !== "smoke") {
    console.error(`There is no scenario ${name}. There is: smoke.`);
    process.exit(2);
  }
  const faults = values.faults === undefined ? undefined : faultsIn(values.faults);
  const startedAt = Date.now();
  const tell = (line: string) => console.log(line);
  const step = (line: string) => tell(`[${((Date.now() - startedAt) / 1000).toFixed(1)} s] ${line}`);
  const { result, agreed } = await playSmoke({
    dataDir: values.data,
    channels,
    faults,
    tell: (line) => (line.startsWith(" ") || line.startsWith("┌") ? tell(line) : step(line)),
  });
  step(agreed ? "every case agrees with its marketplace" : "some cases do not agree with their marketplace");
  console.log(JSON.stringify(result));
  process.exitCode = agreed && result.lost === 0 && result.refunds.expected === result.refunds.paid ? 0 : 1;
}
