"""Opening the store where it is: a file, or a server that many processes share."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from bot.errors import UsageError
from bot.store.model import Store
from bot.store.sqlite import open_sqlite
from bot.store.voters import VoterKey, given_key, load_key

Place = Path | str
"""Where votes are kept: a SQLite file's path, or a postgresql:// address."""


def open_store(place: Place) -> AbstractAsyncContextManager[Store]:
    """Open the database at `place`, and close it at the end; see `open_sqlite`, `open_postgres`."""
    if isinstance(place, Path):
        return open_sqlite(place)
    from bot.store.postgres import open_postgres  # noqa: PLC0415  its driver is an extra

    return open_postgres(place)


def key_for(place: Place, given: str | None) -> VoterKey:
    """Return the voter key: the one given, else the one beside the file.

    A database that processes share has no file beside it: UsageError when none is given.
    """
    if given is not None:
        return given_key(given)
    if isinstance(place, Path):
        return load_key(place)
    raise UsageError(
        "PostgreSQL needs the voter key that all processes share: let WARMSTART_VOTER_KEY_FILE name"
        " a file with it. That is the .key file beside a former SQLite database, or a new one:"
        " openssl rand -hex 32 > voter.key"
    )
