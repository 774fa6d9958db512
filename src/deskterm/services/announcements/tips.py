"""Tips that prevent the next call, and the welcome to new people: a letter each, once (E5)."""

from collections.abc import Sequence

from deskterm.domain.audience import Audience, Member
from deskterm.domain.clock import to_text
from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.solutions import READERS, TIP
from deskterm.domain.vocabulary import Audience as Circle
from deskterm.domain.vocabulary import Event
from deskterm.services.letters import Letters
from deskterm.services.news_letters import ToReader, write_news
from deskterm.services.records.merging import WELCOME
from deskterm.storage.driver import Database
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import announcements as reads
from deskterm.storage.reads.audience import members, within
from deskterm.storage.reads.clients import of_solutions
from deskterm.storage.reads.solutions import tips_of
from deskterm.storage.solution_uses import lock
from deskterm.storage.work import Work
from deskterm.triage.people_terms import audience

_TIPS = 3
"""So many tips stand in the welcome letter: those of what worked most often."""


def tip_audience(database: Database, solution: int, query: str) -> Audience:
    """Give who would get the tip of a solution, who not and why.

    Raises QueryError, and NotFoundError where there is no such solution.
    """
    known = of_solutions(database, [solution])
    if solution not in known:
        raise NotFoundError(f"there is no solution S{solution}; see `deskterm solution list`.")
    told = reads.told(database, "solution", solution, TIP)
    found = members(database, audience(query or "everyone"))
    return _but(query, within(database, known[solution], found), told)


def welcome_audience(database: Database, query: str) -> Audience:
    """Give who would be welcomed, who not and why; raises QueryError."""
    found = members(database, audience(query or "everyone"))
    return _but(query, found, reads.welcomed(database, [one.person_id for one in found]))


def _but(query: str, found: Sequence[Member], told: set[int]) -> Audience:
    """Leave out who was told before."""
    marked = [
        one._replace(status="told before") if one.person_id in told and not one.status else one
        for one in found
    ]
    return Audience(query.strip() or "everyone", marked)


def tell_tip(work: Work, letters: Letters, solution: int, people: Sequence[Member]) -> int:
    """Write the tip of a solution to people, once each; gives how many letters.

    Raises RefusedError where it has none, or customers may not read it.
    """
    kept = lock(work, solution)
    if not kept["tip"].strip():
        raise RefusedError(
            f"S{solution} has no tip: write one (`solution edit S{solution} --tip`)."
        )
    if kept["audience"] not in READERS[Circle.ORGANISATION]:
        raise RefusedError(f"S{solution} is not published for customers: publish it first.")
    asked = [one.person_id for one in people]
    told = reads.told(work.spine, "solution", solution, TIP, asked)
    found = [one for one in people if one.person_id not in told]
    row = HeldRow(work, "solution", solution)
    at = to_text(work.at)
    row.put_new("told", {f"{TIP}/{one.person_id}": at for one in found})
    if found:
        row.write(Event.MAIL, f"Told the tip to {len(found)} people.")
    said = {"said": kept["tip"].strip(), "title": kept["title"]}
    return write_news(work, letters, "news_tip", (ToReader(one, said) for one in found))


def welcome(work: Work, letters: Letters, people: Sequence[Member]) -> int:
    """Write the welcome letter to people who never got it; gives how many letters."""
    told = reads.welcomed(work.spine, [one.person_id for one in people])
    fresh = [one for one in people if not one.status and one.person_id not in told]
    at, tips = to_text(work.at), tips_of(work.spine, _TIPS)
    for one in fresh:
        row = HeldRow(work, "person", one.person_id)
        row.put(f"told.{WELCOME}/{one.person_id}", at)
        row.write(Event.MAIL, row["name"])
    said = {"tips": tips}
    return write_news(work, letters, "news_welcome", (ToReader(one, said) for one in fresh))
