"""Two thousand messages, the same at every run, down the whole path; `make fuzz` takes more."""

from __future__ import annotations

import time

import pytest

from bot.advice import Base
from bot.discord_app.cards.pieces import safe
from bot.runtime import Runtime
from bot.store import scrub
from tests.fuzz.path import Walk
from tests.fuzz.texts import PIECES, SPIKES, message

MESSAGES = 2000
LONGEST_SECONDS = 2.0  # for one message in every way; a catastrophic pattern takes minutes
UNITS = (
    "a", "ab", "a.", "a-", "a'", "a_", "_", "-", "@", "a@", "a@b.", "1", "1 ", "(1", "+1 ", "A1",
    "é", "\u0301", "漢", "ا", "🧠", "\u200b", "[", "](", "[](", "`", "```", "**a", "<", "<@", "<a:",
    "<a:b:1>", "://", "http://", "https://a", "www.", "sk_", "aaab", "a b ", " ", "\n", "?!",
    "how ", "lear ning ", "leanr ", "deep learning ", "fast.ai ", "c++ ", "/", "\\", "||",
    "x" * 50 + " ", *PIECES, *SPIKES,
)  # fmt: skip


async def test_no_message_breaks_a_card(runtime: Runtime) -> None:
    walk = Walk(runtime)
    for number in range(MESSAGES):
        try:
            await walk.take(number)
        except Exception as error:
            error.add_note(f"message({number}) = {message(number)!r}")
            raise
    assert walk.cards > MESSAGES
    assert len(walk.shapes) > 10
    assert walk.longest < LONGEST_SECONDS, f"message({walk.slowest})"


@pytest.mark.parametrize("unit", dict.fromkeys(UNITS), ids=repr)
def test_no_repetition_takes_long(base: Base, unit: str) -> None:
    """No regular expression blows up: 4,000 characters take their time once, not squared."""
    text = (unit * 4000)[:4000]
    for work in (base.matcher.match, scrub, lambda text: safe(text, 300)):
        begun = time.process_time()
        work(text)
        assert time.process_time() - begun < LONGEST_SECONDS


def test_the_same_number_is_the_same_message() -> None:
    assert [message(n) for n in range(50)] == [message(n) for n in range(50)]
    assert len({message(n) for n in range(500)}) > 450
    assert any(0xD800 <= ord(c) < 0xE000 for n in range(500) for c in message(n))
    assert any(len(message(n)) >= 2000 for n in range(MESSAGES))
