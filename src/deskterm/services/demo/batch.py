"""What the demo hands to the loader: rows of one table, in an order that foreign keys allow."""

import json
from typing import Any, NamedTuple

Values = tuple[Any, ...]


class Batch(NamedTuple):
    """Rows of one table; each row has a value for each column. Times are stored text, UTC."""

    table: str
    columns: tuple[str, ...]
    rows: list[Values]


_encode = json.JSONEncoder(sort_keys=True).encode


def json_text(value: Any) -> str:
    """Give a value as the ledger stores JSON: sorted keys; None is an empty object."""
    return _encode(value) if value else "{}"
