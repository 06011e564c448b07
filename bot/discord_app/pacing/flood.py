"""Flood: how much one person, or one channel, may ask at once. In memory; a restart forgives.

Each key has a bucket that holds `burst` turns and gets one back every `every` seconds. It is
kept as the moment at which it will be full again (the generic cell rate algorithm,
https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm): one number a key.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

KEPT = 10_000  # buckets of a kind; full ones go first, so nobody slowed is forgotten early


@dataclass(frozen=True)
class Rate:
    """How often: `burst` turns at once, then one every `every` seconds; 0 is no limit."""

    burst: int
    every: float


# Who tries three wordings and two follow-ups in half a minute is not slowed; a loop is.
PERSON = Rate(burst=8, every=5.0)
# Helpful on all that a page shows, and a listing turned from end to end, pass at any speed.
PRESSES = Rate(burst=30, every=1.0)
# Discord takes about one message a second in a channel; the burst is a class that asks at once.
CHANNEL = Rate(burst=20, every=1.0)
UNLIMITED = Rate(burst=1, every=0.0)


class Turn(Enum):
    """Whether somebody is served now."""

    SERVED = auto()
    TELL_PERSON = auto()  # not now, and this is the first time: say so
    TELL_CHANNEL = auto()
    SLOWED = auto()  # not now, and they know


class Buckets:
    """A bucket for each key, all of one rate; `clock` is in seconds."""

    def __init__(self, rate: Rate, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._clock = clock
        self._full_at: dict[int, float] = {}
        self._told: set[int] = set()

    def take(self, key: int) -> bool:
        """Take a turn; return whether there was one."""
        now = self._clock()
        full_at = self._full_at.pop(key, now)
        if full_at <= now:
            full_at = now
            self._told.discard(key)  # calm again: the next time is told anew
        served = full_at - now <= (self._rate.burst - 1) * self._rate.every
        self._full_at[key] = full_at + self._rate.every if served else full_at
        if len(self._full_at) > KEPT:
            self._forget(now)
        return served

    def first_refusal(self, key: int) -> bool:
        """Whether this refusal is the first since the bucket was full; the next is not."""
        first = key not in self._told
        self._told.add(key)
        return first

    def _forget(self, now: float) -> None:
        """Drop full buckets, and the one used longest ago when that is not enough."""
        self._full_at = {key: at for key, at in self._full_at.items() if at > now}
        if len(self._full_at) > KEPT:
            del self._full_at[next(iter(self._full_at))]
        self._told &= self._full_at.keys()


class Flood:
    """Who is served now, and who is to be told that they are not."""

    def __init__(
        self,
        person: Rate = PERSON,
        presses: Rate = PRESSES,
        channel: Rate = CHANNEL,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._people = Buckets(person, clock)
        self._presses = Buckets(presses, clock)
        self._channels = Buckets(channel, clock)

    @classmethod
    def unlimited(cls) -> Flood:
        """Return one that serves everybody always, as measurements need it."""
        return cls(UNLIMITED, UNLIMITED, UNLIMITED)

    def message(self, person: int, channel: int) -> Turn:
        """Take a turn for a message; what a person is refused costs the channel nothing."""
        if not self._people.take(person):
            first = self._people.first_refusal(person)
            return Turn.TELL_PERSON if first else Turn.SLOWED
        if not self._channels.take(channel):
            first = self._channels.first_refusal(channel)
            return Turn.TELL_CHANNEL if first else Turn.SLOWED
        return Turn.SERVED

    def press(self, person: int) -> Turn:
        """Take a turn for a command or a button."""
        if self._presses.take(person):
            return Turn.SERVED
        return Turn.TELL_PERSON if self._presses.first_refusal(person) else Turn.SLOWED
