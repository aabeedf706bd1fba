import { type Defences, off, offEach } from "./defence.ts";

const suite = "evidence";
const download = "shared/evidence/download.ts";

export const evidenceDefences: Defences = {
  "only https is spoken": off(suite, download, 'if (url.protocol !== "https:") throw new Refusal("not_https");', ""),
  "an address has neither port nor person": off(
    suite,
    download,
    'if (url.port !== "" || url.username !== "" || url.password !== "") throw',
    'if (url.port === "0") throw',
  ),
  "hosts are those of a list": off(suite, download, 'throw new Refusal("host_not_allowed");', "void hosts;"),
  "only public addresses are connected to": off(suite, download, "if (!addresses.every(isPublic))", "if (!isPublic)"),
  "what was checked is what is connected to": off(
    suite,
    download,
    "const response = await get(target, address, world, ending);",
    "const response = await get(target, (await world.resolve(target.hostname))[0] ?? address, world, ending);",
  ),
  "every hop is checked anew": offEach(suite, [
    download,
    "const target = checkedPlace(place, limits.hosts);",
    "const target = hop === 0 ? checkedPlace(place, limits.hosts) : new URL(place);",
  ]),
  "redirects end": off(suite, download, "const mostRedirects = 3;", "const mostRedirects = 30;"),
  "a file is small, said and sent": offEach(
    suite,
    [
      download,
      'if (Number(announced) > maxBytes) throw refuse("too_large");',
      'if (announced?.length === 10) throw refuse("empty");',
    ],
    [download, 'if (size > maxBytes) throw refuse("too_large");', ""],
  ),
  "nothing is unpacked": off(
    suite,
    download,
    'if (encoding !== "identity") throw refuse("compressed");',
    "void encoding;",
  ),
  "the time of the whole is bounded": off(
    suite,
    download,
    "AbortSignal.timeout(limits.timeoutMs)",
    "AbortSignal.timeout(20_000)",
  ),
  "a file is what its bytes say": off(
    suite,
    download,
    'if (!mediaType || !limits.mediaTypes.includes(mediaType)) return { ok: false, why: "type_not_allowed" };',
    "",
  ),
  "the server proves its name": off(
    suite,
    download,
    "{ agent: false, lookup",
    "{ rejectUnauthorized: false, agent: false, lookup",
  ),
  "nothing of ours is sent along": off(
    suite,
    download,
    '"accept-encoding": "identity" }',
    '"accept-encoding": "identity", "user-agent": "casebridge", authorization: "x" }',
  ),
  "a picture for Taobao is on the public web": off(
    suite,
    "connectors/taobao/picture.ts",
    "if (!isPublicUrl(url)) throw",
    "if (!isPublicUrl) throw",
  ),
};
