import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { attempt, host, until } from "./host";

export interface MachineProps {
  /** The folder that keeps its disk. */
  readonly folder: string;
  /** A number of its own, which is the end of its address too. */
  readonly number: number;
  readonly hostname: string;
  /** The folders below its disk, the topmost first. */
  readonly layers: readonly string[];
  readonly bridge: string;
  readonly network: string;
}

/** How the boot of the GitLab node stands. */
export type BootState = "active" | "failed" | "activating" | "inactive";

/** A machine of its own on this host: namespaces, a disk over the host's files, systemd, cloud-init and sshd. */
export class Machine {
  readonly address: string;
  readonly console: string;
  private readonly netns: string;
  private readonly link: string;
  private readonly cgroup: string;
  private launcher?: ChildProcess;
  /** The process whose child is systemd. */
  private outer?: number;

  constructor(private readonly props: MachineProps) {
    const { folder, number, network, bridge, hostname } = props;
    this.address = `${network}.${number}`;
    this.console = join(folder, "console.log");
    this.netns = `node${number}`;
    this.link = `node${number}`;
    // Where a host has version 1 of control groups too, version 2 lies in a folder of its own.
    const hierarchy = existsSync("/sys/fs/cgroup/unified") ? "/sys/fs/cgroup/unified" : "/sys/fs/cgroup";
    this.cgroup = join(hierarchy, `gitlab-node${number}`);
    mkdirSync(join(folder, "upper/etc"), { recursive: true });
    writeFileSync(join(folder, "upper/etc/hostname"), `${hostname}\n`);
    writeFileSync(join(folder, "upper/etc/machine-id"), "");
    host("ip", "netns", "add", this.netns);
    host("ip", "link", "add", this.link, "type", "veth", "peer", "name", "eth0", "netns", this.netns);
    host("ip", "link", "set", this.link, "master", bridge, "up");
    host("ip", "-n", this.netns, "addr", "add", `${this.address}/24`, "dev", "eth0");
    host("ip", "-n", this.netns, "link", "set", "lo", "up");
    host("ip", "-n", this.netns, "link", "set", "eth0", "up");
    host("ip", "-n", this.netns, "route", "add", "default", "via", `${network}.1`);
  }

  /** The id it has in EC2. */
  get instanceId(): string {
    return this.props.hostname;
  }

  /** Attaches an EBS volume: a block device of this host. */
  attachVolume(id: string, device: string): void {
    writeFileSync(join(this.props.folder, "volume"), `${id} ${device}\n`);
  }

  async powerOn(): Promise<void> {
    const { folder, layers } = this.props;
    this.plug("in");
    mkdirSync(this.cgroup, { recursive: true });
    const script = join(__dirname, "machine.py");
    // A shell puts itself into the machine's group of processes first.
    const launch = `echo $$ >${this.cgroup}/cgroup.procs && exec python3 "$@"`;
    this.launcher = spawn("bash", ["-c", launch, "-", script, folder, this.netns, this.console, ...layers], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(createInterface(this.launcher.stdout as NodeJS.ReadableStream), "line");
    this.outer = Number(line);
    await until("systemd starts", 30, () => this.init !== undefined);
  }

  /** Its network cable. */
  plug(where: "in" | "out"): void {
    host("ip", "link", "set", this.link, where === "in" ? "up" : "down");
  }

  /**
   * Switches it off in mid-sentence.
   *
   * @param silently whether its network goes first, so that nobody hears that its connections end
   */
  async powerCut({ silently = false } = {}): Promise<void> {
    if (!this.launcher) return;
    const { init } = this;
    if (silently) this.plug("out");
    if (this.end === undefined) {
      const gone = once(this.launcher, "exit");
      this.launcher.kill("SIGKILL");
      await gone;
    }
    this.launcher = undefined;
    await until("every process is gone", 20, () => !init || !existsSync(`/proc/${init}`));
    // Nothing is left of it but its disk.
    rmSync(join(this.props.folder, "work"), { recursive: true, force: true });
    attempt("find", this.cgroup, "-depth", "-type", "d", "-exec", "rmdir", "{}", "+");
  }

  /** As `reboot` does: services are stopped in order. */
  async reboot(): Promise<void> {
    this.run("systemctl", "stop", "gitlab-node");
    await this.powerCut();
    await this.powerOn();
  }

  /** Forgets the machine. */
  async remove(): Promise<void> {
    await this.powerCut();
    attempt("ip", "netns", "delete", this.netns);
    attempt("ip", "link", "delete", this.link);
    rmSync(this.props.folder, { recursive: true, force: true });
  }

  /** Boots the node once more, without a reboot. */
  async restart(): Promise<BootState> {
    // This process serves what the boot asks for: it can't wait without listening.
    const restart = spawn("nsenter", [...this.inside, "systemctl", "restart", "gitlab-node"], { stdio: "ignore" });
    await once(restart, "exit");
    return this.bootState;
  }

  /** What a program on the machine prints; undefined where it fails. For what asks nothing of the world around. */
  run(...command: string[]): string | undefined {
    if (!this.init) return undefined;
    const { status, stdout } = spawnSync("timeout", ["20", "nsenter", ...this.inside, ...command], {
      encoding: "utf8",
      env: { PATH: "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
    });
    return status === 0 ? stdout.trim() : undefined;
  }

  /** What nsenter is to enter. */
  private get inside(): string[] {
    return [`--target=${this.init}`, "--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd"];
  }

  get bootState(): BootState {
    const shown = this.run("systemctl", "show", "gitlab-node", "--property=ActiveState", "--value");
    return (shown || "inactive") as BootState;
  }

  /** Waits until the boot ends, one way or the other. */
  async booted(seconds = 240): Promise<BootState> {
    try {
      const check = () => {
        if (this.end !== undefined) throw new Error(`${this.props.hostname} went off by itself: ${this.end}`);
        const state = this.bootState;
        return state === "active" || state === "failed" ? state : false;
      };
      // To look takes three programs' starts.
      return await until(`${this.props.hostname} boots`, seconds, check, 1500);
    } catch (error) {
      throw new Error(`${error}\n${this.state}`);
    }
  }

  /** What a boot hangs on, the most telling first: logs of tests are cut. */
  private get state(): string {
    const parts = {
      "systemctl --failed": this.run("systemctl", "--failed", "--plain", "--no-legend", "--no-pager"),
      "systemctl list-jobs": this.run("systemctl", "list-jobs", "--no-pager"),
      processes: this.commandLines.replaceAll("\0", " "),
      "cloud-init.log": this.read("/var/log/cloud-init.log")?.slice(-1500),
      console: this.output.slice(-3000),
    };
    return Object.entries(parts)
      .map(([title, text]) => `== ${title}\n${text ?? "none"}`)
      .join("\n");
  }

  /** What the console showed so far. */
  get output(): string {
    return existsSync(this.console) ? readFileSync(this.console, "utf8").replaceAll("\r", "") : "";
  }

  /** The command lines of every process on it. */
  get commandLines(): string {
    const { init } = this;
    if (!init) return "";
    const namespace = namespaceOf(init);
    return readdirSync("/proc")
      .filter((pid) => /^\d+$/.test(pid) && namespaceOf(Number(pid)) === namespace)
      .map((pid) => attemptRead(`/proc/${pid}/cmdline`))
      .join("\n");
  }

  /** A file on its disk; undefined where there's none. */
  read(path: string): string | undefined {
    const file = join(this.props.folder, "upper", path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  /** Puts a file on its disk, while it's off. */
  write(path: string, text: string): void {
    const file = join(this.props.folder, "upper", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Where its disk lies on the host. */
  get disk(): string {
    return join(this.props.folder, "upper");
  }

  /** How it went off by itself: an exit code or a signal. */
  private get end(): number | string | undefined {
    return this.launcher?.exitCode ?? this.launcher?.signalCode ?? undefined;
  }

  /** The pid of its systemd. */
  private get init(): number | undefined {
    if (!this.outer || !this.launcher) return undefined;
    const child = attemptRead(`/proc/${this.outer}/task/${this.outer}/children`).trim();
    return child && attemptRead(`/proc/${child}/comm`).trim() === "systemd" ? Number(child) : undefined;
  }
}

function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

function attemptRead(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
