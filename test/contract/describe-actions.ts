import { describe, expect, it } from "vitest";
import type { ActionRequest, Connector, HttpResponse } from "#connectors/contract.ts";
import type { Action } from "#shared/case/command.ts";
import { type CaseObservation, wholeCase } from "#shared/case/observation.ts";
import { SuiteError } from "#shared/errors.ts";
import { caseOf } from "./case-of.ts";
import { type ActionFixture, type ConnectorFixtures, isLacking } from "./fixtures.ts";
import { expectWithout, suiteErrorOf } from "./leaks.ts";
import { scriptedHttp, worldOf } from "./scripted-http.ts";

const httpError = (status: number): HttpResponse => ({ status, headers: {}, body: new TextEncoder().encode("oops") });

/** A channel may also tell of a part of a case; actions are tried on those that open one. */
const isWhole = ({ facet, facts }: CaseObservation) => facet === wholeCase && facts.openedAt !== undefined;

/** What we ask the channel to do. An action may be there for the sake of its task alone: no call, but a person knows. */
export function describeActions<App, Credentials>(
  connector: Connector<App, Credentials>,
  fixtures: ConnectorFixtures<App, Credentials>,
): void {
  const given = fixtures.actions;
  if (isLacking(given)) {
    it(`acts on nothing: ${given.lacks}`, () => expect(connector.actions ?? {}).toEqual({}));
    return;
  }
  const { personal, secrets } = fixtures;
  const ours = Object.keys(connector.actions ?? {}) as Action[];

  const subjects = fixtures.cases
    .map(({ observation }) => observation)
    .filter(isWhole)
    .map(caseOf);
  const isByHand = (action: Action) => connector.actions?.[action]?.byHand === true;

  it("has fixtures for each action that is not by hand", () => {
    expect(ours.filter((action) => !isByHand(action) && (given[action] ?? []).length === 0)).toEqual([]);
    expect(ours.filter((action) => isByHand(action) && given[action])).toEqual([]);
  });

  describe.each(ours)("action %s", (action) => {
    const offering = connector.actions?.[action];
    const examples = (given[action] ?? []).map(({ name, ...rest }): [string, typeof rest] => [name, rest]);

    it("says for every case whether the channel offers it, and else what a person must do", () => {
      for (const subject of subjects) {
        const answer = offering?.offered(subject, undefined, fixtures.credentials);
        if (isByHand(action)) expect(answer?.offered).toBe(false);
        if (answer?.offered === false) expect(answer.task.length).toBeGreaterThan(10);
        else expect(answer).toEqual({ offered: true });
      }
    });

    it.each(examples)("is offered where it is sent: %s", (_, { subject }) => {
      expect(offering?.offered(subject, undefined, fixtures.credentials)).toEqual({ offered: true });
    });

    it.each(examples)("sends exactly one write: %s", async (_, example) => {
      const { requests } = await sending(example, [example.accepted]);
      expect(requests).toHaveLength((example.reads ?? []).length + 1);
      const write = requests.at(-1);
      if (write) example.check?.(write);
    });

    it.each(examples)("sends the same write when asked again: %s", async (_, example) => {
      const once = await sending(example, [example.accepted]);
      const again = await sending(example, [example.accepted]);
      expect(again.requests).toEqual(once.requests);
    });

    it.each(examples)("says when the channel says no: %s", async (_, example) => {
      expect(example.refused.length).toBeGreaterThan(0);
      for (const { response, code } of example.refused) {
        const error = await failing(example, [response]);
        expect(error.code).toBe(code);
        if (code === "channel_refused") expect(error.details.channelCode).toBeTruthy();
        expectWithout([...personal, ...secrets], error);
      }
    });

    it.each(examples)("is unclear whenever the write may have been carried out: %s", async (_, example) => {
      for (const answer of [
        new SuiteError("answer_unclear", "the connection broke"),
        httpError(500),
        httpError(502),
        httpError(504),
        httpError(200),
      ]) {
        expect((await failing(example, [answer])).code).toBe("answer_unclear");
      }
    });

    it.each(examples)("was not carried out when nothing was sent: %s", async (_, example) => {
      const error = await failing(example, [new SuiteError("channel_unavailable", "no connection")]);
      expect(error.code).toBe("channel_unavailable");
    });

    it.each(examples)("tells failed answers apart: %s", async (_, example) => {
      for (const { response, code, afterWrite } of fixtures.errors) {
        const mayBeDone = code === "channel_unavailable" || code === "payload_invalid";
        const error = await failing(example, [response]);
        expect(error.code).toBe(afterWrite ?? (mayBeDone ? "answer_unclear" : code));
        expectWithout([...personal, ...secrets], error);
      }
    });

    it.each(examples)("writes nothing when a read before the write fails: %s", async (_, example) => {
      for (const index of (example.reads ?? []).keys()) {
        for (const [answer, code] of [
          [new SuiteError("answer_unclear", "the connection broke"), "channel_unavailable"],
          [httpError(500), "channel_unavailable"],
        ] as const) {
          const { http, requests } = scriptedHttp([...(example.reads ?? []).slice(0, index), answer]);
          const error = await suiteErrorOf(() => offering?.send(requestOf(example), worldOf(fixtures, http)));
          expect(error.code).toBe(code);
          expect(requests).toHaveLength(index + 1);
        }
      }
    });

    async function sending(example: Omit<ActionFixture, "name">, answers: readonly (HttpResponse | Error)[]) {
      const { http, requests } = scriptedHttp([...(example.reads ?? []), ...answers]);
      await offering?.send(requestOf(example), worldOf(fixtures, http));
      return { requests };
    }

    function failing(example: Omit<ActionFixture, "name">, answers: readonly (HttpResponse | Error)[]) {
      return suiteErrorOf(() => sending(example, answers));
    }
  });
}

function requestOf({ subject, command, files }: Omit<ActionFixture, "name">): ActionRequest {
  return { subject, command, ...(files && { files }) };
}
