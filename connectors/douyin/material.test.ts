import { describe, expect, it } from "vitest";
import type { HttpResponse } from "#connectors/contract.ts";
import type { HeldFile } from "#shared/case/evidence.ts";
import { SuiteError } from "#shared/errors.ts";
import { caseOf } from "../../test/contract/case-of.ts";
import { suiteErrorOf } from "../../test/contract/leaks.ts";
import { scriptedHttp, worldOf } from "../../test/contract/scripted-http.ts";
import { actions } from "./actions.ts";
import { audited, commandOf, done, evidenceId, heldFile, library, reasons, uploaded } from "./fixtures/actions.ts";
import { caseFile, failure, success } from "./fixtures/build.ts";
import { fixtures } from "./fixtures/index.ts";

const address = "https://p3-aio.ecombdimg.com/obj/1.png";
const passed = audited(3, address);
const handedIn = success("{}");
const none = library();
const name = `${"ab".repeat(20)}.png`;
const row = (status: number, url = "", named = name) =>
  `{"material_id":"1","material_name":"${named}","audit_status":${status},"byte_url":"${url}"}`;

function submit(answers: readonly (HttpResponse | Error)[], { file = {}, times = 1 }: Wish = {}) {
  const { http, requests } = scriptedHttp(answers);
  const evidence = Array.from({ length: times }, () => ({ evidenceId }));
  const request = {
    subject: caseOf(caseFile("refused-evidence-due").observation),
    command: commandOf("submit_evidence", { evidence, note: "开箱" }),
    files: new Map([[evidenceId, { ...heldFile, ...file }]]),
  };
  const paths = () => requests.map(({ url }) => new URL(url).pathname);
  return { send: () => actions.submit_evidence?.send(request, worldOf(fixtures, http)), requests, paths };
}
interface Wish {
  file?: Partial<HeldFile>;
  times?: number;
}

describe("a file of ours, as evidence", () => {
  it("goes into the shop's library by a link that ends soon, and is handed in by the address it has there", async () => {
    const { send, requests, paths } = submit([none, uploaded, passed, handedIn]);
    await send();
    expect(paths()).toEqual([
      "/material/searchMaterial",
      "/material/uploadImageSync",
      "/material/queryMaterialDetail",
      "/afterSale/submitEvidence",
    ]);
    expect(requests[0]?.body).toBe(`{"material_name":"${name}"}`);
    expect(requests[1]?.body).toBe(
      `{"folder_id":"0","material_name":"${name}","need_distinct":true,"url":"https://bucket.example.com/${evidenceId}?for=300"}`,
    );
    expect(requests[2]?.body).toBe('{"material_id":"7412345678901234567"}');
    expect(JSON.parse(String(requests[3]?.body)).evidence).toEqual([address]);
  });

  it("goes with a refusal in the same way", async () => {
    const { http, requests } = scriptedHttp([reasons, none, uploaded, passed, done]);
    const request = {
      subject: caseOf(caseFile("return-requested").observation),
      command: commandOf("refuse", { reasonCode: "6", evidence: [{ evidenceId }] }),
      files: new Map([[evidenceId, heldFile]]),
    };
    await actions.refuse?.send(request, worldOf(fixtures, http));
    const [item] = JSON.parse(String(requests.at(-1)?.body)).items;
    expect(item.evidence).toEqual([{ type: 1, url: address, desc: "photo" }]);
  });

  it("goes up together with the others, so that their audits last no longer than one", async () => {
    const { send, paths } = submit([none, uploaded, audited(2), library(row(2))], { times: 2 });
    expect((await suiteErrorOf(send)).code).toBe("channel_unavailable");
    expect(paths().filter((path) => path === "/material/searchMaterial")).toHaveLength(2);
  });

  it("is not uploaded again once it is in the library, whatever else has a name like it", async () => {
    const found = library(row(4), row(3, "https://other.example.com/1.png", `x${name}`), row(3, address));
    const { send, requests, paths } = submit([found, handedIn]);
    await send();
    expect(paths()).toEqual(["/material/searchMaterial", "/afterSale/submitEvidence"]);
    expect(JSON.parse(String(requests[1]?.body)).evidence).toEqual([address]);
  });

  it.each<[string, Wish, RegExp]>([
    ["of a kind that the library does not take", { file: { mediaType: "image/webp" } }, /PNG and JPG/],
    ["that is too large", { file: { bytes: 10_000_001 } }, /10000000 bytes/],
    ["one of five", { times: 5 }, /at most 4/],
  ])("is refused before anything is sent: %s", async (_, wish, why) => {
    const { send, requests } = submit([], wish);
    const error = await suiteErrorOf(send);
    expect(error).toMatchObject({ code: "channel_refused", message: expect.stringMatching(why) });
    expect(requests).toEqual([]);
  });

  it.each<[string, (HttpResponse | Error)[], string]>([
    ["that could not be looked for", [new SuiteError("answer_unclear", "it broke")], "channel_unavailable"],
    ["that was found and is still being audited", [library(row(4), row(2))], "channel_unavailable"],
    ["that was found and has been rejected", [library(row(4))], "channel_refused"],
    ["whose upload was lost on the way", [none, new SuiteError("answer_unclear", "it broke")], "channel_unavailable"],
    [
      "whose audit was not answered",
      [none, uploaded, new SuiteError("answer_unclear", "it broke")],
      "channel_unavailable",
    ],
    ["whose upload is under way already", [none, failure(40004, "isv.parameter-invalid:31001")], "channel_unavailable"],
    ["that the channel could not fetch", [none, failure(50002, "isv.business-failed:10010")], "channel_unavailable"],
    ["that is still being audited", [none, uploaded, audited(2)], "channel_unavailable"],
    ["that has passed and has no address yet", [none, uploaded, audited(3)], "channel_unavailable"],
    ["that the audit rejected", [none, uploaded, audited(4)], "channel_refused"],
    ["that breaks a rule of the platform", [none, failure(50002, "isv.business-failed:22007")], "channel_refused"],
    ["for which the library has no room", [none, failure(40004, "isv.parameter-invalid:30001")], "channel_refused"],
  ])("is not handed in, and may be tried again where that helps: one %s", async (_, answers, code) => {
    const { send, paths } = submit(answers);
    expect((await suiteErrorOf(send)).code).toBe(code);
    expect(paths()).not.toContain("/afterSale/submitEvidence");
  });
});
