"""Values as people read them: stored values, times, sizes of files, and what a change was."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from deskterm.domain.clock import from_text, hours_words
from deskterm.domain.rows import EntryRow
from deskterm.domain.text import clean
from deskterm.domain.vocabulary import STEP_TITLES, Event, LinkKind

LONGEST = 120


def value_words(value: object, names: Mapping[int, str] | None = None) -> str:
    """Give a stored value in words: its name where it is a number, yes and no, a local time."""
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and names:
        return clean(names.get(value, str(value)), one_line=True)
    text = clean(str(value), one_line=True)
    if len(text) == 27 and text.endswith("Z"):
        return _time(text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _time(text: str) -> str:
    try:
        return time_words(from_text(text))
    except ValueError:
        return text


def time_words(at: datetime | None) -> str:
    """Give a date and time of this place: `2026-11-22 04:31`."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M") if at else ""


def moment_words(at: datetime, now: datetime) -> str:
    """Give a time as short as it is clear: `22:36`, `20 Nov 22:36`, `2025-11-20`."""
    local, today = at.astimezone(), now.astimezone()
    if local.date() == today.date():
        return local.strftime("%H:%M")
    if local.year == today.year:
        return local.strftime("%d %b %H:%M")
    return local.strftime("%Y-%m-%d")


def size_words(size: int) -> str:
    """Give a file's size: `812 B`, `14 kB`, `3.2 MB`."""
    if size < 1_000:
        return f"{size} B"
    return f"{size // 1_000} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


Names = Mapping[str, Mapping[int, str]]
"""Column of a ticket → number → name (`desk.ledger.names`)."""

_WORDS = {
    Event.RECEIVED: "→ desk",
    Event.REPLIED: "→ customer",
    Event.NOTED: "note",
    Event.GUIDE: "guide",
    Event.ESCALATED: "escalated",
    Event.HANDED_BACK: "handed back",
    Event.SOLVED: "solved it",
    Event.VERIFIED: "verified",
    Event.REOPENED: "reopened it",
    Event.CLOSED: "closed it",
    Event.CANCELLED: "cancelled it",
    Event.WAITING: "lets it wait",
    Event.RESUMED: "ended the waiting",
    Event.ATTACHED: "attached a file",
    Event.MAIL: "mail",
    Event.CHANGED: "changed",
    Event.ASSIGNED: "assigned",
    Event.STEPPED: "step",
    Event.UNDONE: "took back",
    Event.REDONE: "did again",
    Event.IMPORTED: "imported",
    Event.MERGED: "merged",
    Event.LINKED: "linked",
    Event.SPLIT: "split",
    Event.SOLUTION: "solution",
    Event.REMINDED: "reminded",
    Event.APPROVAL: "approval",
    Event.POLLED: "asked how satisfied they are",
    Event.RATED: "rated",
    Event.VISIT: "visit",
    Event.TIME: "time",
}
_BY_EVENT: dict[str, str] = {str(event): words for event, words in _WORDS.items()}
_FIELDS = {
    "assignee": "owner",
    "category_id": "category",
    "service_id": "service",
    "group_id": "group",
    "device_id": "device",
    "requester_id": "requester",
    "requester_unsure": "requester to confirm",
    "waiting_for": "waits for",
    "waiting_until": "until",
    "cannot_work": "cannot work",
    "needed_by": "needed by",
    "foreign_id": "number elsewhere",
}
_SILENT = frozenset(
    (
        *("state", "from_group_id", "from_assignee", "level", "solved_at", "closed_at"),
        *("first_closed_at", "waiting_reason", "close_reason", "resolution", "outcome"),
        *("merged_into", "entry", "link", "solution_id", "craft_proof", "customer_proof"),
        *("run", "question", "step"),
        *("rating", "rating_comment", "approver_id", "approval", "approval_at"),
    )
)
"""Changes that the entry's own words already tell."""
_LONG = ("problem", "reproduction", "subject")
"""Fields of which only the new text is shown."""
_PLACES = {str(step): place for place, step in enumerate(STEP_TITLES, 1)}


def entry_words(entry: EntryRow, names: Names) -> str:
    """Give who did what: `cy verified by customer: ok`; foreign text, not cleaned."""
    words = _BY_EVENT.get(entry.event, entry.event)
    return f"{entry.who} {words}{_more(entry, names)}"


def _more(entry: EntryRow, names: Names) -> str:
    """What belongs into the same line: whose word, as what, to which group or ticket."""
    data = entry.data
    if "sent_by" in data and "answer" in data:
        return f"{_said(entry)} (sent by {data['sent_by']})"
    return _said(entry) or _moved(entry, names)


def _said(entry: EntryRow) -> str:
    """What somebody said of the work: verified, rated, granted."""
    data = entry.data
    if entry.event == Event.VERIFIED:
        return f" by {data.get('by', '?')}: {data.get('result', '?')}"
    if entry.event == Event.RATED:
        return f": {data.get('score', '?')} of 5"
    if entry.event == Event.APPROVAL:
        return f" {data.get('approval', '?')}"
    if entry.event == Event.REMINDED:
        return f" {data.get('who', 'the requester')}, time {data.get('times', '?')}"
    return ""


def _moved(entry: EntryRow, names: Names) -> str:
    """Where it went: closed as what, to which group, into which ticket."""
    data = entry.data
    if entry.event == Event.CLOSED:
        return f" as {data.get('outcome', '?')}"
    if entry.event in (Event.ESCALATED, Event.HANDED_BACK):
        return _to_group(entry, names)
    return _other(data)


def _to_group(entry: EntryRow, names: Names) -> str:
    group = entry.changes.get("group_id", (None, None))[1]
    return f" to {value_words(group, names.get('group_id'))}" if group is not None else ""


def _other(data: Mapping[str, object]) -> str:
    for key, word in (("into", "into"), ("from", "from"), ("to", "to")):
        if key in data:
            kind = f" {data['kind']}" if "kind" in data else ""
            off = " (taken away)" if data.get("off") else ""
            sign = "P" if data.get("kind") == LinkKind.PROBLEM else "#"
            return f"{kind} {word} {sign}{data[key]}{off}"
    return ""


def change_lines(entry: EntryRow, names: Names) -> Iterable[str]:
    """Give what an entry changed, a cleaned line each; what an opening fills in is no change."""
    if entry.event in (Event.OPENED, Event.IMPORTED):
        return
    handed = entry.event in (Event.ESCALATED, Event.HANDED_BACK)
    for field, (before, after) in entry.changes.items():
        if handed and field in ("group_id", "assignee"):
            continue
        line = _change(field, before, after, names)
        if line:
            yield clean(line, one_line=True)
    steps = _steps(entry.changes)
    if steps:
        yield clean(steps, one_line=True)


def _change(field: str, before: object, after: object, names: Names) -> str:
    column, _, name = field.partition(".")
    if column in _SILENT:
        return ""
    if name and column in _TIES:
        return _TIES[column](name, after, names)
    label = name if column == "field" else _FIELDS.get(column, column)
    known = names.get(column, {})
    if before in (None, "") or column in _LONG:
        return f"{label}: {value_words(after, known)}"
    return f"{label}: {value_words(before, known)} → {value_words(after, known)}"


def _watcher(name: str, after: object, names: Names) -> str:
    who = names.get("watcher", {}).get(int(name), f"person {name}")
    return f"{who} {'watches' if after else 'watches no more'}"


def _problem(name: str, after: object, names: Names) -> str:
    del names
    return f"belongs to P{name}" if after else f"belongs to P{name} no more"


def _callback(name: str, after: object, names: Names) -> str:
    """`call back 2026-12-01 09:00 by mia`; the entry's own text says what for."""
    del name, names
    if not isinstance(after, list) or len(after) < 4:
        return "no call-back any more"
    at, owner, _, state = after[:4]
    call = f"call back {time_words(from_text(str(at)))} by {owner}"
    return call if state == "open" else f"{call}: {state}"


def _visit(name: str, after: object, names: Names) -> str:
    """`visit 2026-12-01 09:00 by mia: fixed`."""
    del name, names
    if not isinstance(after, Mapping):
        return "no visit any more"
    at = f" {time_words(from_text(str(after['at'])))}" if after["at"] else ""
    return f"visit{at} by {after['technician']}: {after['state']}"


def _worked(name: str, after: object, names: Names) -> str:
    """`time 7: 0:20 h by mia, booked`; while a clock runs since when."""
    del names
    if not isinstance(after, Mapping):
        return f"time {name}: taken away"
    if after["state"] == "running":
        return f"clock of {after['technician']} since {time_words(from_text(after['started_at']))}"
    said = f"time {name}: {hours_words(after['seconds'])} by {after['technician']}"
    note = f" · {after['note']}" if after["note"] else ""
    return f"{said}, {after['state']}{note}"


def _item(name: str, after: object, names: Names) -> str:
    """`item 2 done: Note the serial number`."""
    del names
    if not isinstance(after, list) or len(after) < 4:
        return f"item {name} taken off"
    return f"item {name} {'done' if after[3] else 'open'}: {after[0]}"


_TIES = {
    "watcher": _watcher,
    "problem": _problem,
    "callback": _callback,
    "visit": _visit,
    "time": _worked,
    "item": _item,
}
"""What hangs on a ticket → its sentence of (name, what it is now, names)."""


def _steps(changes: Mapping[str, tuple[object, object]]) -> str:
    """What became of the steps, in one line, in their order."""
    words: dict[str, list[str]] = {}
    for field in sorted(changes, key=lambda one: _PLACES.get(one.removeprefix("step."), 0)):
        name = field.removeprefix("step.")
        after = changes[field][1]
        if name != field and name in _PLACES:
            status = str(after[0]) if isinstance(after, list) else "open again"
            reason = f" ({after[3]})" if isinstance(after, list) and after[3] else ""
            words.setdefault(status, []).append(f"{_PLACES[name]} {name}{reason}")
    return "; ".join(f"{status} {', '.join(names)}" for status, names in words.items())
