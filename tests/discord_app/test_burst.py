"""Bursts: who is the last of several at once hears it, once."""

from __future__ import annotations

from bot.discord_app.pacing.burst import Bursts


def test_the_end_of_a_burst_is_said_once_and_only_of_a_burst() -> None:
    bursts = Bursts()
    with bursts.one(1):
        pass
    assert not bursts.over(1)
    with bursts.one(1):
        with bursts.one(1), bursts.one(2):
            pass
        assert not bursts.over(1), "one goes on"
    assert not bursts.over(2)
    assert bursts.over(1)
    assert not bursts.over(1)
