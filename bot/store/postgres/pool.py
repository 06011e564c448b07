"""Connections to PostgreSQL: how they are opened and shared, what their errors mean."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

from bot.errors import StoreBusy, StoreError, UsageError
from bot.store.migrate import NEWER

try:
    import asyncpg
except ImportError as missing:
    raise UsageError(
        "PostgreSQL needs a driver that is not installed: pip install 'warmstart[postgres]'."
    ) from missing

CONNECTIONS = 8  # a process has one thread of Python: more would only wait in the server
PATIENCE = 5.0  # seconds for a statement, or for a free connection
CONNECT_PATIENCE = 10.0  # seconds
LONG_PATIENCE = 120.0  # seconds for what goes through whole tables, or for others that are at it
CLOSING_PATIENCE = 10.0  # seconds for what is running when the pool is closed

BUSY = "The database {place} did not answer in time; try again in a moment."
CLOSED = "{place} is closed; try again when Warmstart runs."
UNREACHABLE = (
    "The database {place} cannot be reached ({reason}); start PostgreSQL there, or mend the"
    " address in WARMSTART_DATABASE."
)
REFUSED = (
    "PostgreSQL refused user or password for {place}; mend the address in WARMSTART_DATABASE"
    " (postgresql://user@host/database), or the password where it is kept: PGPASSWORD, ~/.pgpass,"
    " or in the address, with its special characters percent-encoded."
)
ABSENT = "There is no database {place}; create it with createdb, or mend WARMSTART_DATABASE."
FORBIDDEN = (
    "{place} cannot be written ({reason}); let this user own the database, and use the primary"
    " server, not a replica."
)
FULL = "The disk that holds {place} is full; free some space and try again."
UNEXPECTED = "{place}: PostgreSQL refused with “{reason}”; please report it with the log."

FAILURES = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,  # TimeoutError is one
)

CONFUSED = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)


PLACE = "postgresql://…"  # all that is shown of an address: any part may hold a misplaced password
ADDRESS = re.compile(
    r"postgres(ql)?://"
    r"([^\s:/?#@\[\]]+(:[^\s:/?#@\[\]]*)?@)?"  # user, password
    r"([\w.,%:-]|\[[\da-fA-F:.%]+\])*"  # hosts, ports
    r"(/[^\s/?#@]*)?(\?[^\s#@]*)?"
)
NO_ADDRESS = (
    "WARMSTART_DATABASE is not an address of PostgreSQL; give one such as"
    " postgresql://user@host/database. Special characters in a user or password must be"
    " percent-encoded (/ is %2F, ? is %3F, # is %23, @ is %40, : is %3A), or give the password"
    " as it is in PGPASSWORD."
)


def explain(error: Exception, place: str) -> StoreError:
    """Return `error` as a sentence: what, where, and the cure."""
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    match error:
        case (
            TimeoutError()
            | asyncpg.LockNotAvailableError()
            | asyncpg.DeadlockDetectedError()
            | asyncpg.SerializationError()
            | asyncpg.QueryCanceledError()
        ):
            return StoreBusy(BUSY.format(place=place))
        case asyncpg.InvalidAuthorizationSpecificationError():
            return StoreError(REFUSED.format(place=place))
        case asyncpg.InvalidCatalogNameError():
            return StoreError(ABSENT.format(place=place))
        case asyncpg.InsufficientPrivilegeError() | asyncpg.ReadOnlySQLTransactionError():
            return StoreError(FORBIDDEN.format(place=place, reason=reason))
        case asyncpg.DiskFullError():
            return StoreError(FULL.format(place=place))
        case (
            OSError()
            | asyncpg.PostgresConnectionError()
            | asyncpg.OperatorInterventionError()  # shut down, crashed, starting
            | asyncpg.TooManyConnectionsError()
            | asyncpg.InterfaceError()
            | asyncpg.InternalClientError()
        ):
            return StoreError(UNREACHABLE.format(place=place, reason=reason))
        case _:
            return StoreError(UNEXPECTED.format(place=place, reason=reason))


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turn the driver's errors into sentences about `place`."""
    try:
        yield
    except FAILURES as error:
        raise explain(error, place) from error


class Pool:
    """Connections that concurrent callers share; what is running is finished before it closes."""

    def __init__(self, connections: Any, place: str) -> None:
        self.place = place
        self._connections = connections
        self._closed = False
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """Lend a connection; StoreBusy when none is free in time, StoreError when closed."""
        if self._closed:
            raise StoreError(CLOSED.format(place=self.place))
        self._running += 1
        self._idle.clear()
        try:
            with explained(self.place):
                async with self._connections.acquire(timeout=PATIENCE) as connection:
                    try:
                        yield connection
                    except CONFUSED:  # cut off in mid-sentence: what follows could wait for ever
                        connection.terminate()
                        raise
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """Lend a connection on which the block is one transaction."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def rows(self, statement: str, *parameters: Any) -> list[Any]:
        """Return the rows of a statement."""
        async with self.connection() as connection:
            found: list[Any] = await connection.fetch(statement, *parameters)
            return found

    async def run(self, statement: str, *parameters: Any) -> int:
        """Run a statement in a transaction of its own; return how many rows changed."""
        async with self.connection() as connection:
            return await change(connection, statement, *parameters)

    async def finish(self) -> None:
        """Take no more; return when what was taken is done, or its time is over."""
        self._closed = True
        try:
            await asyncio.wait_for(self._idle.wait(), CLOSING_PATIENCE)
        except TimeoutError:
            self._connections.terminate()


async def change(
    connection: Any, statement: str, *parameters: Any, patience: float | None = None
) -> int:
    """Run a statement on a lent connection; return how many rows changed.

    `patience` is in seconds, in place of `PATIENCE`.
    """
    status: str = await connection.execute(statement, *parameters, timeout=patience)
    return int(status.rpartition(" ")[2])  # "INSERT 0 1", "DELETE 3"


@asynccontextmanager
async def open_pool(url: str) -> AsyncIterator[Pool]:
    """Connect to the database at a postgresql:// address; close all connections at the end.

    Raises StoreError when it cannot be reached or refuses, UsageError when it is no address.
    """
    if not ADDRESS.fullmatch(url):
        raise UsageError(NO_ADDRESS)
    with explained(PLACE):
        try:
            connections = await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=CONNECTIONS,
                timeout=CONNECT_PATIENCE,
                command_timeout=PATIENCE,
                reset=_leave,
                server_settings={"application_name": "warmstart"},
            )
        except ValueError:  # its text quotes parts of the address
            raise UsageError(NO_ADDRESS) from None
    pool = Pool(connections, PLACE)
    try:
        yield pool
    finally:
        await pool.finish()
        with suppress(*FAILURES):  # what is unfinished now is ended
            await asyncio.wait_for(connections.close(), CLOSING_PATIENCE)


async def _leave(_: object) -> None:
    """Leave a connection as it is when it comes back: nothing of ours changes its state."""


LOCK = 0x5741524D  # "WARM": whoever brings the schema up to date holds this advisory lock
NAME_TABLES = (
    "SELECT to_regclass('warmstart') IS NOT NULL, count(*) FROM pg_tables "
    "WHERE schemaname = current_schema()"
)


async def migrate(pool: Pool, migrations: Sequence[str]) -> None:
    """Apply the migrations that the database lacks, each in a transaction of its own.

    Processes that start together take turns. Raises StoreError for a database that is newer
    than `migrations` or another program's.
    """
    async with pool.connection() as connection:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK, timeout=LONG_PATIENCE)
        try:
            version = await _version(connection, pool.place, newest=len(migrations))
            for number in range(version, len(migrations)):
                async with connection.transaction():
                    await connection.execute(migrations[number], timeout=LONG_PATIENCE)
                    await connection.execute("UPDATE warmstart SET schema = $1", number + 1)
        finally:
            await connection.execute("SELECT pg_advisory_unlock($1)", LOCK)


async def _version(connection: Any, place: str, newest: int) -> int:
    ours, tables = await connection.fetchrow(NAME_TABLES)
    if not ours and tables:
        raise StoreError(
            f"{place} holds tables of another program; give Warmstart a database of its own."
        )
    version = await connection.fetchval("SELECT schema FROM warmstart") if ours else 0
    if version > newest:
        raise StoreError(NEWER.format(place=place, schema=version, newest=newest))
    return int(version)
