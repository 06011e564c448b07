"""Prepared bases: what was built is found again, and a bad cache costs only time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.advice import Base
from bot.knowledge.load import load
from bot.knowledge.model import Knowledge
from bot.prepared import KEPT, prepare
from bot.settings import cache_folder
from tests.small import write_small


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return load(write_small(tmp_path_factory.mktemp("knowledge")))


def same(one: Base, other: Base) -> bool:
    questions = ("is fast.ai free?", "which book?", "hello", "pizza")
    return all(one.matcher.match(q) == other.matcher.match(q) for q in questions)


def replace(kept: Path, content: bytes) -> None:
    """Put another file in a kept one's place; what answers has the former one mapped."""
    kept.unlink()
    kept.write_bytes(content)


def test_what_was_kept_answers_as_what_was_built(small: Knowledge, tmp_path: Path) -> None:
    built = prepare(small, tmp_path)
    kept = list(tmp_path.glob("*.pickle"))
    assert len(kept) == 1
    written = kept[0].stat().st_ino
    assert same(prepare(small, tmp_path), built)
    assert kept[0].stat().st_ino == written, "the kept file was read, not written anew"


def test_another_base_is_another_file(small: Knowledge, tmp_path: Path) -> None:
    prepare(small, tmp_path)
    about = small.about.model_copy(update={"subject": "something else"})
    prepare(small.model_copy(update={"about": about}), tmp_path)
    assert len(list(tmp_path.glob("*.pickle"))) == 2


@pytest.mark.parametrize("damage", [b"", b"junk", b"\x80\x04."])
def test_a_damaged_file_is_made_anew(small: Knowledge, tmp_path: Path, damage: bytes) -> None:
    built = prepare(small, tmp_path)
    (kept,) = tmp_path.glob("*.pickle")
    replace(kept, damage)
    assert same(prepare(small, tmp_path), built)
    assert len(kept.read_bytes()) > len(damage)


def test_a_file_of_another_user_is_not_read(
    small: Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(small, tmp_path)
    (kept,) = tmp_path.glob("*.pickle")
    replace(kept, b"cos\nsystem\n(S'touch pwned'\ntR.")
    monkeypatch.setattr(os, "geteuid", lambda: kept.stat().st_uid + 1)
    assert same(prepare(small, tmp_path), Base.of(small))
    assert not Path("pwned").exists()


def test_a_folder_that_cannot_be_made_costs_nothing_but_time(
    small: Knowledge, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert same(prepare(small, tmp_path / "file" / "cache"), Base.of(small))
    assert same(prepare(small, None), Base.of(small))


def test_only_the_last_few_are_kept(small: Knowledge, tmp_path: Path) -> None:
    for number in range(KEPT + 3):
        (tmp_path / f"{number}.pickle").write_bytes(b"old")
    prepare(small, tmp_path)
    assert len(list(tmp_path.glob("*.pickle"))) == KEPT


def test_the_folder_follows_the_environment() -> None:
    assert cache_folder({"WARMSTART_CACHE": "/x"}) == Path("/x")
    assert cache_folder({"WARMSTART_CACHE": ""}) is None
    assert cache_folder({"XDG_CACHE_HOME": "/y"}) == Path("/y/warmstart")


def test_what_others_may_write_is_not_read(
    small: Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    prepare(small, cache)
    (kept,) = cache.glob("*.pickle")
    read: list[bytes] = []
    monkeypatch.setattr("bot.prepared._mapped", lambda path: read.append(path.read_bytes()))

    def is_read(file: int, folder: int) -> bool:
        kept.write_bytes(b"theirs")
        kept.chmod(file)
        cache.chmod(folder)
        prepare(small, cache)
        return b"theirs" in read

    assert not is_read(0o622, 0o700)
    assert not is_read(0o600, 0o777)
    (tmp_path / "elsewhere").write_bytes(b"theirs")
    cache.chmod(0o700)
    kept.unlink()
    kept.symlink_to(tmp_path / "elsewhere")
    prepare(small, cache)
    assert b"theirs" not in read
    assert is_read(0o600, 0o700), "our own is"
