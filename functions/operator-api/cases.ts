import { factsHash } from "#shared/case/fingerprint.ts";
import { restOfRequest } from "#shared/rest-of-request.ts";
import { rowsFor } from "./worklist.ts";
import type { Work } from "./works.ts";

/** Entries of a timeline that fit into an answer with room to spare. */
const shownEntries = 1_000;
const shownCases = 100;

export const readCase: Work<"read_case"> = async ({ operator, params }, deps) => {
  const { tenantId } = operator;
  const { store, connectorOf } = deps;
  const [found, story] = await Promise.all([
    store.cases.get(tenantId, params.caseId),
    store.timeline.read(tenantId, params.caseId),
  ]);
  if (!found) return { problem: "not_found" };
  const { news: _, ...shown } = found;
  const rest = await restOfRequest(found, store);
  const row = rest.length > 0 ? await rowsFor(operator, deps) : undefined;
  return {
    case: shown,
    timeline: story.slice(-shownEntries).map(({ revision, position, news }) => ({ revision, position, news })),
    factsHash: factsHash(found.facts),
    restOfRequest: row ? rest.map(row.of) : [],
    consoleLink: connectorOf(found.channel).consoleLink?.(found),
  };
};

export const findCases: Work<"find_cases"> = async ({ operator, query }, deps) => {
  const { tenantId } = operator;
  const { store } = deps;
  const row = await rowsFor(operator, deps);
  const caseIds = (await store.references.find(tenantId, query.reference)).slice(0, shownCases);
  const cases = await Promise.all(caseIds.map((caseId) => store.cases.get(tenantId, caseId)));
  return { cases: cases.filter((each) => each !== undefined).map(row.of) };
};
