"""The order of suggestions: what helped, with the maintainers' order as the prior. Pure.

Each suggestion has a Beta distribution of the chance that it helps. The order is that of the
means; the last place on a card goes to whatever may yet prove best, so that a new resource
becomes known. `docs/ranking.md` explains the formulas and their bounds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import NormalDist

from bot.store.model import Tally

SHOWN = 3  # suggestions on a card: one clear first step, not a list of forty
PRIOR_VOTES = 10.0  # the maintainers' word weighs as much as ten votes
PRIOR_FIRST = 0.7  # expected share of helpful votes of the first suggestion
PRIOR_STEP = 0.1  # each later place expects this much less: docs/ranking.md has what that takes
# Found by the simulation of tests/advice: at 0.3 the best of eight stays unseen for a thousand
# people when it stands last; at 0.5 a hundred suffice, and a bad one costs a card in a hundred.
PRIOR_LAST = 0.5
ELSEWHERE_VOTES = 50.0  # in a server, all others weigh at most as much as fifty votes of its own
CREDIBLE = 0.9  # chance that the truth lies in the interval that is shown


@dataclass(frozen=True)
class Estimate:
    """The chance that a suggestion helps, as a Beta distribution with these two parameters.

    Mean, variance: Gelman et al., Bayesian Data Analysis, 3rd edition, table A.1. Quantiles:
    the normal approximation of section 4.1; the prior's ten votes keep it within 0.03 of the
    exact ones between 0.05 and 0.95.
    """

    helpful: float
    not_helpful: float

    @property
    def weight(self) -> float:
        """In votes, the prior's included."""
        return self.helpful + self.not_helpful

    @property
    def mean(self) -> float:
        """Between 0 and 1, exclusive."""
        return self.helpful / self.weight

    def quantile(self, chance: float) -> float:
        """Return the share below which the truth lies with this chance, both 0 to 1."""
        deviation = math.sqrt(self.mean * (1 - self.mean) / (self.weight + 1))
        return min(max(NormalDist(self.mean, deviation).inv_cdf(chance), 0.0), 1.0)

    @property
    def interval(self) -> tuple[float, float]:
        """The central interval that holds the truth with the chance `CREDIBLE`."""
        tail = (1 - CREDIBLE) / 2
        return self.quantile(tail), self.quantile(1 - tail)


@dataclass(frozen=True)
class Votes:
    """Votes by resource: those of all servers, and those of the one that asks, if one does."""

    everywhere: Mapping[str, Tally] = field(default_factory=dict)
    here: Mapping[str, Tally] | None = None


@dataclass(frozen=True)
class Standing:
    """Where a suggestion stands, and why.

    `place` is the maintainers', from 0; `here` are the server's own votes among all. `trial`
    says that it was given the last place on the card to become known.
    """

    resource: str
    place: int
    votes: Tally
    here: Tally
    estimate: Estimate
    trial: bool = False


def expected(place: int) -> float:
    """Return the share of helpful votes that the maintainers' place, from 0, lets expect."""
    return max(PRIOR_FIRST - PRIOR_STEP * place, PRIOR_LAST)


def estimate(prior: float, votes: Tally, here: Tally | None = None) -> Estimate:
    """Return what the votes say of a suggestion of which so much was expected, 0 to 1.

    Beta-binomial (Bayesian Data Analysis, section 2.4). For a server (`here` among all `votes`)
    the votes of the others are a power prior: each counts for as much of a vote as lets all of
    them weigh `ELSEWHERE_VOTES` at most (Ibrahim and Chen, "Power prior distributions for
    regression models", Statistical Science 15(1), 2000).
    """
    helpful, not_helpful = PRIOR_VOTES * prior, PRIOR_VOTES * (1 - prior)
    if here is None:
        return Estimate(helpful + votes.helpful, not_helpful + votes.not_helpful)
    others = (
        max(votes.helpful - here.helpful, 0),
        max(votes.not_helpful - here.not_helpful, 0),
    )
    share = min(1.0, ELSEWHERE_VOTES / max(sum(others), 1))
    return Estimate(
        helpful + share * others[0] + here.helpful,
        not_helpful + share * others[1] + here.not_helpful,
    )


def standings(
    resources: Sequence[str], votes: Votes, shown: int | None = SHOWN
) -> tuple[Standing, ...]:
    """Return resources, given in the maintainers' order, best first.

    The last of the `shown` places on a card goes to the one that may yet prove best; None is
    for lists that show all, where nothing needs to become known.
    """
    standing = [_standing(resource, place, votes) for place, resource in enumerate(resources)]
    order = sorted(standing, key=lambda one: (-one.estimate.mean, one.place))
    if shown is None or len(order) <= shown:
        return tuple(order)
    last = shown - 1
    chosen = _may_prove_best(order[last:], sum(one.estimate.weight - PRIOR_VOTES for one in order))
    rest = [one for one in order if one is not chosen]
    given = replace(chosen, trial=chosen is not order[last])
    return (*rest[:last], given, *rest[last:])


def _may_prove_best(candidates: Sequence[Standing], votes: float) -> Standing:
    """Return the candidate with the highest upper bound, which rises with all votes counted.

    Bayes-UCB: the quantile at 1 - 1/t, with t from 2, so that without votes it is the median
    and the maintainers' order stands (Kaufmann, Cappé and Garivier, "On Bayesian upper
    confidence bounds for bandit problems", AISTATS 2012). It takes no chances: the same votes
    give the same card to everybody.
    """
    chance = 1 - 1 / (votes + 2)
    return max(candidates, key=lambda one: (one.estimate.quantile(chance), -one.place))


def _standing(resource: str, place: int, votes: Votes) -> Standing:
    everywhere = votes.everywhere.get(resource, Tally())
    here = None if votes.here is None else votes.here.get(resource, Tally())
    return Standing(
        resource, place, everywhere, here or Tally(), estimate(expected(place), everywhere, here)
    )
