"""Whatever the ledger tells of: how each kind of subject is held, named, and put back.

Undo asks nothing else. A kind that an operation writes into the ledger has its row here, or stands
in `FINAL` with the reason why it cannot be taken back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol

from deskterm.domain.clock import to_text
from deskterm.domain.problems import ProblemState
from deskterm.domain.vocabulary import Confidence, Event, State
from deskterm.storage.desk_settings import read_all, write
from deskterm.storage.held_row import hold_rows
from deskterm.storage.held_values import Changes
from deskterm.storage.row_kinds import ROW_KINDS
from deskterm.storage.ticket.hold import hold
from deskterm.storage.work import Work


class Held(Protocol):
    """Something held for change: read and restored by key, stored with its entry."""

    def get(self, key: str, /) -> object:
        """Give the present value under a key."""

    def restore(self, key: str, value: object, /) -> None:
        """Set what `get` names to a value from the ledger."""

    def write(self, event: str, text: str = "", **entry: object) -> int:
        """Store the changes with their ledger entry; gives its id."""


class Subject(NamedTuple):
    """How one kind of ledger subject is held and named."""

    hold: Callable[[Work, Sequence[int]], Mapping[int, Held]]
    called: str
    """How one is called in a sentence; `{}` is its number, or its name where it has one."""
    clash: str = "Change it back by hand."
    """What is said to whoever would undo what was changed since."""
    unmake: Callable[[Work, Changes], Changes] | None = None
    """What taking back its opening means, for what keeps its number for ever."""


class HeldSettings:
    """The desk's settings held for change; a key is a setting's name, None its default."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._values = read_all(work.spine)
        self._changes: Changes = {}

    def get(self, key: str) -> object:
        """Give the stored value of a setting, None where the default holds."""
        return self._values.get(key)

    def restore(self, key: str, value: object) -> None:
        """Set a setting; None goes back to the default."""
        before = self._values.get(key)
        if before != value:
            self._changes[key] = (self._changes.get(key, (before,))[0], value)
            self._values[key] = value

    def write(self, event: str, text: str = "", **entry: Any) -> int:
        """Store the changes with their ledger entry; what counts by them follows at once."""
        changes, self._changes = self._changes, {}
        for name, (_, value) in changes.items():
            write(self.work.spine, name, value)
        if any(_is_clock(name) for name in changes):
            _deadlines_follow(self.work)
        return self.work.record(("setting", 0), event, text, changes=changes, **entry)


def _is_clock(name: str) -> bool:
    """Tell whether deadlines of open tickets follow from a setting."""
    return name in ("hours", "holidays", "zone") or name.startswith("promise.")


def _deadlines_follow(work: Work) -> None:
    from deskterm.storage.ticket.clocks import refresh
    from deskterm.storage.ticket.impact import refresh as refresh_impact

    refresh(work.spine, work.at)
    refresh_impact(work.spine)


def _settings(work: Work, _numbers: Sequence[int]) -> Mapping[int, Held]:
    return {0: HeldSettings(work)}


def _cancel(work: Work, changes: Changes) -> Changes:
    """A ticket that was opened by mistake keeps its number, cancelled."""
    opened = changes.get("state", (None, str(State.NEW)))[1]
    return {
        "state": (str(State.CANCELLED), opened),
        "close_reason": ("opening undone", ""),
        "closed_at": (to_text(work.at), None),
    }


def _archive(_work: Work, changes: Changes) -> Changes:
    return {"confidence": (str(Confidence.ARCHIVED), changes["confidence"][1])}


def _give_up(_work: Work, changes: Changes) -> Changes:
    """A problem that was made by mistake keeps its number, as one that will not be fixed."""
    return {"state": (str(ProblemState.WONT_FIX), changes["state"][1])}


def _end(work: Work, changes: Changes) -> Changes:
    """What was announced by mistake stood on boards: it stays in the list, as withdrawn.

    Where people were told by letter it is not undone: they would never hear of it.
    """
    told = changes.get("told", (None, 0))[1]
    return {
        "ended_at": (to_text(work.at), None),
        "withdrawn": (True, False),
        "told": (told, told),
    }


_UNMAKE = {"solution": _archive, "problem": _give_up, "announcement": _end}

SUBJECTS: dict[str, Subject] = {
    "ticket": Subject(hold, "#{}", unmake=_cancel),
    "setting": Subject(_settings, "setting {}"),
    **{
        kind: Subject(partial(hold_rows, kind), shape.called, shape.clash, _UNMAKE.get(kind))
        for kind, shape in ROW_KINDS.items()
    },
}
"""Ledger kind → how it is held, named and put back."""

NAMED = {kind for kind, shape in ROW_KINDS.items() if shape.naming in ("name", "path", "label")}
"""Kinds whose ledger entries have their name as text."""

FINAL = {
    "secret": "a new secret signs letters from then on, and some may have left with it.",
    "seal": "a seal that could be taken away would prove nothing.",
    "team": "roles are the server's: `deskterm team role`, `restrict`, `remove` change them.",
    "forgotten": "what was forgotten stands nowhere any more.",
}
"""Ledger kinds that are never put back, each with its reason."""


def hold_subjects(work: Work, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Held]:
    """Hold every subject, kind by kind, in order of their numbers."""
    numbers: dict[str, set[int]] = {}
    for kind, number in wanted:
        numbers.setdefault(kind, set()).add(number)
    return {
        (kind, number): held
        for kind in sorted(numbers)
        for number, held in SUBJECTS[kind].hold(work, sorted(numbers[kind])).items()
    }


def back_of(work: Work, kind: str, event: str, changes: Changes) -> Changes:
    """Give key → (what to put back, what must still stand there) for one ledger entry."""
    unmake = SUBJECTS[kind].unmake
    return unmake(work, changes) if unmake is not None and event == Event.OPENED else changes


def called(kind: str, number: int, text: str = "", keys: Iterable[str] = ()) -> str:
    """Give what a subject is called in a sentence: `#12`, `S3`, `view mine`, `setting zone`.

    `text` is that of its ledger entry, `keys` what it names.
    """
    subject = SUBJECTS.get(kind)
    if subject is None:
        return kind
    if kind == "setting":
        return subject.called.replace("{}", ", ".join(sorted(keys)))
    return subject.called.replace("{}", text[:60] if text and kind in NAMED else str(number))
