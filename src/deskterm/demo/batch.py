"""What the demo hands to the loader: rows of one table, in an order that foreign keys allow."""

from typing import Any, NamedTuple

Values = tuple[Any, ...]


class Batch(NamedTuple):
    """Rows of one table; each row has a value for each column. Times are stored text, UTC."""

    table: str
    columns: tuple[str, ...]
    rows: list[Values]
