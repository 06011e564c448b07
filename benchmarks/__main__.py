"""Every measurement, one after the other, and at the end the goals that were missed.

    python -m benchmarks

Each is a process of its own, and what it prints is shown as it comes; a line "missed: …" names a
goal. Exit 1 when a goal was missed or a measurement failed; the others are run all the same.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

MEASUREMENTS = ("matching", "store", "postgres", "bot", "scale")
MISSED = "missed: "


def measured(command: Sequence[str]) -> list[str]:
    """Run a measurement, showing what it prints; return what was missed."""
    missed = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if line.startswith(MISSED):
                missed.append(line.removeprefix(MISSED).strip())
    if process.returncode and not missed:
        missed.append(f"{command[-1]} ended with exit code {process.returncode}")
    return missed


def main(commands: Sequence[Sequence[str]]) -> int:
    """Run all of them; return 1 when anything was missed, after naming it."""
    missed = [one for command in commands for one in measured(command)]
    if missed:
        print("\nGoals that were missed:", *missed, sep="\n  ")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main([(sys.executable, "-um", f"benchmarks.{name}") for name in MEASUREMENTS]))
