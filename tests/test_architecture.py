"""The house stays as drawn: which part imports which, and what each may bring in."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

BOT = Path(__file__).parent.parent / "bot"
EVERYTHING = None

# part → (parts of the bot it may import, third-party packages it may import)
HOUSE: dict[str, tuple[set[str] | None, set[str]]] = {
    "errors": (set(), set()),
    "limits": (set(), set()),
    "logs": (set(), set()),
    "settings": ({"errors"}, {"dotenv"}),
    "frame": (set(), {"yaml"}),
    "interruption": (set(), set()),
    "counts": (set(), set()),
    "stalls": ({"counts"}, set()),
    "health": ({"errors", "store"}, {"aiohttp"}),
    "metrics": ({"counts", "health"}, {"prometheus_client"}),
    "knowledge": ({"errors"}, {"yaml", "pydantic", "pydantic_core", "rapidfuzz"}),
    "matching": ({"knowledge"}, {"rapidfuzz", "numpy"}),
    "store": ({"errors"}, {"aiosqlite", "asyncpg"}),
    "lint": ({"errors", "knowledge", "matching", "limits"}, {"rapidfuzz", "numpy"}),
    "links": ({"errors", "knowledge"}, {"aiohttp", "yarl"}),
    "gaps": ({"knowledge", "matching", "store"}, {"rapidfuzz"}),
    "charts": (set(), {"matplotlib"}),
    "preview": ({"errors", "knowledge", "matching", "advice", "wording", "frame", "lint"}, set()),
    "advice": ({"errors", "knowledge", "matching", "store"}, {"rapidfuzz"}),
    "wording": ({"advice", "frame", "knowledge"}, set()),
    "terminal": (
        {"advice", "frame", "knowledge", "matching", "wording", "store", "errors"},
        {"rich"},
    ),
    "prepared": ({"advice", "knowledge", "matching"}, {"numpy", "rapidfuzz"}),
    "retention": ({"errors", "store"}, set()),
    "runtime": (
        {"advice", "errors", "knowledge", "matching", "prepared", "retention", "settings", "store"},
        set(),
    ),
    "discord_app": (
        {
            "advice",
            "charts",
            "counts",
            "errors",
            "frame",
            "gaps",
            "health",
            "interruption",
            "knowledge",
            "limits",
            "matching",
            "metrics",
            "runtime",
            "settings",
            "stalls",
            "store",
            "wording",
        },
        {"discord", "aiohttp"},
    ),
    "room": (
        {"discord_app", "runtime", "settings", "errors", "health", "interruption", "store"},
        {"discord", "simcord", "aiohttp", "multidict"},
    ),
    "cli": (EVERYTHING, {"click", "rich", "yaml"}),
    "__main__": ({"cli"}, set()),
    "__init__": (set(), set()),
}


def part_of(path: Path) -> str:
    relative = path.relative_to(BOT)
    return relative.parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Yield what a file imports when it runs; what only types need may point anywhere."""
    tree = ast.parse(path.read_text("utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            if node.module == "bot":
                yield from (f"bot.{alias.name}" for alias in node.names)
            else:
                yield node.module


FILES = sorted(BOT.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=[str(p.relative_to(BOT)) for p in FILES])
def test_a_file_imports_only_what_its_part_may(path: Path) -> None:
    part = part_of(path)
    assert part in HOUSE, f"{part} has no place in the house: add it to the table with its borders"
    allowed, packages = HOUSE[part]
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "bot":
            target = rest.split(".")[0] or "__init__"
            assert allowed is EVERYTHING or target in {*allowed, part}, f"{part} imports {name}"
        elif top not in sys.stdlib_module_names:
            assert top in packages, f"{part} imports {name}"


def test_no_module_outgrows_its_purpose() -> None:
    long = {
        str(path.relative_to(BOT)): lines
        for path in FILES
        if (lines := len(path.read_text("utf-8").splitlines())) > 360
    }
    assert not long, f"split these up: {long}"


def test_one_module_speaks_to_the_driver_of_postgresql() -> None:
    speaking = [str(p.relative_to(BOT)) for p in FILES if "asyncpg" in set(imports(p))]
    assert speaking == ["store/postgres/pool.py"]
