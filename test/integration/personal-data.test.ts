import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Case, stateOf } from "#shared/case/case.ts";
import { isOpen } from "#shared/case/command.ts";
import { type ItemKind, itemTerms } from "#shared/case/retention.ts";
import { revise } from "#shared/case/revise.ts";
import { isFinal } from "#shared/case/states.ts";
import { type Attributes, caseOfItem } from "#shared/store/item.ts";
import { staffRound } from "../../local/demo-staff.ts";
import { demoTenant, simulatedChannels } from "../../local/stack.ts";
import {
  allowed,
  buyerOfShopify,
  type Canary,
  canariesOf,
  merchantsNote,
  type Place,
  parcel,
  pastedSecret,
  strayIn,
  unmasked,
} from "./canaries.ts";
import { type Relay, startRelay } from "./relay.ts";
import { douyinHeaders, post, shopifyHeaders } from "./send.ts";
import { secretOf, useStack } from "./stack.ts";

// Every plan of every channel is played with buyers who can be recognised, over calls that fail and bodies that are
// damaged; then all that the suite has said or kept is searched for them, and for every secret.

const minute = 60_000;
const stack = useStack({ channels: simulatedChannels, pace: 1 / 20 });
const relays: Relay[] = [];
const said: Record<Place, string[]> = {
  logs: [],
  metrics: [],
  events: [],
  items: [],
  "dead letters": [],
  answers: [],
  errors: [],
  quarantine: [],
};
/** The words that were put into what the channels answered, and so came to us. */
const shown = new Set<string>();
let canaries: Canary[] = [];
let stored: Attributes[] = [];

beforeAll(async () => {
  const { runtime, shops, markets } = stack();
  canaries = canariesOf(shops);
  said.logs.push(...runtime.logs.lines.map(({ text }) => text));
  runtime.logs.subscribe(({ text }) => said.logs.push(text));
  runtime.onEvent((event) => said.events.push(JSON.stringify(event)));
  await unmask();
  let seed = 1;
  for (const { market, shopId } of shops)
    for (const plan of Object.keys(market.plans).filter((_, index) => index % 3 === 0))
      await market.openCase({ shopId, plan, seed: seed++ });
  await runtime.advance(5 * minute);
  await answerWithWords();
  for (const market of markets) market.inject({ serverError: 0.3, throttle: 0.2, answersLost: 0.2, seed: 7 });
  runtime.inject({ failing: 0.03, answersLost: 0.02, seed: 7, exceptCallers: ["outside"] });
  await staffRound(stack());
  await runtime.advance(3 * minute);
  for (const market of markets) market.inject({});
  runtime.inject({});
  await misuse();
  await runtime.advance(3 * minute);
  await collect();
});
afterAll(() => Promise.all(relays.map((each) => each.stop())));

/** Has the channels' answers pass through a relay that shows what the simulators mask. */
async function unmask(): Promise<void> {
  const { runtime, markets } = stack();
  for (const market of markets) {
    const pairs = unmasked[market.channel];
    if (!pairs) continue;
    const alter = (text: string) =>
      pairs.reduce((so, [masked, word]) => {
        if (so.includes(masked)) shown.add(word);
        return so.replaceAll(masked, word);
      }, text);
    const relay = await startRelay({ target: () => market.url, alter });
    relays.push(relay);
    const settings = JSON.parse(JSON.stringify(market.appSettings()).replaceAll(market.url, relay.url));
    runtime.secrets.set(secretOf(runtime, market.channel), { current: settings });
  }
  // Workers that have run before remember the settings.
  for (const { name } of runtime.functions) await runtime.killWorker(name);
}

async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    said.answers.push(JSON.stringify(await work()) ?? "");
  } catch (error) {
    said.errors.push(String(error));
  }
}

/** People answer what can be answered, with a note and a parcel of their own. */
async function answerWithWords(): Promise<void> {
  const { shops, call, desk } = stack();
  for (const { market } of shops)
    for (const truth of market.truth().slice(0, 3)) {
      const held = await desk.caseOf(demoTenant, { channel: market.channel, ...truth });
      if (!held) continue;
      const ask = { tenantId: demoTenant, caseId: held.caseId, personId: "ann" };
      const args = { note: merchantsNote, carrier: "shunfeng", trackingNo: parcel };
      for (const action of ["message_buyer", "remark", "ship_replacement", "refuse"])
        await attempt(() => call("plan-command", { ...ask, action, args }));
    }
}

/** Bodies and requests that nothing can be made of. */
async function misuse(): Promise<void> {
  const { webhookUrl, douyin, shopify, shopOn, call, operatorUrl } = stack();
  const { appKey, appSecret } = douyin.appSettings() as { appKey: string; appSecret: string };
  const { clientSecret } = shopify.appSettings() as { clientSecret: string };
  const body = JSON.stringify({ id: "x", customer: buyerOfShopify, note: "请打周建国的电话 13712349876" });
  const record = JSON.stringify([{ tag: "200", msg_id: "m", data: body }]);
  for (const damaged of [body, body.slice(0, -3), `[${body}`, record, `${record}]`, `{"a":${record}`]) {
    const about = { topic: "returns/update", shop: shopOn("shopify"), secret: clientSecret };
    const forged = { topic: "returns/update", shop: shopOn("shopify"), secret: "no" };
    await attempt(() => post(webhookUrl("shopify"), shopifyHeaders(damaged, about), damaged));
    await attempt(() => post(webhookUrl("shopify"), shopifyHeaders(damaged, forged), damaged));
    await attempt(() => post(webhookUrl("douyin"), douyinHeaders(damaged, { appKey, appSecret }), damaged));
  }
  for (const [channel, field] of [...simulatedChannels].flatMap((each) =>
    ["accessToken", "refreshToken", "unknown"].map((name) => [each, name] as const),
  )) {
    const credentials = { [field]: pastedSecret };
    await attempt(() => call("connect-shop", { tenantId: demoTenant, channel, shopId: "1", name: "n", credentials }));
  }
  const authorization = { authorization: `Bearer ${pastedSecret}` };
  await attempt(() => post(`${operatorUrl}/cases`, { ...authorization, "content-type": "application/json" }, body));
  await attempt(() =>
    call("plan-command", { tenantId: demoTenant, caseId: buyerOfShopify.name, personId: pastedSecret }),
  );
}

async function allItems(): Promise<Attributes[]> {
  const { runtime } = stack();
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new DynamoDBClient({ endpoint: runtime.gatewayUrl, region: "us-east-1", credentials });
  const items: Attributes[] = [];
  for await (const page of paginateScan({ client }, { TableName: runtime.tables[0] }))
    items.push(...(page.Items ?? []));
  client.destroy();
  return items;
}

async function collect(): Promise<void> {
  const { runtime } = stack();
  const to = {
    endpoint: runtime.gatewayUrl,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  said.metrics = runtime.metrics.list().map((each) => JSON.stringify(each));
  stored = await allItems();
  said.items.push(...stored.map((each) => JSON.stringify(each)));
  const sqs = new SQSClient(to);
  for (const { name } of runtime.queues()) {
    const place = /-dead(\.fifo)?$/.test(name)
      ? "dead letters"
      : name.endsWith("-quarantine")
        ? "quarantine"
        : undefined;
    if (!place) continue;
    const QueueUrl = `${runtime.gatewayUrl}/000000000000/${name}`;
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) break;
      said[place].push(...Messages.map((each) => JSON.stringify(each)));
    }
  }
}

describe("a buyer's data and the suite's secrets", () => {
  it("came to us: every unmasked word was in an answer, and people's words are in cases", () => {
    expect([...shown].sort()).toEqual(
      Object.values(unmasked)
        .flatMap((pairs) => pairs.map(([, word]) => word))
        .sort(),
    );
    expect(canaries.filter(({ kind }) => kind === "secret").length).toBeGreaterThan(8);
    for (const word of [merchantsNote, parcel])
      expect(
        said.items.some((each) => each.includes(word)),
        word,
      ).toBe(true);
    expect(said.quarantine.some((each) => each.includes("周建国"))).toBe(true);
  });

  it("are searched for in much: errors spoke, events were told, calls failed", () => {
    const least = { logs: 200, metrics: 50, events: 100, items: 200, answers: 20, errors: 10 };
    for (const [place, count] of Object.entries(least))
      expect(said[place as Place].length, place).toBeGreaterThanOrEqual(count);
  });

  it.each(Object.keys(allowed) as Place[])("are not in %s, but for what may be there", (place) => {
    expect(strayIn(place, said[place], canaries)).toEqual([]);
  });
});

describe("what is kept", () => {
  it("has an end in every item of a kind that ends, and in no other", () => {
    const wrong = stored.flatMap((item) => {
      const subject = caseOfItem(item);
      const isOpenCase = subject !== undefined && !isFinal(stateOf(subject));
      const isEnding = "days" in itemTerms[item.entity?.S as ItemKind] && !isOpenCase;
      return isEnding === (item.expiresAtSeconds?.N !== undefined) ? [] : [`${item.entity?.S} ${item.sk?.S}`];
    });
    expect(wrong).toEqual([]);
    expect(new Set(stored.map(({ entity }) => entity?.S)).size).toBeGreaterThan(6);
  });

  it("leads to nobody any more when the merchant's days are over, on every channel, and its story says so", async () => {
    const { runtime, clock, desk, call, shops, markets } = stack();
    const personsForDays = Object.fromEntries([...simulatedChannels].map((channel) => [channel, 7]));
    const wish = { tenantId: demoTenant, personId: "ann", onVersion: 0, rules: { personsForDays } };
    expect(await call("set-rules", wish)).toMatchObject({ ok: true });
    const touched = (await desk.allCases()).filter((each) =>
      /SF7301234500077|belongs to case/.test(JSON.stringify(each)),
    );
    expect(new Set(touched.map(({ channel }) => channel))).toEqual(new Set(shops.map(({ market }) => market.channel)));
    // However far each platform has got: what matters here is what comes after the end, and that it needs no platform.
    for (const market of markets) market.inject({ serverError: 1, seed: 7 });
    for (const { tenantId, caseId } of touched) await desk.store.cases.change(tenantId, caseId, ended);
    await runtime.idle();
    const isClean = (items: readonly Attributes[]) =>
      items.every((each) => !/SF7301234500077|belongs to case/.test(JSON.stringify(each)));
    expect(isClean(await allItems())).toBe(false);

    clock.jumpTo(new Date(clock.now().getTime() + 5 * 86_400_000));
    await runtime.advance(2 * minute);
    expect(isClean(await allItems())).toBe(false);
    clock.jumpTo(new Date(clock.now().getTime() + 2 * 86_400_000));
    await runtime.advance(2 * minute);
    const left = (await allItems()).filter((each) => !isClean([each]));
    expect(left.map(({ pk, sk }) => `${pk?.S} ${sk?.S}`)).toEqual([]);
    for (const { tenantId, caseId } of touched) {
      const told = (await desk.store.timeline.read(tenantId, caseId)).map(({ news }) => news);
      expect(told.filter(({ name }) => name === "case.redacted")).toMatchObject([{ data: { why: "term_ended" } }]);
    }
  });
});

/** The case as closed, with nothing under way any more. */
function ended(current: Case): Case {
  const now = stack().clock.now().toISOString();
  const state = { known: true, value: "closed", raw: "closed" } as const;
  const commands = current.commands.map((each) => (isOpen(each) ? { ...each, status: "expired" as const } : each));
  const move = { from: stateOf(current), to: "closed", waitingOn: "nobody", expected: true } as const;
  const next = revise(current, now, { commands, deadlines: [] }, [{ name: "case.moved", at: now, data: move }]);
  return { ...next, facts: { ...current.facts, state, waitingOn: "nobody" } };
}
