// How sources become JavaScript: the same for a run from a checkout and for the package.

/** In CDK Terrain, which goes by the name of cdktf or its own, too: docs/cdk-terrain.md. */
const stackTraces = /[\\/]cdkt[fn][\\/]lib[\\/]tokens[\\/]private[\\/]stack-trace\.js$/;

/** esbuild's options for whatever is bundled. */
export const bundleOptions = {
  bundle: true,
  platform: "node",
  target: "node20",
  // jsonc-parser's CommonJS build looks its modules up in a way that bundlers can't follow.
  mainFields: ["module", "main"],
  // What runs on the nodes, as text.
  loader: { ".sh": "text", ".py": "text", ".sql": "text", ".rb": "text", ".conf": "text", ".service": "text" },
  logLevel: "warning",
  // cdktf notes the whole call stack at each of its thousands of tokens, to name it in a few error messages. That is
  // a quarter of a synthesis, and the errors' own stacks tell as much.
  plugins: [
    {
      name: "without-creation-stacks",
      setup: ({ onLoad }) =>
        onLoad({ filter: stackTraces }, () => ({
          contents: "exports.captureStackTrace = exports.captureCreationStack = () => [];",
        })),
    },
  ],
};

/** The same for a program: what it imports on demand is a file of its own, so that one that doesn't synthesize never reads cdktf. */
export const programOptions = {
  ...bundleOptions,
  format: "esm",
  splitting: true,
  // Less to read at each start. Names stay: Terraform addresses and error messages have them.
  minifyWhitespace: true,
  outExtension: { ".js": ".mjs" },
  banner: {
    // What packages in CommonJS look for.
    js: `import { createRequire as bundleRequire } from "node:module";
import { dirname as bundleDirname } from "node:path";
import { fileURLToPath as bundlePath } from "node:url";
const require = bundleRequire(import.meta.url);
const __filename = bundlePath(import.meta.url);
const __dirname = bundleDirname(__filename);`,
  },
};
