"""Whether a message is answered: its facts and the server's settings → a verdict. Pure.

The clock comes in as seconds; what is then said is the advisor's affair.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from math import inf

from bot.matching import Decision
from bot.store.model import Duty, GuildSettings

# Nobody butts in while two people talk: another's message this recent makes a conversation.
CONVERSATION_SECONDS = 120.0
# "free?", "which one": so few words lean on something said before, and the matcher takes them
# for a question to the bot, as they are when it is asked.
WORDS = 3
CHANNELS = 2000  # of which it is known who wrote last; the quietest is forgotten first


class Verdict(Enum):
    """What becomes of a message."""

    ASKED = auto()  # it is put to the bot, which answers whatever comes
    OFFER = auto()  # nobody asked the bot; it may speak if it has something worth saying
    SHADOW = auto()  # the same, but it only counts what it would have said
    LEAVE = auto()


@dataclass(frozen=True)
class Facts:
    """What is known of a message; `quiet` is for how many seconds nobody else wrote there.

    `parent` is the channel of a thread. `in_post` says that the thread is a forum's post.
    """

    channel: int
    parent: int | None = None
    words: int = WORDS  # of text that the bot can read
    put_to_bot: bool = False
    to_others: bool = False  # by reply or mention
    in_post: bool = False
    opens_post: bool = False
    quiet: float = inf


def duty_in(settings: GuildSettings, channel: int, parent: int | None) -> Duty | None:
    """Return the duty in a channel; a thread has its channel's unless it has one of its own."""
    own = settings.duties.get(channel)
    return own if own is not None or parent is None else settings.duties.get(parent)


def verdict(facts: Facts, settings: GuildSettings) -> Verdict:
    """Decide whether a message is answered.

    In a forum only the first message of a post counts: those below it are people helping.
    """
    duty = duty_in(settings, facts.channel, facts.parent)
    if duty is Duty.SILENT:
        return Verdict.LEAVE
    if facts.put_to_bot:
        return Verdict.ASKED
    if duty is None or settings.paused or not facts.words or facts.to_others:
        return Verdict.LEAVE
    if facts.in_post and not facts.opens_post:
        return Verdict.LEAVE
    if duty is Duty.QUESTION:
        return Verdict.ASKED
    talking = facts.quiet < CONVERSATION_SECONDS and not facts.opens_post
    if talking or facts.words < WORDS:
        return Verdict.LEAVE
    return Verdict.SHADOW if duty is Duty.SHADOW else Verdict.OFFER


def worth_saying(decision: Decision, duty: Duty | None) -> bool:
    """Whether something is said unasked: what is confident, and guesses where they are wanted."""
    return decision is Decision.ANSWER or (decision is Decision.SUGGEST and duty is Duty.SUGGEST)


@dataclass(frozen=True)
class _Heard:
    person: int  # who wrote last
    at: float
    before: float  # when somebody else than that person wrote last


class Conversations:
    """Who wrote last in each channel; `clock` gives seconds that only grow.

    What was written before `start` is not known, so until two minutes later every channel
    counts as one where people talk.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._heard: OrderedDict[int, _Heard] = OrderedDict()
        self._start = clock()

    def start(self, *, quiet: bool = False) -> None:
        """Forget everything: messages may have been missed; `quiet` says that there were none."""
        self._heard.clear()
        self._start = -inf if quiet else self._clock()

    def heard(self, channel: int, person: int) -> float:
        """Note that a person wrote; return for how many seconds nobody else had."""
        now, last = self._clock(), self._heard.get(channel)
        if last is None:
            before = self._start
        elif last.person == person:
            before = last.before
        else:
            before = last.at
        self._heard[channel] = _Heard(person, now, before)
        self._heard.move_to_end(channel)
        if len(self._heard) > CHANNELS:
            self._heard.popitem(last=False)
        return now - before
