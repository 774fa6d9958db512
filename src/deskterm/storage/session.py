"""An SQLModel session that shares the spine's own driver connection and transaction.

Imports SQLAlchemy and pydantic (about 0.5 s): only for what is not a ticket command.
"""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

import deskterm.models  # noqa: F401 - the tables must be known before a session maps them
from deskterm.storage.driver import Database

_engines: "weakref.WeakKeyDictionary[Database, Engine]" = weakref.WeakKeyDictionary()


def engine_on(database: Database) -> Engine:
    """Give the engine over the database's one driver connection; our own BEGIN."""
    engine = _engines.get(database)
    if engine is not None:
        return engine
    name = "sqlite://" if database.dialect == "sqlite" else "postgresql+psycopg://"
    engine = create_engine(name, creator=lambda: database.connection, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def _begin(_connection: Connection) -> None:
        database.begin()
        _ = database.connection  # nothing waits: SQLAlchemy speaks to the driver itself

    _engines[database] = engine
    return engine


@contextmanager
def session_on(database: Database) -> Iterator[Session]:
    """Begin a transaction from the session's side and lend it; rolled back unless committed.

    The session must begin: one attached to a transaction that the spine began is rolled back by
    the engine's first connect.
    """
    with engine_on(database).connect() as connection:
        transaction = connection.begin()
        session = Session(connection, join_transaction_mode="rollback_only", expire_on_commit=False)
        database.shared = True
        try:
            yield session
        finally:
            database.shared = False
            session.close()
            if transaction.is_active:
                transaction.rollback()
