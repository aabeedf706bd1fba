import { parseArgs } from "node:util";
import { reachAws } from "../ops/aws-place.ts";
import { OpsRefused } from "../ops/ops-refused.ts";
import { CliRefused, connect } from "./client.ts";
import { type CliCommand, CliMisused, cliCommands } from "./commands.ts";
import { type OpsCommand, opsCommands } from "./ops-commands.ts";

type AnyCommand = CliCommand | OpsCommand;
const commands: Readonly<Record<string, AnyCommand>> = { ...cliCommands, ...opsCommands };

export interface Terminal {
  environment: NodeJS.ProcessEnv;
  print: (text: string) => void;
  complain: (text: string) => void;
}

/** Runs one command line. Returns the exit code: 0 done, 1 refused, 2 not understood. */
export async function runCli(line: readonly string[], { environment, print, complain }: Terminal): Promise<number> {
  try {
    const { command, words, options, json, role } = understand(line);
    if (!command) {
      print(help());
      return 0;
    }
    const answer =
      "does" in command
        ? await command.does(words, options, reachAws(environment))
        : await (await connect(environment, { role }))(command.asks, command.request(words, options));
    print(json ? JSON.stringify(answer, null, 2) : command.show(answer as never));
    return 0;
  } catch (fault) {
    if (!(fault instanceof CliRefused || fault instanceof OpsRefused || fault instanceof CliMisused)) throw fault;
    complain(fault.message);
    return fault instanceof CliMisused ? 2 : 1;
  }
}

function understand(line: readonly string[]) {
  const [name = "help", ...rest] = line;
  if (["help", "--help", "-h"].includes(name)) return { words: {}, options: {}, json: false };
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new CliMisused(`There is no command ${name}. \`casebridge help\` lists them.`);
  const { values, positionals } = parse(command, rest, name);
  if (positionals.length !== command.words.length) throw new CliMisused(`Write: ${usageOf(name, command)}`);
  const words = Object.fromEntries(command.words.map((word, place) => [word, positionals[place] ?? ""]));
  const { json, role, ...options } = values;
  return { command, words, options, json: json !== undefined, role };
}

/** Every option is text but `json`, which is there or not. */
interface Parsed {
  values: Readonly<Record<string, string | undefined>>;
  positionals: string[];
}

function parse(command: AnyCommand, args: string[], name: string): Parsed {
  const texts = ["role", ...command.options].map((option) => [option, { type: "string" as const }]);
  try {
    const options = { json: { type: "boolean" as const }, ...Object.fromEntries(texts) };
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const given = Object.entries(values).map(([option, value]) => [option, String(value)]);
    return { values: Object.fromEntries(given), positionals };
  } catch (fault) {
    const why = fault instanceof Error ? fault.message.split(". ")[0] : fault;
    throw new CliMisused(`${why}. Write: ${usageOf(name, command)}`);
  }
}

function usageOf(name: string, { words, options }: AnyCommand): string {
  return ["casebridge", name, ...words.map((word) => `<${word}>`), ...options.map((each) => `[--${each} …]`)].join(" ");
}

function help(): string {
  const lines = Object.entries(commands).map(([name, command]) => {
    const called = ["casebridge", name, ...command.words.map((word) => `<${word}>`)].join(" ");
    return `  ${called.padEnd(44)} ${command.says}`;
  });
  return [
    ...lines,
    "",
    "  --json                                       the answer as the API gives it",
    "  --role viewer|agent|approver|admin           whom to be in the stack on this machine",
    "",
    "Elsewhere than on this machine, set CASEBRIDGE_URL and CASEBRIDGE_TOKEN; for redrive and replay CASEBRIDGE_STAGE, with",
    "AWS credentials and a region.",
  ].join("\n");
}
