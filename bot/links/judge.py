"""What an answer, or its absence, says about an address. Pure."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import aiohttp
from yarl import URL

from bot.links.find import Link
from bot.links.guard import Forbidden
from bot.links.result import Outcome, Result

TURNED_AWAY = {401, 403, 406, 407, 451, 999}  # 999 is LinkedIn's
GONE = {404, 410}
WAIT = {429, 503}  # with these, Retry-After says when to come back
LONGEST_WAIT = 30.0  # seconds; who asks for more is not waited for

CUT = "the connection was cut before an answer came; try again, then in a browser"
PRIVATE = (
    "leads into a private network, where nobody outside gets; remove it, "
    "or check it too with --allow-private"
)


@dataclass(frozen=True)
class Answer:
    """The head of an HTTP answer; `wait` is what Retry-After asks for, in seconds."""

    status: int
    location: str | None = None
    wait: float | None = None


@dataclass(frozen=True)
class Hop:
    """Where a redirect led."""

    url: URL
    permanent: bool


class Failed(Exception):
    """There is no answer that could be judged; the text says why, and the cure."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        self.outcome = outcome
        super().__init__(message)


def judged(link: Link, answer: Answer, hops: Sequence[Hop]) -> Result:
    """Return what the last answer of a chain says."""
    if answer.status < 400:
        return _alive(link, answer.status, hops)
    outcome, message = _refusal(answer)
    return _result(link, outcome, message, hops, answer.status)


def failed(link: Link, failure: Failed, hops: Sequence[Hop]) -> Result:
    """Return what it says that a chain broke off."""
    return _result(link, failure.outcome, str(failure), hops)


def _result(
    link: Link, outcome: Outcome, message: str, hops: Sequence[Hop], status: int | None = None
) -> Result:
    address = str(hops[-1].url) if hops else None
    text = f"leads to {address}, which {message}" if address else message
    return Result(link, outcome, text, status, address)


def _alive(link: Link, status: int, hops: Sequence[Hop]) -> Result:
    moved = list(takewhile(lambda hop: hop.permanent, hops))
    if moved and moved[-1].url != URL(link.url):
        address = str(moved[-1].url)
        message = f"has moved for good; replace it with {address}"
        return Result(link, Outcome.MOVED, message, status, address)
    if hops and hops[-1].url != URL(link.url):
        address = str(hops[-1].url)
        return Result(link, Outcome.REDIRECTED, f"leads to {address} for now", status, address)
    return Result(link, Outcome.ANSWERED, "answers", status)


def _refusal(answer: Answer) -> tuple[Outcome, str]:
    status = answer.status
    if status in WAIT and answer.wait is not None and answer.wait > LONGEST_WAIT:
        return Outcome.BUSY, f"answers {status}: come back in {answer.wait:.0f} s; try again then"
    if status == 429:
        return Outcome.BUSY, "answers 429, too many requests; try again later"
    if status in TURNED_AWAY:
        message = f"turns programs away ({status}); see in a browser whether it is alive"
        return Outcome.GUARDED, message
    if status in GONE:
        return Outcome.NOT_FOUND, f"is gone ({status}); find its new address or remove it"
    if status < 500:
        return Outcome.REFUSED, f"refuses the request ({status}); see in a browser what is wrong"
    message = f"has trouble on its side ({status}); try again later, remove it if that stays"
    return Outcome.SERVER_ERROR, message


def explained(error: Exception) -> Failed:
    """Return what a failed request says."""
    match error:
        case Forbidden() | aiohttp.ClientConnectorError(os_error=Forbidden()):
            return Failed(Outcome.PRIVATE, PRIVATE)
        case aiohttp.ClientConnectorDNSError():
            message = "has a name that leads nowhere; find its new address or remove it"
            return Failed(Outcome.DNS, message)
        case aiohttp.ClientConnectorCertificateError():
            reason = getattr(error.certificate_error, "verify_message", "") or "not valid"
            message = f"has a certificate that cannot be trusted ({reason}); link a page that can"
            return Failed(Outcome.TLS, message)
        case aiohttp.ClientSSLError():
            return Failed(Outcome.TLS, "does not speak TLS properly; try http:// or another page")
        case TimeoutError():
            message = "did not answer in time; try again, perhaps with a longer --timeout"
            return Failed(Outcome.TIMEOUT, message)
        case aiohttp.ClientConnectorError() if error.os_error.errno == errno.ECONNREFUSED:
            message = "refuses connections; find its new address or remove it"
            return Failed(Outcome.NO_CONNECTION, message)
        case aiohttp.ClientConnectorError():
            message = f"cannot be reached ({error.strerror}); try again later"
            return Failed(Outcome.UNREACHABLE, message)
        case aiohttp.InvalidURL() | ValueError():
            return Failed(Outcome.NOT_AN_ADDRESS, "is no web address; correct it")
        case aiohttp.ClientResponseError():
            return Failed(Outcome.NOT_HTTP, "answers, but not in HTTP; correct it or remove it")
        case _:
            return Failed(Outcome.UNREACHABLE, CUT)
