"""Merging one record into another: whatever names the first names the second from then on."""

from typing import TYPE_CHECKING

from deskterm.domain.vocabulary import Event
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import rows
from deskterm.storage.reads.clients import is_client
from deskterm.storage.row_kinds import ROW_KINDS
from deskterm.storage.ticket.hold import hold

WELCOME = "welcome"
"""The wording under which it is kept that somebody got the welcome letter."""

if TYPE_CHECKING:
    from deskterm.storage.work import Work


def move(work: "Work", kind: str, gone: int | str, stays: int | str) -> None:
    """Let every ticket and row that names one record name another."""
    kinds = {shape.table: other for other, shape in ROW_KINDS.items()}
    for table, column in ROW_KINDS[kind].used:
        if table == "ticket":
            numbers = rows.naming(work.spine, table, column, gone)
            for held in hold(work, numbers).values():
                held.set(**{column: stays})
                held.write(Event.CHANGED)
        elif table == "visit":
            _move_visits(work, column, gone, stays)
        elif table in ("offer_organisation", "offer_site"):
            _move_offers(work, table, int(gone), int(stays))
        elif table in kinds and column in ROW_KINDS[kinds[table]].columns:
            for key in rows.naming_of(work.spine, kinds[table], column, gone):
                row = HeldRow(work, kinds[table], key)
                row.set(**{column: stays})
                row.write(Event.EDITED)


def _move_visits(work: "Work", column: str, gone: int | str, stays: int | str) -> None:
    """Let visits at one site, or of one technician, be the other's."""
    for ticket, key in rows.visits_naming(work.spine, column, gone):
        held = hold(work, [ticket])[ticket]
        visit = held.get(key)
        assert isinstance(visit, dict)
        held.put(key, visit | {column: stays})
        held.write(Event.CHANGED)


def _move_offers(work: "Work", table: str, gone: int, stays: int) -> None:
    """Let offers that name one organisation, or site, name the other."""
    word = table.removeprefix("offer_")
    for number in rows.tied_to(work.spine, table, f"{word}_id", gone):
        row = HeldRow(work, "offer", number)
        row.put(f"{word}.{gone}", None)
        row.put(f"{word}.{stays}", True)
        row.write(Event.EDITED, row["name"])


def leave_tickets(work: "Work", person: int, organisation: int | None) -> None:
    """Let a person's tickets stay with the client that they belong to no more."""
    if not is_client(work.spine, organisation):
        return
    numbers = rows.naming(work.spine, "ticket", "requester_id", person)
    for held in hold(work, numbers).values():
        if held["organisation_id"] is None:
            held.set(organisation_id=organisation)
            held.write(Event.CHANGED)


def move_parts(work: "Work", gone: HeldRow, stays: HeldRow) -> None:
    """Give what hangs on one row to another, after what hangs there.

    Whom an offer names, and what it promised before, is not the other's: it goes.
    """
    has = len(rows.parts(work.spine, stays.kind, stays.number))
    for place, key in enumerate(rows.parts(work.spine, gone.kind, gone.number), has):
        value = gone.get(key)
        gone.put(key, None)
        if stays.kind != "offer":
            stays.put(key, place if key.startswith("address.") else value)


def move_person(work: "Work", gone: HeldRow, stays: HeldRow) -> None:
    """Give one person's tickets, approvals, watching, devices and addresses to another.

    The first stays in the ledger, for what they once said, but is proposed to nobody any more.
    """
    move(work, "person", gone.number, stays.number)
    _move_what_they_hear(work, gone.number, stays.number)
    _fill_in(gone, stays)
    welcomed = gone.get(f"told.{WELCOME}/{gone.number}")
    if welcomed is not None and stays.get(f"told.{WELCOME}/{stays.number}") is None:
        stays.put(f"told.{WELCOME}/{stays.number}", welcomed)
    _move_addresses(work, gone, stays)


def _move_what_they_hear(work: "Work", gone: int, stays: int) -> None:
    """Whoever heard of tickets, or was told of problems and releases, is the other one."""
    for held in hold(work, rows.watched(work.spine, gone)).values():
        held.put(f"watcher.{gone}", None)
        if held["requester_id"] != stays:
            held.put(f"watcher.{stays}", True)
        held.write(Event.CHANGED)
    for kind, number in rows.told_of(work.spine, gone):
        row = HeldRow(work, kind, number)
        if kind not in ("problem", "release"):
            _move_news(row, gone, stays)
            continue
        for part in ("told", "answer") if kind == "release" else ("told",):
            said = row.get(f"{part}.{gone}")
            if said is not None and row.get(f"{part}.{stays}") is None:
                row.put(f"{part}.{stays}", said)
        row.put(f"told.{gone}", None)
        row.write(Event.EDITED)


def _move_news(row: HeldRow, gone: int, stays: int) -> None:
    """What one of them was told of an announcement, or by a tip, both were."""
    for wording in rows.wordings(row.work.spine, row.kind, row.number, gone):
        said = row.get(f"told.{wording}/{gone}")
        row.put(f"told.{wording}/{gone}", None)
        if row.get(f"told.{wording}/{stays}") is None:
            row.put(f"told.{wording}/{stays}", said)
    row.write(Event.EDITED)


def _move_addresses(work: "Work", gone: HeldRow, stays: HeldRow) -> None:
    """Give the addresses of one to the other, with what is known of them; write both."""
    addresses = rows.parts(work.spine, "person", gone.number)
    broken = {key: gone.get(_broken(key)) for key in addresses}
    has = len(rows.parts(work.spine, "person", stays.number))
    for key in addresses:
        gone.put(_broken(key), None)
        gone.put(key, None)
    gone.set(active=False)
    gone.write(Event.EDITED, gone["name"])
    for place, key in enumerate(addresses, has):
        stays.put(key, place)
        if broken[key] is not None:
            stays.put(_broken(key), broken[key])
    stays.write(Event.EDITED, stays["name"])


def _broken(address: str) -> str:
    """Give the key of what is known of an address that letters come back from."""
    return address.replace("address.", "broken.", 1)


def _fill_in(gone: HeldRow, stays: HeldRow) -> None:
    """What is not known of the second is taken from the first; notes are kept of both."""
    for column in gone.shape.columns:
        if column in ("name", "active", "notes"):
            continue
        if stays[column] in (None, "") and gone[column] not in (None, ""):
            stays.set(**{column: gone[column]})
    notes = [one for one in (stays["notes"], gone["notes"]) if one]
    stays.set(notes="\n".join(dict.fromkeys(notes)))
