"""`deskterm person …`: requesters."""

from pathlib import Path
from typing import Annotated

from deskterm import disk
from deskterm.cli import output
from deskterm.cli.audience import shown_first, written
from deskterm.cli.change import Call, asking, changing, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.output import when
from deskterm.cli.progress import Bar
from deskterm.cli.record import forgotten, handed_out, listed
from deskterm.cli.records import register
from deskterm.cli.session import opened
from deskterm.cli.ticket import listed as listed_tickets
from deskterm.domain.errors import RefusedError
from deskterm.domain.rows import PersonPage

noun = Noun("person", "Requesters: who they are, where they sit, how to reach them.")
COLUMNS = ("id", "name", "addresses", "phone", "department", "location", "site", "open_tickets")
Who = Annotated[str, Argument(metavar="WHO", help="An address, a name, or #number.")]


@noun.verb("list", "deskterm person list 'site:Leeds -segment:contractors'")
@reading
def list_(
    call: Call,
    text: Annotated[list[str] | None, Argument(metavar="[QUERY]")] = None,
    limit: Annotated[int, Option(min=1)] = 50,
) -> None:
    """List requesters, or those a query finds: words of a name, site:, org:, model:, service: …"""
    words = " ".join(text or [])
    listed(
        call,
        lambda desk: desk.people.asked(words, limit) if words else desk.people.all(limit),
        COLUMNS,
    )


@noun.verb("welcome", "deskterm person welcome 'is:new site:Leeds'")
@changing
def welcome(
    call: Call, query: Annotated[list[str], Argument(metavar="QUERY", help="Who: a query.")]
) -> None:
    """Write the welcome letter, how to reach the desk and the best tips, to who never got it."""
    words = " ".join(query)
    with opened() as desk:
        shown_first(desk, desk.announcements.welcome_audience(words), call)
        bar = Bar("Writing", 0)
        done = desk.announcements.welcome(words, asking(call), bar.show)
        bar.end()
        written(done, call)


@noun.verb("show", "deskterm person show ada@example.org")
@reading
def show(call: Call, who: Who) -> None:
    """Show all that is known of a requester: tickets, devices, ratings, what was promised."""
    with opened() as desk:
        page = desk.people.page(who)
    row = page.person
    if output.chosen(call.output) in ("json", "jsonl", "csv"):
        record = row._asdict() | page._asdict() | {"tickets": list(listed_tickets(page.tickets))}
        del record["person"]
        output.one(record, call.output, columns=COLUMNS)
        return
    for name, value in row._asdict().items():
        if name == "devices":
            value = ", ".join(f"{one.name} {one.model} {one.os}".strip() for one in row.devices)
        elif name == "broken":
            value = "; ".join(f"{one.address}, {when(one.since)}: {one.reason}" for one in value)
            name = "letters come back"
        elif isinstance(value, tuple):
            value = ", ".join(value)
        if value not in (None, ""):
            output.prose(f"{name.replace('_', ' '):<18}{value}")
    _had(page)


@noun.verb("link", "deskterm person link ada@example.org --shortcut help-desk.url")
@changing
def link(
    call: Call,
    who: Who,
    revoke: Annotated[
        bool, Option("--revoke", help="Every link of theirs until now opens nothing.")
    ] = False,
    shortcut: Annotated[
        Path | None, Option("--shortcut", help="Write a file for a desktop: .url .desktop .webloc")
    ] = None,
) -> None:
    """Give somebody's personal link to the web face: it says who they are, so tell them alone."""
    from deskterm.domain.shortcuts import written as shortcut_of
    from deskterm.services.web.web import Web

    with opened() as desk:
        web = Web(desk, desk.tickets, desk.solutions)
        if revoke:
            done = web.revoke(who, asking(call))
            say("Nothing was changed." if done.dry else "Their links until now open nothing.")
            return
        face = web.published.face()
        if not face.url:
            raise RefusedError("where is the web face? `deskterm settings set web.url https://…`.")
        person, last = web.personal(who)
    address = f"{face.url}/p/{last}/"
    if shortcut is not None:
        content = shortcut_of(shortcut.suffix, face.name, address).encode()
        try:
            disk.write(shortcut, content)
        except OSError as error:
            raise RefusedError(f"{shortcut} cannot be written: {error.strerror}.") from None
        say(f"Written: {shortcut}")
    elif output.chosen(call.output) in ("json", "jsonl"):
        output.one({"person": person, "link": address}, call.output)
    else:
        output.text(address)


@noun.verb("export", "deskterm person export ada@example.org ./for-ada")
@reading
def export(call: Call, who: Who, folder: Annotated[Path, Argument(metavar="FOLDER")]) -> None:
    """Write all that is known of somebody: JSON, their mails, letters to them, attachments."""
    from deskterm.services.privacy import hand_out

    handed_out(call, folder, lambda desk: hand_out(desk.store, who, folder))


@noun.verb("forget", "deskterm person forget ada@example.org --dry-run")
@changing
def forget(call: Call, who: Who) -> None:
    """Cover names, addresses and words of somebody in tickets, ledger, letters, mails and files.

    It cannot be undone, and backups made before still hold everything; --dry-run counts.
    """
    forgotten(call, who, lambda forgetting: forgetting.person(who, asking(call)))


def _had(page: PersonPage) -> None:
    """Tell what they were promised, how they rated, and every ticket of theirs."""
    if page.ratings:
        output.prose(f"{'rated':<18}{', '.join(map(str, page.ratings))} of 5, the newest first")
    for one in page.promises:
        output.prose(f"{'promised':<18}#{one.ticket_id} {one.what} {when(one.at)}".rstrip())
    for ticket in page.tickets:
        rated = f", rated {ticket.value('rating')}" if ticket.value("rating") else ""
        words = f"#{ticket.id} {ticket.subject} ({ticket.state}{rated})"
        output.prose(f"{when(ticket.opened_at):<18}{words}")


register(noun)
