import { describeConnector } from "../../test/contract/describe-connector.ts";
import { fixtures } from "./fixtures/index.ts";
import { amazon } from "./index.ts";

describeConnector(amazon, fixtures);
