"""The order of suggestions: votes move it, the maintainers' order is the prior."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.advice.ranking import PRIOR_FIRST, PRIOR_VOTES, expected_helpful, ranked
from bot.store import Tally

THREE = ["first", "second", "third"]


def test_without_votes_the_maintainers_order_stands() -> None:
    assert ranked(THREE, {}) == THREE


def test_the_estimate_is_the_prior_without_votes_and_the_share_with_many() -> None:
    assert expected_helpful(0, Tally()) == PRIOR_FIRST
    assert abs(expected_helpful(3, Tally(helpful=9000, not_helpful=1000)) - 0.9) < 0.001


def test_one_vote_moves_nothing_and_a_clear_majority_does() -> None:
    assert ranked(THREE, {"second": Tally(helpful=1)}) == THREE
    votes = {"first": Tally(2, 12), "second": Tally(14, 0)}
    assert ranked(THREE, votes)[0] == "second"


def test_a_new_resource_is_not_buried_under_a_disliked_one() -> None:
    votes = {"first": Tally(1, 9), "second": Tally(2, 8)}
    assert ranked([*THREE[:2], "new"], votes)[0] == "new"


tallies = st.builds(Tally, st.integers(0, 500), st.integers(0, 500))


@given(st.dictionaries(st.sampled_from(THREE), tallies))
def test_ranking_loses_nothing(votes: dict[str, Tally]) -> None:
    assert sorted(ranked(THREE, votes)) == sorted(THREE)


@given(st.integers(0, 40), tallies)
def test_the_estimate_is_a_chance_and_a_helpful_vote_never_lowers_it(
    place: int, tally: Tally
) -> None:
    before = expected_helpful(place, tally)
    after = expected_helpful(place, Tally(tally.helpful + 1, tally.not_helpful))
    assert 0 < before < 1
    assert after >= before
    assert PRIOR_VOTES > 0
