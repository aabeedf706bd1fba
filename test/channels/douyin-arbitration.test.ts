import { afterEach, describe, expect, it } from "vitest";
import type { Case } from "#shared/case/case.ts";
import { SuiteError } from "#shared/errors.ts";
import { useTable } from "../engine.ts";
import { endingOf as ending, startDouyinWorld } from "./douyin-world.ts";

// What a merchant hands in when the platform decides, from addresses and from the files that a case keeps.

const table = useTable();
const minute = 60_000;
const day = 24 * 60 * minute;
const picture = { kind: "photo", url: "https://evidence.example.com/1.jpg" };

type World = Awaited<ReturnType<typeof startDouyinWorld>>;
let world: World;
const start = async () => {
  world = await startDouyinWorld(table());
  return world;
};
afterEach(() => world.stop());

describe("an arbitration", () => {
  const toEvidence = async () => {
    const begun = await start();
    const id = await begun.apply({ type: 0 });
    await begun.command(id, "refuse", { reasonCode: "6", note: "吊牌已剪", evidence: [picture] });
    begun.platform.act(id, "appeal");
    begun.platform.act(id, "ask-evidence");
    await begun.advance(6 * minute);
    return { ...begun, id };
  };
  const evidenceDue = ({ deadlines }: Case) => deadlines.filter(({ kind }) => kind === "evidence");

  it("gets its evidence before the deadline, once, and is decided for the merchant", async () => {
    const { platform, id, caseOf, command, advance, clock } = await toEvidence();
    const asked = await caseOf(id);
    expect(asked.facts.dispute.status).toMatchObject({ value: "evidence_due" });
    const [due] = evidenceDue(asked);
    expect(due?.dueAt).toBe(new Date((platform.case(id)?.arbitration?.deadline ?? 0) * 1000).toISOString());
    await advance(day);
    expect(clock.now().toISOString() < (due?.dueAt ?? "")).toBe(true);
    await command(id, "submit_evidence", { evidence: [picture], note: "开箱视频截图" });
    expect(platform.case(id)?.arbitration?.evidence).toEqual({ images: [picture.url], text: "开箱视频截图" });
    await advance(6 * minute);
    const given = await caseOf(id);
    expect(given.facts.dispute.status).toMatchObject({ value: "under_review" });
    expect(evidenceDue(given)).toEqual([]);
    platform.act(id, "decide", { conclusion: 2 });
    await advance(6 * minute);
    const decided = await caseOf(id);
    expect(decided.facts.dispute.status).toMatchObject({ value: "decided_for_merchant" });
    expect(ending(decided)).toMatchObject({ state: "closed", settled: 0 });
    expect(platform.truth()).toMatchObject([{ missedDeadlines: 0 }]);
  });

  const png = (text: string) => Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.from(text)]);

  it("gets a picture that the case keeps, by way of the shop's library, once its audit has passed", async () => {
    const { platform, id, keep, plan, act, advance, caseOf, callsOf } = await toEvidence();
    const evidenceId = await keep(id, png("unpacked"));
    const commandId = await plan(id, "submit_evidence", { evidence: [{ evidenceId }, picture], note: "开箱" });
    // The audit takes its four seconds: nothing is handed in before.
    expect(await act(id, commandId)).toBe("planned");
    expect(callsOf("afterSale/submitEvidence")).toBe(0);
    await advance(minute);
    expect(await act(id, commandId)).toBe("confirmed");
    const [material] = platform.materials();
    const address = `https://p3-aio.ecombdimg.com/obj/ecom-shop-material/${material?.id}.png`;
    expect(platform.materials()).toHaveLength(1);
    expect(platform.case(id)?.arbitration?.evidence).toEqual({ images: [address, picture.url], text: "开箱" });
    await advance(6 * minute);
    expect((await caseOf(id)).facts.dispute.status).toMatchObject({ value: "under_review" });
  });

  it("gets it once, though the answer to the upload is lost on the way", async () => {
    const { platform, around, id, keep, plan, act, advance, callsOf } = await toEvidence();
    const evidenceId = await keep(id, png("lost"));
    around.answered = (path) => {
      if (path !== "/material/uploadImageSync") return;
      around.answered = undefined;
      throw new SuiteError("answer_unclear", "the connection broke");
    };
    const commandId = await plan(id, "submit_evidence", { evidence: [{ evidenceId }] });
    expect(await act(id, commandId)).toBe("planned");
    await advance(minute);
    expect(await act(id, commandId)).toBe("confirmed");
    expect([platform.materials().length, callsOf("afterSale/submitEvidence")]).toEqual([1, 1]);
  });

  it("gets nothing of another case's, nor of what the audit rejects: that ends the command", async () => {
    const { platform, id, apply, keep, plan, act, command, advance, caseOf, callsOf } = await toEvidence();
    const elsewhere = await keep(await apply({ type: 1 }), png("of another case"));
    expect(await command(id, "submit_evidence", { evidence: [{ evidenceId: elsewhere }] })).toBe("refused");
    expect((await caseOf(id)).commands.at(-1)?.problem).toContain("evidence_unknown");
    expect(platform.materials()).toEqual([]);
    const commandId = await plan(id, "submit_evidence", { evidence: [{ evidenceId: await keep(id, png("bad")) }] });
    expect(await act(id, commandId)).toBe("planned");
    platform.auditMaterial(platform.materials()[0]?.id ?? "", 4);
    await advance(minute);
    expect(await act(id, commandId)).toBe("refused");
    expect((await caseOf(id)).commands.at(-1)?.problem).toContain("audit rejected the picture");
    expect([platform.materials().length, callsOf("afterSale/submitEvidence")]).toEqual([1, 0]);
  });

  it("takes none once the deadline has passed: nothing is sent, and a person is told", async () => {
    const { platform, id, caseOf, command, advance, callsOf } = await toEvidence();
    await advance(3 * day);
    expect(platform.truth()).toMatchObject([{ missedDeadlines: 1 }]);
    expect((await caseOf(id)).facts.dispute.status).toMatchObject({ value: "under_review" });
    expect(await command(id, "submit_evidence", { evidence: [picture] })).toBe("refused");
    expect(callsOf("afterSale/submitEvidence")).toBe(0);
    const task = { taskId: "do_submit_evidence", what: expect.stringContaining("a dispute that asks for it") };
    expect((await caseOf(id)).tasks).toMatchObject([task]);
  });
});
