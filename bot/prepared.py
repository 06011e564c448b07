"""Prepared bases: reading a folder and building its matcher takes seconds, so both are kept.

A file in the cache folder holds a whole base, named by a digest of all that it was made from;
another edit, another version, another machine's numpy: another name. The cache may be deleted
at any time; its files are replaced, never changed in place.

The file's large arrays are mapped into memory, not read: most rows of a table of words are
never looked at, and processes on one machine share those that are.
"""

from __future__ import annotations

import hashlib
import logging
import mmap
import os
import pickle
import platform
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
import rapidfuzz

from bot.advice import Base
from bot.knowledge.changes import fingerprint
from bot.knowledge.files import contents
from bot.knowledge.model import Knowledge

KEPT = 4  # files; each is some ten megabytes
ALIGNED = 64  # bytes: a cache line, as numpy aligns its own
LAST = 8  # bytes at the end that say where the pickle begins
DRAFT_SECONDS = 60.0  # writing takes a fraction of a second
PACKAGE = Path(__file__).parent
MAKERS = ("advice", "knowledge", "matching")  # the parts whose code and data make a base

log = logging.getLogger(__name__)


def prepare(folder: Path, cache: Path | None, former: Base | None = None) -> Base:
    """Return the base of a knowledge folder, from the cache where it was made before.

    `former` is what the folder held before an edit; it is returned when nothing changed in it.
    A cache that cannot be read or written costs time, never the answer. None: no cache.
    Raises KnowledgeError when the folder holds no valid base.
    """
    if cache is None:
        return _made(folder, former)
    digest = _digest(folder)
    path = cache / f"{digest}.pickle"
    base = _read(path)
    if base is None:
        base = _made(folder, former)
        if _digest(folder) == digest:  # else an edit came between, and the name would be wrong
            _write(path, base)
            base = _read(path) or base  # mapped it takes a fifth of the memory
    return former if former and _same(base.knowledge, former) else base


def _made(folder: Path, former: Base | None) -> Base:
    """Read the folder and build its base; with a former one in half the time."""
    from bot.knowledge.load import load  # noqa: PLC0415  a kept base needs no validator: 15 MB

    base = load(folder)
    if former:
        if _same(base, former):
            return former
        former.matcher.remember()
    return Base.of(base)


def _same(knowledge: Knowledge, former: Base) -> bool:
    return fingerprint(knowledge) == fingerprint(former.knowledge)


def _digest(folder: Path) -> str:
    """Return a digest of the folder, the code that reads it, and what that code stands on."""
    digest = hashlib.sha256()
    for name, content in contents(folder):
        digest.update(repr((name, content)).encode())
    for part in (platform.python_version(), np.__version__, rapidfuzz.__version__, *_code()):
        digest.update(part.encode())
    return digest.hexdigest()[:32]


def _code() -> Iterator[str]:
    for path in sorted(path for part in MAKERS for path in (PACKAGE / part).rglob("*")):
        if path.suffix != ".pyc" and path.is_file():
            status = path.stat()
            yield f"{path.name} {status.st_size} {status.st_mtime_ns}"


def _read(path: Path) -> Base | None:
    """Return the kept base; None when there is none that this user wrote."""
    try:
        if not (_ours(path) and _ours(path.parent)):  # unpickling runs code: only our own files
            return None
        base = _mapped(path)
        path.touch()  # used last: deleted last
    except FileNotFoundError:
        return None
    except Exception as error:  # a damaged file raises anything at all
        log.info("The prepared base %s is of no use (%s) and is made anew.", path, error)
        return None
    return base if isinstance(base, Base) else None


def _ours(path: Path) -> bool:
    """Whether only this user can have written what is there; a link is nobody's."""
    status = path.lstat()
    others = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return status.st_uid == os.geteuid() and not others and not stat.S_ISLNK(status.st_mode)


def _dump(base: Base, file: IO[bytes]) -> None:
    """Write the arrays, each aligned, then the rest as a pickle, then where it all lies."""
    arrays: list[pickle.PickleBuffer] = []
    data = pickle.dumps(base, protocol=5, buffer_callback=arrays.append)
    places = []
    for array in arrays:
        file.write(bytes(-file.tell() % ALIGNED))
        places.append((file.tell(), file.write(array.raw())))
    start = file.tell()
    file.write(pickle.dumps((places, data)))
    file.write(start.to_bytes(LAST))


def _mapped(path: Path) -> Any:
    """Return what `_dump` wrote; its arrays are the file's own bytes, read when looked at."""
    with path.open("rb") as file:
        file.seek(-LAST, os.SEEK_END)
        file.seek(int.from_bytes(file.read(LAST)))
        places, data = pickle.load(file)  # noqa: S301
        # the mapping outlives the file's name: whoever deletes it takes nothing from us
        whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    arrays = [whole[place : place + size] for place, size in places]
    return pickle.loads(data, buffers=arrays)  # noqa: S301


def _write(path: Path, base: Base) -> None:
    """Keep a base, whole or not at all, and drop those not used for longest."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for forgotten in path.parent.glob("tmp*"):  # a draft of a process that was ended
            if forgotten.stat().st_mtime < time.time() - DRAFT_SECONDS:
                forgotten.unlink()
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
            _dump(base, draft)
        Path(draft.name).replace(path)
        kept = sorted(path.parent.glob("*.pickle"), key=lambda one: one.stat().st_mtime)
        for old in kept[:-KEPT]:
            old.unlink()
    except OSError as error:
        log.info("The prepared base cannot be kept in %s: %s.", path.parent, error)
