"""What the base says about one aspect of one resource."""

from __future__ import annotations

from bot.advice.reply import Fact
from bot.knowledge.model import Facets, Resource
from bot.matching import Aspect


def fact(resource: Resource, aspect: Aspect, facets: Facets) -> Fact | None:
    """Return the resource's own sentence on the aspect; None when the base has none."""
    match aspect:
        case Aspect.COST:
            text = resource.price
        case Aspect.TIME:
            text = resource.time
        case Aspect.PREREQUISITES:
            text = resource.prerequisites
        case Aspect.EDITION:
            text = resource.edition
        case Aspect.AUTHOR:
            text = ", ".join(resource.authors)
        case Aspect.FORMAT:
            text = facets.get("formats", resource.format).label
    return Fact(resource, aspect, text) if text else None
