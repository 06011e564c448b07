"""Thirty ways to break a knowledge folder: each is a sentence, and the bot answers on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.knowledge_reload.conftest import Running

COST, COURSES = "topics/cost.yaml", "resources/courses.yaml"


def text(name: str, content: str | bytes) -> Callable[[Path], object]:
    data = content.encode() if isinstance(content, str) else content
    return lambda folder: (folder / name).write_bytes(data)


def swapped(name: str, old: str, new: str) -> Callable[[Path], object]:
    def work(folder: Path) -> None:
        before = (folder / name).read_text("utf-8")
        assert old in before
        (folder / name).write_text(before.replace(old, new), "utf-8")

    return work


def without(name: str) -> Callable[[Path], object]:
    def work(folder: Path) -> None:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return work


def huge(folder: Path) -> None:
    with (folder / COST).open("wb") as file:
        file.truncate(50_000_000)


def loop(folder: Path) -> None:
    (folder / "topics/loop.yaml").symlink_to("loop.yaml")


def folder_loop(folder: Path) -> None:
    shutil.rmtree(folder / "topics")
    (folder / "topics").symlink_to("topics")


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "topics/pipe.yaml")


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
BREAKS = {
    "no about": without("about.yaml"),
    "no facets": without("facets.yaml"),
    "no topics": without("topics"),
    "no resources": without("resources"),
    "a suggested resource deleted": without(COURSES),
    "an empty file": text(COST, ""),
    "only a comment": text(COST, "# later\n"),
    "binary junk": text(COST, bytes(range(256)) * 40),
    "not UTF-8": text(COST, "id: cost\ntitle: Größe\n".encode("latin-1")),
    "zero bytes": text(COST, b"\0" * 100),
    "UTF-16": text(COST, "id: cost\n".encode("utf-16")),
    "50 MB": huge,
    "a symlink to itself": loop,
    "a folder that leads to itself": folder_loop,
    "a dangling symlink": lambda folder: (folder / "topics/x.yaml").symlink_to("nowhere.yaml"),
    "a named pipe": pipe,
    "a folder named like a file": lambda folder: (folder / "topics/x.yaml").mkdir(),
    "a list instead of keys": text(COST, "- id: cost\n"),
    "a word instead of keys": text(COST, "cost\n"),
    "an open bracket": text(COST, "id: [cost\n"),
    "a tab": text(COST, "id: cost\n\ttitle: x\n"),
    "a key twice": swapped(COST, "title:", "id: cost\ntitle:"),
    "an unknown key": swapped(COST, "title:", "tittle:"),
    "a number for text": swapped(COST, "Nothing at all.", "42"),
    "no phrasings": swapped(COST, "phrasings:", "more:"),
    "an id of another topic": swapped(COST, "id: cost", "id: gpu"),
    "an id in capitals": swapped(COST, "id: cost", "id: Cost"),
    "a dangling resource": swapped(COST, "first-course", "frist-course"),
    "an unknown style": swapped(COURSES, "style: mixed", "style: mixd"),
    "a bad address": swapped(COURSES, "https://example.org/first", "example"),
    "a bad date": swapped(COURSES, "as_of: 2026-11-01", "as_of: 2026-13-45"),
    "a topic broader than itself": swapped(COST, "title:", "broader: [cost]\ntitle:"),
    "an alias bomb": text("vocabulary.yaml", BOMB),
    "a thousand brackets": text("off-topic.yaml", "phrasings: " + "[" * 1000),
    "a tag that runs code": text(COST, "!!python/object/apply:os.system [exit]\n"),
}


@pytest.mark.parametrize("name", BREAKS)
async def test_a_broken_base_is_a_sentence_and_the_bot_answers_on(
    running: Running, name: str
) -> None:
    before = running.runtime.advisor.base
    BREAKS[name](running.folder)
    status = await running.runtime.reloader.reload()
    assert running.runtime.advisor.base is before
    assert status.refused is not None
    for problem in status.problems:
        assert problem.file
        assert problem.line >= 1
        assert len(problem.message) > 10
        assert "Traceback" not in problem.message
        assert "see the log" not in problem.message, "the loader itself must say what is wrong"
    assert await running.answer("what does it cost") == "Nothing at all."
