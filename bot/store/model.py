"""The store's interface: what is kept, as intentions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType, Protocol

Voter = NewType("Voter", bytes)
"""A person as a keyed hash, 16 bytes; see `bot.store.voters`."""

RESOURCE_TOPIC = "_resource"
"""The topic of votes cast outside a topic's card."""

NO_GUILD = 0

DAY = 86_400
"""Seconds; the store counts what was shadowed by day, and forgets by day."""


@dataclass(frozen=True)
class Tally:
    """Votes on one suggestion."""

    helpful: int = 0
    not_helpful: int = 0


@dataclass(frozen=True)
class Gap:
    """A kept question without a good answer: scrubbed, without its author.

    `candidates` are topics, best first. `picked` counts, by topic, what people chose as what
    was meant. `told` says that its author told the maintainers. `asked_at` is in seconds since
    1970, UTC.
    """

    number: int
    question: str
    decision: str
    candidates: tuple[str, ...]
    picked: Mapping[str, int]
    told: bool
    asked_at: int


class Duty(StrEnum):
    """What the bot does in a channel; in one without a duty it answers when it is asked."""

    QUESTION = "question"  # every message counts as asked directly
    WATCH = "watch"  # confident questions are answered unasked
    SUGGEST = "suggest"  # the same, and suggestions are made too
    SHADOW = "shadow"  # counts what it would have said, says nothing
    SILENT = "silent"  # says nothing in public


COOLDOWN = 600
"""Seconds between unasked answers to one person, unless a server says otherwise."""


@dataclass(frozen=True)
class GuildSettings:
    """How a server wants the bot; the defaults hold for one that never said.

    `duties` are by channel id, `cooldown` is in seconds. `link` is an address of the server's
    own for the cards, shown as `link_label`; empty is none.
    """

    duties: Mapping[int, Duty] = field(default_factory=dict)
    paused: bool = False
    cooldown: int = COOLDOWN
    link: str = ""
    link_label: str = ""


class OptOut(StrEnum):
    """What a person does not want."""

    UNASKED = "unasked"  # answers to messages that were not put to the bot
    EVERYTHING = "everything"  # any answer but to commands


@dataclass(frozen=True)
class ShadowCount:
    """What the bot would have said in shadowed channels; `topic` is empty for nothing."""

    topic: str
    decision: str
    times: int


@dataclass(frozen=True)
class OwnVote:
    """A vote as its voter may see it; `voted_at` is in seconds since 1970, UTC."""

    topic: str
    resource: str
    helpful: bool
    guild: int
    voted_at: int


@dataclass(frozen=True)
class PersonalData:
    """All that is stored of a person. `unasked` holds by server when they were last answered
    unasked, in seconds since 1970, UTC.
    """

    votes: tuple[OwnVote, ...] = ()
    plan: str | None = None
    opt_outs: frozenset[OptOut] = frozenset()
    unasked: Mapping[int, int] = field(default_factory=dict)


class Store(Protocol):
    """Votes, gaps and small values; every method is atomic and durable when it returns.

    All raise `StoreBusy` when another process holds the database beyond the busy timeout,
    and `StoreError` when it cannot be written or read.
    """

    async def toggle_helpful(self, topic: str, resource: str, voter: Voter, guild: int) -> bool:
        """Mark as helpful, or take that mark back; return whether it is helpful now."""

    async def record_vote(
        self, topic: str, resources: Sequence[str], voter: Voter, guild: int, *, helpful: bool
    ) -> int:
        """Set this voter's vote on each resource; saying it again changes nothing.

        Return how many votes changed.
        """

    async def tallies(self, topic: str, guild: int | None = None) -> Mapping[str, Tally]:
        """Return the votes under a topic by resource; resources without votes are absent.

        With `guild` only those that were cast there.
        """

    async def all_tallies(self, guild: int | None = None) -> Mapping[tuple[str, str], Tally]:
        """Return all votes by (topic, resource); with `guild` those that were cast there."""

    async def record_gap(self, question: str, decision: str, candidates: Sequence[str]) -> int:
        """Keep a question without a good answer, already scrubbed; return its number."""

    async def record_pick(self, gap: int, topic: str) -> None:
        """Remember which topic answered a kept question after all; unknown numbers are ignored."""

    async def confirm_gap(self, gap: int) -> bool:
        """Mark a kept question as told to the maintainers by its author; False when it is gone."""

    async def gaps(self) -> Sequence[Gap]:
        """Return the kept questions, oldest first."""

    async def voted_ids(self) -> Set[str]:
        """Return the ids of topics and resources that votes refer to, without RESOURCE_TOPIC."""

    async def adopt(self, renamed: Mapping[str, str]) -> None:
        """Move votes of former ids to today's ids; a voter's newer vote wins."""

    async def value(self, name: str) -> str | None:
        """Return a small remembered value, such as the fingerprint of the synced commands."""

    async def set_value(self, name: str, value: str) -> None:
        """Remember a small value."""

    async def remember_once(self, name: str, value: str) -> str:
        """Remember a small value unless there is one; return the one that is remembered.

        Of many who come at once, one is first, and all are told the same.
        """

    # Servers

    async def guild_settings(self, guild: int) -> GuildSettings:
        """Return how a server wants the bot."""

    async def save_guild_settings(self, guild: int, settings: GuildSettings) -> None:
        """Remember how a server wants the bot, in place of what it said before."""

    async def count_shadow(self, guild: int, topic: str, decision: str) -> None:
        """Count what the bot would have said today in a shadowed channel."""

    async def shadow_counts(self, guild: int, since: int) -> Sequence[ShadowCount]:
        """Return what was counted from the day of `since` on (seconds since 1970, UTC), most
        often first.
        """

    async def claim_unasked(self, guild: int, person: Voter, cooldown: int) -> bool:
        """Note that a person is answered unasked now; False, and nothing noted, when the last
        time was less than `cooldown` seconds ago.
        """

    async def known_guilds(self) -> Sequence[int]:
        """Return the servers of which settings, counts, cooldowns or votes are kept."""

    async def forget_guild(self, guild: int) -> None:
        """Forget a server's settings, counts and cooldowns; votes stay, as cast in no server."""

    # People

    async def plan(self, person: Voter) -> str | None:
        """Return the plan that a person keeps, as JSON text."""

    async def save_plan(self, person: Voter, plan: str) -> None:
        """Keep a person's plan, JSON text, in place of the one before."""

    async def opted_out(self, person: Voter) -> Set[OptOut]:
        """Return what a person does not want."""

    async def set_opt_out(self, person: Voter, kind: OptOut, *, out: bool) -> None:
        """Remember, or forget, that a person does not want something."""

    async def personal_data(self, person: Voter) -> PersonalData:
        """Return all that is stored of a person."""

    async def forget(self, person: Voter) -> None:
        """Delete all that is stored of a person; counts follow."""

    async def change_key(self, fingerprint_name: str, fingerprint: str) -> int:
        """Cut what is kept of people from the people, and remember the next key's fingerprint.

        Votes go on counting, each as of somebody unknown; plans, opt-outs and cooldowns go.
        Return how many votes there are.
        """

    async def expire(self, before: int) -> int:
        """Delete gaps, shadow counts and cooldowns from before a time (seconds since 1970, UTC);
        return how many gaps went.
        """

    # Processes

    async def take_turn(self, queue: str, pause: float) -> None:
        """Wait for a turn in a queue, and hold the next one up for `pause` seconds.

        All who share the database stand in the same queues.
        """
