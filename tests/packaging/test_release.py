"""A release is refused when version, changelog and documents disagree."""

from __future__ import annotations

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
AGREED = {
    "pyproject.toml": '[project]\nversion = "1.2.0"\n',
    "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-11-26\n\n- Cards.\n",
    "README.md": "pip install warmstart==1.2.0\n",
    "docs/running.md": "docker pull warmstart:1.2.0\n",
}


@pytest.fixture(scope="module")
def release() -> ModuleType:
    loader = SourceFileLoader("release", str(ROOT / "scripts/release"))
    spec = importlib.util.spec_from_loader("release", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    for name, text in AGREED.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_what_agrees_is_released(release: ModuleType, project: Path) -> None:
    assert release.problems(project, "1.2.0") == []


@pytest.mark.parametrize(
    ("file", "former", "now", "said"),
    [
        ("pyproject.toml", "1.2.0", "1.1.0", "pyproject.toml says 1.1.0"),
        ("CHANGELOG.md", "[1.2.0]", "[1.1.0]", "releases 1.1.0 last"),
        ("CHANGELOG.md", " - 2026-11-26", "", "releases nothing last"),
        (
            "CHANGELOG.md",
            "[Unreleased]\n",
            "[Unreleased]\n\n- Votes.\n",
            "entries under Unreleased",
        ),
        ("README.md", "==1.2.0", "==1.1.0", "README.md names 1.1.0"),
        ("docs/running.md", ":1.2.0", ":1.1.9", "docs/running.md names 1.1.9"),
    ],
)
def test_what_disagrees_is_told(
    release: ModuleType, project: Path, file: str, former: str, now: str, said: str
) -> None:
    text = (project / file).read_text("utf-8")
    (project / file).write_text(text.replace(former, now), "utf-8")
    (problem,) = release.problems(project, "1.2.0")
    assert said in problem


def test_a_version_that_is_none_is_told(release: ModuleType, project: Path) -> None:
    assert "is no version" in release.problems(project, "next")[0]
