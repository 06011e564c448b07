"""SimCord made as strict as the loopback Discord: the same bodies are refused, and noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from simcord.backend.errors import BackendError
from simcord.http import router

from tests.wire.limits import problems


@contextmanager
def strict(refused: Callable[[str], object]) -> Iterator[None]:
    """Hold the body of every request through SimCord against Discord's limits inside the block.

    `refused` is told what Discord would not have taken.
    """
    dispatch = router.dispatch

    def checked(backend: Any, method: str, path: str, *, json: Any = None, **more: Any) -> Any:
        if json is not None and (wrong := problems(method, path, json)):
            for problem in wrong:
                refused(problem)
            raise BackendError(400, 50035, f"Invalid Form Body: {wrong[0]}")
        return dispatch(backend, method, path, json=json, **more)

    router.dispatch = checked
    try:
        yield
    finally:
        router.dispatch = dispatch
