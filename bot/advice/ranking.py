"""The order of suggestions: what helped, with the maintainers' order as the prior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.store.model import Tally

PRIOR_VOTES = 10.0  # the maintainers' word weighs as much as ten votes
PRIOR_FIRST = 0.7  # expected share of helpful votes of the first suggestion
PRIOR_STEP = 0.1  # each later place expects this much less
PRIOR_LAST = 0.3


def expected_helpful(place: int, tally: Tally) -> float:
    """Return the posterior mean, 0 to 1, of the chance that a suggestion helps.

    Beta-binomial with a prior set by the place (from 0) that maintainers gave it:
    (helpful + m * p) / (votes + m); see Gelman et al., Bayesian Data Analysis, section 2.4.
    """
    prior = max(PRIOR_FIRST - PRIOR_STEP * place, PRIOR_LAST)
    votes = tally.helpful + tally.not_helpful
    return (tally.helpful + PRIOR_VOTES * prior) / (votes + PRIOR_VOTES)


def ranked(resources: Sequence[str], tallies: Mapping[str, Tally]) -> list[str]:
    """Return resources best first; ties keep the maintainers' order."""
    places = {resource: place for place, resource in enumerate(resources)}

    def key(resource: str) -> tuple[float, int]:
        place = places[resource]
        return -expected_helpful(place, tallies.get(resource, Tally())), place

    return sorted(resources, key=key)
