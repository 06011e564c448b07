"""Wishes: what somebody says about themselves before a plan is made, and what they choose from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.knowledge.model import Facet, Knowledge

HOURS = (1, 2, 4, 8, 15)  # a week, to choose from


class Standing(StrEnum):
    """Where somebody stands in coding and maths."""

    NEW = "new"
    RUSTY = "rusty"
    CODES = "codes"
    MATHS = "maths"
    BOTH = "both"


CANNOT_CODE = frozenset({Standing.NEW, Standing.MATHS})
RUSTY_MATHS = frozenset({Standing.NEW, Standing.RUSTY})


@dataclass(frozen=True)
class Wishes:
    """What somebody said: a style or format ("" is not sure), hours a week, where they stand,
    whether they would pay, and the field it is for ("" is any).
    """

    way: str = ""
    hours: int = 2
    standing: Standing = Standing.RUSTY
    pays: bool = False
    field: str = ""


def ways(knowledge: Knowledge) -> tuple[Facet, ...]:
    """Return the ways to learn between which a person may choose."""
    facets = (*knowledge.facets.styles, *knowledge.facets.formats)
    return tuple(facet for facet in facets if facet.description)


def fields(knowledge: Knowledge) -> tuple[Facet, ...]:
    """Return the fields between which a person may choose, besides any."""
    return tuple(facet for facet in knowledge.facets.fields[1:] if not facet.fills)
