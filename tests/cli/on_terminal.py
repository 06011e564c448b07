"""A command with one of its streams on a pseudo-terminal, as for somebody who looks at it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from threading import Thread
from typing import Literal

ROOT = Path(__file__).parent.parent.parent


def drawn(
    *arguments: str, on: Literal["stdout", "stderr"], cwd: Path, env: dict[str, str] | None = None
) -> tuple[int, str, str]:
    """Run `warmstart`; return its exit code, what the terminal got, and its piped output."""
    ours, theirs = pty.openpty()
    got: list[bytes] = []

    def listen() -> None:
        try:
            while chunk := os.read(ours, 4096):
                got.append(chunk)
        except OSError:
            pass  # Linux says so when the other end is closed

    listener = Thread(target=listen)
    listener.start()
    streams: dict[str, int] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, on: theirs}
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TERM": "xterm", **(env or {})}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments], cwd=cwd, env=clean, check=False, **streams
        )
    finally:
        os.close(theirs)
        listener.join()
        os.close(ours)
    piped = done.stderr if on == "stdout" else done.stdout
    return done.returncode, b"".join(got).decode(), piped.decode()
