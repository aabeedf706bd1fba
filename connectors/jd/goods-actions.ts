import { fromStock } from "./channel-stock.ts";
import { command as ask, type JdWorld, type Params } from "./client.ts";
import { given, refusedHere } from "./refused-here.ts";
import { mainWare, processStatuses, waitsForGoods } from "./status.ts";
import {
  actorOf,
  codesOf,
  isFromStock,
  type JdAction,
  type JdActions,
  offeredIf,
  type Request,
  ticketNow,
  ticketParams,
  waybill,
  waybillForm,
} from "./subject.ts";
import { addressText, chosenAddress, consigneeBlock } from "./way-back.ts";

/** The condition of the goods is said in numbers whose tables the shop itself must give; `reasonCode` names the condition. */
const confirmReceipt: JdAction = {
  offered: (subject, args, credentials) => {
    const { family, status } = codesOf(subject);
    if (family !== "ticket" || status !== waitsForGoods)
      return offeredIf(false, "Register the parcel in the merchant's console, if the case still allows it.");
    const condition = args?.reasonCode ?? "intact";
    return offeredIf(
      Object.hasOwn(credentials?.receiveCodes ?? {}, condition),
      `Register the parcel in the merchant's console: the shop has given no report codes for goods that are ${condition}.`,
    );
  },
  send: async (request, world) => {
    const { args } = request.command;
    const codes = world.credentials.receiveCodes[args.reasonCode ?? "intact"];
    if (!codes) throw refusedHere("the shop has given no report codes for this condition");
    // The call takes no version, so the read before it is the only guard against booking in twice.
    await ticketNow(request, world);
    const receivePin = world.credentials.operatePin;
    const receiveName = actorOf(request.command);
    await ask(world, "jingdong.asc.receive.register", {
      ...ticketParams(request, world),
      ...codes,
      receivePin,
      receiveName,
      receiveRemark: args.note ?? "已收货",
    });
  },
};

/** A replacement from where the channel keeps the goods, one outside the channel, or the same unit back after its repair. */
const shipReplacement: JdAction = {
  offered: (subject, args, credentials) => {
    const { family, status } = codesOf(subject);
    const { type } = subject.facts;
    const isDue = family === "ticket" && processStatuses.includes(status) && type.known;
    const kind = isDue ? type.value : undefined;
    if (kind !== "exchange" && kind !== "repair")
      return offeredIf(false, "Ship in the merchant's console, if the case still allows it.");
    if (kind === "exchange" && isFromStock(args ?? {}, credentials)) return { offered: true };
    if (kind === "exchange" && credentials?.replacementOpFlag === undefined)
      return offeredIf(
        false,
        "Enter the replacement's waybill in the merchant's console: its call wants a code that is not public.",
      );
    return offeredIf(!args || waybill(args) !== undefined, `Ship, then say so ${waybillForm}.`);
  },
  send: async (request, world) => {
    const { type } = request.subject.facts;
    if (type.known && type.value === "repair") return sendBack(request, world);
    if (isFromStock(request.command.args, world.credentials)) return renew(request, world);
    const opFlag = world.credentials.replacementOpFlag;
    if (opFlag === undefined) throw refusedHere("the shop has given no opFlag");
    const shipped = shippedBy(request);
    await ticketNow(request, world);
    await ask(world, "jingdong.asc.process.offline.change", {
      ...versioned(request, world),
      ...shipped,
      opFlag,
      wareType: mainWare,
    });
  },
};

/** A new order of the channel's own carries the replacement. Nothing is collected from the buyer. */
async function renew(request: Request, world: JdWorld): Promise<void> {
  const ticket = await ticketNow(request, world);
  await ask(world, "jingdong.asc.process.renew", {
    ...versioned(request, world),
    ...consigneeBlock(ticket),
    ...fromStock(ticket, world),
    applyDescription: request.command.args.note ?? "换新",
    collectFreightFlag: false,
  });
}

/** Ends a ticket of which nothing can go back, such as an empty parcel. */
export async function closeTicket(request: Request, world: JdWorld): Promise<void> {
  await ticketNow(request, world);
  await ask(world, "jingdong.asc.process.close", versioned(request, world));
}

/** The same unit goes back to the buyer: repaired, or refused after inspection. */
export async function sendBack(request: Request, world: JdWorld): Promise<void> {
  const shipped = shippedBy(request);
  const ticket = await ticketNow(request, world);
  await ask(world, "jingdong.asc.process.back", {
    ...versioned(request, world),
    ...consigneeBlock(ticket),
    ...shipped,
  });
}

function shippedBy({ command }: Request): Params {
  const shipped = waybill(command.args);
  if (!shipped) throw refusedHere(`the waybill is missing: ${waybillForm}`);
  return shipped;
}

function versioned(request: Request, world: JdWorld): Params {
  return { ...ticketParams(request, world), sysVersion: request.command.decidedOnVersion };
}

/** Repeats the shop's address to a buyer who is to ship. Off until the merchant has seen what buyers are shown. */
const provideAddress: JdAction = {
  needs: ["addressId"],
  offered: (subject, _args, credentials) => {
    const { family, status, pickware } = codesOf(subject);
    const isDue = family === "ticket" && status === waitsForGoods && pickware === 40;
    return offeredIf(
      isDue && credentials?.switches.remindWithAddress === true,
      "Check in the merchant's console that the ticket shows the buyer the shop's return address; the agreement's note repeats it.",
    );
  },
  send: async (request, world) => {
    if (!world.credentials.switches.remindWithAddress) throw refusedHere("the shop has not switched on reminders");
    const address = await chosenAddress(given(request.command.args.addressId, "addressId"), world);
    if (!address) throw refusedHere("addressId is missing");
    const { customerInfo } = await ticketNow(request, world);
    const { contactMobile, contactTel } = customerInfo?.contactInfo ?? {};
    await ask(world, "jingdong.asc.receive.delivery.remind", {
      ...ticketParams(request, world),
      customerMobile: given(contactMobile ?? contactTel, "the buyer's phone on the ticket"),
      afsAddress: addressText(address),
    });
  },
};

export const goodsActions: JdActions = {
  confirm_receipt: confirmReceipt,
  ship_replacement: shipReplacement,
  provide_address: provideAddress,
};
