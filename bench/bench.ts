// Time and memory of a synthesis and of validate, as ratios to a floor measured in the same run: `npm run bench [-- --runs 7] [--json]`.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeTemplateProject } from "./template-project";

const { values: options } = parseArgs({
  options: { runs: { type: "string", default: "7" }, json: { type: "boolean", default: false } },
});
const runs = Number(options.runs);
const root = resolve(".");
const scratch = mkdtempSync(join(tmpdir(), "bench-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

/** Something to measure. */
interface Subject {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd: string;
}

/** What one run took: wall time, and the largest resident set of its Node processes. */
interface Sample {
  readonly seconds: number;
  readonly mebibytes: number;
}

const template = join(scratch, "template");
progress("installing the official template's packages");
writeTemplateProject(template);
const cdktf = join(root, "node_modules", ".bin", "cdktf");
progress("building the package");
execFileSync("node", [join(root, "scripts", "build.mjs")], { cwd: root, stdio: "ignore" });
const subjects = {
  node: { name: "node -e 0", command: ["node", "-e", "0"], cwd: root },
  validate: { name: "gitlab-aws validate", command: ["node", join(root, "dist/cli/main.mjs"), "validate"], cwd: root },
  floor: { name: `node -e 'require("cdktf")'`, command: ["node", "-e", 'require("cdktf")'], cwd: root },
  synth: { name: "npm run synth's command", command: ["node", "scripts/run.mjs", "main.ts"], cwd: root },
  templateSynth: { name: "cdktf synth, official template", command: [cdktf, "synth"], cwd: template },
  cdktfSynth: { name: "cdktf synth, this project", command: [cdktf, "synth"], cwd: root },
} satisfies Record<string, Subject>;

const samples = new Map<Subject, Sample[]>();
// One of each in turn, so that whatever else the machine does meets all of them; the first round only warms caches.
for (let run = 0; run <= runs; run++) {
  progress(run === 0 ? "warming up" : `run ${run} of ${runs}`);
  for (const subject of Object.values(subjects)) {
    const sample = measure(subject);
    if (run > 0) samples.set(subject, [...(samples.get(subject) ?? []), sample]);
  }
}
report();

function measure({ command, cwd, name }: Subject): Sample {
  const memory = join(scratch, "memory");
  rmSync(memory, { force: true });
  const [program = "", ...args] = command;
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    env: {
      ...process.env,
      CI: "1",
      CHECKPOINT_DISABLE: "1",
      DISABLE_VERSION_CHECK: "1",
      CDKTF_LOG_LEVEL: "off",
      TOPOLOGY: join(root, "topology.json"),
      CDKTF_OUTDIR: outdirOf(name),
      BENCH_MEMORY_FILE: memory,
      NODE_OPTIONS: `--require ${join(root, "bench", "peak-memory.cjs")}`,
    },
  });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) throw new Error(`${name} failed:\n${stderr}`);
  const peaks = readFileSync(memory, "utf8").trim().split("\n").map(Number);
  return { seconds, mebibytes: Math.max(...peaks) / 1024 };
}

function outdirOf(name: string): string {
  const outdir = join(scratch, name.replace(/\W+/g, "-"));
  mkdirSync(outdir, { recursive: true });
  return outdir;
}

function report(): void {
  const median = (subject: Subject, of: keyof Sample): number => {
    const sorted = (samples.get(subject) ?? []).map((sample) => sample[of]).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] as number;
  };
  const ratios = [
    { what: "validate to node, time", of: subjects.validate, to: subjects.node, unit: "seconds", aim: 3 },
    { what: "synthesis to floor, time", of: subjects.synth, to: subjects.floor, unit: "seconds", aim: 2.5 },
    { what: "synthesis to floor, memory", of: subjects.synth, to: subjects.floor, unit: "mebibytes", aim: undefined },
    {
      what: "cdktf synth to template, time",
      of: subjects.cdktfSynth,
      to: subjects.templateSynth,
      unit: "seconds",
      aim: 0.7,
    },
  ] as const;
  const results = {
    runs,
    subjects: Object.values(subjects).map((subject) => ({
      name: subject.name,
      seconds: median(subject, "seconds"),
      mebibytes: median(subject, "mebibytes"),
    })),
    ratios: ratios.map(({ what, of, to, unit, aim }) => ({ what, ratio: median(of, unit) / median(to, unit), aim })),
  };
  if (options.json) {
    console.log(JSON.stringify(results, null, 2));
    return;
  }
  for (const { name, seconds, mebibytes } of results.subjects) {
    console.log(`${name.padEnd(34)} ${seconds.toFixed(2)} s  ${mebibytes.toFixed(0)} MiB`);
  }
  for (const { what, ratio, aim } of results.ratios) {
    const verdict = aim === undefined ? "" : `aim: at most ${aim}, ${ratio <= aim ? "met" : "missed"}`;
    console.log(`${what.padEnd(34)} ${ratio.toFixed(2)}    ${verdict}`);
  }
}

function progress(text: string): void {
  console.error(`bench: ${text}`);
}
