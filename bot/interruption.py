"""Being told to stop: SIGINT and SIGTERM as an event."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def interruption() -> Iterator[asyncio.Event]:
    """Yield an event that SIGINT and SIGTERM set; a second one changes nothing."""
    interrupted, loop = asyncio.Event(), asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    with suppress(NotImplementedError):  # Windows: Ctrl-C cancels the task instead
        for number in signals:
            loop.add_signal_handler(number, interrupted.set)
    try:
        yield interrupted
    finally:
        with suppress(NotImplementedError):
            for number in signals:
                loop.remove_signal_handler(number)
