import type { Channel } from "#shared/case/channel.ts";
import type { AppWorld, Connector } from "../contract.ts";
import { audited } from "./audited.ts";
import { parse, type SessionDeps } from "./session.ts";

/** Our app on a channel, ready to be asked. There is no shop in it, so nothing to renew and nothing to park. */
export interface AppSession {
  readonly connector: Connector;
  call<Result>(work: (world: AppWorld<unknown>) => Promise<Result>): Promise<Result>;
}

/** @throws SuiteError `misconfigured` when our app settings are missing or do not fit. */
export async function openAppSession(
  channel: Channel,
  {
    connectorOf,
    channelSettings,
    http,
    clock,
  }: Pick<SessionDeps, "connectorOf" | "channelSettings" | "http" | "clock">,
): Promise<AppSession> {
  const connector = connectorOf(channel);
  const [settings] = await channelSettings(channel);
  const app = parse(connector.settings.app, settings, `the app settings of ${channel} do not fit`);
  return { connector, call: (work) => work({ app, http: audited(http, { channel }), now: clock.now() }) };
}
