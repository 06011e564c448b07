"""`warmstart database new-key`: said before, asked for, done whole."""

from __future__ import annotations

import asyncio
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from bot.errors import StoreError
from bot.store import OptOut, Tally, check_key, load_key, open_sqlite, open_store, voter
from bot.store.voters import given_key, key_path
from tests.cluster import Cluster


@pytest.fixture
def used(database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database in which two people voted, and one left more."""
    monkeypatch.chdir(database.parent)
    asyncio.run(_use(database))
    return database


async def _use(database: Path) -> None:
    key = load_key(database)
    async with open_sqlite(database) as store:
        await check_key(store, key)
        for person in (1, 2):
            await store.toggle_helpful("cost", "fast-ai", voter(key, person), 0)
        await store.save_plan(voter(key, 1), "{}")
        await store.set_opt_out(voter(key, 1), OptOut.EVERYTHING, out=True)


def rows(database: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as file:
        return file.execute(statement).fetchall()


def test_without_yes_it_says_what_would_happen_and_does_nothing(
    used: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = key_path(used).read_bytes()
    assert main(["database", "new-key"]) == 2
    shown = capsys.readouterr()
    assert "anonymous and final" in shown.out
    assert "cannot be undone" in shown.out
    assert "--yes" in shown.err
    assert key_path(used).read_bytes() == key
    assert len(rows(used, "SELECT * FROM plans")) == 1


def test_votes_stay_and_belong_to_nobody(used: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = load_key(used)
    assert main(["database", "new-key", "--yes"]) == 0
    assert "anonymous now: 2" in capsys.readouterr().out
    new = load_key(used)
    assert new.secret != old.secret
    assert key_path(used).stat().st_mode & 0o777 == 0o600
    voters = {row[0] for row in rows(used, "SELECT voter FROM votes")}
    assert len(voters) == 2
    assert not voters & {voter(key, person) for key in (old, new) for person in (1, 2)}
    assert rows(used, "SELECT * FROM plans UNION ALL SELECT * FROM unasked") == []
    assert rows(used, "SELECT * FROM opt_outs") == []

    async def opened() -> None:
        async with open_sqlite(used) as store:
            await check_key(store, new)
            with pytest.raises(StoreError, match="new-key"):
                await check_key(store, old)
            await store.toggle_helpful("cost", "fast-ai", voter(new, 1), 0)
            assert (await store.tallies("cost"))["fast-ai"] == Tally(helpful=3)

    asyncio.run(opened())


def test_a_lost_key_can_be_replaced(used: Path) -> None:
    key_path(used).unlink()
    assert main(["database", "new-key", "--yes"]) == 0

    async def opened() -> None:
        async with open_sqlite(used) as store:
            await check_key(store, load_key(used))

    asyncio.run(opened())
    assert [path.name for path in used.parent.glob("*.key*")] == ["warmstart.db.key"]


def test_a_bot_that_runs_is_not_cut_off_from_its_key(
    used: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = key_path(used).read_bytes()
    with closing(sqlite3.connect(used)) as running:
        running.execute("SELECT * FROM votes").fetchall()
        assert main(["database", "new-key", "--yes"]) == 1
    assert "held by another process" in capsys.readouterr().err
    assert key_path(used).read_bytes() == key
    assert len(rows(used, "SELECT * FROM plans")) == 1


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://bot:planted@db.example/warmstart",
        "postgres://bot:plan/ted@db.example/warmstart",
        "postgresql://db.example/warmstart?user=bot&password=planted",
    ],
)
def test_a_password_in_an_option_is_refused_and_not_repeated(
    used: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (
        ["database", "copy", str(used), address],
        ["database", "check", "--database", address],
        ["gaps", "--database", address],
    ):
        assert main(command) == 2
        shown = capsys.readouterr()
        assert "PGPASSWORD" in shown.err
        assert "plan" not in shown.err + shown.out


@pytest.fixture
def given(used: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The database's key, given by the environment and no longer beside the file."""
    key = key_path(used).read_text().strip()
    key_path(used).unlink()
    monkeypatch.setenv("WARMSTART_VOTER_KEY", key)
    return key


def test_a_key_that_the_environment_gives_is_the_one_that_the_tools_use(
    used: Path, given: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    backup, restored = str(used.parent / "b.db"), str(used.parent / "r.db")
    assert main(["database", "check"]) == 0
    assert main(["database", "backup", backup]) == 0
    assert "given by WARMSTART_VOTER_KEY" in capsys.readouterr().out
    assert main(["database", "restore", backup, "--database", restored]) == 0
    assert main(["database", "check", "--database", restored]) == 0
    assert list(used.parent.glob("*.key*")) == []
    monkeypatch.setenv("WARMSTART_VOTER_KEY", "0" * 64)
    assert main(["database", "check"]) == 1
    assert "WARMSTART_VOTER_KEY is not the key of warmstart.db" in capsys.readouterr().err


def test_new_key_takes_the_one_given_and_makes_no_file_that_the_bot_would_contradict(
    used: Path, given: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["database", "new-key", "--yes"]) == 2
    assert "the key of this database already" in capsys.readouterr().err
    assert len(rows(used, "SELECT * FROM plans")) == 1
    monkeypatch.setenv("WARMSTART_VOTER_KEY", "0" * 64)
    assert main(["database", "new-key", "--yes"]) == 0
    assert "anonymous now: 2" in capsys.readouterr().out
    assert rows(used, "SELECT * FROM plans") == []
    assert main(["database", "check"]) == 0
    assert list(used.parent.glob("*.key*")) == []


def test_a_database_on_a_server_takes_a_new_key(
    tmp_path: Path,
    cluster: Cluster,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    url = asyncio.run(cluster.database())
    command = ["database", "new-key", "--yes", "--database", url]
    assert main(command) == 2
    assert "openssl rand -hex 32" in capsys.readouterr().err
    old, new = given_key("1" * 64), given_key("2" * 64)

    async def vote() -> None:
        async with open_store(url) as store:
            await check_key(store, old)
            await store.toggle_helpful("cost", "fast-ai", voter(old, 1), 0)

    async def look() -> None:
        async with open_store(url) as store:
            await check_key(store, new)
            assert await store.tallies("cost") == {"fast-ai": Tally(helpful=1)}
            assert (await store.personal_data(voter(old, 1))).votes == ()

    asyncio.run(vote())
    monkeypatch.setenv("WARMSTART_VOTER_KEY", "2" * 64)
    assert main(command) == 0
    assert "anonymous now: 1" in capsys.readouterr().out
    asyncio.run(look())


class Typed(io.StringIO):
    """What somebody types at a terminal."""

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_it_asks(
    used: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = key_path(used).read_bytes()
    monkeypatch.setattr("sys.stdin", Typed("n\n"))
    assert main(["database", "new-key"]) == 130
    assert "Do it?" in capsys.readouterr().out
    assert key_path(used).read_bytes() == key
    monkeypatch.setattr("sys.stdin", Typed("y\n"))
    assert main(["database", "new-key"]) == 0
    assert key_path(used).read_bytes() != key


def test_the_rooms_database_is_named_where_only_that_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in (["gaps"], ["database", "new-key"]):
        assert main(command) == 1
        assert "--database PATH" in capsys.readouterr().err
    (tmp_path / "warmstart-room.db").touch()
    for command in (["gaps"], ["database", "new-key"]):
        assert main(command) == 1
        assert "--database warmstart-room.db" in capsys.readouterr().err
