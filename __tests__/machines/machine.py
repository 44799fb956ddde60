"""Switches a machine on, and stays until it is off. SIGKILL is its power cut.

    python3 machine.py FOLDER NETNS CONSOLE LAYER...

FOLDER keeps its disk (`upper`), which outlives it. LAYERs are the folders below, the topmost first. What it prints on its
console is appended to the file CONSOLE. Prints the pid of the process whose only child is the machine's first process.
"""

import ctypes
import os
import subprocess
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG, SIGKILL = 1, 9


def die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, SIGKILL)


def main() -> None:
    die_with_parent()
    folder, netns, console, *layers = sys.argv[1:]
    terminal, console_device = os.openpty()
    machine = subprocess.Popen(
        # fmt: off
        ["ip", "netns", "exec", netns, "unshare", "--mount", "--pid", "--fork", "--uts", "--ipc", "--cgroup", "--kill-child",
         "bash", str(Path(__file__).with_name("machine.sh")), folder, os.ttyname(console_device), *layers],
        # fmt: on
        stdin=subprocess.DEVNULL,
        stdout=console_device,
        stderr=console_device,
        preexec_fn=die_with_parent,
    )
    print(machine.pid, flush=True)
    os.close(console_device)
    with open(console, "ab", buffering=0) as log:
        while True:
            try:
                output = os.read(terminal, 4096)
            except OSError:
                # Nobody has the terminal open, for now or for good. It's read on: a full one stops whoever writes to it.
                if machine.poll() is not None:
                    break
                time.sleep(0.05)
                continue
            log.write(output)
    sys.exit(f"The machine went off by itself: its first process ended with {machine.returncode}")


if __name__ == "__main__":
    main()
