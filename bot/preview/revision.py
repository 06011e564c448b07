"""The knowledge base as it was in a git revision."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from pathlib import Path, PurePosixPath

from bot.errors import UsageError

CURE = "compare with another folder: --against DIR"


def unpacked(folder: Path, revision: str, into: Path) -> Path:
    """Write the folder as it was in a revision below `into`; return where it lies.

    Nothing in the checkout is touched. Raises UsageError when git is missing, the folder is
    not in a checkout, or the revision is unknown or did not have it.
    """
    asked = _git(folder, "rev-parse", "--show-toplevel", "--show-prefix")
    if asked.returncode:
        reason = _reason(asked)
        if "not a git repository" in reason:
            raise UsageError(f"{folder} is not in a git checkout; {CURE}.")
        raise UsageError(f"git cannot read the checkout of {folder} ({reason}); {CURE}.")
    top, prefix = asked.stdout.decode().split("\n")[:2]
    commit = _commit(Path(top), revision)
    tree = f"{commit}:{prefix.rstrip('/')}"
    archive = _git(Path(top), "archive", "--format=tar", tree)
    if archive.returncode:
        raise UsageError(
            f"the revision `{revision}` has no folder {prefix.rstrip('/') or top}; "
            "name one that has it: --against REV."
        )
    _extract(archive.stdout, into)
    return into


def _commit(top: Path, revision: str) -> str:
    asked = _git(
        top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    if asked.returncode:
        raise UsageError(
            f"git knows no revision `{revision}` here, and it is no knowledge folder; "
            "name a branch, a tag or a commit, and fetch it first."
        )
    return asked.stdout.decode().strip()


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    git = shutil.which("git")
    if git is None:
        raise UsageError(f"git was not found; install it, or {CURE}.")
    return subprocess.run(  # noqa: S603 - a list, no shell; what a person typed ends options first
        [git, "-C", str(folder), *arguments], capture_output=True, check=False
    )


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[0].removeprefix("fatal: ") if lines else f"it ended with {done.returncode}"


def _extract(archive: bytes, into: Path) -> None:
    """Write the plain files of an archive; links and whatever leads outside are left out."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        for member in files:
            name = PurePosixPath(member.name)
            content = files.extractfile(member) if member.isfile() else None
            if content is None or name.is_absolute() or ".." in name.parts:
                continue
            path = into / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.read())
