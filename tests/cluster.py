"""A PostgreSQL of the tests' own: a private cluster on a free port of this machine."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import asyncpg

DEBIAN = Path("/usr/lib/postgresql")
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",  # the machine does not crash; the server may, and keeps what it wrote
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "autovacuum": "off",
}


def programs() -> Path | None:
    """Return the folder of the newest server's programs; None where there is no server."""
    found = [path.parent for path in DEBIAN.glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: float(path.parent.name))
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).parent if elsewhere else None


@dataclass
class Cluster:
    """A running server, with as many databases as are asked for."""

    folder: Path
    programs: Path
    port: int
    user: str | None  # the server refuses to run as root
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def start(self) -> None:
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        options += f" -p {self.port} -k {self.folder}"
        self._run("pg_ctl", "start", "-w", "-o", options, "-l", str(self.folder / "log"))

    def stop(self, mode: str = "fast") -> None:
        """Stop: `fast` ends sessions, `immediate` is a crash."""
        self._run("pg_ctl", "stop", "-w", "-m", mode)

    async def database(self) -> str:
        """Return the address of a new, empty database."""
        name = f"test_{next(self._numbers)}"
        connection = await asyncpg.connect(self.url("postgres"))
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()
        return self.url(name)

    def url(self, database: str) -> str:
        return f"postgresql://warmstart@127.0.0.1:{self.port}/{database}"

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.programs / program, "-D", self.folder, *arguments],
            cwd=self.folder, user=self.user, timeout=60, check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == 0, f"{program} {arguments}: see {self.folder}/log"


@contextmanager
def running(programs: Path) -> Iterator[Cluster]:
    """Set a cluster up, start it, and leave nothing of it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="warmstart-postgres-") as folder:
        if user is not None:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        cluster = Cluster(Path(folder), programs, port, user)
        cluster._run(
            "initdb", "--no-sync", "--auth=trust", "--username=warmstart",
            "--encoding=UTF8", "--locale=C",
        )  # fmt: skip
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")
