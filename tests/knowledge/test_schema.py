"""The JSON Schemas: current, true to the loader, and named by every file."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.cli import main
from bot.knowledge.schema import MODELS, schemas
from bot.settings import shipped_knowledge

KNOWLEDGE = shipped_knowledge()
FILES = sorted(path for path in KNOWLEDGE.rglob("*.yaml") if "schema" not in path.parts)
TOPIC = {"id": "a", "title": "A", "answer": "Yes.", "phrasings": ["is it"]}


def kind_of(path: Path) -> str:
    return {"topics": "topic", "resources": "resources"}.get(path.parent.name, path.stem)


def plain(data: Any) -> Any:
    """Return YAML's data as JSON knows it: a day is a text."""
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(value) for value in data]
    return data.isoformat() if isinstance(data, date) else data


def refusals(kind: str, data: Any) -> list[str]:
    schema = json.loads((KNOWLEDGE / f"schema/{kind}.schema.json").read_text("utf-8"))
    checker = Draft202012Validator.FORMAT_CHECKER
    return [
        error.message
        for error in Draft202012Validator(schema, format_checker=checker).iter_errors(plain(data))
    ]


def test_the_committed_schemas_are_those_of_the_models() -> None:
    """After a change to the models: warmstart schema --write knowledge/schema."""
    found = {path.name: path.read_text("utf-8") for path in (KNOWLEDGE / "schema").iterdir()}
    assert found == schemas()


@pytest.mark.parametrize("kind", MODELS)
def test_a_schema_is_a_schema(kind: str) -> None:
    Draft202012Validator.check_schema(json.loads(schemas()[f"{kind}.schema.json"]))


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(KNOWLEDGE)) for path in FILES])
def test_a_shipped_file_names_its_schema_and_keeps_to_it(path: Path) -> None:
    kind, text = kind_of(path), path.read_text("utf-8")
    above = "../" if path.parent != KNOWLEDGE else ""
    line = f"# yaml-language-server: $schema={above}schema/{kind}.schema.json"
    assert text.splitlines()[0] == line
    assert (path.parent / line.split("=")[1]).resolve().is_file()
    if not path.name.startswith("_"):
        assert refusals(kind, yaml.safe_load(text)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"answer": "One text."},
        {"answer": ["A text.", {"text": "Another.", "as_of": "2026-11-23"}]},
        {"suggestions": ["an-id", {"resource": "an-id", "why": "Because."}]},
        {"more": "A text.", "heading": None},
    ],
)
def test_short_forms_are_taken(change: dict[str, Any]) -> None:
    assert refusals("topic", TOPIC | change) == []


@pytest.mark.parametrize(
    "change",
    [
        {"titel": "A typo."},
        {"title": 2026},
        {"id": "Not an id"},
        {"answer": []},
        {"answer": {"text": "Not in a list."}},
        {"answer": [{"text": "A.", "as_of": "soon"}]},
        {"answer": [{"text": "A.", "source": "posts"}]},
        {"suggestions": [{"why": "No resource."}]},
        {"phrasings": []},
        {"phrasings": [None]},
    ],
)
def test_what_the_loader_refuses_the_schema_refuses(change: dict[str, Any]) -> None:
    assert refusals("topic", TOPIC | change)


def test_the_command_prints_every_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == {name: json.loads(text) for name, text in schemas().items()}


def test_the_command_writes_every_schema(tmp_path: Path) -> None:
    assert main(["schema", "--write", str(tmp_path / "new/folder")]) == 0
    written = {path.name: path.read_text("utf-8") for path in (tmp_path / "new/folder").iterdir()}
    assert written == schemas()


def test_a_folder_that_is_a_file_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    assert main(["schema", "--write", str(tmp_path / "file")]) == 2
    assert "cannot be written" in capsys.readouterr().err
