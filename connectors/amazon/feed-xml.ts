/** A feed of one message, as Amazon's envelope wants it. `content` is XML already. */
export function envelope({ sellerId, type, content }: { sellerId: string; type: string; content: string }): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">',
    `<Header>${tag("DocumentVersion", "1.01")}${tag("MerchantIdentifier", sellerId)}</Header>`,
    tag("MessageType", type),
    `<Message>${tag("MessageID", "1")}<${type}>${content}</${type}></Message>`,
    "</AmazonEnvelope>",
  ].join("\n");
}

export function tag(name: string, text: string): string {
  const safe = text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<${name}>${safe}</${name}>`;
}
