"""Problems: their words, states, rows and measures (F1, semantics.md §9)."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.text import is_blank


class ProblemState(StrEnum):
    """Where a problem stands."""

    SUSPECTED = "suspected"
    OPEN = "open"
    KNOWN_ERROR = "known_error"
    """Its cause and a workaround are known."""
    FIX_PLANNED = "fix_planned"
    RELEASED = "released"
    VERIFIED = "verified"
    WONT_FIX = "wont_fix"


def state_words(state: str) -> str:
    """Give a state as people read it: `known error`, `not to be fixed`."""
    return "not to be fixed" if state == ProblemState.WONT_FIX else state.replace("_", " ")


LIVE = tuple(s for s in ProblemState if s not in (ProblemState.VERIFIED, ProblemState.WONT_FIX))
"""The states in which new tickets are offered to join."""

PENDING = tuple(s for s in LIVE if s != ProblemState.RELEASED)
"""The states in which it is still to be fixed."""

SEVERITIES = ("low", "normal", "high")
MEASURES = ("release", "configuration", "replacement", "training", "words")
"""How a problem may end (F6), besides not being fixed."""
TAKEN = MEASURES[1:]
"""Those that are taken, where a release is shipped."""
TEXTS = (
    *("title", "cause", "workaround", "reproduction", "model", "os", "owner"),
    *("product", "found", "fixed", "effort", "measure", "measure_on"),
    *("measure_cost", "measure_owner", "reason"),
)
"""What is free text of a problem."""
COLUMNS = (*TEXTS, "state", "severity", "site_id", "category_id", "organisation_id")
"""What an edit may change and an undo restores."""

_AMOUNT = pattern(r"\d{1,9}(?:[.,]\d{1,2})?")
_NUMBER = pattern(r"[pP]?#?(\d{1,9})\Z")


class ProblemRow(NamedTuple):
    """A problem in a list."""

    id: int
    title: str
    state: str
    severity: str
    owner: str
    tickets: int
    """All tickets linked to it."""
    open_tickets: int
    people: int
    """Whom these tickets touch: their requesters, or more where that was asked."""
    last_seen: datetime | None
    """When the newest of its tickets was opened."""
    workaround: str
    version: int

    @property
    def name(self) -> str:
        """`P7 VPN gateway`."""
        return f"P{self.id} {self.title}"


class ProblemView(NamedTuple):
    """A problem whole. `cause` is internal: no letter reads it."""

    id: int
    version: int
    title: str
    state: str
    severity: str
    cause: str
    workaround: str
    reproduction: str
    model: str
    os: str
    site: str | None
    category: str | None
    client: str | None
    """Whose tickets it explains; None: anybody's."""
    owner: str
    product: str
    found: str
    """Versions of the product, with commas between."""
    fixed: str
    effort: str
    measure: str
    measure_on: str
    measure_cost: str
    measure_owner: str
    """Who carries the measure out, where it is not the problem's owner."""
    reason: str
    created_at: datetime
    updated_at: datetime
    last_seen: datetime | None
    people: int
    tickets: tuple[int, ...]
    open_tickets: tuple[int, ...]
    announcement: int | None
    """The number of the announcement that runs for it."""


class ProblemFit(NamedTuple):
    """An open problem that a ticket may belong to; a person decides."""

    id: int
    title: str
    state: str
    workaround: str
    tickets: int
    score: float
    """For comparing; no probability."""
    reason: str
    linked: bool = False
    """The ticket is linked to it already."""


class Outbreak(NamedTuple):
    """Like tickets that came together, more than usual."""

    label: str
    """The word or category they share."""
    title: str
    """What most of them are called."""
    tickets: tuple[int, ...]
    hours: int
    usual: float
    tail: float
    """How seldom so many would come by chance."""
    people: int
    began: datetime

    @property
    def words(self) -> str:
        """`12 like VPN in 2 h, usually 1`."""
        usual = f"{self.usual:.0f}" if self.usual >= 1 or self.usual == 0 else "less than 1"
        return f"{len(self.tickets)} like {self.label} in {self.hours} h, usually {usual}"


class OwnerRow(NamedTuple):
    """Somebody whose device fits a problem."""

    person_id: int
    name: str
    address: str
    device: str
    reason: str
    status: str
    """Why they are not written to: told, has a ticket, no address; empty: they are."""
    before: bool = False
    """They were told already, of other words."""


def number_of(text: str) -> int:
    """Give the number of `P7`, `p7` or `7`; raises UsageError."""
    match = _NUMBER.match(text.strip())
    if match is None:
        raise UsageError(f"{text[:60]!r} is no problem: write it like P7.")
    return int(match.group(1))


def check(values: Mapping[str, object], *, planned: bool = False, shipped: bool = False) -> None:
    """Hold the rules of a problem as it would be; raises UsageError, RefusedError.

    `planned` and `shipped` say whether it is in a release that is (semantics.md §9).
    """
    if is_blank(str(values["title"])):
        raise UsageError("a problem needs a title.")
    if values["state"] not in tuple(ProblemState):
        raise UsageError(f"state {values['state']!r}? Use {', '.join(ProblemState)}.")
    if values["severity"] not in SEVERITIES:
        raise UsageError(f"severity {values['severity']!r}? Use {', '.join(SEVERITIES)}.")
    check_facts(values)
    _check_state(values, planned=planned, shipped=shipped)


def check_facts(values: Mapping[str, object]) -> None:
    """Hold the rules of what a problem takes and costs; raises UsageError."""
    measure, effort = str(values["measure"]), str(values["effort"])
    if measure and measure not in MEASURES:
        raise UsageError(f"measure {measure[:40]!r}? Use {', '.join(MEASURES)}.")
    for name, value in (("effort", effort), ("measure_cost", str(values["measure_cost"]))):
        if value and _AMOUNT.fullmatch(value) is None:
            raise UsageError(f"{name.replace('_', ' ')} {value[:40]!r}? Write a number such as 12.")
    day = str(values["measure_on"])
    if day:
        try:
            date.fromisoformat(day)
        except ValueError:
            raise UsageError(f"measure on {day[:40]!r}? Write a day such as 2026-12-24.") from None


def _check_state(values: Mapping[str, object], *, planned: bool, shipped: bool) -> None:
    state, measure = values["state"], str(values["measure"])
    given = {name: str(values[name]).strip() for name in ("cause", "workaround", "reason")}
    if state == ProblemState.KNOWN_ERROR and not (given["cause"] and given["workaround"]):
        missing = "cause" if not given["cause"] else "workaround"
        raise RefusedError(f"a known error has a cause and a workaround: name the {missing}.")
    other = measure in TAKEN
    if state == ProblemState.FIX_PLANNED and not (planned or other):
        raise RefusedError(
            "a planned fix is in a release (`deskterm release set NAME --problem`), or has another "
            "measure (--measure)."
        )
    if state == ProblemState.RELEASED and not (shipped or other):
        raise RefusedError(
            "what is released has left: ship its release (`deskterm release ship NAME`), or name "
            "the measure that was taken (--measure)."
        )
    if state == ProblemState.WONT_FIX and not given["reason"]:
        raise RefusedError("why will it not be fixed? Those who were hurt are told (--because).")


def measured(
    state: str, given: Mapping[str, str], *, taken: bool = False
) -> tuple[dict[str, str], bool]:
    """Give the facts of a problem that has this measure, and whether it will not be fixed.

    `given`: kind, owner, on, cost, because. A measure of a problem that is open plans its end; one
    that was taken releases it. Raises UsageError.
    """
    kind = given.get("kind", "").strip().replace("-", "_")
    if kind == ProblemState.WONT_FIX:
        return {"reason": given.get("because", "").strip()}, True
    if kind not in MEASURES:
        raise UsageError(f"measure {kind[:40]!r}? Use {', '.join(MEASURES)} or wont_fix.")
    if taken and kind not in TAKEN:
        raise UsageError("a release is shipped, not taken: `deskterm release ship NAME`.")
    names = {"owner": "measure_owner", "on": "measure_on", "cost": "measure_cost"}
    values = {"measure": kind} | {names[k]: v.strip() for k, v in given.items() if k in names}
    if taken:
        values["state"] = str(ProblemState.RELEASED)
    elif kind in TAKEN and state in (ProblemState.OPEN, ProblemState.KNOWN_ERROR):
        values["state"] = str(ProblemState.FIX_PLANNED)
    return values, False
