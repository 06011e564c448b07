"""`/knowledge status · reload · gaps`: for the application's owners and the maintainers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from itertools import islice

import discord
from discord import app_commands, ui

from bot.discord_app import respond
from bot.discord_app.cards import Notice, render
from bot.discord_app.cards.pieces import cut, safe
from bot.discord_app.desk import Desk
from bot.discord_app.respond import Interaction
from bot.discord_app.translation import localised
from bot.frame import Frame
from bot.gaps import OpenGap, open_gaps
from bot.health import WRITABLE, Health
from bot.knowledge.changes import fingerprint
from bot.knowledge.model import Knowledge
from bot.matching import Decision
from bot.runtime import Reloader, Status

PROBLEMS = 8  # shown of a refused edit; with the longest messages they still fit a card
GAPS = 10
GATEWAY = {
    "connected": "health_connected",
    "silent": "health_silent",
    "disconnected": "health_disconnected",
}
LINE = 220  # characters of a problem or a question


def group(desk: Desk, reloader: Reloader) -> app_commands.Group:
    """Return the commands. Discord shows them to members with Manage Server; who may use them
    is decided here.
    """
    found = app_commands.Group(
        name="knowledge",
        description=localised("cmd_knowledge"),
        default_permissions=discord.Permissions(manage_guild=True),
    )

    @found.command(name="status", description=localised("cmd_knowledge_status"))
    async def status(interaction: Interaction) -> None:
        async def work() -> str:
            frame = desk.frame_for(interaction)
            text = status_text(reloader.status, desk.advisor.knowledge, frame)
            if desk.examine is None:
                return text
            counted = counts_text(desk.advisor.decisions, desk.work.counts.votes, frame)
            return "\n".join((text, health_text(await desk.examine(), frame), counted))

        await _tell(desk, interaction, work)

    @found.command(name="reload", description=localised("cmd_knowledge_reload"))
    async def reload(interaction: Interaction) -> None:
        async def work() -> str:
            return reloaded_text(await reloader.reload(), desk.frame_for(interaction))

        await _tell(desk, interaction, work)

    @found.command(name="gaps", description=localised("cmd_knowledge_gaps"))
    async def gaps(interaction: Interaction) -> None:
        async def work() -> str:
            kept, base = await desk.store.gaps(), desk.advisor.base
            most_asked = islice(open_gaps(kept, base.knowledge, base.matcher), GAPS)
            open_ones = await asyncio.to_thread(list, most_asked)
            return gaps_text(open_ones, base.knowledge, desk.frame_for(interaction))

        await _tell(desk, interaction, work)

    return found


async def _tell(desk: Desk, interaction: Interaction, work: Callable[[], Awaitable[str]]) -> None:
    """Answer a maintainer privately; turn everybody else away."""

    async def view() -> ui.LayoutView:
        return render(Notice(await work()), desk.pen_for(interaction))

    async with desk.apologising(interaction):
        if may_maintain(interaction.user.id, interaction.client.application, desk.maintainers):
            await respond.send(interaction, view(), private=True)
        else:
            await respond.say(interaction, desk.frame_for(interaction)("maintainers_only"))


def may_maintain(
    user: int, application: discord.AppInfo | None, maintainers: frozenset[int]
) -> bool:
    """Whether a person is a configured maintainer, or owns the application, also in a team."""
    if user in maintainers or application is None:
        return user in maintainers
    if application.team is None:
        return user == application.owner.id
    return any(
        member.id == user
        and member.membership_state is discord.TeamMembershipState.accepted
        and member.role is not discord.TeamMemberRole.read_only
        for member in application.team.members
    )


def status_text(status: Status, knowledge: Knowledge, frame: Frame) -> str:
    """Say which base answers, since when, and what the last edit brought."""
    counts = frame(
        "knowledge_counts",
        topics=len(knowledge.topics),
        resources=len(knowledge.resources),
        phrasings=sum(len(topic.phrasings) for topic in knowledge.topics.values()),
        version=fingerprint(knowledge),
        date=frame.month(knowledge.about.checked),
    )
    when = discord.utils.format_dt(status.loaded, "R")
    lines = [counts, frame("knowledge_loaded", when=when)]
    if status.changed:
        lines.append(frame("knowledge_changed", changes=status.changed))
    return "\n".join((*lines, *_trouble(status, frame)))


def health_text(health: Health, frame: Frame) -> str:
    """Say how the connection and the database are."""
    age = 0.0 if health.heartbeat_age is None else health.heartbeat_age
    return frame(
        "health_line",
        gateway=frame(GATEWAY[health.gateway], seconds=round(age)),
        database=frame("health_writable") if health.database == WRITABLE else health.database,
    )


def counts_text(decisions: Mapping[str, int], votes: int, frame: Frame) -> str:
    """Say what was done since the start."""
    numbers = {str(decision): decisions.get(decision, 0) for decision in Decision}
    return frame("health_counts", **numbers, votes=votes)


def reloaded_text(status: Status, frame: Frame) -> str:
    """Say what a reload brought."""
    lines = list(_trouble(status, frame))
    if status.refused is None:
        lines.insert(0, frame("knowledge_reloaded", changes=status.changed))
    return "\n".join(lines)


def _trouble(status: Status, frame: Frame) -> Iterator[str]:
    if status.refused:
        yield frame("knowledge_refused", when=discord.utils.format_dt(status.refused, "R"))
        for problem in status.problems[:PROBLEMS]:
            yield f"- {cut(str(problem), LINE)}"
        if len(status.problems) > PROBLEMS:
            yield frame("knowledge_problems_more", count=len(status.problems) - PROBLEMS)
    if status.homeless:
        yield frame("knowledge_homeless", ids=cut(", ".join(status.homeless), LINE))


def gaps_text(gaps: Sequence[OpenGap], knowledge: Knowledge, frame: Frame) -> str:
    """List the most asked open questions, each with where its answer may belong."""
    if not gaps:
        return frame("gaps_empty")
    lines = [frame("gaps_heading")]
    for number, gap in enumerate(gaps, 1):
        told = " · ".join(_about(gap, knowledge, frame))
        lines.append(f"{number}. {gap.asked} × {safe(gap.question, LINE // 2)}\n-# {told}")
    return "\n".join((*lines, frame("gaps_more")))


def _about(gap: OpenGap, knowledge: Knowledge, frame: Frame) -> Iterator[str]:
    if gap.told:
        yield frame("gaps_told", count=gap.told)
    for topic, count in islice(gap.missed.items(), 1):
        yield frame("gaps_missed", title=knowledge.topics[topic].title, count=count)
    for topic, count in islice(gap.picked.items(), 1):
        yield frame("gaps_picked", title=knowledge.topics[topic].title, count=count)
    if gap.nearest:
        yield frame("gaps_nearest", title=knowledge.topics[gap.nearest.topic].title)
