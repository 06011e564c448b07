"""Which addresses are found in a base, and on which lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.links import find
from bot.settings import shipped_knowledge
from tests.small import write_small

TOPIC = """\
# see https://example.org/comment
id: reading
title: Reading
answer:
  - text: >-
      A folded text whose address stands further down: first some words,
      then (https://example.org/folded), and [a link](https://example.org/markdown).
      Last: https://example.org/end.
phrasings: [is https://example.org/asked any good]
"""


def test_every_address_is_found_with_its_line(tmp_path: Path) -> None:
    folder = write_small(tmp_path / "base")
    (folder / "topics/reading.yaml").write_text(TOPIC, "utf-8")
    about = (folder / "about.yaml").read_text("utf-8")
    (folder / "about.yaml").write_text(f"{about}advice_url: https://example.org/first\n")
    courses = folder / "resources/courses.yaml"
    found = {link.url: link.places for link in find(folder)}
    assert found == {
        "https://example.org/first": (f"{folder}/about.yaml:6", f"{courses}:4"),
        "https://example.org/folded": (f"{folder}/topics/reading.yaml:7",),
        "https://example.org/markdown": (f"{folder}/topics/reading.yaml:7",),
        "https://example.org/end": (f"{folder}/topics/reading.yaml:8",),
        "https://example.org/second": (f"{courses}:13",),
    }


def test_a_broken_base_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    folder = write_small(tmp_path)
    (folder / "topics/cost.yaml").write_text("id: [", "utf-8")
    with pytest.raises(KnowledgeError, match=r"cost\.yaml"):
        find(folder)


def test_every_place_in_the_shipped_base_holds_its_address() -> None:
    found = find(shipped_knowledge())
    assert len(found) > 50
    for link in found:
        for place in link.places:
            file, _, line = place.rpartition(":")
            assert link.url in Path(file).read_text("utf-8").splitlines()[int(line) - 1]
