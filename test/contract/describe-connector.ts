import { describe } from "vitest";
import type { Connector } from "#connectors/contract.ts";
import { describeActions } from "./describe-actions.ts";
import { describeAuthorization } from "./describe-authorization.ts";
import { describeErrors } from "./describe-errors.ts";
import { describeNormalize } from "./describe-normalize.ts";
import { describePull } from "./describe-pull.ts";
import { describePush } from "./describe-push.ts";
import { describeSettings } from "./describe-settings.ts";
import type { ConnectorFixtures } from "./fixtures.ts";

/**
 * What every channel promises, run against its fixtures. A channel's own test file calls it and then tests what is
 * peculiar to the channel. No network: every answer is scripted.
 */
export function describeConnector<App, Credentials>(
  connector: Connector<App, Credentials>,
  fixtures: ConnectorFixtures<App, Credentials>,
): void {
  describe(`the contract, by ${connector.id}`, () => {
    describeSettings(connector, fixtures);
    describeAuthorization(connector, fixtures);
    describePush(connector, fixtures);
    describeNormalize(connector, fixtures);
    describePull(connector, fixtures);
    describeErrors(connector, fixtures);
    describeActions(connector, fixtures);
  });
}
