"""Which files of a folder make up a knowledge base, and what tells an edited one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

SINGLE = ("about.yaml", "facets.yaml", "off-topic.yaml", "vocabulary.yaml")
FOLDERS = ("resources", "topics")
SUFFIXES = {".yaml", ".yml"}
FILE_BYTES = 1_000_000  # a topic is a few kB; more is a mistake, and slow to parse
MANY = 20_000  # files of a folder that are looked at; `load` refuses a base with more

Snapshot = Mapping[str, tuple[int, ...]]
"""By file: when it was modified, when it was changed in any way (both in ns), its size."""


def files(folder: Path) -> list[Path]:
    """Return the files from which a base is loaded, those that ought to be there included."""
    found = [folder / name for name in SINGLE]
    for name in FOLDERS:
        try:
            inside = sorted(path for path in (folder / name).iterdir() if is_knowledge(path.name))
        except OSError:
            continue  # `load` says what is wrong with it
        found += inside[:MANY]
    return found


def contents(folder: Path) -> Iterator[tuple[str, str | bytes | None]]:
    """Yield all that a base is loaded from: the names in its folders, and what its files hold.

    What cannot be read is None. Never raises.
    """
    for inside in (folder, *(folder / name for name in FOLDERS)):
        yield str(inside.relative_to(folder)), _names(inside)
    for path in files(folder):
        yield str(path.relative_to(folder)), _content(path)


def _names(folder: Path) -> str | None:
    try:
        return "\n".join(sorted(path.name for path in folder.iterdir() if is_knowledge(path.name)))
    except OSError:
        return None


def _content(path: Path) -> bytes | None:
    try:
        if not path.is_file():  # reading a pipe would wait forever
            return None
        with path.open("rb") as file:
            return file.read(FILE_BYTES + 1)
    except OSError:
        return None


def is_knowledge(name: str) -> bool:
    """Whether a file is meant: neither an editor's droppings nor a template."""
    return Path(name).suffix.lower() in SUFFIXES and not name.startswith((".", "_"))


def snapshot(folder: Path) -> Snapshot:
    """Return what tells the state of a base's files from any other state. Never raises."""
    return {str(path): _stamp(path) for path in files(folder)}


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        status = path.stat()
    except OSError as error:
        return (error.errno or 0,)
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size
