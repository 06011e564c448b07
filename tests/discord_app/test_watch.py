"""Whether a message is answered: tables of cases, without Discord."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.discord_app.messages.watch import (
    CHANNELS,
    CONVERSATION_SECONDS,
    WORDS,
    Conversations,
    Facts,
    Verdict,
    verdict,
    worth_saying,
)
from bot.matching import Decision
from bot.store.model import Duty, GuildSettings
from tests.clock import Clock

ASKED, OFFER, SHADOW, LEAVE = Verdict.ASKED, Verdict.OFFER, Verdict.SHADOW, Verdict.LEAVE
DUTIES = {duty: number for number, duty in enumerate(Duty, start=10)}
SERVER = GuildSettings({channel: duty for duty, channel in DUTIES.items()})
NOWHERE = 99
BUSY = CONVERSATION_SECONDS - 1

CASES = {
    # without a duty it answers when it is asked
    "nobody chose this channel": (Facts(NOWHERE), LEAVE),
    "asked in any channel": (Facts(NOWHERE, put_to_bot=True), ASKED),
    "asked amid a conversation": (Facts(NOWHERE, put_to_bot=True, quiet=0), ASKED),
    "greeted without a word": (Facts(NOWHERE, put_to_bot=True, words=0), ASKED),
    # question channels
    "question channel": (Facts(DUTIES[Duty.QUESTION]), ASKED),
    "question channel, many people": (Facts(DUTIES[Duty.QUESTION], quiet=0), ASKED),
    "question channel, put to others": (Facts(DUTIES[Duty.QUESTION], to_others=True), LEAVE),
    "question channel, a picture": (Facts(DUTIES[Duty.QUESTION], words=0), LEAVE),
    "thread of a question channel": (Facts(77, DUTIES[Duty.QUESTION]), ASKED),
    # watched
    "watched": (Facts(DUTIES[Duty.WATCH]), OFFER),
    "watched, first message ever": (Facts(DUTIES[Duty.WATCH], quiet=CONVERSATION_SECONDS), OFFER),
    "watched, a word or two": (Facts(DUTIES[Duty.WATCH], words=WORDS - 1), LEAVE),
    "question channel, a word or two": (Facts(DUTIES[Duty.QUESTION], words=1), ASKED),
    "watched, people talk": (Facts(DUTIES[Duty.WATCH], quiet=BUSY), LEAVE),
    "watched, put to others": (Facts(DUTIES[Duty.WATCH], to_others=True), LEAVE),
    "watched, unreadable": (Facts(DUTIES[Duty.WATCH], words=0), LEAVE),
    "watched, but asked": (Facts(DUTIES[Duty.WATCH], put_to_bot=True, quiet=0), ASKED),
    "thread of a watched channel": (Facts(77, DUTIES[Duty.WATCH]), OFFER),
    "with suggestions": (Facts(DUTIES[Duty.SUGGEST]), OFFER),
    "with suggestions, people talk": (Facts(DUTIES[Duty.SUGGEST], quiet=BUSY), LEAVE),
    # shadow: the same silence for the same reasons
    "shadow": (Facts(DUTIES[Duty.SHADOW]), SHADOW),
    "shadow, people talk": (Facts(DUTIES[Duty.SHADOW], quiet=BUSY), LEAVE),
    "shadow, put to others": (Facts(DUTIES[Duty.SHADOW], to_others=True), LEAVE),
    "shadow, but asked": (Facts(DUTIES[Duty.SHADOW], put_to_bot=True), ASKED),
    # silent
    "silent": (Facts(DUTIES[Duty.SILENT]), LEAVE),
    "silent, though asked": (Facts(DUTIES[Duty.SILENT], put_to_bot=True), LEAVE),
    "thread of a silent channel": (Facts(77, DUTIES[Duty.SILENT], put_to_bot=True), LEAVE),
    # a thread may have a duty of its own
    "watched thread of a silent channel": (
        Facts(DUTIES[Duty.WATCH], DUTIES[Duty.SILENT]),
        OFFER,
    ),
    # forums: the first message of a post, and no other
    "post": (Facts(77, DUTIES[Duty.WATCH], in_post=True, opens_post=True), OFFER),
    "post, first seen after a start": (
        Facts(77, DUTIES[Duty.WATCH], in_post=True, opens_post=True, quiet=0),
        OFFER,
    ),
    "below a post": (Facts(77, DUTIES[Duty.WATCH], in_post=True), LEAVE),
    "below a post for questions": (Facts(77, DUTIES[Duty.QUESTION], in_post=True), LEAVE),
    "a post for questions": (
        Facts(77, DUTIES[Duty.QUESTION], in_post=True, opens_post=True),
        ASKED,
    ),
    "asked below a post": (
        Facts(77, DUTIES[Duty.WATCH], in_post=True, put_to_bot=True),
        ASKED,
    ),
    "a post in shadow": (Facts(77, DUTIES[Duty.SHADOW], in_post=True, opens_post=True), SHADOW),
}


@pytest.mark.parametrize("case", CASES, ids=[name.replace(" ", "-") for name in CASES])
def test_each_message_has_its_verdict(case: str) -> None:
    facts, expected = CASES[case]
    assert verdict(facts, SERVER) is expected


@pytest.mark.parametrize("case", CASES, ids=[name.replace(" ", "-") for name in CASES])
def test_a_pause_leaves_only_what_is_put_to_the_bot(case: str) -> None:
    facts, expected = CASES[case]
    paused = verdict(facts, replace(SERVER, paused=True))
    assert paused is (expected if facts.put_to_bot else LEAVE)


@pytest.mark.parametrize("case", CASES, ids=[name.replace(" ", "-") for name in CASES])
def test_a_server_that_chose_nothing_is_not_watched(case: str) -> None:
    facts, _ = CASES[case]
    assert verdict(facts, GuildSettings()) is (ASKED if facts.put_to_bot else LEAVE)


@pytest.mark.parametrize(
    ("decision", "duty", "said"),
    [
        (Decision.ANSWER, Duty.WATCH, True),
        (Decision.SUGGEST, Duty.WATCH, False),
        (Decision.NONE, Duty.WATCH, False),
        (Decision.ANSWER, Duty.SUGGEST, True),
        (Decision.SUGGEST, Duty.SUGGEST, True),
        (Decision.NONE, Duty.SUGGEST, False),
        (Decision.SUGGEST, None, False),
    ],
)
def test_guesses_are_said_only_where_they_are_wanted(
    decision: Decision, duty: Duty, *, said: bool
) -> None:
    assert worth_saying(decision, duty) is said


ANN, BEN, HALL, LAWN = 1, 2, 10, 11


def test_a_conversation_is_somebody_else_not_oneself() -> None:
    clock = Clock()
    talk = Conversations(clock)
    clock.now += 500
    assert talk.heard(HALL, ANN) == 500
    clock.now += 5
    assert talk.heard(HALL, ANN) == 505  # one person's three messages are one question
    clock.now += 5
    assert talk.heard(HALL, BEN) == 5
    clock.now += 7
    assert talk.heard(HALL, ANN) == 7
    clock.now += 7
    assert talk.heard(HALL, ANN) == 14  # since Ben wrote
    assert talk.heard(LAWN, ANN) == 524  # another channel


def test_after_a_start_every_channel_may_be_in_the_middle_of_something() -> None:
    clock = Clock()
    talk = Conversations(clock)
    clock.now += 30
    assert talk.heard(HALL, ANN) == 30
    clock.now += 600
    talk.start()
    assert talk.heard(HALL, ANN) == 0
    talk.start(quiet=True)
    assert talk.heard(HALL, ANN) > CONVERSATION_SECONDS


def test_what_is_known_of_channels_has_an_end() -> None:
    clock = Clock()
    talk = Conversations(clock)
    clock.now += 500
    for channel in range(CHANNELS + 1):
        talk.heard(channel, ANN)
    clock.now += 1
    assert talk.heard(CHANNELS, BEN) == 1
    assert talk.heard(0, BEN) == 501  # forgotten, and so heard for the first time
