"""The templates: filled as they say they load, complete, and never read themselves."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from bot.knowledge.load import load
from bot.knowledge.model import Claim, Resource, ResourceFile, Topic
from bot.settings import shipped_knowledge
from tests.knowledge.conftest import problems

TEMPLATES = {"topics": Topic, "resources": ResourceFile}
BLANK = re.compile(r"<([^<>]*)>")


def template(folder: str) -> str:
    return (shipped_knowledge() / folder / "_template.yaml").read_text("utf-8")


@pytest.mark.parametrize("folder", TEMPLATES)
def test_a_filled_template_loads(folder: str, base_copy: Path) -> None:
    """Filled means: every <…> replaced, here by what stands in it."""
    before = load(base_copy)
    (base_copy / folder / "mine.yaml").write_text(BLANK.sub(r"\1", template(folder)), "utf-8")
    after = load(base_copy)
    assert (
        len(after.topics) + len(after.resources) == len(before.topics) + len(before.resources) + 1
    )


@pytest.mark.parametrize("folder", TEMPLATES)
def test_what_is_said_to_be_enough_is_enough(folder: str, base_copy: Path) -> None:
    """Only the keys that the template's head calls needed."""
    needed = {
        "topics": {"id", "title", "answer", "phrasings"},
        "resources": {"id", "title", "url", "why", "style", "format", "cost", "level", "as_of"},
    }[folder]
    data = yaml.safe_load(BLANK.sub(r"\1", template(folder)))
    entry = data["resources"][0] if folder == "resources" else data
    kept = {key: value for key, value in entry.items() if key in needed}
    data = {"resources": [kept]} if folder == "resources" else kept
    (base_copy / folder / "mine.yaml").write_text(yaml.safe_dump(data), "utf-8")
    assert problems(base_copy) == ()
    head = " ".join(template(folder).split("\nid:")[0].replace("#", "").split())
    assert all(re.search(rf"\b{key}\b", head) for key in needed)


@pytest.mark.parametrize("folder", TEMPLATES)
def test_an_unfilled_template_is_told_line_by_line(folder: str, base_copy: Path) -> None:
    path = base_copy / folder / "mine.yaml"
    path.write_text(template(folder), "utf-8")
    found = problems(base_copy)
    assert found
    assert {problem.file for problem in found} == {str(path)}
    assert all(BLANK.search(problem.message) for problem in found)


@pytest.mark.parametrize(
    ("folder", "model"), [("topics", Topic), ("resources", Resource), ("topics", Claim)]
)
def test_every_key_has_its_place_in_the_template(
    folder: str, model: type[Topic | Resource | Claim]
) -> None:
    missing = {
        key
        for key in (field.name for field in fields(model))
        if not re.search(rf"^[ #-]*(\{{.*)?{key}:", template(folder), re.MULTILINE)
    }
    assert missing <= {"language"}, "nothing is listed in another language so far"
