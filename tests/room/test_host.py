"""What the room's host finds out about this machine."""

from __future__ import annotations

import socket

import pytest

from bot.errors import UsageError
from bot.room.host import HOST, listen, time_zone


@pytest.mark.parametrize(
    ("variable", "name"),
    [("Europe/Berlin", "Europe/Berlin"), (":America/New_York", "America/New_York")],
)
def test_the_time_zone_of_the_environment_wins(
    variable: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", variable)
    assert time_zone() == name


@pytest.mark.parametrize("variable", ["", "no/such zone", "/etc/passwd", "../UTC"])
def test_a_time_zone_that_cannot_be_told_is_never_an_error(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TZ", raising=False)
    unnamed = time_zone()
    monkeypatch.setenv("TZ", variable)
    assert time_zone() == unnamed


def test_a_taken_port_names_the_port_and_the_cure() -> None:
    with listen(0) as first:
        port = first.getsockname()[1]
        with pytest.raises(UsageError, match=rf"Port {port} .* in use.*--port") as caught:
            listen(port)
        assert caught.value.exit_code == 2


def test_the_room_listens_on_this_machine_only() -> None:
    with listen(0) as listening:
        assert listening.family is socket.AF_INET
        assert listening.getsockname()[0] == HOST == "127.0.0.1"
