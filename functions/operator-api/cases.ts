import { factsHash } from "#shared/case/fingerprint.ts";
import type { CaseId, TenantId } from "#shared/case/ids.ts";
import { restOfRequest } from "#shared/rest-of-request.ts";
import { rowsFor } from "./worklist.ts";
import type { Deps, Work } from "./works.ts";

/** Entries of a timeline that fit into an answer with room to spare. */
const shownEntries = 1_000;
const shownCases = 100;
/** Long enough to open a picture, short enough for a link that is passed on. */
const linkSeconds = 300;

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
    evidence: await evidenceOf(tenantId, params.caseId, deps),
    consoleLink: connectorOf(found.channel).consoleLink?.(found),
  };
};

async function evidenceOf(tenantId: TenantId, caseId: CaseId, { store, archive }: Deps) {
  const found = await store.evidence.list(tenantId, caseId);
  const link = async (each: (typeof found)[number]) =>
    each.status === "kept" ? { link: await archive.link(each, linkSeconds) } : {};
  return Promise.all(found.map(async (each) => ({ evidence: each, ...(await link(each)) })));
}

export const findCases: Work<"find_cases"> = async ({ operator, query }, deps) => {
  const { tenantId } = operator;
  const { store } = deps;
  const row = await rowsFor(operator, deps);
  const caseIds = (await store.references.find(tenantId, query.reference)).slice(0, shownCases);
  const cases = await Promise.all(caseIds.map((caseId) => store.cases.get(tenantId, caseId)));
  return { cases: cases.filter((each) => each !== undefined).map(row.of) };
};
