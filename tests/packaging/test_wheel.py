"""The built wheel, installed into a fresh environment in another folder, works there."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from aiohttp import ClientSession

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0  # seconds until something that hangs fails the test
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True, timeout=PATIENCE,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that holds the wheel, and sees this one's dependencies."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin/python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=folder)
    (packages,) = folder.glob("lib/*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


@pytest.fixture(scope="module")
def outside(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of somebody who knows nothing of the checkout."""
    cache = tmp_path_factory.mktemp("cache")
    path = f"{environment / 'bin'}:/usr/bin:/bin"
    return {"PATH": path, "LANG": "C.UTF-8", "WARMSTART_CACHE": str(cache)}


def test_the_wheel_holds_all_it_needs_and_no_more(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tops = {name.split("/")[0] for name in names}
    assert tops == {"bot", f"warmstart-{VERSION}.dist-info"}
    kept = {f.relative_to(ROOT / "knowledge") for f in (ROOT / "knowledge").rglob("*.yaml")}
    assert {f"bot/shipped/knowledge/{file}" for file in kept} <= names
    parts = {f for f in (ROOT / "bot").rglob("*") if f.is_file() and f.suffix != ".pyc"}
    assert {str(file.relative_to(ROOT)) for file in parts} <= names
    assert not [name for name in names if "test" in name.split("/")[-1].split("_")]
    assert f"warmstart-{VERSION}.dist-info/licenses/NOTICE" in names


def test_the_metadata_claims_only_what_was_tried(wheel: Path) -> None:
    metadata = zipfile.ZipFile(wheel).read(f"warmstart-{VERSION}.dist-info/METADATA").decode()
    assert re.findall(r"^Provides-Extra: (.*)$", metadata, re.MULTILINE) == [
        "local", "metrics", "plots", "postgres",
    ]  # fmt: skip
    named = re.findall(r"Python :: (3\.\d+)$", metadata, re.MULTILINE)
    assert named == ["3.11"]


def test_the_licence_of_what_is_derived_goes_with_it(wheel: Path) -> None:
    """Apache License 2.0, section 4: whoever gets the encoder gets its licence's text."""
    with zipfile.ZipFile(wheel) as packed:
        text = packed.read("bot/matching/data/LICENSE-Apache-2.0.txt").decode()
    assert "4. Redistribution." in text
    assert text.rstrip().endswith("limitations under the License.")


def test_an_operator_starts_from_the_wheel_alone(
    tmp_path: Path, environment: Path, outside: dict[str, str]
) -> None:
    """Lay out a folder, check it, ask it, and open the room from it."""
    command = environment / "bin/warmstart"
    assert run(command, "--version", cwd=tmp_path, env=outside).split()[-1] == VERSION
    code = "import bot, bot.settings; print(bot.__file__, bot.settings.shipped_knowledge())"
    for path in run(environment / "bin/python", "-c", code, cwd=tmp_path, env=outside).split():
        assert Path(path).is_relative_to(environment)
    assert "warmstart check knowledge" in run(command, "init", "mine", cwd=tmp_path, env=outside)
    mine = tmp_path / "mine"
    assert sorted(path.name for path in mine.iterdir()) == [".env", "compose.yaml", "knowledge"]
    env = (mine / ".env").read_text("utf-8")
    assert "\nWARMSTART_KNOWLEDGE=knowledge\n" in env
    assert "copy" not in env.casefold(), "it is the .env already"
    assert "fast.ai" in run(command, "ask", "is fast.ai free?", cwd=tmp_path, env=outside)
    assert "ready to use." in run(command, "check", "knowledge", cwd=mine, env=outside)
    address = asyncio.run(_served(command, mine, outside))
    assert address.startswith("http://127.0.0.1:")
    assert (mine / "warmstart-room.db.key").exists()


async def _served(command: Path, folder: Path, env: dict[str, str]) -> str:
    """Open the room, fetch its page, stop it, and return its address."""
    room = await asyncio.create_subprocess_exec(
        command, "run", "--on", "room", "--port", "0", cwd=folder, env=env,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert room.stdout is not None
    try:
        line = (await asyncio.wait_for(room.stdout.readline(), PATIENCE)).decode()
        address = line.split()[-1] if line else ""
        assert address, (await room.communicate())[1].decode()
        async with ClientSession() as session, session.get(address) as page:
            assert page.status == 200
    finally:
        room.terminate()
        _, errors = await asyncio.wait_for(room.communicate(), 20)
    assert room.returncode == 0, errors.decode()
    return address


def test_laying_out_overwrites_nothing(
    tmp_path: Path, environment: Path, outside: dict[str, str]
) -> None:
    (tmp_path / ".env").write_text("DISCORD_TOKEN=mine\n")
    done = subprocess.run(
        [environment / "bin/warmstart", "init", "."],
        cwd=tmp_path, env=outside, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert ".env is there already and nothing was written" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [".env"]
    assert (tmp_path / ".env").read_text() == "DISCORD_TOKEN=mine\n"
