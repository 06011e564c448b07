"""The board: where every suggestion stands, and what helped most over all topics. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.advice.ranking import PRIOR_LAST, Estimate, Standing, Votes, estimate, standings
from bot.knowledge.model import Knowledge, Resource, Topic
from bot.store.model import Tally

Tallies = Mapping[tuple[str, str], Tally]
"""Votes by (topic, resource), as a store returns them."""


@dataclass(frozen=True)
class Board:
    """A topic's suggestions where they stand, best first."""

    topic: Topic
    standings: tuple[Standing, ...]

    @property
    def votes(self) -> int:
        """How many votes the suggestions have got, of either kind."""
        return sum(total(one.votes) for one in self.standings)


@dataclass(frozen=True)
class Helped:
    """How helpful people found a resource, wherever they voted on it."""

    resource: Resource
    votes: Tally
    estimate: Estimate


def total(votes: Tally) -> int:
    """Return how many votes of either kind."""
    return votes.helpful + votes.not_helpful


def boards(
    knowledge: Knowledge, everywhere: Tallies, here: Tallies | None = None
) -> tuple[Board, ...]:
    """Return the topics that suggest something, most voted on first.

    `here` are the votes of one server among those of all; its cards then have this order.
    """
    all_votes = _by_topic(knowledge, everywhere)
    own_votes = None if here is None else _by_topic(knowledge, here)
    found = []
    for topic in knowledge.topics.values():
        own = None if own_votes is None else own_votes.get(topic.id, {})
        votes = Votes(all_votes.get(topic.id, {}), own)
        suggested = [one.resource for one in topic.suggestions]
        if suggested:
            found.append(Board(topic, standings(suggested, votes)))
    return tuple(sorted(found, key=lambda board: -board.votes))


def most_helpful(
    knowledge: Knowledge, everywhere: Tallies, here: Tallies | None = None
) -> tuple[Helped, ...]:
    """Return the resources that somebody found helpful, `here` where it is given, best first.

    Votes on a resource count together, whatever the topic, and nothing is expected of any: the
    prior is the one that suggestions far down have.
    """
    all_votes = _by_resource(knowledge, everywhere)
    own_votes = all_votes if here is None else _by_resource(knowledge, here)
    found = [
        Helped(
            knowledge.resources[id],
            own,
            estimate(PRIOR_LAST, all_votes.get(id, own), None if here is None else own),
        )
        for id, own in own_votes.items()
        if own.helpful and id in knowledge.resources
    ]
    return tuple(sorted(found, key=lambda one: (-one.estimate.mean, one.resource.id)))


def homeless(knowledge: Knowledge, everywhere: Tallies) -> Sequence[str]:
    """Return the voted ids that the knowledge base does not know, in alphabetical order."""
    ids = {id for key in everywhere for id in key if not id.startswith("_")}
    return sorted(ids - knowledge.current_id.keys())


def _by_topic(knowledge: Knowledge, tallies: Tallies) -> Mapping[str, Mapping[str, Tally]]:
    """Return votes by topic and resource under today's ids."""
    found: dict[str, dict[str, Tally]] = defaultdict(dict)
    for (topic, resource), votes in tallies.items():
        current = knowledge.current_id
        kept = found[current.get(topic, topic)]
        id = current.get(resource, resource)
        kept[id] = _sum(kept.get(id, Tally()), votes)
    return found


def _by_resource(knowledge: Knowledge, tallies: Tallies) -> Mapping[str, Tally]:
    found: dict[str, Tally] = {}
    for votes in _by_topic(knowledge, tallies).values():
        for resource, tally in votes.items():
            found[resource] = _sum(found.get(resource, Tally()), tally)
    return found


def _sum(one: Tally, other: Tally) -> Tally:
    return Tally(one.helpful + other.helpful, one.not_helpful + other.not_helpful)
