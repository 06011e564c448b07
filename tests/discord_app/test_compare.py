"""`/compare`: two resources side by side."""

from __future__ import annotations

from itertools import combinations

import pytest

from bot.advice import Advisor, Base
from bot.discord_app.cards import render
from tests.discord_app.acting import Stage, buttons, text
from tests.discord_app.test_cards import checked, pen


async def test_two_resources_stand_row_by_row(stage: Stage) -> None:
    acted = await stage.alice.slash(
        stage.channel, "compare", first="fast.ai", second="Deep Learning Specialization"
    )
    told = text(acted.response)
    assert not acted.ephemeral
    assert "1: **[fast.ai course, part 1](https://course.fast.ai/)**" in told
    assert "**Style** 1: build first (top-down)\n2: theory first (bottom-up)" in told
    assert "**Both:** course · can code a little · any field" in told
    for label in ("Cost", "Time", "Before you start", "Worth knowing"):
        assert f"**{label}** 1: " in told
    assert "…" not in told
    assert len([label for label in buttons(acted.response) if "Helpful" in label]) == 2


async def test_the_whole_of_one_is_behind_a_button(stage: Stage) -> None:
    acted = await stage.alice.slash(stage.channel, "compare", first="keras", second="pytorch")
    card = acted.response
    opened = await stage.bob.click(card, custom_id=buttons(card)["More about 2"])
    assert opened.ephemeral
    assert "https://pytorch.org/" in text(opened.response)


async def test_a_vote_on_a_comparison_counts_outside_topics(stage: Stage) -> None:
    acted = await stage.alice.slash(stage.channel, "compare", first="keras", second="pytorch")
    card = acted.response
    await stage.bob.click(card, custom_id=buttons(card)["Helpful 2"])
    tallies = await stage.runtime.store.tallies("_resource")
    assert {id: tally.helpful for id, tally in tallies.items()} == {"pytorch": 1}


@pytest.mark.parametrize(
    ("first", "second"), [("fast ai", "kagle lern"), ("d2l", "goodfelow book")]
)
async def test_spelling_is_forgiven(stage: Stage, first: str, second: str) -> None:
    acted = await stage.alice.slash(stage.channel, "compare", first=first, second=second)
    assert "More about 2" in buttons(acted.response)


async def test_what_has_no_such_name_gets_what_is_near(stage: Stage) -> None:
    acted = await stage.alice.slash(stage.channel, "compare", first="fast.ai", second="kag")
    assert "Kaggle" in text(acted.response) or any("Kaggle" in b for b in buttons(acted.response))
    nothing = await stage.alice.slash(stage.channel, "compare", first="zzzzqq", second="fast.ai")
    assert "zzzzqq" in text(nothing.response)


async def test_the_same_twice_gets_a_sentence_and_stands_once(stage: Stage) -> None:
    acted = await stage.alice.slash(stage.channel, "compare", first="fast.ai", second="fastai")
    assert "same one twice" in text(acted.response)
    assert len([label for label in buttons(acted.response) if "Helpful" in label]) == 1


async def test_only_resources_are_offered_while_typing(stage: Stage) -> None:
    offered = await stage.alice.autocomplete(stage.channel, "compare", "first", "boo")
    known = stage.runtime.advisor.knowledge.resources
    assert offered
    assert all(choice["value"] in known for choice in offered)
    empty = await stage.alice.autocomplete(stage.channel, "compare", "second", "")
    assert 10 < len(empty) <= 25


async def test_every_pair_is_a_card_that_discord_takes(base: Base) -> None:
    advisor, drawn = Advisor(base), pen(base.knowledge)
    for first, second in combinations(list(base.knowledge.resources)[::2], 2):
        checked(render(await advisor.compare(first, second), drawn))
