"""What was done since the start, in numbers; `metrics` and `/knowledge status` show them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

# Upper bounds of the latency histogram, in seconds; the last is open. 1.5 is when a click is
# deferred, 3 when Discord gives it up.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 3.0, 10.0)


@dataclass
class Histogram:
    """How many took how long."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0  # seconds

    def add(self, seconds: float) -> None:
        """Count one."""
        self.buckets[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds

    def cumulative(self) -> Sequence[tuple[str, float]]:
        """Return how many took at most each bound, as Prometheus counts."""
        counts, reached = [], 0
        for bound, count in zip((*map(str, BOUNDS), "+Inf"), self.buckets, strict=True):
            reached += count
            counts.append((bound, float(reached)))
        return counts


@dataclass
class Counts:
    """Counts since the start; kept by whoever acts, read by whoever watches."""

    votes: int = 0  # clicks that changed one
    errors: Counter[str] = field(default_factory=Counter)  # what went wrong
    stalls: int = 0  # times that the event loop stood still
    connects: int = 0
    reconnects: int = 0
    took: defaultdict[str, Histogram] = field(default_factory=lambda: defaultdict(Histogram))
