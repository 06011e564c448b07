"""What an edit changed, in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.knowledge.changes import Difference, changes, fingerprint
from bot.knowledge.load import load
from tests.small import write_small

Edit = Callable[[Path], object]


def replaced(name: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return edit


def removed(*names: str) -> Edit:
    def edit(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return edit


def topics(*ids: str) -> Edit:
    def edit(folder: Path) -> None:
        for id in ids:
            text = f"id: {id}\ntitle: Title\nanswer: Text.\nphrasings: [words about {id}]\n"
            (folder / "topics" / f"{id}.yaml").write_text(text, "utf-8")

    return edit


def both(*edits: Edit) -> Edit:
    def edit(folder: Path) -> None:
        for one in edits:
            one(folder)

    return edit


CASES = [
    (lambda _: None, "nothing changed"),
    (replaced("topics/gpu.yaml", "id: gpu", "id: gpu # a comment"), "nothing changed"),
    (topics("new"), "1 topic added (new)"),
    (removed("topics/gpu.yaml"), "1 topic removed (gpu)"),
    (replaced("topics/cost.yaml", "Nothing", "Little"), "1 topic reworded (cost)"),
    (replaced("topics/cost.yaml", "is it free", "gratis?"), "1 topic reworded (cost)"),
    (
        replaced("topics/gpu.yaml", "id: gpu", "id: graphics\nwas: [gpu]"),
        "1 topic renamed (gpu → graphics)",
    ),
    (
        both(
            topics("a", "b"),
            removed("topics/gpu.yaml"),
            replaced("resources/courses.yaml", "A gentle", "An easy"),
            replaced("about.yaml", "2026-11-01", "2026-11-02"),
        ),
        "2 topics added (a, b); 1 topic removed (gpu); 1 resource reworded (first-course); "
        "about changed",
    ),
    (topics(*"abcdefg"), "7 topics added (a, b, c, d, e and 2 more)"),
    (
        lambda folder: (folder / "vocabulary.yaml").write_text("concepts: {pay: [money]}\n"),
        "vocabulary changed",
    ),
    (
        lambda folder: (folder / "off-topic.yaml").write_text("phrasings: [pizza]\n"),
        "off-topic changed",
    ),
    (replaced("facets.yaml", "label: videos", "label: video"), "facets changed"),
    (
        lambda folder: (folder / "topics/cost.yaml").rename(folder / "topics/zz.yaml"),
        "order changed",
    ),
]


@pytest.mark.parametrize(("edit", "expected"), CASES, ids=[text[:40] for _, text in CASES])
def test_changes_are_said_in_one_line(tmp_path: Path, edit: Edit, expected: str) -> None:
    folder = write_small(tmp_path)
    before = load(folder)
    edit(folder)
    after = load(folder)
    assert str(changes(before, after)) == expected
    assert (fingerprint(before) == fingerprint(after)) == (expected == "nothing changed")


def test_undoing_an_edit_is_the_opposite_edit(tmp_path: Path) -> None:
    folder = write_small(tmp_path)
    before = load(folder)
    topics("new")(folder)
    removed("topics/gpu.yaml")(folder)
    after = load(folder)
    assert changes(before, after).topics == Difference(added=("new",), removed=("gpu",))
    assert changes(after, before).topics == Difference(added=("gpu",), removed=("new",))
