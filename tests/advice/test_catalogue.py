"""`/resources`: what a text names, however it is typed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.advice import Advisor, Base
from bot.advice.catalogue import Catalogue
from bot.advice.reply import Listing, Unknown
from bot.knowledge.model import ID_LENGTH, Facet, FacetKind


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        ("bottom-up", "bottom-up"),
        ("bottomup", "bottom-up"),
        ("Bottom Up", "bottom-up"),
        ("bottum up", "bottom-up"),
        ("theory first", "bottom-up"),
        ("top-down", "top-down"),
        ("learning by doing", "top-down"),
        ("books", "book"),
        ("free", "free"),
        ("climate", "climate"),
        ("meteorology", "weather"),
        ("fast.ai", "fast-ai-part-1"),
        ("fastai", "fast-ai-part-1"),
        ("nielsen", "nielsen-book"),
        ("karpathy", "zero-to-hero"),
        ("free books", "free+book"),
        ("free climate books please", "free+climate+book"),
        ("some good books", "book"),
    ],
)
def test_forgiving_names(base: Base, wanted: str, key: str) -> None:
    choice = base.catalogue.find(wanted)
    assert choice is not None
    assert choice.key == key


@pytest.mark.parametrize("wanted", ["", "   ", "xyzzy", "?!", "🙂", "football", "a", "ka"])
def test_what_is_not_there_is_not_guessed(base: Base, wanted: str) -> None:
    assert base.catalogue.find(wanted) is None


async def test_a_combination_fits_every_part(base: Base) -> None:
    found = await Advisor(base).find("free books")
    assert isinstance(found, Listing)
    for one in found.suggestions:
        assert (one.resource.cost, one.resource.format) == ("free", "book")


def test_a_name_of_signs_alone_is_found_by_no_other_signs(base: Base) -> None:
    keras = replace(base.knowledge.resources["keras"], aliases=("???",))
    resources = {**base.knowledge.resources, "keras": keras}
    catalogue = Catalogue(replace(base.knowledge, resources=resources))
    assert catalogue.find("") is None
    assert catalogue.find("!!") is None


def test_only_what_resembles_it_is_offered_for_an_unknown_name(base: Base) -> None:
    assert base.catalogue.nearest("xyzzy plugh") == ()
    near = base.catalogue.nearest("the nielson buch", only_resources=True)
    assert "nielsen-book" in {choice.key for choice in near}
    assert base.catalogue.search("xyzzy plugh", 25) == []


def test_words_within_a_name_find_it(base: Base) -> None:
    assert base.catalogue.search("for coders", 25)[0].key == "fastbook"


def test_two_letters_name_no_resource(base: Base) -> None:
    assert base.catalogue.resource("ka") is None
    assert base.catalogue.resource("kag") is base.knowledge.resources["kaggle"]


def test_what_says_nothing_about_a_resource_cannot_be_chosen(base: Base) -> None:
    assert {"free", "climate"} <= set(base.catalogue.facets)
    assert not {"general", "unknown"} & set(base.catalogue.facets)


def test_what_topics_recommend_most_and_highest_comes_first(base: Base) -> None:
    """A first place counts 1, a second a half, a third a third."""
    weights = dict.fromkeys(base.knowledge.resources, 0.0)
    for topic in base.knowledge.topics.values():
        for place, one in enumerate(topic.suggestions, 1):
            weights[one.resource] += 1 / place
    choice = base.catalogue.find("free")
    assert choice is not None
    listed = [weights[one.id] for one in base.catalogue.resources(choice)]
    assert len(listed) > 20
    assert listed == sorted(listed, reverse=True)


async def test_an_empty_combination_offers_its_parts(base: Base) -> None:
    found = await Advisor(base).find("paid competitions")
    assert isinstance(found, Unknown)
    assert [choice.key for choice in found.nearest] == ["paid", "competition"]


def test_no_combination_is_too_long_for_a_button(base: Base) -> None:
    """An id may have 40 characters, and two of them are one too long with what joins them."""
    facets, resources = base.knowledge.facets, base.knowledge.resources
    longer = {"free": "x" * ID_LENGTH, "book": "y" * ID_LENGTH}

    def renamed(kind: FacetKind) -> tuple[Facet, ...]:
        values: tuple[Facet, ...] = getattr(facets, kind)
        return tuple(replace(one, id=longer.get(one.id, one.id)) for one in values)

    kinds = {"costs": renamed("costs"), "formats": renamed("formats")}
    moved = {
        id: replace(
            one, cost=longer.get(one.cost, one.cost), format=longer.get(one.format, one.format)
        )
        for id, one in resources.items()
    }
    moved_base = replace(base.knowledge, facets=replace(facets, **kinds), resources=moved)
    catalogue = Catalogue(moved_base)
    assert [catalogue.find(name) is not None for name in ("free", "books")] == [True, True]
    choice = catalogue.find("free books")
    assert choice is None or len(choice.key) <= 2 * ID_LENGTH


async def test_pages_cover_everything_once(base: Base) -> None:
    advisor = Advisor(base)
    first = await advisor.find("free")
    assert isinstance(first, Listing)
    seen = []
    for page in range(first.pages):
        found = await advisor.find("free", page)
        assert isinstance(found, Listing)
        seen += [one.resource.id for one in found.suggestions]
    expected = [r.id for r in base.knowledge.resources.values() if r.cost == "free"]
    assert sorted(seen) == sorted(expected)


async def test_pages_beyond_the_end_show_the_last(base: Base) -> None:
    found = await Advisor(base).find("free", 999)
    assert isinstance(found, Listing)
    assert found.page == found.pages - 1


@pytest.mark.parametrize(("typed", "first"), [("bott", "bottom-up"), ("top", "top-down")])
def test_autocomplete_leads_with_what_is_meant(base: Base, typed: str, first: str) -> None:
    assert base.catalogue.search(typed, 25)[0].key == first


def test_autocomplete_offers_at_most_what_is_asked(base: Base) -> None:
    assert len(base.catalogue.search("", 25)) == 25
    assert len(base.catalogue.search("deep", 3)) == 3


def test_every_choice_can_be_typed_as_it_is_shown(base: Base) -> None:
    for key, entry in base.catalogue.entries.items():
        found = base.catalogue.find(entry.choice.label)
        assert found is not None
        assert base.catalogue.find(key) is not None
