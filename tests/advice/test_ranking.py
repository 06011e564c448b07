"""The order of suggestions: votes move it, the maintainers' order is the prior."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.ranking import (
    CREDIBLE,
    ELSEWHERE_VOTES,
    PRIOR_FIRST,
    PRIOR_VOTES,
    SHOWN,
    Estimate,
    Votes,
    estimate,
    expected,
    standings,
)
from bot.store import Tally

THREE = ["first", "second", "third"]
EIGHT = [f"resource-{place}" for place in range(8)]
HONEST, THROWAWAY = 200, 20
BOUND = THROWAWAY / (HONEST + PRIOR_VOTES)  # as docs/ranking.md states it


def order(resources: Sequence[str], votes: Mapping[str, Tally], **options: int | None) -> list[str]:
    return [one.resource for one in standings(resources, Votes(votes), **options)]


def test_without_votes_the_maintainers_order_stands() -> None:
    assert order(THREE, {}) == THREE
    assert order(EIGHT, {}) == EIGHT
    assert [one.trial for one in standings(EIGHT, Votes())] == [False] * 8


def test_the_estimate_is_the_prior_without_votes_and_the_share_with_many() -> None:
    assert expected(0) == PRIOR_FIRST
    assert estimate(0.7, Tally()).mean == pytest.approx(0.7)
    assert estimate(0.5, Tally(helpful=9000, not_helpful=1000)).mean == pytest.approx(
        0.9, abs=0.001
    )


@pytest.mark.parametrize(("place", "votes"), [(1, 4), (2, 3), (3, 1), (7, 1)])
def test_so_many_votes_and_no_fewer_overtake_the_place_before(place: int, votes: int) -> None:
    risen, before = EIGHT[place], EIGHT[place - 1]
    fewer = order(EIGHT, {risen: Tally(helpful=votes - 1)}, shown=None)
    enough = order(EIGHT, {risen: Tally(helpful=votes)}, shown=None)
    assert fewer.index(before) < fewer.index(risen)
    assert enough.index(before) > enough.index(risen)


def test_a_new_resource_is_not_buried_under_a_disliked_one() -> None:
    votes = {"first": Tally(1, 9), "second": Tally(2, 8)}
    assert order([*THREE[:2], "new"], votes)[0] == "new"


# A server's own votes


def test_a_servers_own_votes_weigh_more_once_there_are_enough() -> None:
    everywhere = {"first": Tally(900, 100), "second": Tally(500, 500)}
    few = Votes(everywhere, {"second": Tally(3, 0), "first": Tally(0, 3)})
    many = Votes(everywhere, {"second": Tally(90, 10), "first": Tally(20, 80)})
    assert standings(THREE, few)[0].resource == "first"
    assert standings(THREE, many)[0].resource == "second"
    assert standings(THREE, Votes(everywhere))[0].resource == "first"


def test_a_server_without_votes_takes_over_what_others_found() -> None:
    everywhere = {"third": Tally(950, 50)}
    assert standings(THREE, Votes(everywhere, {}))[0].resource == "third"


def test_other_servers_weigh_at_most_so_many_votes() -> None:
    assert estimate(0.7, Tally(9000, 1000), Tally()).weight == PRIOR_VOTES + ELSEWHERE_VOTES
    assert estimate(0.7, Tally(30, 10), Tally()).weight == PRIOR_VOTES + 40


def test_a_vote_cast_between_two_looks_takes_nothing_away() -> None:
    """A server's votes are read after all servers': by then it may have more than they had."""
    assert estimate(0.7, Tally(1, 1), Tally(3, 4)).weight == PRIOR_VOTES + 7


# What becomes of a new resource


def test_a_new_resource_is_shown_in_the_last_place_and_no_higher() -> None:
    known = dict.fromkeys(THREE, Tally(150, 150))
    found = standings([*THREE, "new"], Votes(known))
    assert [one.resource for one in found[:SHOWN]] == ["first", "second", "new"]
    assert [one.trial for one in found] == [False, False, True, False]


@pytest.mark.parametrize(("votes", "shown"), [(Tally(10, 5), "third"), (Tally(11, 6), "new")])
def test_its_turn_comes_at_the_bound_that_the_page_states(votes: Tally, shown: str) -> None:
    """The quantile at 1 - 1/(votes + 2): with 15 votes the third is still ahead by a hair."""
    assert order([*THREE, "new"], {"third": votes})[2] == shown


def test_a_list_that_shows_everything_tries_nothing() -> None:
    known = dict.fromkeys(THREE, Tally(150, 150))
    assert order([*THREE, "new"], known, shown=None) == [*THREE, "new"]


def visitors(
    resources: Sequence[str], truth: Mapping[str, float], dice: random.Random, count: int
) -> Iterator[tuple[list[str], dict[str, Tally]]]:
    """Let people come by, of whom each votes on about one in three suggestions on the card;
    yield each card with the votes before it.
    """
    votes: dict[str, Tally] = {}
    for _ in range(count):
        card = order(resources, votes)[:SHOWN]
        yield card, votes
        for resource in card:
            if dice.random() < 0.3:
                old, helped = votes.get(resource, Tally()), dice.random() < truth[resource]
                votes[resource] = Tally(old.helpful + helped, old.not_helpful + (not helped))


def test_the_better_suggestion_rises_from_the_last_place() -> None:
    """Of eight, the maintainers' last is the best by 15 points; 2,000 people come by."""
    truth = dict.fromkeys(EIGHT, 0.6) | {EIGHT[-1]: 0.75}
    won, first_cards = 0, []
    for seed in range(10):
        cards = [card for card, _ in visitors(EIGHT, truth, random.Random(seed), 2000)]
        won += cards[-1][0] == EIGHT[-1]
        first_cards.append(Counter(card[0] for card in cards[1000:])[EIGHT[-1]] / 1000)
    assert won >= 9
    assert sum(first_cards) / 10 > 0.9


def test_every_suggestion_gets_shown_however_far_down_it_stands() -> None:
    """Of eight that are equally good, each is on a card before 150 people have come by."""
    truth = dict.fromkeys(EIGHT, 0.6)
    for seed in range(10):
        cards = [card for card, _ in visitors(EIGHT, truth, random.Random(seed), 150)]
        assert {resource for card in cards for resource in card} == set(EIGHT), seed


def test_showing_the_unknown_costs_little() -> None:
    """A bad suggestion holds a place on few cards: seven do well, the last never helps."""
    truth = dict.fromkeys(EIGHT, 0.7) | {EIGHT[-1]: 0.0}
    for seed in range(5):
        cards = [card for card, _ in visitors(EIGHT, truth, random.Random(seed), 2000)]
        assert sum(EIGHT[-1] in card for card in cards) < 0.02 * len(cards)


# Throw-away accounts: each votes against the better and for the worse


def attacked(better: Tally, worse: Tally) -> dict[str, Tally]:
    return {
        "better": Tally(better.helpful, better.not_helpful + THROWAWAY),
        "worse": Tally(worse.helpful + THROWAWAY, worse.not_helpful),
    }


def test_twenty_throwaway_votes_do_not_topple_what_two_hundred_found() -> None:
    """Two hundred honest people each, 75 and 60 in a hundred helped; a hundred attacks."""
    for seed in range(100):
        dice = random.Random(seed)
        shares = {"better": 0.75, "worse": 0.6}
        helped = {k: sum(dice.random() < p for _ in range(HONEST)) for k, p in shares.items()}
        honest = {k: Tally(n, HONEST - n) for k, n in helped.items()}
        before = {k: estimate(0.7, tally).mean for k, tally in honest.items()}
        if before["better"] - before["worse"] > BOUND:
            votes = attacked(honest["better"], honest["worse"])
            assert order(["better", "worse"], votes)[0] == "better", seed


@given(
    st.integers(HONEST, 1000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.integers(HONEST, 1000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)
def test_the_stated_bound_holds_for_all_votes(one: tuple[int, int], two: tuple[int, int]) -> None:
    """What is ahead by more than k/(n + m) stays ahead of k throw-away accounts."""
    tallies = [Tally(helpful, n - helpful) for helpful, n in (one, two)]
    worse, better = sorted(tallies, key=lambda tally: estimate(0.7, tally).mean)
    if estimate(0.7, better).mean - estimate(0.7, worse).mean > BOUND + 1e-9:
        votes = attacked(better, worse)
        assert estimate(0.7, votes["better"]).mean > estimate(0.7, votes["worse"]).mean


def test_just_below_the_bound_they_do_topple() -> None:
    """The bound is no wider than it must be."""
    better, worse = Tally(110, 90), Tally(94, 106)
    ahead = estimate(0.7, better).mean - estimate(0.7, worse).mean
    assert 0.75 * BOUND < ahead < BOUND
    votes = attacked(better, worse)
    assert estimate(0.7, votes["better"]).mean < estimate(0.7, votes["worse"]).mean


# What always holds

counts = st.integers(0, 500)
tallies = st.builds(Tally, counts, counts)
places = st.integers(0, 40)


@given(st.dictionaries(st.sampled_from(EIGHT), tallies), st.sampled_from([1, 2, 3, 8, None]))
def test_ranking_loses_nothing_and_tries_one_at_most(
    votes: dict[str, Tally], shown: int | None
) -> None:
    found = standings(EIGHT, Votes(votes), shown)
    assert sorted(one.resource for one in found) == EIGHT
    assert sum(one.trial for one in found) <= 1
    means = [one.estimate.mean for one in found if not one.trial]
    assert means == sorted(means, reverse=True)
    assert found == standings(EIGHT, Votes(votes), shown)


@given(places, tallies, tallies)
def test_a_helpful_vote_never_lowers_the_estimate(place: int, others: Tally, here: Tally) -> None:
    every = Tally(others.helpful + here.helpful, others.not_helpful + here.not_helpful)
    one_more = Tally(every.helpful + 1, every.not_helpful)
    before = estimate(expected(place), every, here).mean
    assert 0 < before < 1
    assert estimate(expected(place), one_more, here).mean >= before - 1e-12
    own = Tally(here.helpful + 1, here.not_helpful)
    assert estimate(expected(place), one_more, own).mean >= before - 1e-12
    assert estimate(expected(place), one_more).mean >= estimate(expected(place), every).mean


@given(places, tallies)
def test_the_interval_holds_the_mean(place: int, votes: Tally) -> None:
    found = estimate(expected(place), votes)
    low, high = found.interval
    assert 0 <= low < found.mean < high <= 1


def test_the_interval_holds_the_truth_nine_times_in_ten() -> None:
    drawn = random.Random(1)
    low, high = Estimate(27, 13).interval
    held = sum(low <= drawn.betavariate(27, 13) <= high for _ in range(20_000))
    assert held / 20_000 == pytest.approx(CREDIBLE, abs=0.01)


@pytest.mark.parametrize(("helpful", "not_helpful"), [(7, 3), (3, 7), (9, 3), (27, 13), (209, 5)])
@pytest.mark.parametrize("chance", [0.05, 0.5, 0.95])
def test_quantiles_are_near_the_exact_ones(
    helpful: float, not_helpful: float, chance: float
) -> None:
    drawn = random.Random(1)
    exact = sorted(drawn.betavariate(helpful, not_helpful) for _ in range(20_000))
    at = exact[int(chance * len(exact))]
    assert Estimate(helpful, not_helpful).quantile(chance) == pytest.approx(at, abs=0.03)
