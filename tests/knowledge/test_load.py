"""Loading: the shipped base is valid and quick; no file, however odd, raises anything else."""

from __future__ import annotations

import random
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.errors import Problem
from bot.knowledge.load import load, read_draft
from bot.knowledge.model import Knowledge
from bot.settings import shipped_knowledge
from tests.knowledge.conftest import problems
from tests.small import write_small

SECONDS = 0.3  # of processor time, for the shipped base
ODD = settings(
    deadline=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def test_the_shipped_base_is_valid(knowledge: Knowledge) -> None:
    assert len(knowledge.topics) >= 50
    assert len(knowledge.resources) >= 50
    assert knowledge.topics["cost"].answer[0].source == "post"
    assert knowledge.resources["nielsen-book"].as_of >= date(2026, 11, 1)


def test_the_shipped_base_loads_quickly() -> None:
    spent: list[float] = []
    for _ in range(3):
        begun = time.process_time()
        load(shipped_knowledge())
        spent.append(time.process_time() - begun)
    assert min(spent) < SECONDS


def test_short_forms_mean_the_long_ones(tmp_path: Path) -> None:
    write_small(tmp_path)
    path = tmp_path / "topics/cost.yaml"
    rest = "id: cost\ntitle: Cost\nphrasings: [what does it cost]\n"
    path.write_text(rest + "answer: Nothing.\nsuggestions: [first-course]\n", "utf-8")
    short = load(tmp_path).topics["cost"]
    long = "answer: [{text: Nothing., source: added}]\nsuggestions: [{resource: first-course}]\n"
    path.write_text(rest + long, "utf-8")
    assert load(tmp_path).topics["cost"] == short


def test_templates_and_droppings_are_not_read(tmp_path: Path) -> None:
    write_small(tmp_path)
    before = load(tmp_path)
    for name in ("_template.yaml", ".cost.yaml.swp", ".#cost.yaml", "cost.yaml~", "notes.md"):
        (tmp_path / "topics" / name).write_bytes(b"\x00: [")
    assert load(tmp_path) == before


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_files_of_other_systems_load_the_same(newline: str, tmp_path: Path) -> None:
    write_small(tmp_path)
    before = load(tmp_path)
    for path in tmp_path.rglob("*.yaml"):
        text = path.read_text("utf-8")
        path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", newline).encode())
    assert load(tmp_path) == before


def test_a_draft_keeps_what_is_sound_and_where_it_stands(tmp_path: Path) -> None:
    write_small(tmp_path)
    (tmp_path / "topics/bad.yaml").write_text("id: bad\ntitle: no\n", "utf-8")
    draft = read_draft(tmp_path)
    assert draft.knowledge is not None
    assert "cost" in draft.knowledge.topics
    assert "bad" not in draft.knowledge.topics
    assert {Path(problem.file).name for problem in draft.problems} == {"bad.yaml"}
    place = draft.topics["cost"].problem("here", "phrasings", 1)
    assert place == Problem(str(tmp_path / "topics/cost.yaml"), 7, 5, "here")


def test_a_hundred_thousand_phrasings_load_in_moderate_time(tmp_path: Path) -> None:
    write_small(tmp_path)
    lines = "".join(f"  - {number:05}q\n" for number in range(110_000))
    path = tmp_path / "topics/cost.yaml"
    path.write_text(path.read_text("utf-8") + lines, "utf-8")
    assert "larger than 1000 kB" in problems(tmp_path)[0].message
    path.write_text("id: cost\ntitle: Cost\nanswer: a\nphrasings:\n" + "- q\n" * 100_000, "utf-8")
    begun = time.process_time()
    assert len(load(tmp_path).topics["cost"].phrasings) == 100_000
    assert time.process_time() - begun < 10


def test_too_many_files_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_small(tmp_path)
    monkeypatch.setattr("bot.knowledge.load.MANY", 1)
    assert "files; remove some, 1 is the most" in problems(tmp_path)[0].message


@ODD
@given(content=st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
@example(content=b"id: cost\ntitle: {? [] : x}\nanswer: {[a]: b}\nphrasings: [? a : b]\n")
@example(content=b"%YAML 9.9\n---\nid: cost\n")
@example(content=b"answer: " + b"- " * 500)
@example(content=b"\xff\xfe\x00")
@example(content=b'"a\\n\\u00a0b": 1\n')
@example(content=b"k" * 900 + b": 1\n")
def test_any_bytes_in_a_topic_are_a_problem_or_a_topic(content: bytes, tmp_path: Path) -> None:
    """Whatever stands in a file, it is told; nothing else is raised, nothing half-loaded."""
    if not (tmp_path / "about.yaml").exists():
        write_small(tmp_path)
    (tmp_path / "topics/odd.yaml").write_bytes(content)
    for problem in problems(tmp_path):
        assert problem.file == str(tmp_path / "topics/odd.yaml")
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.message.isprintable(), problem.message


@ODD
@given(seed=st.integers(0, 2**32))
def test_a_shipped_file_with_random_damage_is_told(seed: int, tmp_path: Path) -> None:
    if not (tmp_path / "about.yaml").exists():
        write_small(tmp_path)
    chance = random.Random(seed)
    source = chance.choice(sorted(shipped_knowledge().glob("*/[!_]*.yaml")))
    content = bytearray(source.read_bytes()[:3000])
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(content))
        piece = chance.choice(
            [b":", b"- ", b"\t", b'"', b"'", b"[", b"{", b"&a ", b"*a", b"\n", b""]
        )
        content[place : place + chance.randint(0, 3)] = piece
    (tmp_path / source.parent.name / "odd.yaml").write_bytes(content)
    assert all(problem.message.isprintable() for problem in problems(tmp_path))
    (tmp_path / source.parent.name / "odd.yaml").unlink()
