"""`deskterm ticket …`: opening, listing, showing. The verbs that change are in `verbs`."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from deskterm import disk
from deskterm.cli import output
from deskterm.cli.change import Call, asking, changing, reading, report
from deskterm.cli.completing import query_words
from deskterm.cli.errors import say
from deskterm.cli.given import given_bytes, given_lines, said
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.cli.targets import number
from deskterm.domain import clock
from deskterm.domain.columns import LISTED
from deskterm.domain.errors import DeskError, NotFoundError, RefusedError, UsageError
from deskterm.domain.requests import NewFile, NewTicket
from deskterm.domain.rows import BoardRow
from deskterm.triage.near import suggestion
from deskterm.triage.ranking import promise_words, span_words
from deskterm.triage.spans import later
from deskterm.triage.urgency import Facts, judge

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk
    from deskterm.domain.rows import TicketView
    from deskterm.services.going_on import Line

noun = Noun("ticket", "Open, list, show and change tickets.")
noun.later("verbs", "answer", "approval", "why", "callback", "remedies", "remote")

COLUMNS = ("id", "urgent", "state", "subject", "requester", "assignee", "promise", "category")
SCRIPT_COLUMNS = (*COLUMNS[:6], "category", "opened_at")
"""What CSV and tab-separated lines hold: facts, where people see what is left of a promise."""
HERE = "here"
"""Who else has a ticket open or writes on it: `ticket list --columns id,here`, in JSON always."""
There = list[tuple[int, str, bool]]
"""(ticket, login, whether they write) of others."""
_FIELD_HELP = "A field of the desk's own; repeat for more."


@noun.verb("new", "deskterm ticket new --from ada@x.org --subject 'No VPN' --people 3 --urgent")
@changing
def new(
    call: Call,
    from_: Annotated[
        str | None,
        Option("--from", metavar="WHO", help="Address, name, phone, or a part; #number."),
    ] = None,
    new_person: Annotated[
        bool, Option("--new-person", help="--from names somebody new, whoever else fits.")
    ] = False,
    subject: Annotated[str, Option(help="One line.")] = "",
    body: Annotated[str, Option(metavar="TEXT|-", help="What the customer says.")] = "",
    urgent: Annotated[
        bool | None, Option("--urgent/--not-urgent", help="Default: as the facts say.")
    ] = None,
    people: Annotated[
        int | None, Option(min=1, max=1_000_000, help="How many people it touches.")
    ] = None,
    cannot_work: Annotated[
        bool | None, Option("--cannot-work/--can-work", help="Whether they can work.")
    ] = None,
    by: Annotated[
        str | None, Option("--by", metavar="WHEN", help="When it is needed: 14:00, 3d.")
    ] = None,
    channel: Annotated[str, Option(help="phone, walk-up, chat, email, web …")] = "phone",
    category: Annotated[str | None, Option(help="Its path, e.g. network/wifi.")] = None,
    service: Annotated[str | None, Option(help="The service it is about.")] = None,
    group: Annotated[str | None, Option(help="The group it goes to.")] = None,
    device: Annotated[str | None, Option(help="The device's name.")] = None,
    problem: Annotated[str, Option(help="What the problem is, in your words.")] = "",
    field: Annotated[list[str] | None, Option(metavar="K=V", help=_FIELD_HELP)] = None,
    attach: Annotated[list[Path] | None, Option(help="A file to keep with it.")] = None,
    take: Annotated[bool, Option("--take", help="Take it at once.")] = False,
    template: Annotated[str, Option(metavar="NAME", help="Filled in where nothing is said.")] = "",
    jsonl: Annotated[
        str | None, Option("--jsonl", metavar="-", help="Many: a JSON object a line.")
    ] = None,
    keep_going: Annotated[
        bool, Option("--keep-going", help="With --jsonl: name bad lines, open the rest, exit 1.")
    ] = False,
) -> int:
    """Open a ticket on somebody's behalf, or many."""
    if jsonl is not None:
        return _new_each(call, jsonl) if keep_going else _new_many(call, jsonl)
    if keep_going:
        raise UsageError("--keep-going goes with --jsonl: one ticket is opened or not.")
    if from_ is None:
        raise UsageError("who reports it? Give --from WHO (an address or a name).")
    ticket = NewTicket(
        requester=from_,
        new_person=new_person,
        subject=subject,
        body=said(body),
        people=people,
        cannot_work=cannot_work,
        channel=channel,
        category=category,
        service=service,
        group=group,
        device=device,
        problem=problem,
        take=take,
        fields=pairs(field or []),
        files=files(attach or []),
    )
    with opened() as desk:
        if template:
            ticket = desk.means.templates.fill(template, ticket)
        if by:
            ticket = ticket._replace(needed_by=later(by, clock.now(), desk.board.zone()))
        ticket = ticket._replace(urgent=_urgency(ticket, urgent))
        return report(desk, desk.tickets.new(ticket, how=asking(call)), call, single=True)


def _urgency(ticket: NewTicket, said: bool | None) -> bool:
    """Give what the person says, else what the facts say, and tell why."""
    if said is not None:
        return said
    judged = judge(Facts(ticket.people, ticket.cannot_work, ticket.needed_by), clock.now())
    if judged is None:
        return ticket.urgent
    other = "--not-urgent" if judged.urgent else "--urgent"
    say(f"{'Urgent' if judged.urgent else 'Not urgent'}: {judged.reason} ({other} says otherwise).")
    return judged.urgent


@noun.verb("list", "deskterm ticket list 'is:open urgent:yes' -o json")
@reading
def list_(
    call: Call,
    query: Annotated[
        list[str] | None, Argument(metavar="[QUERY]", autocompletion=query_words)
    ] = None,
    limit: Annotated[int, Option(min=1, help="At most this many.")] = 50,
    columns: Annotated[str | None, Option(metavar="A,B", help="Which columns.")] = None,
    sort: Annotated[str | None, Option(metavar="F", help="age, updated, id … -desc")] = None,
) -> None:
    """List tickets; without a query those that are open.

    In JSON, and as `--columns id,here`, they say who else has each open and whether they write.
    """
    text = " ".join(query or []).strip() or "is:open"
    if sort:
        text = f"{text} sort:{sort}"
    whole = output.chosen(call.output) in ("json", "jsonl")
    with opened() as desk:
        shown = _columns(desk, columns, call.output)
        wanted = (*LISTED, "fields") if whole else [one for one in shown if one != HERE]
        rows = desk.board.first_page(text, limit, wanted)
        there = _there(desk, [row.id for row in rows]) if whole or HERE in shown else None
    records = listed(rows)
    if there is not None:
        records = ({**one, HERE: _here(there, one["id"], whole)} for one in records)
    output.many(records, shown, call.output)
    if not rows and output.chosen(call.output) == "table":
        say("No ticket fits.")


def _there(desk: "Desk", tickets: list[int]) -> "There":
    from deskterm.services.acting import who_is_there

    return who_is_there(desk, tickets)


def _here(there: "There", ticket: object, whole: bool) -> object:
    """Give who else has a ticket open: for programs as records, else in words."""
    here = [(login, writes) for number, login, writes in there if number == ticket]
    if whole:
        return [{"login": login, "writing": writes} for login, writes in here]
    return ", ".join(f"{login} writes" if writes else login for login, writes in here)


def listed(rows: Iterable[BoardRow]) -> Iterator[dict[str, object]]:
    """Give rows as they are printed, with the promise in words: `0:12`, `-0:30`, `customer`."""
    moment = clock.now()
    for row in rows:
        own, more = row._asdict(), row.more
        del own["more"]
        words = {"promise": promise_words(row, moment), "age": span_words(moment - row.opened_at)}
        yield {**own, **more, **words}


@noun.verb("show", "deskterm ticket show 12 --full")
@reading
def show(
    call: Call,
    number_: Annotated[str, Argument(metavar="ID")],
    full: Annotated[bool, Option("--full", help="Everything, untrimmed.")] = False,
) -> None:
    """Show one ticket whole; a merged number shows its survivor."""
    with opened() as desk:
        view = desk.tickets.show(number(number_))
        as_record = output.chosen(call.output) in ("json", "jsonl")
        whole = _whole(desk, view) if full and not as_record else {}
        record = _record(desk, view) if as_record else {}
        names = {} if as_record else desk.ledger.names(view.timeline)
        there = _there(desk, [view.id])
    if there:
        from deskterm.services.acting import there_words

        say(there_words(there, [view.id]))
    if as_record:
        output.one(record | {HERE: _here(there, view.id, whole=True)}, call.output)
    else:
        from deskterm.cli.ticket.page import page

        output.prose(page(view, names, full=full, whole=whole))


def _record(desk: "Desk", view: "TicketView") -> dict[str, Any]:
    """Give a ticket for scripts: its facts, its files, and each promise with how it stands."""
    promises = [
        {"kind": one.kind, "target": one.target, "state": one.state, "due_at": one.due_at}
        | {"ended_at": one.ended_at}
        for one in desk.tickets.why(view.id).clocks
    ]
    return {**view._asdict(), "files": view.files, "promises": promises}


def _whole(desk: "Desk", view: "TicketView") -> dict[int, str]:
    """Give the text of the mail behind each entry whose quotes were folded away."""
    found = {}
    for entry in view.timeline:
        if entry.data.get("folded"):
            with suppress(NotFoundError):
                found[entry.id] = desk.inbox.show(entry.data["inbox"]).body
    return found


def pairs(given: list[str]) -> dict[str, str]:
    """Read `K=V` options; raises UsageError."""
    found = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"--field {one[:60]!r}: write it like os=macOS.")
        found[name.strip()] = value.strip()
    return found


def files(paths: list[Path]) -> tuple[NewFile, ...]:
    """Read files to attach; `-` is standard input."""
    return tuple(_file(path) for path in paths)


def _file(path: Path) -> NewFile:
    if str(path) == "-":
        content = given_bytes()
        name = "input.bin" if b"\0" in content else "input.txt"
    else:
        content, name = disk.read_bytes(path), path.name
    from mimetypes import guess_type

    return NewFile(name, guess_type(name)[0] or "application/octet-stream", content)


def _columns(desk: "Desk", text: str | None, format_: str | None) -> tuple[str, ...]:
    if text is None:
        return COLUMNS if output.chosen(format_) == "table" else SCRIPT_COLUMNS
    wanted = tuple(part.strip() for part in text.split(",") if part.strip())
    every = (*LISTED, HERE)
    wanted = tuple(name if name in every else _called(name) for name in wanted)
    known = every if all(name in every for name in wanted) else [*desk.board.columns(), HERE]
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        hint = suggestion(unknown[0], known) if unknown else ""
        said = f"no column {unknown[0] if unknown else text!r}; "
        raise UsageError(said + (hint or f"use {', '.join(known)}."))
    return wanted


def _called(name: str) -> str:
    """Give the column that lists call so, or a query asks for: `owner`, `from`; else the name."""
    for key, one in LISTED.items():
        if one.shown is not None and name.lower() in (one.shown.title.lower(), one.shown.term):
            return key
    return name


def _new_many(call: Call, source: str) -> int:
    with given_lines(source) as stream, opened() as desk:
        lines = _Lines(stream, "standard input" if source == "-" else source)
        try:
            done = desk.tickets.new_many(lines.requests(), how=asking(call))
        except (UsageError, NotFoundError, RefusedError) as error:
            raise type(error)(f"{lines.where}: {error}") from error
        return report(desk, done, call, single=False)


def _new_each(call: Call, source: str) -> int:
    from deskterm.services.going_on import each

    with given_lines(source) as stream, opened() as desk:
        lines = _Lines(stream, "standard input" if source == "-" else source)
        done = each(lines.each(), desk.tickets.new_many, asking(call), "new")
        return report(desk, done, call, single=False)


_KEYS = {
    "from": "requester",
    "title": "subject",
    "description": "body",
    "requester": "requester",
    "subject": "subject",
    "body": "body",
    "channel": "channel",
    "category": "category",
    "service": "service",
    "group": "group",
    "device": "device",
    "problem": "problem",
}


class _Lines:
    """Tickets from lines of JSON; whatever is refused is the line that was read last."""

    def __init__(self, stream: Iterable[str], source: str) -> None:
        self._stream = stream
        self._source = source
        self.where = source

    def requests(self) -> Iterator[NewTicket]:
        """Give a ticket for each line that is not empty."""
        for place, line in enumerate(self._stream, 1):
            self.where = f"{self._source}:{place}"
            if line.strip():
                yield _request(line)

    def each(self) -> "Iterator[Line[NewTicket]]":
        """Give the same, and of a line that is none why."""
        from deskterm.services.going_on import Line

        for place, line in enumerate(self._stream, 1):
            if line.strip():
                try:
                    asked: NewTicket | DeskError = _request(line)
                except UsageError as error:
                    asked = error
                yield Line(f"{self._source}:{place}", asked)


def _request(line: str) -> NewTicket:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"no JSON ({error}).") from error
    if not isinstance(given, dict):
        raise UsageError(f"a JSON object is wanted, not {type(given).__name__}.")
    fields = given.pop("fields", {}) or {}
    urgent, new = given.pop("urgent", False), given.pop("new_person", False)
    unknown = sorted(set(given) - set(_KEYS))
    if unknown:
        raise UsageError(f"unknown key {unknown[0]!r}; known: {', '.join(_KEYS)}, fields.")
    if not isinstance(fields, dict) or not isinstance(urgent, bool) or not isinstance(new, bool):
        raise UsageError("fields is an object; urgent and new_person are true or false.")
    ticket = NewTicket(
        urgent=urgent, new_person=new, fields={str(k): str(v) for k, v in fields.items()}
    )
    texts = {_KEYS[key]: str(value) for key, value in given.items() if value is not None}
    return ticket._replace(**texts)  # type: ignore[arg-type]  # each of these is a text
