"""Announcements, made and changed as held rows; which wording is to be told stands on the row.

Letters are never written by whoever announces: the jobs write them once the time for undo is over
(`services/announcements/telling.py`), so that what nobody was told can be taken back.
"""

from collections.abc import Mapping
from datetime import timedelta

from deskterm.domain.announcements import (
    AnnouncementKind,
    AnnouncementRow,
    AnnouncementState,
    Telling,
    check,
    check_open,
)
from deskterm.domain.clock import to_text
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError
from deskterm.domain.text import storable
from deskterm.domain.vocabulary import Event
from deskterm.storage.desk_settings import value
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import announcements as reads
from deskterm.storage.reads.clients import of_problems
from deskterm.storage.work import Work

FRESH: Mapping[str, object] = {
    "audience": "",
    "kind": "",
    "letters": True,
    "problem_id": None,
    "organisation_id": None,
    "until_at": None,
    "remind_at": None,
    "withdrawn": False,
    "closing": "",
    "updates": 0,
    "due": "",
    "due_at": None,
    "told": 0,
    "trouble": "",
}
"""What a new announcement is until something else is said."""


def begin(row: HeldRow, text: str) -> None:
    """Fill in what a new announcement has: it begins now."""
    row.set(**FRESH, text=storable(text).strip(), from_at=row.work.at)


def announce(work: Work, row: HeldRow) -> int:
    """Store a new announcement with its ledger entry; gives its number."""
    planned = row["from_at"] > work.at
    if not row["kind"]:
        row.set(kind=_likely(row, planned))
    if row["organisation_id"] is None and row["problem_id"] is not None:
        whose = of_problems(work.spine, [row["problem_id"]])
        row.set(organisation_id=whose.get(row["problem_id"]))
    _check(row)
    if row["letters"]:
        due(row, Telling.PLANNED if planned else Telling.RUNNING)
        plan_reminder(row)
    row.attest("told")
    row.write(Event.OPENED, row["text"])
    return row.number


def _likely(row: HeldRow, planned: bool) -> AnnouncementKind:
    """What has a problem is an outage, what is planned is maintenance, all else is news."""
    if row["problem_id"] is not None:
        return AnnouncementKind.OUTAGE
    return AnnouncementKind.MAINTENANCE if planned else AnnouncementKind.NEWS


def _check(row: HeldRow) -> None:
    names = ("text", "kind", "from_at", "until_at")
    check({name: row[name] for name in names}, row.work.at)


def plan_reminder(row: HeldRow) -> None:
    """Remind so many hours before it begins as the desk has set; 0: never.

    Nobody is reminded soon after they were told.
    """
    ahead = timedelta(hours=int(value(row.work.spine, "announce.remind_hours")))
    remind = row["from_at"] - ahead
    row.set(remind_at=remind if ahead and remind > row.work.at + ahead / 4 else None)


def due(row: HeldRow, wording: str) -> None:
    """Let a wording be told by letter; what was not told to everybody yet is overtaken by it."""
    row.set(due=str(wording), due_at=row.work.at, trouble="")


def held(work: Work, number: int) -> HeldRow:
    """Give an announcement held for change; raises NotFoundError."""
    row = HeldRow(work, "announcement", number)
    if not row.exists:
        raise NotFoundError(f"there is no announcement {number}; see `deskterm announce list`.")
    return row


def held_open(work: Work, number: int) -> tuple[HeldRow, AnnouncementState]:
    """Give one that is planned or runs, held for change; raises NotFoundError, RefusedError."""
    row = held(work, number)
    state = read(work, number).state(work.at)
    check_open(number, state)
    return row, state


def read(work: Work, number: int) -> AnnouncementRow:
    """Give an announcement as it is stored."""
    return reads.one(work.spine, number)


def check_seen(work: Work, number: int, seen: int | None) -> None:
    """Refuse where somebody else has said something new meanwhile; raises ConflictError."""
    row = held(work, number)
    if seen is not None and row["updates"] != seen:
        raise ConflictError(
            f"announcement {number} was updated meanwhile: {row['text'][:80]!r}. Look at it again, "
            "then decide."
        )


def update(row: HeldRow) -> None:
    """Store what is new of an open announcement, and let it be told, once."""
    _check(row)
    row.set(updates=row["updates"] + 1)
    if row["letters"]:
        due(row, f"{Telling.UPDATE} {row['updates']}")
        if row.touches("from_at"):
            plan_reminder(row)
    row.attest("told")
    row.write(Event.EDITED, row["text"])


def end(work: Work, number: int, words: str) -> None:
    """End what runs, with a closing word; who was told hears of it."""
    row, state = held_open(work, number)
    if state == AnnouncementState.PLANNED:
        raise RefusedError(f"announcement {number} has not begun: withdraw it, or wait.")
    _over(row, Telling.ENDED, words)


def withdraw(work: Work, number: int, words: str) -> None:
    """Take back what is planned or was said in error; who was told hears of it."""
    row, _ = held_open(work, number)
    row.set(withdrawn=True)
    _over(row, Telling.WITHDRAWN, words)


def join(gone: HeldRow, stays: HeldRow) -> None:
    """Let one stand for both: for whom either is meant, told to whoever was not told yet."""
    work = stays.work
    wording = stays["due"] or Telling.RUNNING
    heard = reads.told(work.spine, "announcement", gone.number)
    fresh = heard - reads.told(work.spine, "announcement", stays.number, wording)
    stays.put_new("told", {f"{wording}/{one}": to_text(work.at) for one in sorted(fresh)})
    stays.set(told=stays["told"] + len(fresh))
    if gone["letters"] and gone["audience"] != stays["audience"]:
        whom = [one["audience"] for one in (stays, gone)]
        stays.set(audience=" or ".join(f"({one})" for one in whom) if all(whom) else "")
        if not stays["due"]:
            due(stays, wording)
    if stays["problem_id"] is None:
        stays.set(problem_id=gone["problem_id"])
    stays.attest("told")
    stays.write(Event.EDITED, stays["text"])
    gone.set(letters=False)
    _over(gone, Telling.ENDED, f"See announcement {stays.number}.")


def end_with(work: Work, number: int) -> None:
    """End it with its problem, whether it has begun or not; nothing happens where it is over."""
    row = held(work, number)
    state = read(work, number).state(work.at)
    if state == AnnouncementState.PLANNED:
        row.set(withdrawn=True)
        _over(row, Telling.WITHDRAWN, "")
    elif state == AnnouncementState.RUNNING:
        _over(row, Telling.ENDED, "")


def _over(row: HeldRow, wording: Telling, words: str) -> None:
    row.set(ended_at=row.work.at, closing=storable(words).strip(), remind_at=None)
    if row["letters"] and row["told"]:
        due(row, wording)
    else:
        row.set(due="", due_at=None)
    row.attest("told")
    row.write(Event.CLOSED, row["closing"])
