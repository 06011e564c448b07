"""`make bench`: every measurement runs, and then the missed goals are named."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest

from benchmarks.__main__ import MEASUREMENTS, main

MISSES = (
    sys.executable,
    "-c",
    "print('1 MB\\nmissed: 91 MB resident'); exit(1)",
)
FAILS = (sys.executable, "-c", "exit(3)")
REACHES = (sys.executable, "-c", "print('2 processes 400 questions/s')")


def test_a_missed_goal_holds_nothing_up_and_is_named_at_the_end(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert main([MISSES, REACHES]) == 1
    shown = capfd.readouterr().out
    assert shown.index("400 questions/s") < shown.index("Goals that were missed")
    assert shown.endswith("missed:\n  91 MB resident\n")


def test_a_measurement_that_fails_is_a_miss(capfd: pytest.CaptureFixture[str]) -> None:
    assert main([FAILS]) == 1
    assert "exit code 3" in capfd.readouterr().out


def test_reached_goals_are_fine(capfd: pytest.CaptureFixture[str]) -> None:
    assert main([REACHES]) == 0
    assert "missed" not in capfd.readouterr().out


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_every_measurement_knows_what_it_measures(name: str) -> None:
    """A renamed part would show only at the next `make bench`."""
    import_module(f"benchmarks.{name}")
