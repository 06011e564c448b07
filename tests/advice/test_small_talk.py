"""Small talk gets a friendly line instead of "I have no answer"; questions never do."""

from __future__ import annotations

import pytest

from bot.advice import Advisor, Base
from bot.advice.reply import NoMatch
from bot.advice.small_talk import heard, spoken
from bot.knowledge.model import Knowledge
from bot.runtime import Runtime

GREETED = ["hi", "Hello!", "heyyyy", "hi @everyone", "hey bot", "HELP", "who are you?", "hello, hi"]
GREETED += ["What can you do?", "hello, can you help me please?", "what's your name", "im new here"]
GREETED += ["I’m new here", "what’s your name?"]  # as phones write it
ANSWERED = {
    "thanks!": "You're welcome",
    "thank you so much :)": "You're welcome",
    "thx bot, bye": "Goodbye",
    "hi! how are you?": "All is running",
    "are you a bot": "no language model",
    "what’s up": "All is running",
}
ASKED = [
    "how do I start with deep learning?",
    "hi, how do I start with deep learning?",
    "thanks, and is it free?",
    "help me choose a course",
    "I am new and want a book",
    "what can you do with deep learning",
    "who made fast.ai?",
    "great courses for beginners",
    "ok but how much maths",
    "🙂",
    "",
    "hi " * 20,
]


@pytest.mark.parametrize("text", GREETED)
def test_who_says_hello_is_greeted(knowledge: Knowledge, text: str) -> None:
    talk = heard(text, spoken(knowledge))
    assert talk is not None
    assert talk.answer is None


@pytest.mark.parametrize(("text", "answer"), ANSWERED.items())
def test_thanks_and_the_like_get_a_line_of_their_own(
    knowledge: Knowledge, text: str, answer: str
) -> None:
    talk = heard(text, spoken(knowledge))
    assert talk is not None
    assert answer in str(talk.answer)


@pytest.mark.parametrize("text", ASKED)
def test_who_says_more_is_not_taken_for_small_talk(knowledge: Knowledge, text: str) -> None:
    assert heard(text, spoken(knowledge)) is None


@pytest.mark.parametrize("text", [*GREETED, *ANSWERED])
async def test_small_talk_is_never_kept_as_a_gap(runtime: Runtime, text: str) -> None:
    reply = (await runtime.advisor.advise(text, keep=True)).reply
    assert isinstance(reply, NoMatch)
    assert reply.talk
    assert not await runtime.store.gaps()


async def test_where_nothing_fits_the_main_topics_are_offered(base: Base) -> None:
    reply = (await Advisor(base).advise("who won the football match?")).reply
    assert isinstance(reply, NoMatch)
    assert [topic.id for topic in reply.topics] == list(base.knowledge.about.featured)
    assert reply.talk is None
