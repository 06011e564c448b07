"""What operators deploy with: the service, the image and the compose file say what they should."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.prepared import prepare
from tests.small import write_small

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy/warmstart.service"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_takes_the_service(tmp_path: Path) -> None:
    """Its program stands in for one that is not installed here; the rest is as shipped."""
    shipped = UNIT.read_text("utf-8")
    unit = tmp_path / UNIT.name
    unit.write_text(shipped.replace("/opt/warmstart/bin/warmstart run", "/bin/true run"), "utf-8")
    assert unit.read_text("utf-8") != shipped
    command = ["systemd-analyze", "verify", "--man=no", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    said = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert (done.returncode, said) == (0, []), done.stderr


def test_the_service_reads_the_cache_that_it_writes(tmp_path: Path) -> None:
    """For a dynamic user systemd makes `%C/warmstart` a link (systemd.exec, DynamicUser=)."""
    (tmp_path / "private/warmstart").mkdir(parents=True)
    (tmp_path / "warmstart").symlink_to("private/warmstart")
    (chosen,) = re.findall(r"WARMSTART_CACHE=%C/(\S+)", UNIT.read_text("utf-8"))
    knowledge, cache = write_small(tmp_path / "knowledge"), tmp_path / chosen
    prepare(knowledge, cache)
    (file,) = cache.iterdir()
    written = file.stat().st_ino
    prepare(knowledge, cache)
    assert [one.stat().st_ino for one in cache.iterdir()] == [written], "made anew, not read"


def instructions() -> list[str]:
    """Return the Dockerfile's instructions, each on one line."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def test_the_last_stage_only_runs() -> None:
    """Nothing is downloaded or built in it, and its user is nobody special."""
    lines = instructions()
    last = lines[[i for i, line in enumerate(lines) if line.startswith("FROM")][-1] :]
    assert not [line for line in last if re.search(r"pip install|apt-get|tests", line)]
    assert "USER 10001" in last
    assert 'ENTRYPOINT ["warmstart"]' in last, "the exec form: signals reach the bot as PID 1"
    assert any(line.startswith("HEALTHCHECK") for line in last)
    assert not [line for line in lines if line.startswith("ADD")]


def test_every_installed_package_is_locked_with_its_hash() -> None:
    installs = re.findall(
        r"pip\S* (?:--python \S+ )?install (.*?)(?:&&|$)", "\n".join(instructions())
    )
    assert installs
    for install in installs:
        assert "--require-hashes" in install or "--no-index" in install, install


def test_what_the_image_copies_is_let_into_its_context() -> None:
    allowed = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copied = {
        source.removeprefix("./")
        for line in instructions()
        if line.startswith("COPY") and "--from" not in line
        for source in line.split()[1:-1]
    }
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)


@pytest.fixture
def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))[
        "services"
    ]
    return found


def test_containers_of_the_bot_can_do_little(services: dict[str, dict[str, Any]]) -> None:
    bots = {name: one for name, one in services.items() if one["image"] == "warmstart"}
    assert len(bots) >= 3
    for name, one in bots.items():
        assert one["read_only"], name
        assert one["cap_drop"] == ["ALL"], name
        assert any(volume.endswith(":/data") for volume in one["volumes"]), name
        assert "./knowledge:/knowledge:ro" in one["volumes"], name


def test_the_database_password_may_hold_any_characters(
    services: dict[str, dict[str, Any]],
) -> None:
    """It stands in a variable of its own, not in an address with a syntax."""
    shards = [one["environment"] for name, one in services.items() if name.startswith("shards-")]
    assert shards
    for environment in shards:
        assert "PASSWORD" not in environment["WARMSTART_DATABASE"]
        assert environment["PGPASSWORD"] == services["postgres"]["environment"]["POSTGRES_PASSWORD"]


def test_the_shards_of_many_are_all_there_once(services: dict[str, dict[str, Any]]) -> None:
    ranges = [
        re.fullmatch(r"(\d+)-(\d+)/(\d+)", one["environment"]["WARMSTART_SHARDS"])
        for one in services.values()
        if "WARMSTART_SHARDS" in one.get("environment", {})
    ]
    numbers = [tuple(map(int, found.groups())) for found in ranges if found]
    assert {count for _, _, count in numbers} == {4}
    assert sorted(n for first, last, _ in numbers for n in range(first, last + 1)) == [0, 1, 2, 3]


def workflow(name: str) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load((ROOT / f".github/workflows/{name}.yaml").read_text())
    return found


def commands(name: str) -> list[str]:
    return [step.get("run", "") for job in workflow(name)["jobs"].values() for step in job["steps"]]


def test_pull_requests_run_the_suite() -> None:
    assert "pull_request" in workflow("checks")[True]  # YAML 1.1 reads `on` so
    assert ".ci/run" in commands("checks")


def test_pull_requests_check_and_preview_the_knowledge_as_its_page_says() -> None:
    shipped = (ROOT / ".github/workflows/knowledge.yaml").read_text("utf-8")
    page = (ROOT / "docs/editing-knowledge.md").read_text("utf-8")
    assert f"```yaml .github/workflows/knowledge.yaml\n{shipped}```" in page
    assert workflow("knowledge")[True]["pull_request"]["paths"] == ["knowledge/**"]
    assert "warmstart check --format github" in commands("knowledge")
    assert any("warmstart preview" in command for command in commands("knowledge"))


@pytest.mark.parametrize("name", ["checks", "knowledge"])
def test_a_workflow_may_only_read(name: str) -> None:
    assert workflow(name)["permissions"] == {"contents": "read"}
    for job in workflow(name)["jobs"].values():
        assert "permissions" not in job
        (checkout,) = (step for step in job["steps"] if "checkout" in step.get("uses", ""))
        assert checkout["with"]["persist-credentials"] is False
