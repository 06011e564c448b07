"""Group commit: the writes of concurrent callers reach the disk together.

A commit costs a disk flush, whatever is in it. While one group is being committed the next
callers wait; they make up the next group. So the flush is paid once per group, and no caller
is told "stored" before the flush that covers its write.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from bot.errors import StoreError
from bot.store.connection import CLOSED, Connection, explain, identify, transaction

T = TypeVar("T")
Operation = Callable[[sqlite3.Connection], T]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an operation returned, or the error that undid it."""

    value: Any = None
    error: Exception | None = None


class GroupWriter:
    """Runs operations on one connection, those of concurrent callers in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._path = connection.path
        self._file = identify(connection.path)
        self._waiting: list[tuple[Operation[Any], asyncio.Future[Any]]] = []
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    async def run(self, operation: Operation[T]) -> T:
        """Run `operation` inside a transaction; return its result once that is on disk.

        An operation that raises is undone alone. Raises what it raised, an sqlite3.Error as a
        StoreError. A caller cancelled before its operation's turn takes it back; later it is
        carried out.
        """
        if self._closed:
            raise StoreError(CLOSED.format(path=self._path))
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((operation, future))
        if self._task is None:
            self._task = asyncio.create_task(self._commit_groups())
        return await future

    async def finish(self) -> None:
        """Take no more operations; return when all that were taken are settled."""
        self._closed = True
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _commit_groups(self) -> None:
        group: list[tuple[Operation[Any], asyncio.Future[Any]]] = []
        try:
            while self._waiting:
                group, self._waiting = self._waiting, []
                group = [item for item in group if not item[1].done()]  # some gave up waiting
                outcomes = await self._outcomes([operation for operation, _ in group])
                for (_, future), outcome in zip(group, outcomes, strict=True):
                    self._settle(future, outcome)
        finally:
            self._task = None
            for _, future in (*group, *self._waiting):  # only a cancelled task leaves any
                future.cancel()

    async def _outcomes(self, operations: Sequence[Operation[Any]]) -> Sequence[Outcome]:
        try:
            return await self._connection.call(partial(self._commit, operations=operations))
        except Exception as error:  # nothing of the group is stored: everyone is told
            return [Outcome(error=error)] * len(operations)

    def _commit(
        self, db: sqlite3.Connection, operations: Sequence[Operation[Any]]
    ) -> list[Outcome]:
        if identify(self._path) != self._file:  # a commit would go to a file that no one has
            raise StoreError(
                f"{self._path} was moved, deleted or replaced while Warmstart ran; restart it."
            )
        return commit_together(db, operations)

    def _settle(self, future: asyncio.Future[Any], outcome: Outcome) -> None:
        error = outcome.error
        if future.done():
            return
        if error is None:
            future.set_result(outcome.value)
        elif isinstance(error, sqlite3.Error):
            sentence = explain(error, self._path)  # one each: a traceback is not shared
            sentence.__cause__ = error
            future.set_exception(sentence)
        else:
            future.set_exception(error)


def commit_together(db: sqlite3.Connection, operations: Sequence[Operation[Any]]) -> list[Outcome]:
    """Run the operations in one transaction; return their outcomes once it is committed.

    Raises sqlite3.Error when the transaction as a whole cannot be; then none is stored.
    """
    with transaction(db):
        return [_attempt(db, operation) for operation in operations]


def _attempt(db: sqlite3.Connection, operation: Operation[Any]) -> Outcome:
    """Run one operation between savepoints, so that its failure undoes nothing else."""
    db.execute("SAVEPOINT operation")
    try:
        outcome = Outcome(operation(db))
    except Exception as error:
        if not db.in_transaction:
            raise  # SQLite undid the whole transaction: disk full or failing
        db.execute("ROLLBACK TO operation")
        outcome = Outcome(error=error)
    db.execute("RELEASE operation")
    return outcome
