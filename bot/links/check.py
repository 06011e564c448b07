"""Checking addresses: concurrently, politely, and without fetching what they hold."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TypeAlias

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.links.find import Link
from bot.links.guard import Allow, GuardedResolver, check_literal, is_public
from bot.links.judge import CUT, LONGEST_WAIT, WAIT, Answer, Failed, Hop, explained, failed, judged
from bot.links.result import Outcome, Result

HOPS = 10  # redirects followed; browsers follow 20
BUFFER = 4096  # bytes of a body that are taken in before the connection is closed
HEADERS = 65_536  # bytes; some sites send headers beyond aiohttp's 8190
PURPOSE = "checks that the links of its knowledge base are alive"

PERMANENT = {301, 308}
REDIRECTS = {301, 302, 303, 307, 308}

Sleep: TypeAlias = Callable[[float], Awaitable[object]]


@dataclass(frozen=True)
class Manners:
    """How to ask: `timeout` is in seconds for one request; `allow` says which addresses may be
    connected to.
    """

    timeout: float = 20.0
    per_host: int = 2
    at_once: int = 16
    allow: Allow = is_public


async def check(
    links: Iterable[Link],
    manners: Manners,
    *,
    done: Callable[[Result], object] = lambda _: None,
    resolver: AbstractResolver | None = None,
    sleep: Sleep = asyncio.sleep,
) -> list[Result]:
    """Check every link; return the results in the order given, and hand each to `done` at once."""
    guarded = GuardedResolver(resolver or aiohttp.ThreadedResolver(), manners.allow)
    async with (
        aiohttp.TCPConnector(resolver=guarded, limit=0) as connector,
        aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=manners.timeout),
            headers={"User-Agent": agent(), "Accept": "*/*", "Accept-Encoding": "identity"},
            auto_decompress=False,
            read_bufsize=BUFFER,
            max_line_size=HEADERS,
            max_field_size=HEADERS,
        ) as session,
    ):
        checking = _Checking(session, manners, sleep)

        async def one(link: Link) -> Result:
            result = await checking.result(link)
            done(result)
            return result

        return list(await asyncio.gather(*map(one, links)))


def agent() -> str:
    """Return who asks, as servers see it."""
    try:
        return f"Warmstart/{version('warmstart')} ({PURPOSE})"
    except PackageNotFoundError:  # run from a checkout that is not installed
        return f"Warmstart ({PURPOSE})"


class _Checking:
    """One run: the session, and whose turn it is."""

    def __init__(self, session: aiohttp.ClientSession, manners: Manners, sleep: Sleep) -> None:
        self._session = session
        self._manners = manners
        self._sleep = sleep
        self._all = asyncio.Semaphore(manners.at_once)
        self._hosts: dict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(manners.per_host)
        )

    async def result(self, link: Link) -> Result:
        """Follow an address to its end, and judge what is there."""
        hops: list[Hop] = []
        try:
            answer = await self._follow(_parsed(link.url), hops)
        except Failed as failure:
            return failed(link, failure, hops)
        return judged(link, answer, hops)

    async def _follow(self, url: URL, hops: list[Hop]) -> Answer:
        """Return the answer at the end of the redirects, which are noted in `hops`."""
        while len(hops) <= HOPS:
            answer = await self._ask(url)
            if answer.status not in REDIRECTS:
                return answer
            url = _next(url, answer)
            hops.append(Hop(url, permanent=answer.status in PERMANENT))
        message = f"redirects more than {HOPS} times; find its address or remove it"
        raise Failed(Outcome.BAD_REDIRECT, message)

    async def _ask(self, url: URL) -> Answer:
        """Send HEAD, then GET where the server refuses that; come back once when it asks to."""
        host = url.host or ""
        async with self._hosts[host]:
            method, waited = "HEAD", False
            while True:
                answer = await self._send(method, url)
                if answer and answer.status in WAIT and answer.wait is not None and not waited:
                    if answer.wait > LONGEST_WAIT:
                        return answer
                    await self._sleep(answer.wait)
                    waited = True
                elif method == "HEAD" and (answer is None or answer.status >= 400):
                    method = "GET"
                elif answer is None:
                    raise Failed(Outcome.UNREACHABLE, CUT)
                else:
                    return answer

    async def _send(self, method: str, url: URL) -> Answer | None:
        """Return the head of the answer, or None when the server hangs up without one."""
        try:
            check_literal(url.host or "", self._manners.allow)
            async with (
                self._all,
                self._session.request(method, url, allow_redirects=False) as response,
            ):
                response.close()  # the body is of no interest
                wait = _seconds(response.headers.get("Retry-After"))
                return Answer(response.status, response.headers.get("Location"), wait)
        except aiohttp.ServerDisconnectedError:
            return None
        except (aiohttp.ClientError, OSError, ValueError) as error:  # TimeoutError is an OSError
            raise explained(error) from error


def _parsed(text: str) -> URL:
    try:
        return URL(text)
    except ValueError as error:
        raise explained(error) from error


def _next(current: URL, answer: Answer) -> URL:
    """Return where a redirect leads; what stands behind # stays, as in browsers."""
    try:
        target = current.join(URL(answer.location or ""))
    except ValueError:
        target = URL()
    if not answer.location or target.scheme not in {"http", "https"} or not target.host:
        message = "redirects to nowhere; find its new address or remove it"
        raise Failed(Outcome.BAD_REDIRECT, message)
    return target if target.fragment else target.with_fragment(current.fragment or None)


def _seconds(value: str | None) -> float | None:
    """Return what Retry-After asks for, in seconds: https://www.rfc-editor.org/rfc/rfc9110."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - datetime.now(UTC)).total_seconds())
