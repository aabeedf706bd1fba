import { query, type TaobaoWorld } from "./client.ts";
import { refusedHere } from "./refused-here.ts";
import { carrierSchema, carriersSchema, listOf } from "./schema.ts";

// The platform's calls want a carrier's code here and its name there, so either may be given. Which belong together is the
// platform's own list, read where it is needed: it changes with the carriers it works with.

/** Such as `YTO`; a name has other letters. */
const codeForm = /^[A-Z0-9_-]{2,20}$/;

/** The carrier's name, by its name or its code. @throws SuiteError `channel_refused` for a code the platform does not list. */
export async function carrierName(carrier: string, world: TaobaoWorld): Promise<string> {
  if (!codeForm.test(carrier)) return carrier;
  return (await listed(world, ({ code, name }) => code === carrier || name === carrier)).name;
}

/** The carrier's code, by its code or its name. @throws SuiteError `channel_refused` for a name the platform does not list. */
export async function carrierCode(carrier: string, world: TaobaoWorld): Promise<string> {
  if (codeForm.test(carrier)) return carrier;
  return (await listed(world, ({ name }) => name === carrier)).code;
}

interface Carrier {
  code: string;
  name: string;
}

async function listed(world: TaobaoWorld, isIt: (carrier: Carrier) => boolean): Promise<Carrier> {
  const answer = await query(world, "taobao.logistics.companies.get", { fields: "code,name" }, carriersSchema);
  const rows = listOf(answer.logistics_companies, "logistics_company");
  const found = rows.flatMap((row) => carrierSchema.safeParse(row).data ?? []).find(isIt);
  if (!found)
    throw refusedHere("the platform does not list this carrier: give its name or code as the platform spells it");
  return found;
}
