"""Notices are written with the operation that is their reason, and withdrawn with it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from deskterm.domain import clock
from deskterm.domain.in_hand import AbsenceRow
from deskterm.domain.news import (
    EVERYBODY,
    NOBODYS,
    Happened,
    News,
    kinds_of,
    mentions,
    news_of,
    weightiest,
)
from deskterm.domain.vocabulary import PROCESSES, Event
from deskterm.domain.vocabulary import State as TicketState
from deskterm.storage.driver import Database
from deskterm.storage.reads.in_hand import off
from deskterm.storage.ticket.entry import Derived, Entry
from deskterm.storage.work import State, Work


class Heard(State):
    """What happened in a unit of work that may be news for a technician."""

    def __init__(self) -> None:
        self.happened: list[Happened] = []
        self.hushed = False
        self.owned: set[int] = set()
        """Tickets that got an owner: that they are nobody's is no news any more."""

    def finish(self, work: Work) -> None:
        """Write the notices.

        One a technician and ticket, the weightiest; only of kinds the technician wants to hear of.
        """
        if self.owned:
            _drop(
                work,
                "ticket_id IN :tickets AND kind IN :kinds",
                {"tickets": sorted(self.owned), "kinds": [str(kind) for kind in NOBODYS]},
            )
        if self.hushed:
            return

        def those(group: int) -> Sequence[str]:
            return work.once(members, group)

        found = weightiest(one for entry in self.happened for one in news_of(entry, those))
        if found:
            store(work, with_deputies(work, found))


def hush(work: Work) -> None:
    """Let nobody be told of what happens in this unit of work: it is history."""
    work.state(Heard).hushed = True


def follow(entry: Entry) -> Derived:
    """Keep an entry that is not the owner's own: perhaps it is somebody's news."""
    owner = entry.values["assignee"]
    first = entry.changes["assignee"][0] if "assignee" in entry.changes else owner
    before = None if first is None else str(first)
    if owner is not None and "assignee" in entry.changes and not entry.opening:
        entry.work.state(Heard).owned.add(entry.ticket)
    alarming = owner is None and _becomes_urgent(entry)
    wakes = entry.event == Event.RESUMED and entry.work.actor == "desk"
    filed = entry.event == Event.RECEIVED and bool(entry.data.get("machine"))
    comes = entry.opening or alarming or wakes or filed or "group_id" in entry.changes
    free = owner is None and comes
    theirs = {before, owner} - {None, entry.work.actor}
    theirs |= {entry.data.get("technician")} - {None, entry.work.actor}
    if not (theirs or free or "@" in entry.text):
        return {}
    staff = entry.actor == entry.work.actor and entry.actor not in PROCESSES
    entry.work.state(Heard).happened.append(
        Happened(
            ticket=entry.ticket,
            entry=entry.number,
            event=entry.event,
            doers=frozenset((entry.actor, entry.work.actor)),
            public=entry.public,
            urgent=entry.values["urgent"],
            owner=owner,
            owner_before=before,
            group=(entry.values["group_id"] or EVERYBODY) if free else None,
            alarming=alarming,
            named=mentions(entry.text) if staff else (),
            data=entry.data,
        )
    )
    return {}


def _becomes_urgent(entry: Entry) -> bool:
    """Tell whether an open ticket is opened as urgent, or made so, by this entry."""
    if not entry.values["urgent"] or entry.values["state"] not in (
        TicketState.NEW,
        TicketState.OPEN,
    ):
        return False
    return entry.opening or "urgent" in entry.changes


def with_deputies(work: Work, news: Sequence[News]) -> list[News]:
    """Give the news, and the same for whoever stands in for somebody who is off (C7)."""
    away = work.once(_away)
    told = {(one.login, one.ticket) for one in news}
    found = list(news)
    for one in news:
        deputy = away[one.login].deputy if one.login in away else None
        if deputy and deputy != work.actor and (deputy, one.ticket) not in told:
            found.append(one._replace(login=deputy))
    return found


def store(work: Work, news: Sequence[News]) -> int:
    """Write notices to those who want them; gives how many."""
    wanted = [one for one in news if one.kind in work.once(_wants, one.login)]
    for one in wanted:
        work.spine.later(
            "INSERT INTO notice (login, ticket_id, entry_id, operation_id, kind, urgent, at, said) "
            "VALUES (:login, :ticket, :entry, :operation, :kind, :urgent, :at, :said)",
            login=one.login,
            ticket=one.ticket,
            entry=one.entry or None,
            operation=work.id,
            kind=str(one.kind),
            urgent=one.urgent,
            at=work.at,
            said=one.said,
        )
    return len(wanted)


def withdraw(work: Work, operation: str) -> int:
    """Take an operation's notices back that nobody has seen; gives how many."""
    return _drop(work, "operation_id = :id", {"id": operation})


def drop(work: Work, numbers: Sequence[int]) -> int:
    """Take notices back that are no news any more, unless they were seen; gives how many."""
    return _drop(work, "id IN :ids", {"ids": numbers})


def _drop(work: Work, condition: str, params: Mapping[str, Any]) -> int:
    """Take back notices that nobody has seen; gives how many.

    A letter that waits and tells of nothing else is withdrawn with them.
    """
    work.spine.later(
        "UPDATE outbox SET state = 'withdrawn' WHERE state = 'queued' AND id IN "  # noqa: S608 - constants
        f"(SELECT letter_id FROM notice WHERE {condition} AND seen_at IS NULL) "
        "AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.letter_id = outbox.id "
        f"AND n.id NOT IN (SELECT id FROM notice WHERE {condition}))",
        **params,
    )
    return work.spine.run(
        f"DELETE FROM notice WHERE {condition} AND seen_at IS NULL",  # noqa: S608 - constants
        **params,
    )


def members(database: Database, group: int) -> Sequence[str]:
    """Give a group's members; of one that has none, and of no group, every technician."""
    rows = database.all(
        "SELECT login FROM membership WHERE group_id = :group ORDER BY login", group=group
    )
    if not rows:
        rows = database.all("SELECT login FROM technician WHERE active ORDER BY login")
    return [row["login"] for row in rows]


def nobodys(work: Work, ticket: int) -> Sequence[str]:
    """Give who cares for a ticket that nobody owns: its group, else every technician."""
    row = work.spine.one("SELECT group_id FROM ticket WHERE id = :id", id=ticket)
    return members(work.spine, (row["group_id"] if row else None) or EVERYBODY)


def _away(database: Database) -> dict[str, AbsenceRow]:
    """Give who is off now."""
    return off(database, clock.now())


def _wants(database: Database, login: str) -> Sequence[str]:
    """Give the kinds an active technician wants; whoever is unknown or gone wants none."""
    row = database.one("SELECT notify FROM technician WHERE login = :login AND active", login=login)
    return kinds_of(row["notify"]) if row else ()


def managers(database: Database) -> Sequence[str]:
    """Give the active technicians whose role is manager; where nobody's is, every one of them."""
    rows = database.all("SELECT login, roles FROM technician WHERE active ORDER BY login")
    manage = [row["login"] for row in rows if "manager" in json.loads(row["roles"])]
    return manage or [row["login"] for row in rows]
