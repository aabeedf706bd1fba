import { type Case, channelVersionOf } from "./case/case.ts";
import type { Channel } from "./case/channel.ts";
import type { Action, CommandArgs } from "./case/command.ts";
import { approve, cancel, type Planned, plan, type Refused, resend } from "./case/commands.ts";
import type { ChannelTakes } from "./case/gates.ts";
import { type CaseId, partsOf, type TenantId } from "./case/ids.ts";
import { instant } from "./case/instant.ts";
import { claimedTogether } from "./case/one-request.ts";
import { sentenceOf } from "./case/refused.ts";
import type { Shop } from "./case/shop.ts";
import { limitsOf, type WriteLimits } from "./case/write-limits.ts";
import type { Clock } from "./clock.ts";
import { log } from "./log.ts";
import { count } from "./metrics.ts";
import { restOfRequest } from "./rest-of-request.ts";
import type { Cases, Limits, References, Shops } from "./store/index.ts";

interface NewCommand {
  action: Action;
  args: CommandArgs;
  /** The version the person was shown; the newest one when left out. */
  decidedOnVersion?: number | undefined;
  /** The same on every case of the buyer's request, e.g. on the ticket of each unit. */
  wholeRequest?: boolean | undefined;
}

/** What a person wants of a case: a new command, or a word on one that it has. `seenFactsHash` is of the facts shown. */
export type Wish = NewCommand | { approve: string } | { cancel: string } | { resend: string; seenFactsHash: string };

/** `isHeld`: whether the case has the command that the word is about; true for a new one. */
export type CaseWord =
  | { ok: true; caseId: CaseId; commandId: string; status: string }
  | { ok: false; caseId: CaseId; reason: Refused; sentence: string; isHeld: boolean };
/** `others` with a command on the whole request: what became of it on each of the other cases. */
export type Word = CaseWord & { others?: readonly CaseWord[] };

export interface WordDeps {
  cases: Cases;
  references: Pick<References, "find">;
  shops: Pick<Shops, "get">;
  limits: Pick<Limits, "get">;
  /** What an action of the channel asks for; undefined where its API does not have it. */
  capabilityOf: (
    channel: Channel,
    action: Action,
  ) => Partial<Pick<ChannelTakes, "needs" | "wholeClaimOnly">> | undefined;
  clock: Clock;
}

interface Speaker {
  tenantId: TenantId;
  caseId: CaseId;
  personId: string;
}

/**
 * A person's word: plans a command on a case, approves one that waits for it, takes one back, or sends an unclear one
 * again. What the case does not allow is answered with its reason, and counted. The command is sent by act-on-channel,
 * which checks everything again. One on the whole request is planned on each of its cases, unless the case that the person
 * named refuses it; each of the others answers for itself. Undefined when the tenant has no shop of that case.
 * @throws SuiteError `case_not_found`, also for a case of another tenant; `case_changed`
 */
export async function takeWord(speaker: Speaker, wish: Wish, deps: WordDeps): Promise<Word | undefined> {
  const place = placeOf(speaker.caseId);
  const found = place && (await deps.shops.get({ tenantId: speaker.tenantId, ...place }));
  if (!found) return undefined;
  const { shop } = found;
  const decide = await deciderOf(wish, shop, speaker, deps);
  const decideOn = (each: CaseId) => answerOn(each, { ...speaker, wish, decide }, deps);
  const { answer, current } = await decideOn(speaker.caseId);
  if (!("action" in wish) || !wish.wholeRequest || !answer.ok) return answer;
  const others: CaseWord[] = [];
  for (const each of await restOfRequest(current, deps)) others.push((await decideOn(each.caseId)).answer);
  return { ...answer, others };
}

/** Undefined for an id that no case of ours can have. */
function placeOf(caseId: CaseId) {
  try {
    const { channel, shopId } = partsOf(caseId);
    return { channel, shopId };
  } catch (fault) {
    if (fault instanceof RangeError) return undefined;
    throw fault;
  }
}

type Decider = (current: Case) => Planned;

async function deciderOf(
  wish: Wish,
  shop: Shop,
  { tenantId, personId, caseId }: Speaker,
  deps: WordDeps,
): Promise<Decider> {
  const person = `person:${personId}`;
  const now = () => instant(deps.clock.now());
  const { mode } = shop;
  if ("approve" in wish) return (current) => approve(current, wish.approve, person, now());
  if ("cancel" in wish) return (current) => cancel(current, wish.cancel, person, now());
  if ("resend" in wish) {
    const { resend: commandId, seenFactsHash } = wish;
    return (current) => resend(current, { commandId, seenFactsHash, person, now: now(), mode });
  }
  const limits: WriteLimits = limitsOf(await deps.limits.get(tenantId), shop);
  const { action, args } = wish;
  const named = wish.wholeRequest ? await deps.cases.get(tenantId, caseId) : undefined;
  const together = named && claimedTogether([named, ...(await restOfRequest(named, deps))]);
  const { needs = [], wholeClaimOnly = false } = deps.capabilityOf(shop.channel, action) ?? {};
  return (current) =>
    plan(current, {
      ...{ action, args, askedBy: person, mode, now: now(), limits },
      ...(together && { together }),
      // The version that was shown is the named case's; the others are decided on as they are, and checked before the write.
      decidedOnVersion: (current.caseId === caseId ? wish.decidedOnVersion : undefined) ?? channelVersionOf(current),
      addresses: shop.addresses.map(({ addressId }) => addressId),
      // Whether it is offered decides the writer: what the API cannot do becomes a task with a link.
      channel: { offered: true, needs, wholeClaimOnly },
    });
}

/** Decides on the case as it is, again from the start when another was faster. */
async function answerOn(
  caseId: CaseId,
  { tenantId, wish, decide }: Speaker & { wish: Wish; decide: Decider },
  { cases }: WordDeps,
): Promise<{ answer: CaseWord; current: Case }> {
  const decided: Planned[] = [];
  const { current } = await cases.change(tenantId, caseId, (before) => {
    const planned = decide(before);
    decided.push(planned);
    return planned.ok ? planned.next : undefined;
  });
  const planned = decided.at(-1);
  if (planned?.ok) {
    const { commandId, status } = planned.command;
    return { answer: { ok: true, caseId, commandId, status }, current };
  }
  const reason = planned?.reason ?? "not_proposed";
  count("CommandObjected", 1, { channel: current.channel });
  log.info("command not planned", { caseId, reason });
  const about = commandIdIn(wish);
  const isHeld = about === undefined || current.commands.some(({ commandId }) => commandId === about);
  return { answer: { ok: false, caseId, reason, sentence: sentenceOf(reason), isHeld }, current };
}

function commandIdIn(wish: Wish): string | undefined {
  if ("approve" in wish) return wish.approve;
  if ("cancel" in wish) return wish.cancel;
  return "resend" in wish ? wish.resend : undefined;
}
