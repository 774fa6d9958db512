"""What hangs on the desk's rows and is changed with them: each kind read and written by name.

`member.bo` on a group, `address.ada@example.org` on a person, `use.12` on a solution, `told.7` on a
problem: one rule for undo, as for what hangs on a ticket.
"""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain.clock import to_text
from deskterm.domain.errors import ConflictError
from deskterm.storage import bulk
from deskterm.storage.driver import json_text, moment, moment_or_none
from deskterm.storage.people import forget_count
from deskterm.storage.solution_uses import read_use, write_use

if TYPE_CHECKING:
    from deskterm.storage.work import Work


Stored = None | bool | int | str | list["Stored"]
"""A value as the ledger keeps it, in JSON."""


class RowPart(NamedTuple):
    """How one kind of thing that hangs on a row is read and written; None: it is not there."""

    read: Callable[["Work", int, str], Stored]
    write: Callable[["Work", int, str, Stored], None]
    write_new: "Callable[[Work, int, Mapping[str, Stored]], None] | None" = None
    """Writes many whose values are known, in one statement."""


def tied(table: str, row: str, other: str, *, text: bool = False, counts: str = "") -> RowPart:
    """Give how rows are tied to others, by a table of two columns: `member.bo`, `fixes.7`.

    `text`: the others are known by a name, not by a number. `counts`: the table and column that
    say of a row how many there are, also to whoever may not see all of them.
    """
    where = f"WHERE {row} = :row AND {other} = :other"
    owner, _, column = counts.partition(".")

    def read(work: "Work", number: int, name: str) -> Stored:
        found = work.spine.one(f"SELECT 1 AS there FROM {table} {where}", **named(number, name))  # noqa: S608 - constants
        return True if found else None

    def write(work: "Work", number: int, name: str, value: Stored) -> None:
        if value is None:
            work.spine.run(f"DELETE FROM {table} {where}", **named(number, name))  # noqa: S608 - constants
        else:
            work.spine.run(
                f"INSERT INTO {table} ({row}, {other}) VALUES (:row, :other)",  # noqa: S608 - constants
                **named(number, name),
            )
        if counts:
            work.spine.run(
                f"UPDATE {owner} SET {column} = {column} + :more WHERE id = :row",  # noqa: S608 - constants
                more=-1 if value is None else 1,
                row=number,
            )

    def named(number: int, name: str) -> dict[str, object]:
        return {"row": number, "other": name if text else int(name)}

    return RowPart(read, write)


def _read_address(work: "Work", person: int, address: str) -> Stored:
    row = work.spine.one(
        "SELECT position FROM person_address WHERE person_id = :id AND address = :address",
        id=person,
        address=address,
    )
    return row["position"] if row else None


def _write_address(work: "Work", person: int, address: str, value: Stored) -> None:
    if value is None:
        work.spine.run(
            "DELETE FROM person_address WHERE person_id = :id AND address = :address",
            id=person,
            address=address,
        )
        return
    written = work.spine.run(
        "INSERT INTO person_address (address, person_id, position) VALUES (:address, :id, :place) "
        "ON CONFLICT (address) DO UPDATE SET position = excluded.position "
        "WHERE person_address.person_id = excluded.person_id",
        address=address,
        id=person,
        place=value,
    )
    if not written:
        raise ConflictError(
            f"{address} belongs to somebody else meanwhile; look at them, then decide."
        )


def _read_broken(work: "Work", person: int, address: str) -> Stored:
    """Give [since, reason] where letters to an address come back."""
    row = work.spine.one(
        "SELECT broken_since, broken_reason FROM person_address "
        "WHERE person_id = :id AND address = :address",
        id=person,
        address=address,
    )
    if row is None or row["broken_since"] is None:
        return None
    return [to_text(moment(row["broken_since"])), row["broken_reason"]]


def _write_broken(work: "Work", person: int, address: str, value: Stored) -> None:
    since, reason = value if isinstance(value, list) else (None, "")
    if value is None:
        forget_count(work.spine, address)
    work.spine.run(
        "UPDATE person_address SET broken_since = :since, broken_reason = :reason "
        "WHERE person_id = :id AND address = :address",
        since=moment_or_none(since),
        reason=reason,
        id=person,
        address=address,
    )


def _read_told(work: "Work", problem: int, person: str) -> Stored:
    """Give [when, a mark of the words] of somebody who was told."""
    row = work.spine.one(
        "SELECT at, wording FROM problem_told WHERE problem_id = :id AND person_id = :person",
        id=problem,
        person=int(person),
    )
    return [to_text(moment(row["at"])), row["wording"]] if row else None


def _write_told(work: "Work", problem: int, person: str, value: Stored) -> None:
    if value is None:
        work.spine.run(
            "DELETE FROM problem_told WHERE problem_id = :id AND person_id = :person",
            id=problem,
            person=int(person),
        )
        return
    _write_all_told(work, problem, {person: value})


def _write_all_told(work: "Work", problem: int, told: Mapping[str, Stored]) -> None:
    """Keep the last time and words of each: who was told before may be told of other words."""
    work.spine.many(
        "INSERT INTO problem_told (problem_id, person_id, at, wording) "
        "VALUES (:id, :person, :at, :wording) ON CONFLICT (problem_id, person_id) "
        "DO UPDATE SET at = excluded.at, wording = excluded.wording",
        (
            {"id": problem, "person": int(one), "at": moment(at), "wording": wording}
            for one, (at, wording) in ((one, _told_pair(value)) for one, value in told.items())
        ),
    )


def _told_pair(value: Stored) -> tuple[Stored, Stored]:
    """Give (when, words); entries of older versions keep only the time."""
    return (value[0], value[1]) if isinstance(value, list) else (value, "")


def _read_use(work: "Work", solution: int, ticket: str) -> Stored:
    return read_use(work.spine, solution, int(ticket))


def _write_use(work: "Work", solution: int, ticket: str, value: Stored) -> None:
    write_use(work, solution, int(ticket), value if isinstance(value, list) else None)


_NEWS = "FROM release_told WHERE release_id = :id AND person_id = :person"


def _read_news(work: "Work", release: int, person: str) -> Stored:
    row = work.spine.one(f"SELECT at {_NEWS}", id=release, person=int(person))
    return to_text(moment(row["at"])) if row else None


def _write_news(work: "Work", release: int, person: str, value: Stored) -> None:
    if value is None:
        work.spine.run(f"DELETE {_NEWS}", id=release, person=int(person))
    else:
        _write_all_news(work, release, {person: value})


def _write_all_news(work: "Work", release: int, told: Mapping[str, Stored]) -> None:
    rows = [
        {"release_id": release, "person_id": int(one), "at": moment(at), "answer": ""}
        for one, at in told.items()
    ]
    bulk.write(work.spine, "release_told", rows)


def _read_answer(work: "Work", release: int, person: str) -> Stored:
    """Give [answer, when] of somebody who was told."""
    row = work.spine.one(f"SELECT answer, answered_at {_NEWS}", id=release, person=int(person))
    if row is None or not row["answer"]:
        return None
    return [row["answer"], to_text(moment(row["answered_at"]))]


def _write_answer(work: "Work", release: int, person: str, value: Stored) -> None:
    answer, at = value if isinstance(value, list) else ("", None)
    work.spine.run(
        "UPDATE release_told SET answer = :answer, answered_at = :at "
        "WHERE release_id = :id AND person_id = :person",
        answer=answer,
        at=moment_or_none(at),
        id=release,
        person=int(person),
    )


_TRACKED = "FROM tracked WHERE problem_id = :id AND tracker = :tracker"


def _read_tracked(work: "Work", problem: int, tracker: str) -> Stored:
    """Give [ref, url, state, fixed in] of a problem in a tracker; None: it is not there."""
    row = work.spine.one(
        f"SELECT ref, url, state, fixed_in {_TRACKED}", id=problem, tracker=tracker
    )
    return [row["ref"], row["url"], row["state"], row["fixed_in"]] if row else None


def _write_tracked(work: "Work", problem: int, tracker: str, value: Stored) -> None:
    if not isinstance(value, list):
        work.spine.run(f"DELETE {_TRACKED}", id=problem, tracker=tracker)
        return
    ref, url, state, fixed_in = value
    work.spine.run(
        "INSERT INTO tracked (problem_id, tracker, ref, url, state, fixed_in, told, told_state, "
        "told_version) VALUES (:id, :tracker, :ref, :url, :state, :fixed_in, '', '', 0) "
        "ON CONFLICT (problem_id, tracker) DO UPDATE SET ref = excluded.ref, url = excluded.url, "
        "state = excluded.state, fixed_in = excluded.fixed_in",
        id=problem,
        tracker=tracker,
        ref=ref,
        url=url,
        state=state,
        fixed_in=fixed_in,
    )


def news_told(kind: str) -> RowPart:
    """Give how it is kept who was told of a row of that kind: `told.update 2/12`."""
    keys = (
        "WHERE kind = :kind AND subject_id = :id AND wording = :wording AND person_id = :person_id"
    )

    def named(name: str) -> dict[str, object]:
        wording, _, person = name.rpartition("/")
        return {"kind": kind, "wording": wording, "person_id": int(person)}

    def read(work: "Work", number: int, name: str) -> Stored:
        row = work.spine.one(f"SELECT at FROM news_told {keys}", id=number, **named(name))  # noqa: S608 - constants
        return to_text(moment(row["at"])) if row else None

    def write(work: "Work", number: int, name: str, value: Stored) -> None:
        if value is None:
            work.spine.run(f"DELETE FROM news_told {keys}", id=number, **named(name))  # noqa: S608 - constants
        else:
            write_new(work, number, {name: value})

    def write_new(work: "Work", number: int, told: Mapping[str, Stored]) -> None:
        rows = [
            {"subject_id": number, "at": moment(at), **named(name)} for name, at in told.items()
        ]
        bulk.write(work.spine, "news_told", rows)

    return RowPart(read, write, write_new)


_PROMISE = "FROM problem_promise WHERE problem_id = :id AND ticket_id = :ticket"


def _read_promise(work: "Work", problem: int, ticket: str) -> Stored:
    """Give [when, by which day, told last, broken] of a fix promised to a ticket's requester."""
    row = work.spine.one(
        f"SELECT at, due_at, told, broken {_PROMISE}", id=problem, ticket=int(ticket)
    )
    if row is None:
        return None
    due = moment_or_none(row["due_at"])
    at = to_text(moment(row["at"]))
    return [at, to_text(due) if due else None, row["told"], bool(row["broken"])]


def _write_promise(work: "Work", problem: int, ticket: str, value: Stored) -> None:
    if value is None:
        work.spine.run(f"DELETE {_PROMISE}", id=problem, ticket=int(ticket))
    else:
        _write_promises(work, problem, {ticket: value})


def _write_promises(work: "Work", problem: int, promises: Mapping[str, Stored]) -> None:
    found = [(int(one), value) for one, value in promises.items() if isinstance(value, list)]
    work.spine.many(
        "INSERT INTO problem_promise (problem_id, ticket_id, at, due_at, told, broken) "
        "VALUES (:id, :ticket, :at, :due, :told, :broken) ON CONFLICT (problem_id, ticket_id) "
        "DO UPDATE SET at = excluded.at, due_at = excluded.due_at, told = excluded.told, "
        "broken = excluded.broken",
        [
            {
                "id": problem,
                "ticket": ticket,
                "at": moment(at),
                "due": moment_or_none(due),
                "told": told,
                "broken": bool(broken),
            }
            for ticket, (at, due, told, broken) in found
        ],
    )


def _read_version(work: "Work", offer: int, first_day: str) -> Stored:
    """Give what an offer promised from a day on, in the order of `PROMISED`."""
    row = work.spine.one(
        "SELECT promised FROM offer_version WHERE offer_id = :id AND first_day = :day",
        id=offer,
        day=first_day,
    )
    return json.loads(row["promised"]) if row else None


def _write_version(work: "Work", offer: int, first_day: str, value: Stored) -> None:
    work.spine.run(
        "DELETE FROM offer_version WHERE offer_id = :id AND first_day = :day",
        id=offer,
        day=first_day,
    )
    if value is not None:
        work.spine.run(
            "INSERT INTO offer_version (offer_id, first_day, promised) VALUES (:id, :day, :value)",
            id=offer,
            day=first_day,
            value=json_text(value),
        )


MEMBER = tied("membership", "group_id", "login", text=True)
ADDRESS = RowPart(_read_address, _write_address)
BROKEN = RowPart(_read_broken, _write_broken)
TOLD = RowPart(_read_told, _write_told, _write_all_told)
USE = RowPart(_read_use, _write_use)
FIXES = tied("release_problem", "release_id", "problem_id")
NEWS = RowPart(_read_news, _write_news, _write_all_news)
ANSWER = RowPart(_read_answer, _write_answer)
TRACKED = RowPart(_read_tracked, _write_tracked)
PROMISE = RowPart(_read_promise, _write_promise, _write_promises)
VERSION = RowPart(_read_version, _write_version)
OFFERED = {
    "organisation": tied(
        "offer_organisation", "offer_id", "organisation_id", counts="offer.clients"
    ),
    "site": tied("offer_site", "offer_id", "site_id"),
    "segment": tied("offer_segment", "offer_id", "segment", text=True),
}
"""Whom an offer names."""
