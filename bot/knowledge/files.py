"""Which files of a folder make up a knowledge base, and what tells an edited one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

SINGLE = ("about.yaml", "facets.yaml", "off-topic.yaml", "vocabulary.yaml")
FOLDERS = ("resources", "topics")
MANY = 2000  # files of a folder that are looked at; `load` refuses a base with more

Snapshot = Mapping[str, tuple[int, ...]]
"""By file: when it was modified, when it was changed in any way (both in ns), its size."""


def files(folder: Path) -> list[Path]:
    """Return the files from which a base is loaded, those that ought to be there included."""
    found = [folder / name for name in SINGLE]
    for name in FOLDERS:
        try:
            inside = sorted(p for p in (folder / name).iterdir() if p.suffix in {".yaml", ".yml"})
        except OSError:
            continue  # `load` says what is wrong with it
        found += [path for path in inside if not path.name.startswith((".", "_"))][:MANY]
    return found


def snapshot(folder: Path) -> Snapshot:
    """Return what tells the state of a base's files from any other state. Never raises."""
    return {str(path): _stamp(path) for path in files(folder)}


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        status = path.stat()
    except OSError as error:
        return (error.errno or 0,)
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size
