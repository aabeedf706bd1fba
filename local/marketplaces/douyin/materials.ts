import { createHash } from "node:crypto";
import { badParameter, failed, Refusal } from "./answers.ts";
import type { DouyinShop } from "./model.ts";
import { optionalFlag, optionalInteger, optionalText, type Params, text } from "./params.ts";
import type { Platform } from "./platform.ts";

/** A picture in a shop's library. */
export interface Material {
  id: string;
  shopId: string;
  name: string;
  originUrl: string;
  /** Of the bytes as they were fetched. */
  sha256: string;
  bytes: number;
  format: "png" | "jpg";
  createTime: number;
  /** Set by the platform's staff; else the audit passes in its time. */
  verdict?: number;
}

const mostBytes = 10 * 1024 * 1024;
const longestName = 50;
const rootFolder = "0";
const begins: Readonly<Record<Material["format"], readonly number[]>> = {
  png: [0x89, 0x50, 0x4e, 0x47],
  jpg: [0xff, 0xd8, 0xff],
};
const fetchWithinMs = 10_000;

/** Fetches the picture from the address given and keeps it; one that was audited before is found again if that is asked. */
export async function uploadImage(platform: Platform, shop: DouyinShop, params: Params): Promise<unknown> {
  const name = text(params, "material_name");
  if (name.length > longestName) throw badParameter(`material_name 不得超过 ${longestName} 个字符`);
  if (text(params, "folder_id") !== rootFolder) throw failed(22006, "当前文件夹下不支持创建该类素材");
  const originUrl = optionalText(params, "url");
  // The other way, by file_uri, is not played: how a file gets one is not known.
  if (!/^https?:\/\//.test(originUrl)) throw badParameter("url 和 file_uri 二选一");
  const isDistinct = optionalFlag(params, "need_distinct");
  const bytes = await fetched(originUrl);
  const format = (Object.keys(begins) as Material["format"][]).find((each) =>
    begins[each].every((byte, index) => bytes[index] === byte),
  );
  if (format === undefined) throw new Refusal(40004, "isv.parameter-invalid:20001", "解析素材格式失败");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const known = [...platform.materials.values()].find(
    (each) => each.shopId === shop.id && each.sha256 === sha256 && auditStatusOf(platform, each) === 3,
  );
  if (isDistinct && known !== undefined) return answer(platform, known, { isNew: false });
  const id = platform.makeId("74", shop.id, "material", platform.materials.size);
  const createTime = platform.nowSeconds();
  const made: Material = { id, shopId: shop.id, name, originUrl, sha256, bytes: bytes.length, format, createTime };
  platform.saveMaterial(made);
  return answer(platform, made, { isNew: true });
}

/** By a part of the name; other filters are not played. */
export function searchMaterials(platform: Platform, shop: DouyinShop, params: Params): unknown {
  const part = text(params, "material_name");
  const found = [...platform.materials.values()].filter((each) => each.shopId === shop.id && each.name.includes(part));
  const rows = found.slice(0, optionalInteger(params, "page_size") ?? 50).map((material) => ({
    material_id: material.id,
    folder_id: rootFolder,
    origin_url: material.originUrl,
    material_name: material.name,
    material_type: "photo",
    operate_status: 1,
    ...auditOf(platform, material),
    size: Math.ceil(material.bytes / 1024),
  }));
  return { material_info_list: rows, total: found.length };
}

export function materialDetail(platform: Platform, shop: DouyinShop, params: Params): unknown {
  const material = platform.materials.get(text(params, "material_id"));
  if (material === undefined || material.shopId !== shop.id)
    throw new Refusal(40004, "isv.parameter-invalid:22002", "素材不存在或已被删除");
  return {
    material_info: {
      material_id: material.id,
      folder_id: rootFolder,
      origin_url: material.originUrl,
      // The platform's own spelling.
      materil_name: material.name,
      material_type: "photo",
      operate_status: 1,
      ...auditOf(platform, material),
      size: material.bytes,
      photo_info: { format: material.format, height: 0, width: 0 },
      create_time: String(material.createTime),
    },
  };
}

/** The address where the platform serves a picture is told once its audit has passed. */
function auditOf(platform: Platform, material: Material) {
  const status = auditStatusOf(platform, material);
  const { id, format } = material;
  return {
    audit_status: status,
    byte_url: status === 3 ? `https://p3-aio.ecombdimg.com/obj/ecom-shop-material/${id}.${format}` : "",
    audit_reject_desc: status === 4 ? "图片不合规" : "",
  };
}

function auditStatusOf(platform: Platform, { verdict, createTime }: Material): number {
  if (verdict !== undefined) return verdict;
  return platform.nowMs() >= createTime * 1000 + platform.settings.auditMs ? 3 : 2;
}

function answer(platform: Platform, material: Material, { isNew }: { isNew: boolean }) {
  const audit_status = auditStatusOf(platform, material);
  // The address has been taken out of this answer since November 2022.
  return { material_id: material.id, folder_id: rootFolder, is_new: isNew, audit_status, byte_url: "" };
}

async function fetched(url: string): Promise<Buffer> {
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(fetchWithinMs) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const bytes = Buffer.from(await response.arrayBuffer());
    if (bytes.length > mostBytes) throw failed(22001, "素材大小超出限制");
    return bytes;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw failed(10010, "素材下载失败，请重新上传");
  }
}
