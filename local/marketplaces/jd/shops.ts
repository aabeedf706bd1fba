import { createRandom } from "../kit/random.ts";
import type { JdShop } from "./model.ts";
import type { Platform } from "./platform.ts";
import { issue } from "./tokens.ts";

/** The same name gives the same shop; one that is already open is handed back as it is. */
export function openShop(platform: Platform, name: string): JdShop {
  const id = createRandom(name, "jd shop").digits(6);
  const open = platform.shops.get(id);
  if (open !== undefined) return open;
  return issue(platform, {
    id,
    name,
    xid: `o*sim-${id}`,
    isAuthorised: true,
    addresses: [
      {
        id: platform.makeId("77", id, "address"),
        contact: "模拟店售后",
        phone: "010-00000000",
        zipCode: "101300",
        place: "北京市顺义区模拟仓 1 号",
        areaId: "1_2802_2821_0",
      },
    ],
  });
}
