/**
 * Stands in for the SDK's default credential chain in every bundle (see bundle.ts). Lambda hands credentials to a function
 * in its environment and nowhere else, yet the chain carries sign-in, metadata and profile readers that double the SDK's
 * load time. Lambda replaces the whole environment before the credentials expire, so they are read once.
 * @throws Error when the environment holds none, which on Lambda cannot happen.
 */
export function defaultProvider() {
  return async () => {
    const {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    } = process.env;
    if (!accessKeyId || !secretAccessKey) {
      throw new Error(
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: a bundled function takes credentials from there only.",
      );
    }
    return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
  };
}
