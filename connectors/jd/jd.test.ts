import { describeConnector } from "../../test/contract/describe-connector.ts";
import { fixtures } from "./fixtures/index.ts";
import { jd } from "./index.ts";

describeConnector(jd, fixtures);
