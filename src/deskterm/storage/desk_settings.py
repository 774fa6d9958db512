"""The desk's settings as stored: name → JSON value."""

import json
from typing import Any

from deskterm.storage.driver import Database, json_text


def read_all(database: Database) -> dict[str, Any]:
    """Give every stored setting."""
    rows = database.all("SELECT key, value FROM desk_setting")
    return {row["key"]: json.loads(row["value"]) for row in rows}


def write(database: Database, name: str, value: Any) -> None:
    """Store a setting; None goes back to the default."""
    database.run("DELETE FROM desk_setting WHERE key = :key", key=name)
    if value is not None:
        database.run(
            "INSERT INTO desk_setting (key, value) VALUES (:key, :value)",
            key=name,
            value=json_text(value),
        )
