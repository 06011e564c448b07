"""A site on loopback that fails in every way."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

CERTIFICATE = Path(__file__).with_name("untrusted.pem")
BODY = 64 * 1024 * 1024  # bytes that /endless would send


@dataclass
class Site:
    """The site's address, and what was asked of it."""

    port: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    visits: Counter[str] = field(default_factory=Counter)
    now: int = 0
    most_at_once: int = 0
    sent: int = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


REDIRECTS = {
    "/moved": (301, "/ok"),
    "/moved-308": (308, "/ok"),
    "/moved-twice": (301, "/moved"),
    "/for-now": (302, "/ok"),
    "/for-now-307": (307, "/ok"),
    "/moved-then-for-now": (301, "/for-now"),
    "/for-now-then-moved": (302, "/moved"),
    "/moved-away": (301, "/gone"),
    "/moved-with-part": (301, "/ok#new"),
    "/circle": (302, "/circle-2"),
    "/circle-2": (302, "/circle"),
    "/nowhere": (302, ""),
    "/to-mail": (301, "mailto:somebody@example.org"),
    "/to-odd": (301, "http://[broken"),
}
STATUSES = {
    "/ok": 200,
    "/gone": 404,
    "/gone-410": 410,
    "/teapot": 418,
    "/members": 403,
    "/login": 401,
    "/linkedin": 999,
    "/broken": 500,
    "/bad-gateway": 502,
    "/down": 503,
}
NO_HEAD = {"/no-head-405": 405, "/no-head-501": 501, "/no-head-403": 403, "/no-head-404": 404}
LATER = {"/later": "7", "/much-later": "3600", "/later-odd": "soon"}


@asynccontextmanager
async def serving() -> AsyncIterator[Site]:
    site = Site()
    app = web.Application(middlewares=[_noting(site)])
    app.router.add_route("*", "/{path:.*}", _Answers(site).answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        listening = web.TCPSite(runner, "127.0.0.1", 0)
        await listening.start()
        site.port = runner.addresses[0][1]
        yield site
    finally:
        await runner.cleanup()


def _noting(site: Site):  # type: ignore[no-untyped-def]
    @web.middleware
    async def noting(request: web.Request, handler):  # type: ignore[no-untyped-def]
        site.asked.append((request.method, request.path))
        site.agents.add(request.headers.get("User-Agent", ""))
        site.visits[request.path] += 1
        site.now += 1
        site.most_at_once = max(site.most_at_once, site.now)
        try:
            return await handler(request)
        finally:
            site.now -= 1

    return noting


@dataclass
class _Answers:
    site: Site

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path, head = request.path, request.method == "HEAD"
        if path in REDIRECTS:
            status, target = REDIRECTS[path]
            return web.Response(status=status, headers={"Location": target} if target else {})
        if path in STATUSES:
            return web.Response(status=STATUSES[path])
        if path in NO_HEAD:
            return web.Response(status=NO_HEAD[path] if head else 200)
        if path in LATER:
            return web.Response(status=429, headers={"Retry-After": LATER[path]})
        return await self._special(request, path, head=head)

    async def _special(self, request: web.Request, path: str, *, head: bool) -> web.StreamResponse:
        match path:
            case "/once-later":
                if self.site.visits[path] == 1:
                    return web.Response(status=503, headers={"Retry-After": "2"})
                return web.Response()
            case "/date-later":
                if self.site.visits[path] == 1:
                    date = "Wed, 21 Oct 2015 07:28:00 GMT"
                    return web.Response(status=429, headers={"Retry-After": date})
                return web.Response()
            case "/hangs-up-on-head" if head:
                assert request.transport is not None
                request.transport.close()
                return web.Response()
            case "/slow":
                await asyncio.sleep(30)
            case "/busy":
                await asyncio.sleep(0.02)
            case "/endless":
                return await self._endless(request, head=head)
            case "/to-private":
                target = self.site.url("/ok", host="127.0.0.2")
                return web.Response(status=302, headers={"Location": target})
        return web.Response()

    async def _endless(self, request: web.Request, *, head: bool) -> web.StreamResponse:
        if head:
            return web.Response(status=405)
        response = web.StreamResponse()
        await response.prepare(request)
        while self.site.sent < BODY:
            await response.write(b"x" * 65_536)
            self.site.sent += 65_536
        return response


@asynccontextmanager
async def speaking(words: bytes, *, tls: bool = False) -> AsyncIterator[int]:
    """Serve connections with the same bytes, whatever is asked; yield the port."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(words)
        writer.close()

    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


def closed_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


class Names(AbstractResolver):
    """A resolver that knows the names that a test gives it; each answer is used once, the last
    one for ever.
    """

    def __init__(self, **names: list[list[str]]) -> None:
        self._names = {name.replace("_", "."): answers for name, answers in names.items()}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        answers = self._names.get(host)
        if answers is None:
            raise OSError(f"no name {host}")
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=one,
                port=port,
                family=socket.AF_INET6 if ":" in one else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for one in found
        ]

    async def close(self) -> None:
        """Nothing to close."""
