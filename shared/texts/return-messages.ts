import type { Language } from "#shared/case/address-book.ts";

/** The parts of the instructions, in the order in which a buyer reads them. ICU message format. */
export const messageNames = ["address", "mark", "carriers", "collect", "by", "freight", "insured", "tracking"] as const;
export type MessageName = (typeof messageNames)[number];

/** The words, by language. Values come already isolated where the direction of writing could be disturbed. */
export const returnMessages: Readonly<Record<Language, Readonly<Record<MessageName, string>>>> = {
  zh: {
    address: "请将商品寄回以下地址：",
    mark: "请在包裹外写明：{mark}",
    carriers: "{count, plural, other {建议使用的快递：{carriers}}}",
    collect: "请勿使用到付，到付包裹会被拒收。",
    by: "请在{returnBy, date, day}之前寄出。",
    freight:
      "{payer, select, merchant {退货运费由商家承担，请保留运费凭证。} buyer {退货运费由您承担。} nobody {本次无需寄回商品，不产生退货运费。} other {退货运费的承担方，由商家收到商品后与您确认。}}",
    insured: "本单含运费险：请在平台上填写退货运单号，否则运费险不予理赔。",
    tracking: "寄出后，请在订单页面填写快递公司和运单号。",
  },
  en: {
    address: "Please send the goods to:",
    mark: "Write this on the outside of the parcel: {mark}",
    carriers:
      "{count, plural, one {We recommend this carrier: {carriers}} other {We recommend one of these carriers: {carriers}}}",
    collect: "Please do not send it cash on delivery: such parcels are not accepted.",
    by: "Hand the parcel over before {returnBy, date, day}.",
    freight:
      "{payer, select, merchant {The seller pays for the return. Please keep the receipt.} buyer {The return postage is yours to pay.} nobody {Nothing has to be sent, so there is no postage.} other {The seller will tell you who pays the return postage once the goods have arrived.}}",
    insured: "Your order has return insurance. It pays only if you enter the tracking number on the platform.",
    tracking: "Once it is on its way, enter the carrier and the tracking number in your order.",
  },
  es: {
    address: "Envíe los artículos a esta dirección:",
    mark: "Escriba esto en el exterior del paquete: {mark}",
    carriers:
      "{count, plural, one {Le recomendamos esta empresa de transporte: {carriers}} other {Le recomendamos una de estas empresas de transporte: {carriers}}}",
    collect: "No lo envíe contra reembolso: esos paquetes no se aceptan.",
    by: "Entregue el paquete antes del {returnBy, date, day}.",
    freight:
      "{payer, select, merchant {El vendedor paga el envío de vuelta. Guarde el recibo, por favor.} buyer {El envío de vuelta corre por su cuenta.} nobody {No tiene que enviar nada, así que no hay gastos de envío.} other {El vendedor le dirá quién paga el envío de vuelta cuando lleguen los artículos.}}",
    insured:
      "Su pedido tiene un seguro de devolución. Solo paga si introduce el número de seguimiento en la plataforma.",
    tracking: "Cuando lo haya enviado, introduzca la empresa de transporte y el número de seguimiento en su pedido.",
  },
  th: {
    address: "โปรดส่งสินค้าคืนไปยังที่อยู่นี้:",
    mark: "โปรดเขียนข้อความนี้ไว้ด้านนอกพัสดุ: {mark}",
    carriers: "{count, plural, other {บริษัทขนส่งที่แนะนำ: {carriers}}}",
    collect: "โปรดอย่าส่งแบบเก็บเงินปลายทาง เพราะเราจะไม่รับพัสดุนั้น",
    by: "โปรดส่งพัสดุก่อนวันที่ {returnBy, date, day}",
    freight:
      "{payer, select, merchant {ผู้ขายเป็นผู้ชำระค่าส่งคืน โปรดเก็บใบเสร็จไว้} buyer {ผู้ซื้อเป็นผู้ชำระค่าส่งคืน} nobody {ไม่ต้องส่งสินค้าคืน จึงไม่มีค่าส่ง} other {ผู้ขายจะแจ้งให้ทราบว่าใครชำระค่าส่งคืน เมื่อได้รับสินค้าแล้ว}}",
    insured: "คำสั่งซื้อนี้มีประกันค่าส่งคืน ประกันจะจ่ายเมื่อคุณกรอกเลขพัสดุบนแพลตฟอร์มเท่านั้น",
    tracking: "หลังจากส่งแล้ว โปรดกรอกชื่อบริษัทขนส่งและเลขพัสดุในคำสั่งซื้อของคุณ",
  },
  ar: {
    address: "يرجى إرسال المنتجات إلى هذا العنوان:",
    mark: "اكتب هذا على الطرد من الخارج: {mark}",
    carriers:
      "{count, plural, one {ننصح بشركة الشحن هذه: {carriers}} two {ننصح بإحدى شركتي الشحن: {carriers}} other {ننصح بإحدى شركات الشحن هذه: {carriers}}}",
    collect: "لا ترسل الطرد بالدفع عند الاستلام، فلن يُقبل.",
    by: "سلّم الطرد قبل {returnBy, date, day}.",
    freight:
      "{payer, select, merchant {البائع يدفع تكلفة الإرجاع. احتفظ بالإيصال من فضلك.} buyer {تكلفة الإرجاع عليك.} nobody {لا حاجة إلى إرسال شيء، فلا توجد تكلفة شحن.} other {سيخبرك البائع بمن يدفع تكلفة الإرجاع بعد وصول المنتجات.}}",
    insured: "طلبك مشمول بتأمين الإرجاع، ولا يدفع التأمين إلا إذا أدخلت رقم التتبع على المنصة.",
    tracking: "بعد الإرسال، أدخل شركة الشحن ورقم التتبع في طلبك.",
  },
};
