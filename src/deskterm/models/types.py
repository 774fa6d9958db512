"""Column types that read and write the same on SQLite and PostgreSQL as the plain SQL does."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from deskterm.domain.clock import from_text, to_text


class Moment(TypeDecorator[datetime]):
    """An aware UTC time: fixed-width text on SQLite, timestamptz on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        kind = DateTime(timezone=True) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        """Refuse naive times (ValueError); give the stored form."""
        if value is None:
            return None
        text = to_text(value)
        return value if dialect.name == "postgresql" else text

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give an aware UTC time."""
        if value is None:
            return None
        return from_text(value) if isinstance(value, str) else from_text(value.isoformat())


class Json(TypeDecorator[object]):
    """A JSON value as text with sorted keys, the same bytes on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """Give the stored text."""
        return None if value is None else json.dumps(value, sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:
        """Give the value."""
        return None if value is None else json.loads(value)
