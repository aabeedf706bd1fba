import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AssetHashType, DockerImage, type ILocalBundling } from "aws-cdk-lib";
import { type AssetCode, Code } from "aws-cdk-lib/aws-lambda";
import { type BuildOptions, buildSync } from "esbuild";

const root = join(import.meta.dirname, "../..");

export const folderOf = (functionName: string) => join(root, "functions", functionName);
export const entryOf = (functionName: string) => join(folderOf(functionName), "handler.ts");

/**
 * What makes a cold start short. CommonJS, because the SDK's own `require` calls need a shim in an ES module and load
 * slower there; ES sources first, because only they can be shaken; and no credential chain (310 to 178 kB for one client).
 * No source map: it would be read at every cold start.
 */
export const bundleOptions = {
  bundle: true,
  minify: true,
  platform: "node",
  target: "node24",
  format: "cjs",
  mainFields: ["module", "main"],
  alias: { "@aws-sdk/credential-provider-node": join(import.meta.dirname, "environment-credentials.ts") },
  absWorkingDir: root,
  legalComments: "none",
  logLevel: "error",
} as const satisfies BuildOptions;

/**
 * The code of a function: `functions/<name>/handler.ts` as one file `index.js` in a folder of the cloud assembly. esbuild
 * is called in this process; the CDK's own construct starts a shell and npx per function, which takes ten times as long.
 */
export function bundle(functionName: string): AssetCode {
  const local: ILocalBundling = {
    tryBundle(outputDir) {
      buildSync({ ...bundleOptions, entryPoints: [entryOf(functionName)], outfile: join(outputDir, "index.js") });
      // Says what index.js is wherever the folder lies: in a checkout, our package.json would make it an ES module.
      writeFileSync(join(outputDir, "package.json"), '{"type":"commonjs"}\n');
      return true;
    },
  };
  return Code.fromAsset(folderOf(functionName), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: { image: DockerImage.fromRegistry("never-pulled"), local },
  });
}
