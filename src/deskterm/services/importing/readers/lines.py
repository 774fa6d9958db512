"""JSON lines in our own form: nothing is translated."""

from collections.abc import Iterator
from pathlib import Path

from deskterm import disk
from deskterm.domain.errors import DeskError
from deskterm.services.importing.foreign import read_object
from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.readers.json_files import count_of
from deskterm.services.importing.readers.source import Found, Source
from deskterm.services.importing.table import opened as open_file


class Lines(Source):
    """A file of our own records."""

    def records(self) -> Iterator[Found | DeskError]:
        """Give the record of each line."""
        with open_file(self.path) as stream:
            for place, line in enumerate(disk.lines_of(stream, self.path.name), 1):
                if line.strip():
                    where = f"{self.path.name}:{place}"
                    try:
                        yield Found(where, read_object(line, where))
                    except DeskError as error:
                        yield error


def opened(path: Path, mapping: ColumnMap) -> Source:
    """Open a file of JSON lines."""
    lines = Lines(path, mapping)
    lines.total = count_of([path])
    return lines
