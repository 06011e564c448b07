"""Prepared bases: what was built is found again, and a bad cache costs only time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.advice import Base
from bot.errors import KnowledgeError
from bot.knowledge.load import load
from bot.knowledge.model import Knowledge
from bot.prepared import KEPT, prepare
from bot.settings import cache_folder
from tests.small import write_small


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_small(tmp_path / "knowledge")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def same(one: Base, other: Base) -> bool:
    questions = ("is fast.ai free?", "which book?", "hello", "pizza")
    return all(one.matcher.match(q) == other.matcher.match(q) for q in questions)


def replace(kept: Path, content: bytes) -> None:
    """Put another file in a kept one's place; what answers has the former one mapped."""
    kept.unlink()
    kept.write_bytes(content)


def test_what_was_kept_answers_as_what_was_built(small: Path, tmp_path: Path) -> None:
    built = prepare(small, tmp_path)
    kept = list(tmp_path.glob("*.pickle"))
    assert len(kept) == 1
    written = kept[0].stat().st_ino
    assert same(prepare(small, tmp_path), built)
    assert kept[0].stat().st_ino == written, "the kept file was read, not written anew"


def test_another_base_is_another_file(small: Path, cache: Path) -> None:
    before = prepare(small, cache)
    about = small / "about.yaml"
    about.write_text(about.read_text("utf-8").replace("getting started", "something else"))
    after = prepare(small, cache, former=before)
    assert after.knowledge.about.subject == "something else"
    assert len(list(cache.glob("*.pickle"))) == 2


def test_an_edit_while_it_is_made_is_not_kept_under_the_former_name(
    small: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or taking the edit back would bring it back."""
    about = small / "about.yaml"
    written, of = about.read_text("utf-8"), Base.of

    def edited(knowledge: Knowledge) -> Base:
        about.write_text(written.replace("getting started", "something else"))
        return of(load(small))

    monkeypatch.setattr(Base, "of", edited)
    assert prepare(small, cache).knowledge.about.subject == "something else"
    monkeypatch.undo()
    about.write_text(written)
    assert prepare(small, cache).knowledge.about.subject == "getting started"


def test_an_edit_that_changes_nothing_keeps_the_base(small: Path, cache: Path) -> None:
    before = prepare(small, cache)
    topic = small / "topics/cost.yaml"
    topic.write_text(topic.read_text("utf-8") + "# a remark\n")
    for kept in (None, cache, cache):  # built, written, and read
        assert prepare(small, kept, former=before) is before


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "topics/cost.yaml").write_text("id: [", "utf-8"),
        lambda folder: (folder / "vocabulary.yaml").mkdir(),
        lambda folder: (folder / "vocabulary.yaml").symlink_to("nowhere"),
        lambda folder: (folder / "vocabulry.yaml").write_text("concepts: {}", "utf-8"),
        lambda folder: (folder / "resources").rename(folder / "sources"),
        lambda folder: os.mkfifo(folder / "off-topic.yaml"),
        lambda folder: (folder / "topics/a.yaml").write_bytes(b"#" * 2_000_000),
    ],
)
def test_what_is_kept_hides_no_problem(
    small: Path, cache: Path, spoil: Callable[[Path], object]
) -> None:
    prepare(small, cache)
    spoil(small)
    with pytest.raises(KnowledgeError) as told:
        load(small)
    with pytest.raises(KnowledgeError) as raised:
        prepare(small, cache)
    assert raised.value.problems == told.value.problems


def test_a_kept_base_needs_no_validator(small: Path, cache: Path) -> None:
    """It takes 15 MB and a third of a second, which a restart and `ask` are spared."""
    prepare(small, cache)
    code = (
        "import sys; from pathlib import Path; from bot.prepared import prepare; "
        f"prepare(Path({str(small)!r}), Path({str(cache)!r})); "
        "sys.exit('pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("damage", [b"", b"junk", b"\x80\x04."])
def test_a_damaged_file_is_made_anew(small: Path, tmp_path: Path, damage: bytes) -> None:
    built = prepare(small, tmp_path)
    (kept,) = tmp_path.glob("*.pickle")
    replace(kept, damage)
    assert same(prepare(small, tmp_path), built)
    assert len(kept.read_bytes()) > len(damage)


def test_a_file_of_another_user_is_not_read(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(small, tmp_path)
    (kept,) = tmp_path.glob("*.pickle")
    replace(kept, b"cos\nsystem\n(S'touch pwned'\ntR.")
    monkeypatch.setattr(os, "geteuid", lambda: kept.stat().st_uid + 1)
    assert same(prepare(small, tmp_path), Base.of(load(small)))
    assert not Path("pwned").exists()


def test_a_folder_that_cannot_be_made_costs_nothing_but_time(small: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert same(prepare(small, tmp_path / "file" / "cache"), Base.of(load(small)))
    assert same(prepare(small, None), Base.of(load(small)))


def test_only_the_last_few_are_kept(small: Path, tmp_path: Path) -> None:
    for number in range(KEPT + 3):
        (tmp_path / f"{number}.pickle").write_bytes(b"old")
    prepare(small, tmp_path)
    assert len(list(tmp_path.glob("*.pickle"))) == KEPT


def test_the_folder_follows_the_environment() -> None:
    assert cache_folder({"WARMSTART_CACHE": "/x"}) == Path("/x")
    assert cache_folder({"WARMSTART_CACHE": ""}) is None
    assert cache_folder({"XDG_CACHE_HOME": "/y"}) == Path("/y/warmstart")


def test_what_others_may_write_is_not_read(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
