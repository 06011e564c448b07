"""`warmstart links` in a real process."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli import main
from tests.links.site import Site, serving
from tests.small import write_small

ROOT = Path(__file__).parents[2]
FIRST, SECOND = "https://example.org/first", "https://example.org/second"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as running:
        yield running


async def links(*arguments: str, cwd: Path) -> tuple[int, str, str]:
    """Run the command; return its exit code and what it wrote."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "links", *arguments),
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def base_with(folder: Path, first: str, second: str) -> Path:
    write_small(folder / "knowledge")
    path = folder / "knowledge/resources/courses.yaml"
    text = path.read_text("utf-8").replace(FIRST, first).replace(SECOND, second)
    path.write_text(text, "utf-8")
    return folder


async def test_a_dead_link_fails_with_its_line_and_the_cure(tmp_path: Path, site: Site) -> None:
    base_with(tmp_path, site.url("/moved"), site.url("/gone"))
    code, out, err = await links("knowledge", "--allow-private", cwd=tmp_path)
    assert (code, err) == (1, "")
    moved, gone, told = out.splitlines()
    place = "knowledge/resources/courses.yaml"
    assert moved == (
        f"{place}:4: warning: {site.url('/moved')} has moved for good; "
        f"replace it with {site.url('/ok')}"
    )
    assert gone.startswith(f"{place}:13: dead: {site.url('/gone')} is gone (404)")
    assert told == "2 links: 1 dead, 1 to look at."


async def test_warnings_alone_do_not_fail(tmp_path: Path, site: Site) -> None:
    base_with(tmp_path, site.url("/members"), site.url("/for-now"))
    code, out, _ = await links("knowledge", "--allow-private", cwd=tmp_path)
    assert code == 0
    assert out.splitlines()[-1] == "2 links: 1 to look at, 1 redirected for now."


async def test_json_tells_everything(tmp_path: Path, site: Site) -> None:
    base_with(tmp_path, site.url("/ok"), site.url("/gone"))
    code, out, _ = await links("knowledge", "--json", "--allow-private", cwd=tmp_path)
    report = json.loads(out)
    assert (code, report["dead"]) == (1, 1)
    fine, dead = report["links"]
    assert (fine["severity"], fine["status"]) == ("fine", 200)
    assert dead == {
        "url": site.url("/gone"),
        "severity": "dead",
        "outcome": "not found",
        "status": 404,
        "address": None,
        "message": "is gone (404); find its new address or remove it",
        "places": ["knowledge/resources/courses.yaml:13"],
    }


async def test_private_addresses_are_refused(tmp_path: Path, site: Site) -> None:
    base_with(tmp_path, site.url("/ok"), site.url("/ok", host="127.0.0.2"))
    code, out, _ = await links("knowledge", cwd=tmp_path)
    assert code == 1
    assert out.count("private network") == 2
    assert site.asked == []


def test_a_broken_base_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_small(tmp_path)
    (folder / "topics/cost.yaml").write_text("id: [", "utf-8")
    assert main(["links", str(folder)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "topics/cost.yaml:" in shown.err


@pytest.mark.parametrize("arguments", [["--timeout", "0"], ["--per-host", "0"], ["nowhere"]])
def test_wrong_use_is_a_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["links", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) <= 4
