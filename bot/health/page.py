"""`/healthz` and `/metrics` on loopback, for containers and who watches them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict

from aiohttp import web

from bot.errors import UsageError
from bot.health import Health

HOST = "127.0.0.1"  # facts for this machine only

log = logging.getLogger(__name__)


@asynccontextmanager
async def health_served(
    port: int,
    examine: Callable[[], Awaitable[Health]],
    metrics: Callable[[], tuple[bytes, str]] | None = None,
) -> AsyncIterator[None]:
    """Serve `/healthz` and `/metrics` on a loopback port inside the block.

    `metrics` returns a body and its content type. Raises UsageError when the port is taken.
    """

    async def healthz(_: web.Request) -> web.Response:
        health = await examine()
        body = {"status": "well" if health.well else "ill"} | asdict(health)
        return web.json_response(body, status=200 if health.well else 503)

    async def metrics_(_: web.Request) -> web.Response:
        if metrics is None:
            told = "Metrics need prometheus-client: pip install 'warmstart[metrics]'\n"
            return web.Response(text=told, status=501)
        body, kind = metrics()
        return web.Response(body=body, headers={"Content-Type": kind})

    app = web.Application()
    app.add_routes([web.get("/healthz", healthz), web.get("/metrics", metrics_)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, HOST, port).start()
        except OSError as error:
            raise UsageError(
                f"The health port {port} on {HOST} cannot be had ({error.strerror}): stop what "
                "uses it, or choose another with --health-port or WARMSTART_HEALTH_PORT."
            ) from error
        log.info("Health on http://%s:%d/healthz", HOST, port)
        yield
    finally:
        await runner.cleanup()
