import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { createClock } from "./clock.ts";
import { marketplaces } from "./marketplaces/index.ts";
import { findRunning } from "./running.ts";

const help = `npm run send -- <channel> <file.json> [--topic TOPIC] [--shop SHOP] [--url URL]

Signs the file with the demo app's secret, as the channel would, and posts it to the stack that runs on this machine.
The file holds the body of the push, byte for byte. --topic is the channel's name of the event where a header carries it
(Shopify: returns/request). Without --url the running stack's own address is used.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { topic: { type: "string" }, shop: { type: "string" }, url: { type: "string" }, help: { type: "boolean" } },
});
const [channel, file] = positionals;
if (values.help || !channel || !file) stop(help, values.help ? 0 : 2);

const clock = createClock({ mode: "wall" });
const market = marketplaces[channel]?.({ clock });
if (!market?.signPush) {
  const pushing = Object.values(marketplaces)
    .map((create) => create({ clock }))
    .filter((each) => each.signPush);
  stop(`${channel} pushes nothing. Channels that push: ${pushing.map((each) => each.channel).join(", ")}.`, 2);
}
const running = findRunning()?.webhooks[channel];
const url = values.url ?? running?.url;
if (!url) stop("No stack runs on this machine. Start one with `npm start`, or name an address with --url.", 2);
const shopId = values.shop ?? running?.shopId ?? (await market.openShop("demo")).shopId;

const body = await readFile(file, "utf8").catch((fault: Error) => stop(`${file} cannot be read: ${fault.message}`, 2));
const headers = market.signPush(body, { shopId, topic: values.topic });
const answer = await fetch(url, { method: "POST", headers, body });
console.log(`${answer.status} ${await answer.text()}`);
process.exit(answer.ok ? 0 : 1);

function stop(sentence: string, code: number): never {
  console.error(sentence);
  process.exit(code);
}
