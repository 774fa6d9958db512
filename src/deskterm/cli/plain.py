"""`DESKTERM_PLAIN=1`: the desk as numbered prompts, without boxes, for screen readers."""

import shutil
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from deskterm.cli import output
from deskterm.cli.errors import say
from deskterm.cli.options import Call
from deskterm.cli.output import when
from deskterm.cli.session import opened
from deskterm.cli.ticket.page import standing
from deskterm.domain import clock, lifecycle
from deskterm.domain.errors import DeskError, RefusedError
from deskterm.domain.news import WORDS as TOLD
from deskterm.domain.promises import WORDS as PROMISED
from deskterm.domain.promises import PromiseKind
from deskterm.domain.requests import NewTicket
from deskterm.domain.rows import BoardRow, Done, EntryRow
from deskterm.domain.text import clean
from deskterm.domain.verbs import (
    Cancel,
    Close,
    Escalate,
    Note,
    Reopen,
    Reply,
    Solve,
    Take,
    Verify,
    Wait,
)
from deskterm.domain.vocabulary import Proof, WaitingFor
from deskterm.triage.ranking import promise_words
from deskterm.widgets.value_words import Names, change_lines, entry_words
from deskterm.widgets.wrapping import wrapped

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk
    from deskterm.domain.asking import Request

_PAGE = 20
_NO_BLOCKS = str.maketrans("", "", "▁▂▃▄▅▆▇█▲▼")
"""A line of blocks says nothing when it is read aloud; its words stand beside it."""
_NO_TERMINAL = 10_000
"""Columns where nobody breaks lines."""
_UNTIL = "Until when? 3d, tomorrow, 2026-12-24, or empty."


class _EndError(Exception):
    """The person wants to leave (end of input)."""


class _Choice(NamedTuple):
    """One thing that can be done with a ticket."""

    verb: str
    label: str
    asked: "Callable[[], Request] | None"
    """Asks what it must; None: a guide is walked."""


def plain_board() -> None:
    """Go through the open tickets line by line until the person leaves."""
    with opened() as desk:
        query = "is:open"
        try:
            while (answer := _board(desk, query)) != "q":
                query = _board_answer(desk, query, answer)
        except _EndError:
            return


def _ask(question: str) -> str:
    output.text(question)
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        raise _EndError
    return line.strip()


def _board(desk: "Desk", query: str) -> str:
    rows = desk.board.first_page(query, _PAGE)
    total = desk.board.count(query)
    output.prose(f"{total} tickets for {query}." if total else f"No tickets for {query}.")
    for one in desk.board.call_backs(due=True):
        words = f"Call back {one.requester}, ticket {one.ticket_id}, by {one.owner}. {one.note}"
        _prose(words.strip())
    for row in rows:
        _prose(_line(row))
    return _ask(
        "A ticket's number opens it. n new call, t take the next one, f filter, p promises, "
        "m what you are told of, i how it goes, q leave. Your word?"
    )


def _line(row: BoardRow) -> str:
    urgent = "urgent, " if row.urgent else ""
    owner = row.assignee or "nobody"
    subject = clean(row.subject, one_line=True)
    promise = promise_words(row, clock.now())
    due = f", promise {promise.replace('-', 'missed by ')}" if promise else ""
    return (
        f"Ticket {row.id}: {urgent}{row.state}, {subject}, from {row.requester}, "
        f"owner {owner}{due}."
    )


def _board_answer(desk: "Desk", query: str, answer: str) -> str:
    try:
        if answer == "n":
            _new(desk)
        elif answer == "t":
            _told(desk.tickets.next(""))
        elif answer == "f":
            wanted = _ask("Which tickets? A query such as urgent:yes or category:printing.")
            desk.board.count(wanted)
            return wanted or "is:open"
        elif answer in _PAGES:
            _PAGES[answer](desk)
        elif answer:
            _ticket(desk, int(answer.lstrip("#")))
    except ValueError:
        say(f"{answer!r} is none of the words.")
    except DeskError as error:
        say(str(error))
    return query


def _new(desk: "Desk") -> None:
    ticket = NewTicket(
        requester=_ask("Who calls? A name or an address."),
        subject=_ask("What is wrong, in one line?"),
        body=_ask("What do they say? Empty to skip."),
        urgent=_ask("Can it not wait? y or n.").lower().startswith("y"),
    )
    _told(desk.tickets.new(ticket))


def _insight(desk: "Desk") -> None:
    """Say how the desk stands, how 30 days went, what went wrong, grew, recurs and changed."""
    from deskterm.reports.sheets import mistake_sheet
    from deskterm.reports.shown import Wish
    from deskterm.reports.today_sheet import today_sheets, trend_sheets

    desk.figures.catch_up()
    now, lately, _, helped = today_sheets(desk.figures.today("30d"))
    wrong = mistake_sheet(desk.insight.mistakes("30d").mistakes)
    for sheet in (now, lately, wrong, *trend_sheets(desk.figures.trends(Wish())), helped):
        output.text(f"{sheet.title}: {'nothing.' if not sheet.rows else ''}".strip())
        for row in sheet.rows:
            said = row.cells["said"].text.replace("  ▲", ",").replace("  ▼", ",")
            said = said.translate(_NO_BLOCKS).replace("→", "to")
            _prose(f"{row.cells['what'].text.rstrip('.')}: {' '.join(said.split())}.")


def _many(rows: Sequence[object], what: str) -> str:
    return f"{len(rows)} {what}{'' if len(rows) == 1 else 's'}." if rows else ""


def _promises(desk: "Desk") -> None:
    """Say what is promised to people, and ask what became of it."""
    rows = desk.promises.list()
    _prose(_many(rows, "promise") or "Nothing is promised.")
    for place, one in enumerate(rows, 1):
        late = ", late" if one.broken else ""
        due = f", {when(one.at)}{late}" if one.at else ", no day named"
        who = f", by {one.owner}" if one.owner else ""
        phone = f", {one.phone}" if one.phone and one.kind == PromiseKind.CALL else ""
        note = f" {clean(one.note, one_line=True)}" if one.note else ""
        what = f"{place}. {PROMISED[one.kind]}, ticket {one.ticket_id}, {one.requester}{phone}"
        _prose(f"{what}{due}{who}.{note}")
    answer = _ask("Its number says what became of it; empty goes back.") if rows else ""
    if not answer:
        return
    if not answer.isdigit() or not 1 <= int(answer) <= len(rows):
        say(f"{answer!r} is none of the numbers.")
        return
    asked = rows[int(answer) - 1].id
    word = _ask("k kept, d dropped, or the new time: tomorrow 9:00, 3d, 2026-12-24.")
    if word == "k":
        _told(desk.promises.keep(asked, _ask("What came of it? Empty to skip.")))
    elif word == "d":
        _told(desk.promises.drop(asked, _ask("Why?")))
    elif word:
        _told(desk.promises.move(asked, word))


def _notices(desk: "Desk") -> None:
    """Say what the technician is told of and has not seen, and take it as seen."""
    rows = desk.notices.list(unseen=True)
    _prose(_many(rows, "notice") or "Nothing new.")
    for one in rows:
        of = f"ticket {one.ticket_id}, " if one.ticket_id is not None else ""
        urgent = "urgent, " if one.urgent else ""
        said = clean(one.subject, one_line=True).rstrip(".")
        _prose(f"{urgent}{TOLD[one.kind]}, {of}{said}, {when(one.at)}, {one.who}.")
    desk.notices.seen([one.id for one in rows])


_PAGES: "dict[str, Callable[[Desk], None]]" = {"i": _insight, "p": _promises, "m": _notices}
"""Word → what it says."""


def _ticket(desk: "Desk", number: int) -> None:
    while True:
        view = desk.tickets.show(number)
        _prose(f"{standing(view, full=True)}\n")
        names = desk.ledger.names(view.timeline)
        for entry in view.timeline:
            _prose(_sentence(entry, names))
        choices = [one for one in _CHOICES if lifecycle.allowed(one.verb, view.state)]
        for place, one in enumerate(choices, 1):
            output.text(f"{place}. {one.label}")
        answer = _ask("A number does it; empty goes back.")
        if not answer:
            return
        if not answer.isdigit() or not 1 <= int(answer) <= len(choices):
            say(f"{answer!r} is none of the numbers.")
            continue
        try:
            asked = choices[int(answer) - 1].asked
            done = desk.tickets.do([view.id], asked()) if asked else _guide(desk, view.id)
            _told(done)
            if view.id in done.gone:
                return
        except DeskError as error:
            say(str(error))


def _sentence(entry: EntryRow, names: Names) -> str:
    """Say an entry as one would read it out: when, who did what, what was written."""
    changes = [one.replace("→", "to") for one in change_lines(entry, names)]
    done = entry_words(entry, names).replace("→", "to")
    parts = ["; ".join([done, *changes]), clean(entry.text).strip()]
    undone = " This was taken back." if entry.undone else ""
    return f"{when(entry.at)}, {'. '.join(part for part in parts if part)}{undone}"


def _prose(text: str) -> None:
    """Write text that a terminal does not break within words."""
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else _NO_TERMINAL
    output.prose("\n".join(wrapped(clean(text), columns - 1)))


def _told(done: Done) -> None:
    say(f"Done: {done.kind} {', '.join(f'#{one}' for one in done.tickets)}.")
    for note in done.notes:
        say(note)


_CHOICES = (
    _Choice("take", "Take it", Take),
    _Choice("reply", "Reply", lambda: Reply(_ask("Your answer?"))),
    _Choice("note", "Internal note", lambda: Note(_ask("The note?"))),
    _Choice("wait", "Wait for the customer", lambda: Wait(WaitingFor.CUSTOMER, _ask(_UNTIL))),
    _Choice(
        "escalate",
        "Escalate",
        lambda: Escalate(_ask("To which group?"), _ask("The summary?")),
    ),
    _Choice("solve", "Solved", lambda: Solve(_ask("How was it solved?"))),
    _Choice("verify", "The work is verified", lambda: Verify("craft", Proof.OK)),
    _Choice("verify", "The customer confirms it", lambda: Verify("customer", Proof.OK)),
    _Choice("close", "Close as solved", Close),
    _Choice("reopen", "Reopen", lambda: Reopen(_ask("Why?"))),
    _Choice("cancel", "Cancel", lambda: Cancel(_ask("Why?"))),
    _Choice("guide", "Walk a guide", None),
)


def _guide(desk: "Desk", number: int) -> Done:
    """Choose a guide by its number and walk it; what it ends with is told as it is done."""
    from deskterm.cli.guide.walk import Walker

    waiting = [(str(row.id), f"go on: {row.title}") for row in desk.runs.open_runs(number)]
    fitting = [(one.id, f"{one.title}, {one.reason}") for one in desk.guides.suggest(number)]
    known = {name for name, _ in fitting}
    others = [(one.id, one.title) for one in desk.guides.list() if one.id not in known]
    offered = [*waiting, *fitting, *others]
    for place, (_, title) in enumerate(offered, 1):
        output.prose(f"{place}. {clean(title, one_line=True)}")
    answer = _ask("Which guide? A number; empty goes back.")
    if not answer.isdigit() or not 1 <= int(answer) <= len(offered):
        raise RefusedError("no guide was chosen.")
    walker = Walker(desk, Call(output="tsv"))
    walker.begin(offered[int(answer) - 1][0], number)
    walker.by_prompt()
    return Done("", "guide", (("ticket", number),))
