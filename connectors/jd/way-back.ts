import { shopAddresses } from "./addresses.ts";
import type { JdWorld, Params } from "./client.ts";
import { refusedHere } from "./refused-here.ts";
import type { BillToAnswer, Contact, ShopAddress } from "./schema.ts";

/** Code of the kind of address in the block; the table is not public. */
const returnAddressType = 1;

/** The address that a person or a rule chose, as the channel knows it; undefined when none was chosen. */
export async function chosenAddress(addressId: string | undefined, world: JdWorld): Promise<ShopAddress | undefined> {
  if (!addressId) return undefined;
  const found = (await shopAddresses(world)).find(({ id }) => id === addressId);
  if (!found) throw refusedHere("the channel does not know this return address");
  return found;
}

/** The text that tells a buyer where to send the goods. */
export function addressText({ full_address: place, contact, phone }: ShopAddress): string {
  return `退货地址：${[place, contact, phone].filter(Boolean).join(" ")}`;
}

/**
 * The `return…` block of an agreement. In the channel's vocabulary it is where the goods go back to the buyer, so it
 * repeats what the ticket holds, masked as it is; a shop may have it carry the shop's own address instead.
 */
export function returnBlock(ticket: BillToAnswer, address: ShopAddress | undefined, world: JdWorld): Params {
  const isShops = world.credentials.switches.returnBlock === "shop";
  if (isShops && !address) throw refusedHere("addressId is missing");
  const { returnWareAddress, customerInfo } = ticket;
  const block =
    isShops && address
      ? ofShop(address)
      : complete({ ...customerInfo?.contactInfo, ...placeOf(returnWareAddress ?? customerInfo?.contactInfo) });
  return { ...named("return", block), returnAddressType };
}

/** Where the channel's courier fetches the goods. */
export function pickupBlock({ customerInfo, pickwareAddress }: BillToAnswer): Params {
  const block = complete({ ...customerInfo?.contactInfo, ...placeOf(pickwareAddress ?? customerInfo?.contactInfo) });
  return named("pickup", block);
}

/** Where a replacement goes that is approved at the audit, by the names that call uses. */
export function customerBlock({ customerInfo, returnWareAddress }: BillToAnswer): Params {
  const place = placeOf(returnWareAddress ?? customerInfo?.contactInfo);
  return named("customer", complete({ ...customerInfo?.contactInfo, ...place }));
}

function named(prefix: "customer" | "pickup" | "return", block: Partial<Contact>): Params {
  return {
    [`${prefix}ContactName`]: block.contactName,
    [`${prefix}ContactTel`]: block.contactTel,
    [`${prefix}ContactMobile`]: block.contactMobile,
    [`${prefix}Zipcode`]: block.contactZipcode,
    [`${prefix}Province`]: block.provinceCode,
    [`${prefix}City`]: block.cityCode,
    [`${prefix}County`]: block.countyCode,
    [`${prefix}Village`]: block.villageCode,
    [`${prefix}DetailAddress`]: block.detailAddress,
  };
}

/** Where goods are sent to the buyer, by the names that the process calls use. */
export function consigneeBlock({ customerInfo, returnWareAddress }: BillToAnswer): Params {
  const block = complete({ ...customerInfo?.contactInfo, ...placeOf(returnWareAddress ?? customerInfo?.contactInfo) });
  return {
    consigneeName: block.contactName,
    consigneeTel: block.contactMobile ?? block.contactTel,
    provinceCode: block.provinceCode,
    cityCode: block.cityCode,
    countyCode: block.countyCode,
    villageCode: block.villageCode,
    detailAddress: block.detailAddress,
  };
}

function placeOf(address: Contact | undefined): Partial<Contact> {
  const { provinceCode, cityCode, countyCode, villageCode, detailAddress } = address ?? {};
  return { provinceCode, cityCode, countyCode, villageCode, detailAddress };
}

/** @throws SuiteError `channel_refused` when the ticket lacks what the channel demands. */
function complete(block: Partial<Contact>): Partial<Contact> {
  const { contactName, contactTel = block.contactMobile, contactZipcode = "000000", provinceCode, cityCode } = block;
  if (!contactName || !contactTel || provinceCode === undefined || cityCode === undefined || !block.detailAddress)
    throw refusedHere("the ticket has no whole address of the buyer");
  return { ...block, contactTel, contactZipcode, countyCode: block.countyCode ?? 0 };
}

/** `full_area_id` is the four area codes, joined by `_`. */
function ofShop({ contact, phone, zip_code, full_area_id = "", full_address }: ShopAddress): Partial<Contact> {
  const [provinceCode, cityCode, countyCode, villageCode] = full_area_id.split("_").map(Number);
  return complete({
    contactName: contact,
    contactTel: phone,
    contactZipcode: zip_code,
    provinceCode,
    cityCode,
    countyCode,
    villageCode,
    detailAddress: full_address,
  });
}
