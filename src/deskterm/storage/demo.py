"""The statements of the demo's filling: into an empty desk, without letters."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.storage.driver import Database


class ProblemSeed(NamedTuple):
    """A problem as the demo writes it."""

    title: str
    state: str
    cause: str
    workaround: str
    os: str
    category: str


def first_filled(database: Database, tables: Sequence[str]) -> str:
    """Give the first of our own tables that has a row; nothing where all are empty."""
    for table in tables:
        if database.one(f'SELECT 1 AS one FROM "{table}" LIMIT 1'):  # noqa: S608 - our own tables
            return table
    return ""


def clear(database: Database, tables: Sequence[str]) -> None:
    """Empty our own tables, in this order."""
    for table in tables:
        database.run(f'DELETE FROM "{table}"')  # noqa: S608 - our own tables


def leave_out_keys(database: Database) -> None:
    """Leave out foreign keys on PostgreSQL for this transaction, for whoever may."""
    if database.dialect != "postgresql":
        return
    row = database.returned("SELECT current_setting('is_superuser') AS may")
    if row["may"] == "on":
        database.run("SET LOCAL session_replication_role = replica")


def cache_more(database: Database) -> None:
    """Let SQLite keep 200 MB of pages in memory while a year is written."""
    if database.dialect == "sqlite":
        database.run("PRAGMA cache_size = -200000")


def count_tickets(database: Database, tickets: int) -> None:
    """Set the number that the next ticket follows."""
    database.run("UPDATE counter SET value = :n WHERE name = 'ticket'", n=tickets)


def count_uses(database: Database) -> None:
    """Let the counts of solutions follow from their uses."""
    database.run(
        "UPDATE solution SET "
        "worked = (SELECT count(*) FROM solution_use u WHERE u.solution_id = solution.id "
        "AND u.worked), "
        "failed = (SELECT count(*) FROM solution_use u WHERE u.solution_id = solution.id "
        "AND NOT u.worked)"
    )


def add_up_time(database: Database) -> None:
    """Let the time of tickets follow from what was booked, and the numbers of what comes next."""
    database.run(
        "UPDATE ticket SET worked = (SELECT sum(e.seconds) FROM time_entry e "
        "WHERE e.ticket_id = ticket.id AND e.state = 'booked') "
        "WHERE id IN (SELECT ticket_id FROM time_entry)"
    )
    database.run(
        "INSERT INTO counter (name, value) SELECT 'time', max(id) FROM time_entry "
        "HAVING count(*) > 0"
    )


def plan_anew(database: Database) -> None:
    """Let the database count its rows, so that it plans well from the first question on."""
    database.run("ANALYZE" if database.dialect == "postgresql" else "PRAGMA optimize")


def fitting(database: Database, category: str, like: str, since: datetime, most: int) -> list[int]:
    """Give the newest tickets of a category whose subject is like a pattern."""
    rows = database.all(
        "SELECT t.id FROM ticket t JOIN category c ON c.id = t.category_id "
        "WHERE c.path = :category AND lower(t.subject) LIKE :like "
        "AND t.opened_at > :since AND t.state <> 'merged' ORDER BY t.id DESC LIMIT :most",
        category=category,
        like=like,
        since=since,
        most=most,
    )
    return sorted(row["id"] for row in rows)


def add_problem(
    database: Database, seed: ProblemSeed, tickets: Sequence[int], at: datetime
) -> None:
    """Write a problem with its tickets."""
    row = database.returned(
        "INSERT INTO problem (title, state, cause, workaround, reproduction, model, os, "
        "category_id, severity, owner, version, created_at, updated_at) VALUES (:title, :state, "
        ":cause, :workaround, '', '', :os, (SELECT id FROM category WHERE path = :category), "
        "'normal', '', 1, :made, :made) RETURNING id",
        made=at,
        **seed._asdict(),
    )
    database.run(
        "INSERT INTO problem_ticket (ticket_id, problem_id) "
        "SELECT id, :problem FROM ticket WHERE id IN :ids",
        problem=row["id"],
        ids=tickets,
    )


def fail_letters(database: Database, ticket: int, why: str) -> None:
    """Let the letters of a ticket that still wait be refused, as by a mail server."""
    database.run(
        "UPDATE outbox SET state = 'failed', error = :why WHERE ticket_id = :ticket "
        "AND state = 'queued'",
        why=why,
        ticket=ticket,
    )
