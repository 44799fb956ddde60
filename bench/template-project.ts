import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A project as `cdktf init --template=typescript` makes it, with one instance in its one stack.
 *
 * TypeScript is 5.9, the newest that the template's ts-node runs on.
 */
export function writeTemplateProject(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(FILES)) writeFileSync(join(folder, file), content);
  const { status, stderr } = spawnSync("npm", ["install", "--no-audit", "--no-fund"], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`npm install of the template failed:\n${stderr}`);
}

const FILES: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({
    name: "template",
    private: true,
    dependencies: { "@cdktf/provider-aws": "21.22.1", cdktf: "0.21.0", constructs: "10.7.2" },
    devDependencies: { "@types/node": "20.19.43", "ts-node": "10.9.2", typescript: "5.9.3" },
  }),
  "cdktf.json": JSON.stringify({
    language: "typescript",
    app: "npx ts-node main.ts",
    projectId: "00000000-0000-4000-8000-000000000000",
    sendCrashReports: "false",
  }),
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      alwaysStrict: true,
      declaration: true,
      experimentalDecorators: true,
      inlineSourceMap: true,
      inlineSources: true,
      lib: ["es2018"],
      module: "CommonJS",
      noFallthroughCasesInSwitch: true,
      noImplicitAny: true,
      noImplicitReturns: true,
      noImplicitThis: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      resolveJsonModule: true,
      strict: true,
      strictNullChecks: true,
      strictPropertyInitialization: true,
      stripInternal: true,
      target: "ES2018",
      incremental: true,
      skipLibCheck: true,
    },
    include: ["**/*.ts"],
    exclude: ["node_modules", "cdktf.out"],
  }),
  "main.ts": `import { Construct } from "constructs";
import { App, TerraformStack } from "cdktf";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Instance } from "@cdktf/provider-aws/lib/instance";

class MyStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: "us-west-2" });
    new Instance(this, "instance", { ami: "ami-0123456789abcdef0", instanceType: "t2.micro" });
  }
}

const app = new App();
new MyStack(app, "template");
app.synth();
`,
};
