import { readFileSync } from "node:fs";
import type { RouteName } from "#shared/api/routes.ts";
import { moneyOfDecimal } from "#shared/case/money.ts";
import type { ApiRequest } from "./client.ts";
import * as show from "./show.ts";

/** The words on the command line were not understood; the message says what to write. */
export class CliMisused extends Error {}

type Options = Readonly<Record<string, string | undefined>>;

export interface CliCommand {
  /** Names of the words that must follow. */
  readonly words: readonly string[];
  /** Options it takes, each with a value. */
  readonly options: readonly string[];
  readonly says: string;
  readonly asks: RouteName;
  readonly request: (words: Readonly<Record<string, string>>, options: Options) => ApiRequest;
  readonly show: (answer: never) => string;
}

const inPath = (words: Readonly<Record<string, string>>): ApiRequest => ({ params: words });
const onCommand = { words: ["caseId", "commandId"], options: [], request: inPath, show: show.showCommand } as const;

/** What can be typed. Everything is an operation of the API; nothing is decided here. */
export const cliCommands: Readonly<Record<string, CliCommand>> = {
  whoami: {
    words: [],
    options: [],
    says: "who the token says I am",
    asks: "who_am_i",
    request: inPath,
    show: show.showOperator,
  },
  worklist: {
    words: [],
    options: ["by", "waiting-on", "channel", "shop", "state", "limit", "cursor"],
    says: "open cases, most urgent first",
    asks: "list_worklist",
    request: (_, { "waiting-on": waitingOn, shop: shopId, ...rest }) => ({ query: { waitingOn, shopId, ...rest } }),
    show: show.showWorklist,
  },
  find: {
    words: ["reference"],
    options: [],
    says: "cases of an order or tracking number",
    asks: "find_cases",
    request: (words) => ({ query: words }),
    show: show.showRows,
  },
  case: {
    words: ["caseId"],
    options: [],
    says: "a case and its story",
    asks: "read_case",
    request: inPath,
    show: show.showCase,
  },
  plan: {
    words: ["caseId", "action"],
    options: ["amount", "address", "reason", "note", "carrier", "tracking", "evidence", "restock", "staff-note"],
    says: "ask something of the channel, such as agree_refund",
    asks: "plan_command",
    request: ({ caseId = "", action }, options) => ({ params: { caseId }, body: { action, args: argsOf(options) } }),
    show: show.showCommand,
  },
  approve: { ...onCommand, says: "say yes to a proposed command", asks: "approve_command" },
  cancel: { ...onCommand, says: "take back a command that is not sent", asks: "cancel_command" },
  resend: {
    ...onCommand,
    words: ["caseId", "commandId", "seenFactsHash"],
    says: "send an unclear command again; the hash is in `case --json`",
    asks: "resend_command",
    request: ({ seenFactsHash, ...place }) => ({ params: place, body: { seenFactsHash } }),
  },
  shops: {
    words: [],
    options: [],
    says: "the connected shops",
    asks: "list_shops",
    request: inPath,
    show: show.showShops,
  },
  connect: {
    words: ["channel"],
    options: ["shop", "ask"],
    says: "a link to connect a shop in the browser; --ask shop_kind=tmall answers what the channel must know",
    asks: "start_authorization",
    request: ({ channel }, { shop: shopId, ask }) => ({ body: { channel, shopId, asked: answersOf(ask) } }),
    show: show.showLink,
  },
  mode: {
    words: ["channel", "shopId", "mode"],
    options: [],
    says: "how far Casebridge may go in a shop: observe, assist, auto",
    asks: "set_shop_mode",
    request: ({ mode, ...place }) => ({ params: place, body: { mode } }),
    show: show.showShop,
  },
  addresses: {
    words: [],
    options: [],
    says: "the warehouses, and how the channels list them",
    asks: "list_addresses",
    request: inPath,
    show: show.showAddresses,
  },
  "put-address": {
    words: ["file"],
    options: ["replaces"],
    says: "add or change a warehouse, as `addresses --json` has it",
    asks: "put_address",
    request({ file = "" }, { replaces }) {
      const { addressId, ...warehouse } = objectIn(file);
      if (typeof addressId !== "string")
        throw new CliMisused(`${file} has no addressId, the warehouse's id in the book.`);
      return { params: { addressId }, body: { replaces: versionOf(replaces), warehouse } };
    },
    show: show.showAddress,
  },
  "address-rules": {
    words: [],
    options: [],
    says: "which goods go to which warehouse",
    asks: "read_address_rules",
    request: inPath,
    show: show.showAddressRules,
  },
  "put-address-rules": {
    words: ["file"],
    options: ["replaces"],
    says: "decide that, as the `rules` of `address-rules --json`",
    asks: "put_address_rules",
    request: ({ file = "" }, { replaces }) => ({ body: { replaces: versionOf(replaces), rules: objectIn(file) } }),
    show: show.showAddressRules,
  },
  "return-text": {
    words: ["caseId"],
    options: ["language"],
    says: "where the goods go, and the text for the buyer",
    asks: "read_return_instructions",
    request: (words, { language }) => ({ params: words, query: { language } }),
    show: show.showInstructions,
  },
};

function argsOf({
  amount,
  address,
  reason,
  note,
  carrier,
  tracking,
  evidence,
  restock,
  "staff-note": staffNote,
}: Options) {
  const args = {
    evidence: evidence?.split(",").map(pieceOf),
    amount: amount === undefined ? undefined : moneyOf(amount),
    addressId: address,
    reasonCode: reason,
    note,
    carrier,
    trackingNo: tracking,
    restock: restock === undefined ? undefined : isYes(restock),
    staffNote,
  };
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}

/** A file that the case keeps, by its id; or a picture, by an address where the channel can read it. */
function pieceOf(word: string) {
  if (/^[0-9a-f]{32}$/.test(word)) return { evidenceId: word };
  if (URL.canParse(word)) return { kind: "photo", url: word };
  throw new CliMisused("Write --evidence with ids from `casebridge case`, or addresses; several with commas between.");
}

function isYes(word: string): boolean {
  if (word !== "yes" && word !== "no") throw new CliMisused("Say --restock yes or --restock no.");
  return word === "yes";
}

/** "159.00 CNY", or without the space. */
function moneyOf(text: string) {
  const [, decimal = "", currency = ""] = /^([\d.]+) ?([A-Z]{3})$/.exec(text) ?? [];
  try {
    return moneyOfDecimal(decimal, currency);
  } catch {
    throw new CliMisused("Write an amount as --amount 159.00CNY.");
  }
}

/** A file's JSON object. */
function objectIn(file: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, "utf8"));
  } catch (fault) {
    const why = fault instanceof SyntaxError ? "is not JSON" : "cannot be read";
    throw new CliMisused(`${file} ${why}.`);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw new CliMisused(`${file} holds no JSON object.`);
  return parsed as Record<string, unknown>;
}

/** The version that was seen and may be replaced; 0 for what is new. */
function versionOf(replaces = "0"): number {
  if (!/^\d{1,9}$/.test(replaces))
    throw new CliMisused("Write --replaces with the version that you have seen, such as 3.");
  return Number(replaces);
}

/** `name=value`, several parted by commas. */
function answersOf(text: string | undefined): Record<string, string> {
  const pairs = (text ?? "").split(",").filter((each) => each !== "");
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = "", ...value] = pair.split("=");
      if (value.length === 0) throw new CliMisused("Write --ask name=value, several parted by commas.");
      return [name, value.join("=")];
    }),
  );
}
