import { type Defences, off, offEach } from "./defence.ts";

const suite = "outbound";
const http = "shared/http.ts";

export const outboundDefences: Defences = {
  "no redirect is followed": off(suite, http, 'redirect: "manual"', 'redirect: "follow"'),
  "an answer is bounded in size": off(suite, http, "if (size > maxBytes)", "if (maxBytes < 0)"),
  "an answer is bounded in time": off(suite, http, '"TimeoutError")), timeoutMs)', '"TimeoutError")), 9_000)'),
  "an answer that is not whole is none": off(
    suite,
    http,
    "throw unreached(cause, details);\n    } finally",
    "return { status: 200, headers: {}, body: new Uint8Array() };\n    } finally",
  ),
  "certificates are checked": off(
    suite,
    http,
    "const place = new URL(url);",
    'const place = new URL(url);\n    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";',
  ),
  "a page is no answer": offEach(suite, [
    "connectors/registry.ts",
    "return connectors[channel] as Connector;",
    "return { ...connectors[channel], explain: () => undefined } as never;",
  ]),
  "a document is not unpacked without end": off(
    suite,
    "connectors/amazon/document.ts",
    "if (size > mostBytes)",
    "if (mostBytes < 0)",
  ),
  "no document type is read": off(
    suite,
    "connectors/amazon/xml-report.ts",
    "rest.slice(Math.max(0, start), end + close.length)",
    "rest.slice(0, end + close.length)",
  ),
  "what goes into a document is escaped": off(
    suite,
    "connectors/amazon/feed-xml.ts",
    "const safe = text.replace(",
    "const safe = text || text.replace(",
  ),
};
