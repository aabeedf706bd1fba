import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EvidenceLink } from "#connectors/contract.ts";
import type { Evidence } from "#shared/case/evidence.ts";
import { SuiteError } from "#shared/errors.ts";
import type { Download } from "#shared/evidence/download.ts";
import { someCase, tenantId } from "../../test/builders/case-builder.ts";
import { holding, listen, noon, sessionDeps, shopsOf, someConnector, someShop } from "../../test/builders/fakes.ts";
import { captureEvidence } from "./capture-evidence.ts";

let heard: ReturnType<typeof listen>;
beforeEach(() => {
  heard = listen();
});
afterEach(() => heard.end());

const bytes = Buffer.from("a picture");
const sha256 = createHash("sha256").update(bytes).digest("hex");
const good: Download = { ok: true, bytes, mediaType: "image/png", sha256 };
const shown = [{ kind: "photo" as const, source: "buyer", count: 1 }];
const photo = (url: string, source = "buyer"): EvidenceLink => ({ url, kind: "photo", source });

function world({
  links = [photo("https://p3.example.com/a.png?sign=1")],
  facts = { evidence: shown },
  redactedAt = "",
} = {}) {
  const subject = { ...someCase(facts), ...(redactedAt && { redactedAt }) };
  const records = new Map<string, Evidence>();
  const objects = new Map<string, Buffer>();
  const asked: { url: string; hosts: readonly string[] }[] = [];
  const answers = new Map<string, Download | Error>();
  let now = links;
  const connector = someConnector({
    fetch: async () => [{ payload: now }],
    evidence: { hosts: () => [".example.com"], of: ({ payload }) => payload as EvidenceLink[] },
  });
  const deps = {
    ...sessionDeps(connector, shopsOf(someShop()).shops),
    cases: holding(subject).cases,
    evidence: {
      put: async (record: Evidence) => {
        if (records.get(record.evidenceId)?.status === "erased") return false;
        records.set(record.evidenceId, record);
        return true;
      },
      list: async () => [...records.values()],
    },
    archive: {
      put: async ({ evidenceId }: { evidenceId: string }, file: Buffer) => void objects.set(evidenceId, file),
      erase: async ({ evidenceId }: { evidenceId: string }) => void objects.delete(evidenceId),
    },
    download: async (url: string, { hosts }: { hosts: readonly string[] }) => {
      asked.push({ url, hosts });
      const answer = answers.get(new URL(url).pathname) ?? good;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const capture = () => captureEvidence({ tenantId, caseId: subject.caseId }, deps);
  const show = (next: EvidenceLink[]) => {
    now = next;
  };
  return { capture, show, records: () => [...records.values()], objects, asked, answers, deps, subject };
}

describe("what a case shows", () => {
  it("is kept with its hash and the time it came, from the channel's own hosts alone", async () => {
    const { capture, records, objects, asked } = world();
    await capture();
    expect(records()).toMatchObject([
      { status: "kept", sha256, bytes: bytes.length, mediaType: "image/png", receivedAt: noon.toISOString() },
    ]);
    expect([...objects.values()]).toEqual([bytes]);
    expect(asked).toEqual([{ url: "https://p3.example.com/a.png?sign=1", hosts: [".example.com"] }]);
    expect(JSON.stringify(records())).not.toContain("sign=");
  });

  it("is fetched once, though its link is signed anew with each reading", async () => {
    const { capture, show, records, asked } = world();
    await capture();
    show([photo("https://p3.example.com/a.png?sign=2")]);
    await capture();
    expect(records()).toHaveLength(1);
    expect(asked).toHaveLength(1);
  });

  it("is told apart by who shows it, by its place, and by its order where only the query differs", async () => {
    const one = "https://p3.example.com/file?id=";
    const { capture, records } = world({
      links: [
        photo(`${one}1`),
        photo(`${one}2`),
        photo(`${one}1`, "merchant_in_dispute"),
        photo("https://p3.example.com/b"),
      ],
    });
    await capture();
    expect(new Set(records().map(({ evidenceId }) => evidenceId)).size).toBe(4);
  });

  it("is refused with the reason and the host, and tried again with the next news", async () => {
    const { capture, records, objects, answers } = world();
    answers.set("/a.png", { ok: false, why: "host_not_allowed" });
    await capture();
    expect(records()).toMatchObject([{ status: "refused", why: "host_not_allowed", host: "p3.example.com" }]);
    expect(objects.size).toBe(0);
    answers.clear();
    await capture();
    expect(records()).toMatchObject([{ status: "kept" }]);
  });

  it("is fetched although another file cannot be read for now, which is then repeated", async () => {
    const { capture, records, answers } = world({
      links: [photo("https://p3.example.com/a.png"), photo("https://p3.example.com/b.png")],
    });
    answers.set("/a.png", new SuiteError("channel_unavailable", "the file cannot be read now"));
    await expect(capture()).rejects.toMatchObject({ code: "channel_unavailable", retryable: true });
    expect(records()).toHaveLength(1);
    answers.clear();
    await capture();
    expect(records()).toHaveLength(2);
  });

  it("is bounded: of a case that names hundreds of files, sixteen are fetched", async () => {
    const links = Array.from({ length: 300 }, (_, nth) => photo(`https://p3.example.com/${nth}.png`));
    const { capture, asked } = world({ links });
    await capture();
    expect(asked).toHaveLength(16);
  });

  it("is not asked for where the channel says that there is none", async () => {
    const { capture, asked } = world({ facts: { evidence: [] } });
    await capture();
    expect(asked).toEqual([]);
  });
});

describe("a case that is redacted", () => {
  it("loses its files, and gets none again", async () => {
    const { capture, records, objects, deps, subject, asked } = world();
    await capture();
    deps.cases = holding({ ...subject, redactedAt: noon.toISOString() }).cases;
    await capture();
    await capture();
    expect(objects.size).toBe(0);
    expect(records()).toMatchObject([{ status: "erased" }]);
    expect(JSON.stringify(records())).not.toContain(sha256);
    expect(asked).toHaveLength(1);
  });

  it("while its files come in keeps none of them", async () => {
    const { capture, records, objects, deps, subject } = world();
    const { download } = deps;
    deps.download = async (...request) => {
      deps.cases = holding({ ...subject, redactedAt: noon.toISOString() }).cases;
      return download(...request);
    };
    await capture();
    expect(objects.size).toBe(0);
    expect(records()).toMatchObject([{ status: "erased" }]);
  });
});
