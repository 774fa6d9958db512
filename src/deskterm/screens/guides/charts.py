"""A flowchart in a file as the text of a guide to begin with."""

from pathlib import Path

from deskterm.domain.errors import RefusedError
from deskterm.guides.mermaid.chart import ChartError

LARGEST = 1_000_000
"""Bytes of a flowchart that are read at most."""


def chart_as_guide(path: str) -> str:
    """Give the YAML of a guide made from a Mermaid file; raises RefusedError with the line."""
    from deskterm.guides.mermaid.reader import read_chart
    from deskterm.guides.mermaid.to_guide import guide_text

    file = Path(path).expanduser()
    try:
        with file.open("rb") as stream:
            text = stream.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise RefusedError(f"{file} is larger than {LARGEST // 1_000_000} MB.")
        return guide_text(read_chart(text.decode("utf-8")), file.stem)
    except OSError as error:
        raise RefusedError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise RefusedError(f"{file} is no UTF-8 text: save it as UTF-8.") from None
    except ChartError as error:
        raise RefusedError(f"{file}, line {error.line}: {error.message}") from None
