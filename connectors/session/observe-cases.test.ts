import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Connector } from "#connectors/contract.ts";
import { defaultClockRules } from "#shared/case/clock-rules.ts";
import type { Notice } from "#shared/case/notice.ts";
import type { CaseObservation } from "#shared/case/observation.ts";
import { SuiteError } from "#shared/errors.ts";
import { afterwards, inState, someCase, someObservation } from "../../test/builders/case-builder.ts";
import { atNoon, holding, listen, sessionDeps, shopsOf, someConnector, someShop } from "../../test/builders/fakes.ts";
import { observeCases } from "./observe-cases.ts";
import { rereadNotice } from "./reread.ts";
import { openSession } from "./session.ts";

let heard: ReturnType<typeof listen>;
beforeEach(() => {
  heard = listen();
});
afterEach(() => heard.end());

const notice = (opens = false): Notice => ({ ...rereadNotice(someCase(), "test"), opens });

/** Lets a channel that states these observations be read into what is held. */
async function read(
  stated: readonly CaseObservation[],
  {
    held = holding(),
    opens = false,
    normalize,
  }: { held?: ReturnType<typeof holding>; opens?: boolean; normalize?: Connector["normalize"] } = {},
) {
  const connector = someConnector({
    fetch: async () => stated.map((payload) => ({ payload })),
    normalize: normalize ?? (({ payload }) => payload as CaseObservation),
  });
  const session = await openSession(someShop(), sessionDeps(connector, shopsOf(someShop()).shops));
  const clockRulesOf = async () => defaultClockRules;
  return observeCases(notice(opens), session, { cases: held.cases, clock: atNoon, clockRulesOf });
}

describe("what a channel states", () => {
  it("opens a case, and is counted", async () => {
    const held = holding();
    const [saved] = await read([someObservation(1)], { held, opens: true });
    expect(held.held()).toEqual(saved);
    expect(saved).toMatchObject({ revision: 1, tenantId: "t1" });
    expect(heard.metric("CaseOpened")).toEqual([1]);
  });

  it.each([true, false])("changes the case that is there (the notice says new: %s)", async (opens) => {
    const held = holding(someCase());
    await read([someObservation(2, inState("approved"))], { held, opens });
    expect(held.held()).toMatchObject({ revision: 2, facts: { state: { value: "approved" } } });
    expect(heard.metric("CaseChanged")).toEqual([1]);
  });

  it("changes nothing the second time, and is counted as a repetition", async () => {
    const held = holding(someCase());
    await read([someObservation(1)], { held, opens: true });
    expect(held.held()?.revision).toBe(1);
    expect(heard.metric("ObservationRepeated")).toEqual([1]);
  });

  it("changes nothing when it is older than what is held", async () => {
    const held = holding(afterwards(someCase(), 3, inState("approved")));
    const [current] = await read([someObservation(2, inState("rejected"))], { held });
    expect(current).toMatchObject({ revision: 2, facts: { state: { value: "approved" } } });
  });

  it("is nothing when the channel knows no such case", async () => {
    expect(await read([])).toEqual([]);
  });

  it("is counted when its status is unknown, and kept as unknown", async () => {
    const held = holding();
    await read([someObservation(1, { state: { known: false, raw: "77" } })], { held, opens: true });
    expect(held.held()?.facts.state).toEqual({ known: false, raw: "77" });
    expect(heard.metric("UnknownStatus")).toEqual([1]);
  });

  it("is counted when the parts of its money do not add up, and kept as the channel says it", async () => {
    const cny = (amountMinor: number) => ({ amountMinor, currency: "CNY" });
    const part = { kind: "goods", ledger: "merchant", status: "confirmed" } as const;
    const money = { status: "paid", settled: cny(100), parts: [{ ...part, amount: cny(60) }] } as const;
    const held = holding();
    await read([someObservation(1, { money: { ...money, parts: [...money.parts] } })], { held, opens: true });
    expect(held.held()?.facts.money).toEqual(money);
    expect(heard.metric("RefundUnbalanced")).toEqual([1]);
    await read([someObservation(2, { money: { ...money, parts: [{ ...part, amount: cny(100) }] } })], { held });
    expect(heard.metric("RefundUnbalanced")).toEqual([1]);
  });

  it("comes again later when it is a part of a case that has not arrived", async () => {
    const part = { ...someObservation(1), facet: "arbitration" };
    await expect(read([part])).rejects.toMatchObject({ code: "case_not_found", retryable: true });
  });

  it("is refused when it does not fit our model, without quoting it", async () => {
    const call = read([someObservation(1)], {
      normalize: ({ payload }) => ({ ...(payload as CaseObservation), version: -1 }),
    });
    await expect(call).rejects.toMatchObject({ code: "payload_invalid" });
  });

  it("is refused with the connector's own reason", async () => {
    const call = read([someObservation(1)], {
      normalize: () => {
        throw new SuiteError("payload_invalid", "no status");
      },
    });
    await expect(call).rejects.toMatchObject({ code: "payload_invalid", message: "no status" });
  });
});

describe("a save that others overtake", () => {
  it("is made again on what they stored", async () => {
    const held = holding(someCase());
    const { save } = held.cases;
    let first = true;
    held.cases.save = async (next) => {
      if (first) {
        first = false;
        await save(afterwards(someCase(), 2, { shipped: false }));
      }
      return save(next);
    };
    await read([someObservation(3, inState("approved"))], { held });
    expect(held.held()).toMatchObject({ revision: 3, facts: { state: { value: "approved" } } });
  });

  it("gives up when it never gets through, to be repeated later", async () => {
    const held = holding(someCase());
    held.cases.save = async () => Promise.reject(new SuiteError("case_changed", "again"));
    await expect(read([someObservation(2, inState("approved"))], { held })).rejects.toMatchObject({
      code: "case_changed",
      retryable: true,
    });
  });
});
