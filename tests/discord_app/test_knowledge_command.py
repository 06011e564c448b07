"""/knowledge: what maintainers see and do on Discord, and that nobody else can."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from discord.appinfo import AppInfo

from bot.advice import Advisor, Base
from bot.discord_app.client import WarmstartClient
from bot.discord_app.commands.knowledge import may_maintain
from bot.knowledge.files import snapshot
from bot.runtime import Reloader, Runtime
from bot.store import asker, load_key, open_sqlite, voter
from tests.discord_app.acting import Stage, client_of, text
from tests.small import write_small

MAINTAINER = 4242
COMMANDS = ["knowledge status", "knowledge reload", "knowledge gaps"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small(tmp_path / "knowledge")


@pytest.fixture
async def runtime(small_base: Base, folder: Path, database: Path) -> AsyncIterator[Runtime]:
    """As everywhere, but on a small knowledge base that the tests edit."""
    key = load_key(database)
    async with open_sqlite(database) as store:
        advisor = Advisor(small_base, store)
        reloader = Reloader(folder, snapshot(folder), advisor, store)
        yield Runtime(advisor, store, partial(voter, key), partial(asker, key), reloader)


@pytest.fixture
def simcord_bot(runtime: Runtime) -> WarmstartClient:
    return client_of(runtime, maintainers=frozenset({MAINTAINER}))


@pytest.fixture
async def owner(stage: Stage, simcord_env: simcord.Env) -> Any:
    """The application's owner, who leads the server too."""
    leads = stage.guild.create_role("leads", permissions=discord.Permissions(manage_guild=True))
    carol = stage.guild.add_member(simcord_env.create_user("carol"), roles=[leads])
    stage.client.application.owner = discord.Object(carol.id)
    return carol


async def asked(stage: Stage, who: Any, command: str) -> str:
    result = await who.slash(stage.channel, command)
    assert result.ephemeral
    return text(result.response) or result.response.content


async def test_status_says_what_answers(stage: Stage, owner: Any) -> None:
    said = await asked(stage, owner, "knowledge status")
    assert "3 topics, 2 resources, 12 example questions" in said
    assert "facts checked Nov 2026" in said
    assert "<t:" in said
    assert "last edit" not in said


async def test_reload_says_what_changed_and_the_bot_answers_with_it(
    stage: Stage, owner: Any, folder: Path
) -> None:
    path = folder / "topics/cost.yaml"
    path.write_text(path.read_text("utf-8").replace("Nothing", "Little"), "utf-8")
    assert "1 topic reworded (cost)" in await asked(stage, owner, "knowledge reload")
    assert "1 topic reworded (cost)" in await asked(stage, owner, "knowledge status")
    assert "Little at all." in text(await stage.asked("what does it cost"))
    assert "nothing changed" in await asked(stage, owner, "knowledge reload")


async def test_a_broken_edit_is_shown_with_file_and_line_until_it_is_mended(
    stage: Stage, owner: Any, folder: Path
) -> None:
    path = folder / "topics/cost.yaml"
    good = path.read_text("utf-8")
    path.write_text(good.replace("title:", "tittle:"), "utf-8")
    for command in ("knowledge reload", "knowledge status"):
        said = await asked(stage, owner, command)
        assert "was not taken" in said
        assert "topics/cost.yaml:2:1" in said
        assert "tittle" in said
    assert "Nothing at all." in text(await stage.asked("what does it cost"))
    path.write_text(good, "utf-8")
    assert "was not taken" not in await asked(stage, owner, "knowledge reload")


async def test_many_problems_fit_a_card(stage: Stage, owner: Any, folder: Path) -> None:
    for number in range(40):
        (folder / f"topics/{'long' * 40}-{number}.yaml").write_text("a: 1\n" * 3)
    said = await asked(stage, owner, "knowledge reload")
    assert "`warmstart check` shows all" in said
    assert len(said) < 4000


async def test_votes_without_a_home_are_shown(stage: Stage, owner: Any, folder: Path) -> None:
    await stage.runtime.store.record_vote("gpu", ["x"], stage.runtime.voter(1), 0, helpful=True)
    (folder / "topics/gpu.yaml").unlink()
    said = await asked(stage, owner, "knowledge reload")
    assert "1 topic removed (gpu)" in said
    assert "Votes refer to ids that are gone: gpu, x" in said


async def test_gaps_lists_the_most_asked(stage: Stage, owner: Any) -> None:
    store = stage.runtime.store
    assert "No open questions" in await asked(stage, owner, "knowledge gaps")
    for question in ("bake bread", "how do I *bake* bread, @everyone?", "feed my cat"):
        number = await store.record_gap(question, "none", [])
    await store.record_pick(number, "gpu")
    await store.confirm_gap(number)
    lines = (await asked(stage, owner, "knowledge gaps")).splitlines()
    assert lines[1].startswith("1. 2 × how do I \\*bake\\* bread")
    assert "@everyone" not in lines[1]
    assert lines[3].startswith("2. 1 × feed my cat")
    assert "told you 1 ×" in lines[4]
    assert "picked Graphics cards 1 ×" in lines[4]


async def test_ten_gaps_at_most_fit_a_card(stage: Stage, owner: Any) -> None:
    for number in range(30):
        await stage.runtime.store.record_gap(f"{chr(0x6DF1 + number) * 700} {number}", "none", [])
    said = await asked(stage, owner, "knowledge gaps")
    assert "10. " in said
    assert "11. " not in said


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_server_admin_who_is_no_maintainer_is_refused(
    stage: Stage, simcord_env: simcord.Env, command: str
) -> None:
    before = stage.runtime.reloader.status
    leads = stage.guild.create_role("leads", permissions=discord.Permissions(administrator=True))
    dave = stage.guild.add_member(simcord_env.create_user("dave"), roles=[leads])
    assert await asked(stage, dave, command) == stage.client.desk.frame("maintainers_only")
    assert stage.runtime.reloader.status is before


async def test_members_do_not_see_the_commands(stage: Stage) -> None:
    shown = stage.alice.available_commands(stage.channel)
    assert "ask" in shown
    assert not set(COMMANDS) & set(shown)


def application(team: list[tuple[int, str, int]] | None) -> AppInfo:
    """Return an application as Discord describes it; a team is (id, role, membership state)."""
    data: Any = {
        "id": "1",
        "name": "Warmstart",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "",
        "owner": {"id": "7", "username": "olga", "discriminator": "0", "avatar": None},
    }
    if team is not None:
        members = [
            {
                "user": {"id": str(id), "username": "x", "discriminator": "0", "avatar": None},
                "membership_state": state,
                "role": role,
                "team_id": "9",
            }
            for id, role, state in team
        ]
        team_data = {"id": "9", "name": "T", "icon": None, "owner_user_id": "7", "members": members}
        data["team"] = team_data
    state = discord.Client(intents=discord.Intents.none())._connection
    return AppInfo(state=state, data=data)


TEAM = [(7, "admin", 2), (8, "developer", 2), (9, "read_only", 2), (10, "admin", 1)]


@pytest.mark.parametrize(
    ("user", "team", "expected"),
    [
        (7, None, True),
        (8, None, False),
        (MAINTAINER, None, True),
        (7, TEAM, True),
        (8, TEAM, True),
        (9, TEAM, False),
        (10, TEAM, False),  # invited, has not accepted
        (11, TEAM, False),
        (MAINTAINER, TEAM, True),
    ],
)
def test_owners_teams_and_configured_people_may(
    user: int, team: list[tuple[int, str, int]] | None, expected: bool
) -> None:
    assert may_maintain(user, application(team), frozenset({MAINTAINER})) is expected


def test_before_discord_has_told_the_owner_only_configured_people_may() -> None:
    assert may_maintain(MAINTAINER, None, frozenset({MAINTAINER}))
    assert not may_maintain(7, None, frozenset({MAINTAINER}))
