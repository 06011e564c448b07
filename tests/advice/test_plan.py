"""Plans: every combination of answers gives four sensible weeks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from bot.advice.catalogue import Catalogue
from bot.advice.plan import PRIMER_WEEKS, WEEKS, Kind, Plan, Why, make_plan
from bot.advice.wishes import CANNOT_CODE, HOURS, Standing, Wishes, fields, ways
from bot.knowledge.model import Knowledge, Resource


@pytest.fixture(scope="module")
def plans(knowledge: Knowledge) -> list[Plan]:
    recommended = Catalogue(knowledge).recommended
    return [make_plan(wishes, knowledge, recommended) for wishes in every_wish(knowledge)]


def every_wish(knowledge: Knowledge) -> Iterator[Wishes]:
    chosen_ways = ["", *(one.id for one in ways(knowledge))]
    chosen_fields = ["", *(one.id for one in fields(knowledge))]
    for chosen in product(chosen_ways, HOURS, Standing, (False, True), chosen_fields):
        yield Wishes(*chosen)


def test_all_combinations_are_walked(plans: list[Plan], knowledge: Knowledge) -> None:
    assert len(ways(knowledge)) >= 5
    assert len(fields(knowledge)) >= 7
    assert len(plans) == (1 + len(ways(knowledge))) * len(HOURS) * len(Standing) * 2 * (
        1 + len(fields(knowledge))
    )


def test_every_week_has_something_to_do_and_none_too_much(plans: list[Plan]) -> None:
    for plan in plans:
        spent: dict[int, float] = defaultdict(float)
        for step in plan.steps:
            assert step.hours > 0
            spent[step.week] += step.hours
        assert sorted(spent) == list(range(1, WEEKS + 1)), plan.wishes
        assert max(spent.values()) <= plan.wishes.hours, plan.wishes


def test_the_first_step_can_be_done_in_the_first_week(plans: list[Plan]) -> None:
    for plan in plans:
        first = plan.steps[0]
        assert first.week == 1
        assert first.resource is not None
        assert (first.resource.first_hours or 0) <= first.hours, plan.wishes


def test_free_only_is_free(plans: list[Plan], knowledge: Knowledge) -> None:
    free = knowledge.facets.costs[0].id
    for plan in plans:
        if not plan.wishes.pays:
            assert {step.resource.cost for step in plan.steps if step.resource} == {free}


def test_a_science_is_suggested_to_those_who_named_it(
    plans: list[Plan], knowledge: Knowledge
) -> None:
    anybody = knowledge.facets.fields[0].id
    for plan in plans:
        for step in plan.steps:
            if step.resource:
                assert {anybody, plan.wishes.field} & set(step.resource.fields), plan.wishes


def test_who_cannot_code_learns_that_first(plans: list[Plan], knowledge: Knowledge) -> None:
    lowest = knowledge.facets.levels[0].id
    for plan in plans:
        first = plan.steps[0]
        assert (Why.CODING in first.reasons) == (plan.wishes.standing in CANNOT_CODE), plan.wishes
        if plan.wishes.standing in CANNOT_CODE:
            assert first.resource is not None
            assert first.resource.level == lowest


def test_nothing_is_met_twice_and_each_first_step_says_why(plans: list[Plan]) -> None:
    for plan in plans:
        met = [step.resource.id for step in plan.steps if step.resource and step.reasons]
        assert len(met) == len(set(met)), plan.wishes
        for step in plan.steps:
            assert bool(step.reasons) == (step.kind is Kind.FIRST), plan.wishes


def test_what_was_asked_for_comes_first(plans: list[Plan]) -> None:
    for plan in plans:
        wishes = plan.wishes
        met = (step for step in plan.steps if step.kind is Kind.FIRST)
        reached = next((step for step in met if Why.CODING not in step.reasons), None)
        if reached is None:
            assert (wishes.standing in CANNOT_CODE, wishes.hours) == (True, 1), wishes
            continue
        assert reached.resource is not None
        if wishes.way:
            assert wishes.way in (reached.resource.style, reached.resource.format), wishes
            assert Why.WAY in reached.reasons


def test_who_is_not_sure_tries_two_styles(plans: list[Plan]) -> None:
    for plan in plans:
        tried = [s.resource.style for s in plan.steps if s.resource and Why.UNSURE in s.reasons]
        may_try = not plan.wishes.way and plan.wishes.standing not in CANNOT_CODE
        assert len(tried) == len(set(tried)) == (2 if may_try else 0), plan.wishes
        assert sum(step.kind is Kind.CHOSEN for step in plan.steps) == may_try


def test_enough_is_left_to_go_on_with_whichever_of_the_two_is_chosen(plans: list[Plan]) -> None:
    for plan in plans:
        chosen = sum(step.hours for step in plan.steps if step.resource is None)
        for step in plan.steps:
            if step.resource and Why.UNSURE in step.reasons and step.resource.hours:
                assert step.hours + chosen <= step.resource.hours, plan.wishes


def test_who_is_not_sure_refreshes_maths_beside_what_they_chose(knowledge: Knowledge) -> None:
    recommended = Catalogue(knowledge).recommended
    plan = make_plan(Wishes("", 4, Standing.RUSTY), knowledge, recommended)
    weeks = [(step.week, step.hours) for step in plan.steps if Why.MATHS in step.reasons]
    assert weeks == [(3, 2.0)]


def test_what_stands_beside_takes_no_longer_than_it_is(knowledge: Knowledge) -> None:
    short = {
        id: replace(one, hours=1.0) if one.hours != 40 else one
        for id, one in knowledge.resources.items()
    }
    base = replace(knowledge, resources=short)
    for way, standing in product(("", "top-down"), Standing):
        for step in make_plan(Wishes(way, 15, standing), base).steps:
            if step.resource:
                assert step.hours <= (step.resource.hours or 0), (way, standing)


def test_practice_ends_the_plan_in_the_chosen_field(knowledge: Knowledge) -> None:
    plan = make_plan(Wishes("top-down", 4, Standing.CODES, False, "weather"), knowledge)
    last = plan.steps[-1]
    assert (last.week, Why.PRACTICE in last.reasons) == (WEEKS, True)
    assert last.resource is not None
    assert "weather" in last.resource.fields


def new(id: str, **facts: Any) -> Resource:
    """Return a free course for people who code a little."""
    usual = {"style": "bottom-up", "format": "course", "cost": "free", "level": "beginner"}
    told = {"title": id, "url": "https://example.org/", "why": "New", "as_of": date(2026, 11, 1)}
    return Resource(**{"id": id, **usual, **told, **facts})


def only(knowledge: Knowledge, *resources: Resource) -> Knowledge:
    return replace(knowledge, resources={one.id: one for one in resources})


def told(plan: Plan) -> list[tuple[int, str, float, str]]:
    return [(s.week, s.resource.id, s.hours, str(s.kind)) for s in plan.steps if s.resource]


def test_a_new_resource_takes_part(knowledge: Knowledge) -> None:
    course = new("new-course", hours=3.0)
    larger = only(knowledge, *knowledge.resources.values(), course)
    plan = make_plan(Wishes("bottom-up", 4, Standing.CODES), larger, {course.id: 9.0})
    assert plan.steps[0].resource == course
    assert (plan.steps[0].hours, plan.steps[1].week) == (3.0, 1)


def test_of_two_alike_the_one_of_known_length_comes_first(knowledge: Knowledge) -> None:
    base = only(knowledge, new("endless"), new("short", hours=3.0))
    assert told(make_plan(Wishes("bottom-up", 4, Standing.CODES), base))[0][1] == "short"


def test_what_is_begun_goes_on_to_its_end(knowledge: Knowledge) -> None:
    base = only(knowledge, new("a", hours=5.0), new("b", hours=9.0))
    plan = make_plan(Wishes("bottom-up", 4, Standing.CODES), base)
    assert told(plan) == [
        (1, "a", 4.0, "first"),
        (2, "a", 1.0, "last"),
        (2, "b", 3.0, "first"),
        (3, "b", 4.0, "on"),
        (4, "b", 2.0, "last"),
    ]


def test_a_first_step_waits_for_a_week_that_has_room_for_it(knowledge: Knowledge) -> None:
    base = only(knowledge, new("a", hours=3.0), new("b", hours=8.0, first_hours=2.0))
    plan = make_plan(Wishes("bottom-up", 4, Standing.CODES), base)
    assert told(plan)[:2] == [(1, "a", 3.0, "first"), (2, "b", 4.0, "first")]


def test_nobody_practises_beyond_what_they_know(plans: list[Plan], knowledge: Knowledge) -> None:
    levels = [facet.id for facet in knowledge.facets.levels]
    reached: dict[bool, set[int]] = {True: set(), False: set()}
    for plan in plans:
        for step in plan.steps:
            if step.resource and Why.PRACTICE in step.reasons:
                well_read = plan.wishes.standing is Standing.BOTH
                reached[well_read].add(levels.index(step.resource.level))
    assert max(reached[False]) == 1
    assert max(reached[True]) == 2


def test_free_is_no_reason_for_what_costs_money(plans: list[Plan], knowledge: Knowledge) -> None:
    free = knowledge.facets.costs[0].id
    reasons = [(s, plan.wishes.pays) for plan in plans for s in plan.steps if Why.FREE in s.reasons]
    assert reasons
    assert all(s.resource and s.resource.cost == free and not pays for s, pays in reasons)


def test_only_the_language_of_the_base_is_planned_with(knowledge: Knowledge) -> None:
    base = only(knowledge, new("kurs", language="de", hours=4.0), new("course"))
    plan = make_plan(Wishes("bottom-up", 4, Standing.CODES), base)
    assert {id for _, id, _, _ in told(plan)} == {"course"}


def test_a_base_without_anything_that_fits_gives_an_empty_plan(knowledge: Knowledge) -> None:
    empty = replace(knowledge, resources={})
    assert make_plan(Wishes(), empty).steps == ()


def test_nothing_takes_longer_than_it_is(plans: list[Plan]) -> None:
    for plan in plans:
        spent: dict[str, float] = defaultdict(float)
        for step in plan.steps:
            if step.resource:
                spent[step.resource.id] += step.hours
        for step in plan.steps:
            if step.resource and step.resource.hours:
                assert spent[step.resource.id] <= step.resource.hours, plan.wishes


def test_what_must_not_be_planned_with_never_is(plans: list[Plan], knowledge: Knowledge) -> None:
    never = {id for id, one in knowledge.resources.items() if one.plan == "never"}
    assert never
    for plan in plans:
        assert not never & {step.resource.id for step in plan.steps if step.resource}


def test_learning_to_code_ends_where_its_course_ends(knowledge: Knowledge) -> None:
    plan = make_plan(Wishes("top-down", 8, Standing.NEW), knowledge)
    python, course = plan.steps[:2]
    assert python.resource is not None
    assert python.hours == python.resource.hours
    assert (course.week, course.hours) == (1, 3.0)


def test_who_cannot_code_meets_code_only_after_the_course_on_it(
    plans: list[Plan], knowledge: Knowledge
) -> None:
    lowest = knowledge.facets.levels[0].id
    for plan in plans:
        if plan.wishes.standing not in CANNOT_CODE:
            continue
        primer = plan.steps[0].resource
        assert primer is not None
        learned = 0.0
        for step in plan.steps:
            if step.resource == primer:
                learned += step.hours
            elif (
                step.resource and step.resource.level != lowest and Why.PRACTICE not in step.reasons
            ):
                if primer.hours is None:
                    assert step.week > PRIMER_WEEKS, plan.wishes
                else:
                    assert learned >= primer.hours, plan.wishes
                break
