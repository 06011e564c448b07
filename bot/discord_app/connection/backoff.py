"""How long to wait before trying again: longer each time, capped, never in step with others."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

FIRST = 1.0  # seconds
LONGEST = 60.0  # discord.py's own waits grow to 17 minutes
CALM = 300.0  # seconds without a failure after which waits begin short again


class Backoff:
    """Waits that double, each jittered between half of it and all of it.

    Called as discord.py calls its own: `Backoff()`, then `delay()` before each attempt.
    Jitter after https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/.
    """

    def __init__(
        self,
        first: float = FIRST,
        longest: float = LONGEST,
        *,
        chance: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._first = first
        self._longest = longest
        self._chance = chance
        self._clock = clock
        self._failures = 0
        self._last = clock()

    def delay(self) -> float:
        """Return the next wait in seconds."""
        now = self._clock()
        if now - self._last > CALM + self._longest:
            self._failures = 0
        self._last = now
        whole = min(self._longest, self._first * 2.0 ** min(self._failures, 32))
        self._failures += 1
        return whole * (0.5 + 0.5 * self._chance())
