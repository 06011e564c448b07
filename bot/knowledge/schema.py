"""JSON Schemas of the knowledge files, made from the models, so that editors can help."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from bot.errors import UsageError
from bot.knowledge.model import About, Facets, OffTopic, ResourceFile, Strict, Topic, Vocabulary

MODELS: dict[str, type[Strict]] = {
    "topic": Topic,
    "resources": ResourceFile,
    "facets": Facets,
    "vocabulary": Vocabulary,
    "off-topic": OffTopic,
    "about": About,
}


class _Plain(GenerateJsonSchema):
    """Leaves out titles made from names: an editor would show them as if they said more."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Return False: no field gets a title."""
        del schema
        return False


def schemas() -> dict[str, str]:
    """Return file name → JSON Schema (2020-12) for each kind of knowledge file."""
    return {f"{kind}.schema.json": _schema(model) for kind, model in MODELS.items()}


def _schema(model: type[Strict]) -> str:
    schema = {
        "$schema": _Plain.schema_dialect,
        **TypeAdapter(model).json_schema(schema_generator=_Plain),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write the schemas into a folder, which is made where it is missing; return the files.

    Raises UsageError when the folder cannot be written.
    """
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in schemas().items():
            (folder / name).write_text(text, "utf-8")
            written.append(folder / name)
    except OSError as error:
        reason = f"{folder}: cannot be written ({error.strerror}); name a folder of yours."
        raise UsageError(reason) from error
    return written
