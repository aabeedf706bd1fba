import { describeConnector } from "../../test/contract/describe-connector.ts";
import { fixtures } from "./fixtures/index.ts";
import { douyin } from "./index.ts";

describeConnector(douyin, fixtures);
