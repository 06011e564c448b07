"""The store on PostgreSQL, which many processes share. `pool` alone speaks to the driver."""

from bot.store.postgres.store import PostgresStore, open_postgres

__all__ = ["PostgresStore", "open_postgres"]
