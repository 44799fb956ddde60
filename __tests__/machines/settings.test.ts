// settings.rb as real Ruby runs it, twice in a row, with the part of GitLab that it needs standing in.
import { join } from "node:path";
import { attempt, host } from "./host";

const SCRIPT = join(__dirname, "../../modules/nodes/scripts/settings.rb");

function run(settings: Readonly<Record<string, boolean>>): { changes: unknown[]; said: string[] } {
  if (attempt("which", "ruby") === undefined) throw new Error("Ruby is missing. Install it: apt-get install ruby");
  return JSON.parse(host("ruby", "-w", join(__dirname, "application-setting.rb"), SCRIPT, JSON.stringify(settings)));
}

const NOTHING = "Settings: nothing to change";

test("incremental logging goes on and authorized_keys off, once", () => {
  const { changes, said } = run({ authorized_keys_enabled: true, ci_job_live_trace_enabled: false });
  expect(changes).toEqual([{ authorized_keys_enabled: false, ci_job_live_trace_enabled: true }]);
  expect(said).toEqual(["Settings: authorized_keys_enabled false, ci_job_live_trace_enabled true", NOTHING]);
});

test("only what differs is written", () => {
  const { changes, said } = run({ authorized_keys_enabled: false, ci_job_live_trace_enabled: false });
  expect(changes).toEqual([{ ci_job_live_trace_enabled: true }]);
  expect(said).toEqual(["Settings: ci_job_live_trace_enabled true", NOTHING]);
});

test("until 17.10 incremental logging is a feature flag, which takes being turned on again", () => {
  const { changes } = run({ authorized_keys_enabled: true });
  const flag = { ci_enable_live_trace: true };
  expect(changes).toEqual([flag, { authorized_keys_enabled: false }, flag]);
});
