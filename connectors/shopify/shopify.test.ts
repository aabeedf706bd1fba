import { describeConnector } from "../../test/contract/describe-connector.ts";
import { fixtures } from "./fixtures/index.ts";
import { shopify } from "./index.ts";

describeConnector(shopify, fixtures);
