import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SuiteError } from "./errors.ts";

const keptForMs = 300_000;

/** The live versions of our app's settings on a channel, newest first: two while a secret is being rotated. */
export type ChannelSettings = (channel: string) => Promise<readonly unknown[]>;

/**
 * Reads a channel's app settings from Secrets Manager and keeps them for five minutes. The previous version is live until
 * the operator removes its stage. @throws SuiteError `misconfigured` when there is none: never go on with an empty secret.
 */
export function createChannelSettings({
  client,
  prefix,
  now = Date.now,
}: {
  client: SecretsManagerClient;
  prefix: string;
  now?: () => number;
}): ChannelSettings {
  const kept = new Map<string, { until: number; versions: readonly unknown[] }>();

  return async (channel) => {
    const known = kept.get(channel);
    if (known && known.until > now()) return known.versions;
    const current = await read(channel, "AWSCURRENT");
    if (current === undefined) {
      throw new SuiteError("misconfigured", `fill the secret ${prefix}${channel} with the app settings of ${channel}`);
    }
    const previous = await read(channel, "AWSPREVIOUS");
    const versions = previous === undefined ? [current] : [current, previous];
    kept.set(channel, { until: now() + keptForMs, versions });
    return versions;
  };

  async function read(channel: string, VersionStage: string): Promise<unknown> {
    try {
      const secret = await client.send(new GetSecretValueCommand({ SecretId: `${prefix}${channel}`, VersionStage }));
      return secret.SecretString ? JSON.parse(secret.SecretString) : undefined;
    } catch (cause) {
      if (cause instanceof Error && cause.name === "ResourceNotFoundException") return undefined;
      if (cause instanceof SyntaxError) {
        // The text itself must not travel on in an error.
        throw new SuiteError("misconfigured", `the secret ${prefix}${channel} is not JSON`);
      }
      throw cause;
    }
  }
}
