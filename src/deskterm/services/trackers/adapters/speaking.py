"""The shipped trackers as programs: a JSON line in, a JSON line out, until the lines end."""

import json
from collections.abc import Iterable, Iterator

from deskterm.services.trackers.adapters.issues import Issues
from deskterm.services.trackers.adapters.web import TroubleError

_ODD = {"error": "this line asks for nothing that is known", "again": False}


def answers(tracker: Issues, lines: Iterable[str]) -> Iterator[str]:
    """Give a line for each line."""
    for line in lines:
        if line.strip():
            yield json.dumps(_answer(tracker, line))


def _answer(tracker: Issues, line: str) -> dict[str, object]:
    try:
        asked = json.loads(line)
        known = asked["do"] in ("open", "update", "comment", "read")
        return tracker.answer(asked) if known else _ODD
    except TroubleError as trouble:
        return trouble.said
    except (ValueError, TypeError, KeyError) as error:
        return _ODD | {"error": f"{_ODD['error']} ({type(error).__name__})"}
