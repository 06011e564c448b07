"""What the check says about an address."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.links.find import Link


class Severity(StrEnum):
    """Whether somebody has to act."""

    FINE = "fine"
    NOTE = "note"
    WARNING = "warning"
    DEAD = "dead"


class Outcome(StrEnum):
    """What became of the request."""

    ANSWERED = "answered"
    REDIRECTED = "redirected"  # for now
    MOVED = "moved"  # for good
    GUARDED = "guarded"  # programs are turned away: a browser may get in
    BUSY = "busy"  # asked to come back later
    NOT_FOUND = "not found"
    REFUSED = "refused"  # another 4xx
    SERVER_ERROR = "server error"
    BAD_REDIRECT = "bad redirect"
    TLS = "tls"
    DNS = "dns"
    TIMEOUT = "timeout"
    NO_CONNECTION = "connection refused"
    UNREACHABLE = "unreachable"
    NOT_HTTP = "not http"
    NOT_AN_ADDRESS = "not an address"
    PRIVATE = "private"


SEVERITIES = {
    Outcome.ANSWERED: Severity.FINE,
    Outcome.REDIRECTED: Severity.NOTE,
    Outcome.MOVED: Severity.WARNING,
    Outcome.GUARDED: Severity.WARNING,
    Outcome.BUSY: Severity.WARNING,
}


@dataclass(frozen=True)
class Result:
    """One address, checked. `address` is where it leads, where that is somewhere else.

    `status` is the last HTTP status; None when there was none. `message` is a sentence with
    the cure.
    """

    link: Link
    outcome: Outcome
    message: str
    status: int | None = None
    address: str | None = None

    @property
    def severity(self) -> Severity:
        """Whether somebody has to act."""
        return SEVERITIES.get(self.outcome, Severity.DEAD)
