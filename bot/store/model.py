"""The store's interface: what is kept, as intentions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NewType, Protocol

Voter = NewType("Voter", bytes)
"""A person as a keyed hash, 16 bytes; see `bot.store.voters`."""

RESOURCE_TOPIC = "_resource"
"""The topic of votes cast outside a topic's card."""

NO_GUILD = 0


@dataclass(frozen=True)
class Tally:
    """Votes on one suggestion, over all servers."""

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


class Store(Protocol):
    """Votes, gaps and small values; every method is atomic and durable when it returns.

    All raise `StoreBusy` when another process holds the database beyond the busy timeout,
    and `StoreError` when it cannot be written or read.
    """

    async def toggle_helpful(self, topic: str, resource: str, voter: Voter, guild: int) -> bool:
        """Mark as helpful, or take that mark back; return whether it is helpful now."""

    async def record_vote(
        self, topic: str, resources: Sequence[str], voter: Voter, guild: int, *, helpful: bool
    ) -> None:
        """Set this voter's vote on each resource; saying it again changes nothing."""

    async def tallies(self, topic: str) -> Mapping[str, Tally]:
        """Return the votes under a topic by resource; resources without votes are absent."""

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
