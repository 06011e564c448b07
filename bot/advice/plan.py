"""Plans: what somebody said about themselves → four weeks of first steps. Pure.

Every rule reads the data of resources and facets, so a resource that is added to the base takes
part. Votes take no part: a plan that somebody keeps stays as it is until the base changes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.advice.wishes import CANNOT_CODE, RUSTY_MATHS, Standing, Wishes
from bot.knowledge.model import Knowledge, Resource

WEEKS = 4
SHORTEST = 0.5  # hours worth a step of their own
TRIED = 2  # by who is not sure, a week each
PATHS_A_WEEK = 2  # resources to follow in one week; a third would be a list, not a step
MATHS_SHARE = 0.5  # of its week that the maths beside the course gets
PRACTICE_SHARE, PRACTICE_HOURS = 0.5, 3.0  # of the last week, and at most so many hours
PRIMER_WEEKS = 2  # for learning to code, where nobody knows how long that takes
MATHS_BESIDE_FROM = 1  # week before which nobody need repeat maths: see first what it is for

# How much each thing counts when a path is chosen: the way that was asked for before all; a field
# less than what is recommended most, since a general first course serves every field
WAY, FIELD, RECOMMENDED, KNOWN_LENGTH = 4.0, 1.0, 2.0, 0.5
GENTLE, SHORT = 2.0, 5.0  # for who cannot code: what needs no code, or is done in so many hours


class Kind(StrEnum):
    """What a step is."""

    FIRST = "first"  # the resource's first step, and on from there
    ON = "on"  # going on with it, or with what was chosen
    LAST = "last"  # going on to its end
    CHOSEN = "chosen"  # choosing between the two tried, and going on with it


class Why(StrEnum):
    """Why a suggestion stands in a plan."""

    HOURS = "hours"
    WAY = "way"
    UNSURE = "unsure"
    FREE = "free"
    FIELD = "field"
    CODING = "coding"
    MATHS = "maths"
    PRACTICE = "practice"
    MOST = "most"


@dataclass(frozen=True)
class Step:
    """Something to do in a week (from 1), for so many hours. `resource` is None where the person
    chooses between what they have tried. `reasons` belong to a resource's first step.
    """

    week: int
    hours: float
    kind: Kind
    resource: Resource | None
    reasons: tuple[Why, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Four weeks, in order; empty when the base holds nothing that fits."""

    wishes: Wishes
    steps: tuple[Step, ...]


Option = tuple[Resource, tuple[Why, ...]]
"""What may be followed, and the reasons for it."""


def make_plan(
    wishes: Wishes, knowledge: Knowledge, recommended: Mapping[str, float] | None = None
) -> Plan:
    """Return four weeks that fit the wishes.

    `recommended` weighs resources by how much topics recommend them, from 0.
    """
    return Plan(wishes, tuple(_Planner(wishes, knowledge, recommended or {}).steps()))


class _Planner:
    """The resources that fit one person, and the weeks filled with them."""

    def __init__(
        self, wishes: Wishes, knowledge: Knowledge, recommended: Mapping[str, float]
    ) -> None:
        self._wishes = wishes
        facets = knowledge.facets
        self._levels = [facet.id for facet in facets.levels]
        self._formats = {facet.id: facet.plan for facet in facets.formats}
        self._fills = {facet.id: facet.fills for facet in facets.fields}
        self._any_field, self._free = facets.fields[0].id, facets.costs[0].id
        self._fitting = [r for r in knowledge.resources.values() if self._fits(r, knowledge)]
        self._cannot_code = wishes.standing in CANNOT_CODE
        most = max(recommended.values(), default=1.0) or 1.0
        self._recommended = {id: weight / most for id, weight in recommended.items()}

    def steps(self) -> Iterator[Step]:
        """Yield the steps of all weeks."""
        paths = list(self._paths())
        tried = [] if self._wishes.way else self._to_try(paths)
        yield from self._trial(tried) if tried else self._weeks(paths)

    def _fits(self, resource: Resource, knowledge: Knowledge) -> bool:
        fields = {self._any_field, self._wishes.field}
        return (
            (self._wishes.pays or resource.cost == self._free)
            and bool(fields & set(resource.fields))
            and resource.language == knowledge.about.language
            and (resource.first_hours or 0) <= self._wishes.hours
        )

    # What to choose from

    def _level(self, resource: Resource) -> int:
        return self._levels.index(resource.level)

    def _teaches(self, resource: Resource, lacking: str) -> bool:
        return any(self._fills.get(field) == lacking for field in resource.fields)

    def _best(self, test: Callable[[Resource], bool], *, by_way: bool = True) -> list[Resource]:
        """Return the fitting resources that pass, best first; ties keep the base's order."""

        def worth(resource: Resource) -> float:
            chosen = by_way and self._wishes.way in (resource.style, resource.format)
            return (
                WAY * chosen
                + FIELD * (self._wishes.field in resource.fields)
                + RECOMMENDED * self._recommended.get(resource.id, 0.0)
                + KNOWN_LENGTH * bool(resource.hours)
                + GENTLE * (self._cannot_code and self._is_gentle(resource))
            )

        return sorted(filter(test, self._fitting), key=lambda one: -worth(one))

    def _is_gentle(self, resource: Resource) -> bool:
        return self._level(resource) == 0 or (resource.hours or SHORT + 1) <= SHORT

    def _is_path(self, resource: Resource) -> bool:
        return self._part(resource) == "path"

    def _part(self, resource: Resource) -> str | None:
        return resource.plan or self._formats.get(resource.format)

    def _primers(self, lacking: str) -> list[Resource]:
        """Return what teaches from nothing what somebody lacks."""
        return self._best(
            lambda one: self._is_path(one) and self._level(one) == 0 and self._teaches(one, lacking)
        )

    def _paths(self) -> Iterator[Option]:
        """Yield what to follow, best first, each with its reasons."""
        found = self._best(
            lambda one: (
                self._is_path(one) and self._level(one) <= 1 and not self._teaches(one, "coding")
            )
        )
        for path in found or self._best(self._is_path):
            yield path, self._reasons(path)

    def _reasons(self, resource: Resource) -> tuple[Why, ...]:
        wishes = self._wishes
        told = (
            (Why.WAY, wishes.way in (resource.style, resource.format)),
            (Why.FIELD, wishes.field in resource.fields),
            (Why.FREE, not wishes.pays),  # then nothing else fits
        )
        return tuple(why for why, holds in told if holds) or (Why.MOST,)

    # Filling the weeks

    def _weeks(self, paths: list[Option]) -> Iterator[Step]:
        """Yield a path to follow, what is lacking before or beside it, and practice at the end."""
        filling = _Filling([(path, (Why.HOURS, *why)) for path, why in paths[:1]] + paths[1:])
        learning, first = _Filling(self._coding()), 0
        for week in range(1, WEEKS + 1):
            hours, at_most = float(self._wishes.hours), PATHS_A_WEEK
            if learning and (week <= PRIMER_WEEKS or learning.ends):
                for step in learning.fill(week, hours):
                    yield step
                    hours, at_most = hours - step.hours, at_most - 1
                if learning or hours < SHORTEST:
                    continue
            first = first or week
            beside = list(self._beside(week, first, filling))
            hours -= sum(step.hours for step in beside)
            filling.leave_out([step.resource for step in beside])
            yield from filling.fill(week, hours, at_most)
            yield from beside

    def _coding(self) -> list[Option]:
        """Return what teaches to code, for who cannot yet."""
        return [(one, (Why.CODING,)) for one in self._primers("coding")[:1] if self._cannot_code]

    def _to_try(self, paths: Sequence[Option]) -> list[Option]:
        """Return the best two of different styles of which enough is left after a week with each.

        Empty where there are no such two, and for who learns to code first: that is one way.
        """
        if self._cannot_code:
            return []
        # a week of its own, and all but the end of the last week
        enough = self._wishes.hours * (WEEKS - TRIED) + SHORTEST
        lasting = [path for path in paths if path[0].hours is None or path[0].hours >= enough]
        others = [path for path in lasting if path[0].style != lasting[0][0].style]
        return [lasting[0], others[0]] if others else []

    def _trial(self, tried: list[Option]) -> Iterator[Step]:
        """Yield a week with each of two, then the one that was liked better."""
        hours = float(self._wishes.hours)
        hints = (Why.HOURS, Why.UNSURE), (Why.UNSURE,)
        for week, (path, hint) in enumerate(zip(tried, hints, strict=True), 1):
            yield Step(week, hours, Kind.FIRST, path[0], (*hint, *path[1][:1]))
        left = min((path.hours - hours for path, _ in tried if path.hours), default=math.inf)
        kind = Kind.CHOSEN
        for week in range(1 + TRIED, 1 + WEEKS):
            beside = list(self._beside(week, TRIED, _Filling(tried)))
            part = min(hours - sum(step.hours for step in beside), left)
            yield Step(week, part, kind, None)
            yield from beside
            left, kind = left - part, Kind.ON

    def _beside(self, week: int, first: int, path: _Filling) -> Iterator[Step]:
        """Yield the maths in the week after the `first` one of the path or the last one of a
        trial, and practice in the last week.
        """
        hours = self._wishes.hours
        if week == WEEKS:
            practice = self._best(self._is_practice, by_way=False)
            share = min(_halves(hours * PRACTICE_SHARE), PRACTICE_HOURS)
            for one in practice[:1]:
                made_for = (Why.FIELD,) if self._wishes.field in one.fields else ()
                part = min(share, one.hours or share)
                yield Step(week, part, Kind.FIRST, one, (Why.PRACTICE, *made_for))
        elif week == first + MATHS_BESIDE_FROM and self._wishes.standing in RUSTY_MATHS:
            maths = [one for one in self._primers("maths") if one.hours and one not in path]
            share = min(_halves(hours * MATHS_SHARE), PRACTICE_HOURS)
            for one in maths[:1]:
                yield Step(week, min(share, one.hours or share), Kind.FIRST, one, (Why.MATHS,))

    def _is_practice(self, resource: Resource) -> bool:
        highest = 2 if self._wishes.standing is Standing.BOTH else 1
        return self._part(resource) == "practice" and self._level(resource) <= highest


class _Filling:
    """Resources in the order in which they are followed, and how far the first one is done."""

    def __init__(self, paths: list[Option]) -> None:
        self._paths = paths
        self._done = 0.0
        self._met: set[str] = set()

    def __contains__(self, resource: Resource) -> bool:
        """Whether a resource has been met, or comes in the first two places."""
        return resource.id in self._met or any(path is resource for path, _ in self._paths[:2])

    def leave_out(self, resources: Sequence[Resource | None]) -> None:
        """Follow none of these: they are met elsewhere."""
        self._paths = [(path, why) for path, why in self._paths if path not in resources]

    def __bool__(self) -> bool:
        """Whether anything is left to do."""
        return bool(self._paths)

    @property
    def ends(self) -> bool:
        """Whether it is known how long the one that is followed now takes."""
        return bool(self._paths and self._paths[0][0].hours)

    def fill(self, week: int, hours: float, at_most: int = PATHS_A_WEEK) -> Iterator[Step]:
        """Yield what to do in so many hours of a week; less where nothing more fits."""
        for _ in range(at_most):
            if hours < SHORTEST or not self._paths:
                return
            path, reasons = self._paths[0]
            begun, whole = self._done > 0, path.hours
            if not begun and (path.first_hours or 0) > hours:
                return
            part = hours if whole is None else min(hours, whole - self._done)
            ends = whole is not None and part >= whole - self._done
            kind = (Kind.LAST if ends else Kind.ON) if begun else Kind.FIRST
            yield Step(week, part, kind, path, () if begun else reasons)
            self._met.add(path.id)
            hours -= part
            self._done += part
            if ends:
                self._paths, self._done = self._paths[1:], 0.0


def _halves(hours: float) -> float:
    """Return hours in steps of half an hour, at least one of them."""
    return max(SHORTEST, int(hours * 2) / 2)
