import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Params } from "./params.ts";
import { startDouyin } from "./test-client.ts";

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
const files: Readonly<Record<string, Buffer>> = {
  "/a.png": png,
  "/b.jpg": Buffer.from([0xff, 0xd8, 0xff, 9]),
  "/c.gif": Buffer.from("GIF89a"),
  "/huge.png": Buffer.concat([png, Buffer.alloc(10 * 1024 * 1024)]),
};
const shelf = createServer((request, response) => {
  const file = files[request.url ?? ""];
  response.writeHead(file ? 200 : 404).end(file);
});
let sim: Awaited<ReturnType<typeof startDouyin>>;
let base = "";
beforeEach(async () => {
  sim = await startDouyin();
  await new Promise<void>((resolve) => shelf.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(shelf.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await sim.douyin.stop();
  shelf.closeAllConnections();
  await new Promise((resolve) => shelf.close(resolve));
});

const upload = (path: string, more: Params = {}) =>
  sim.call("/material/uploadImageSync", { folder_id: "0", material_name: "one", url: base + path, ...more });
const detail = async (id: unknown) => {
  const { material_info: info } = await sim.data("/material/queryMaterialDetail", { material_id: id });
  return info as Params;
};

describe("a picture that is uploaded", () => {
  it("is fetched from its address, and has one of its own once the audit has passed", async () => {
    const { code, data } = await upload("/a.png");
    expect([code, data.is_new, data.audit_status, data.byte_url]).toEqual([10000, true, 2, ""]);
    expect(await detail(data.material_id)).toMatchObject({ audit_status: 2, byte_url: "" });
    await sim.clock.advance(4_000);
    expect(await detail(data.material_id)).toMatchObject({
      ...{ audit_status: 3, size: png.length, byte_url: expect.stringMatching(/^https:.*\.png$/) },
    });
  });

  it("is found again by its bytes once it has passed, where that is asked for", async () => {
    const first = (await upload("/a.png")).data.material_id;
    expect((await upload("/a.png", { need_distinct: true })).data.material_id).not.toBe(first);
    await sim.clock.advance(4_000);
    const { data } = await upload("/a.png", { need_distinct: true });
    expect([data.material_id, data.is_new, data.audit_status]).toEqual([first, false, 3]);
    expect((await upload("/a.png")).data.is_new).toBe(true);
    expect((await upload("/b.jpg", { need_distinct: true })).data.is_new).toBe(true);
  });

  it("is found by a part of its name, with what its audit says", async () => {
    await upload("/a.png", { material_name: "blue-coat.png" });
    await upload("/b.jpg", { material_name: "red-coat.jpg" });
    await sim.clock.advance(4_000);
    const { material_info_list: rows, total } = await sim.data("/material/searchMaterial", { material_name: "blue" });
    expect([rows, total]).toMatchObject([[{ material_name: "blue-coat.png", audit_status: 3 }], 1]);
  });

  it("has no address when the audit rejects it", async () => {
    const id = String((await upload("/b.jpg")).data.material_id);
    sim.douyin.auditMaterial(id, 4);
    await sim.clock.advance(60_000);
    expect(await detail(id)).toMatchObject({ audit_status: 4, byte_url: "" });
  });

  it.each([
    ["is no picture", "/c.gif", {}, "isv.parameter-invalid:20001"],
    ["is larger than 10 MB", "/huge.png", {}, "isv.business-failed:22001"],
    ["is not there", "/none.png", {}, "isv.business-failed:10010"],
    [
      "has a name of more than 50 characters",
      "/a.png",
      { material_name: "x".repeat(51) },
      "isv.parameter-invalid:11000",
    ],
    ["has no name", "/a.png", { material_name: "" }, "isv.missing-parameter:11000"],
    ["has no address", "/a.png", { url: "" }, "isv.parameter-invalid:11000"],
    ["is for a folder that does not exist", "/a.png", { folder_id: "7" }, "isv.business-failed:22006"],
  ])("is refused where it %s", async (_, path, more, subCode) => {
    expect((await upload(path, more)).subCode).toBe(subCode);
    expect(sim.douyin.materials()).toEqual([]);
  });

  it("is another shop's to none", async () => {
    const { data } = await upload("/a.png");
    const other = await sim.douyin.openShop("别家");
    const change = { access_token: String(other.credentials.accessToken) };
    const asked = await sim.call("/material/queryMaterialDetail", { material_id: data.material_id as string }, change);
    expect(asked.subCode).toBe("isv.parameter-invalid:22002");
  });
});
