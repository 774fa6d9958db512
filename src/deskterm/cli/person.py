"""`deskterm person …`: requesters."""

from pathlib import Path
from typing import Annotated

import typer

from deskterm.cli import output
from deskterm.cli.change import Call, changing, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.output import when
from deskterm.cli.record import changed, listed
from deskterm.cli.session import opened
from deskterm.domain.errors import UsageError

noun = Noun("person", "Requesters: who they are, where they sit, how to reach them.")
COLUMNS = ("id", "name", "addresses", "phone", "department", "location", "site", "open_tickets")
Who = Annotated[str, typer.Argument(metavar="WHO", help="An address, a name, or #number.")]
Text = Annotated[str | None, typer.Option()]


@noun.verb("list", "deskterm person list mia")
@reading
def list_(
    call: Call,
    text: Annotated[list[str] | None, typer.Argument(metavar="[WORDS]")] = None,
    limit: Annotated[int, typer.Option(min=1)] = 50,
) -> None:
    """List requesters, or those whose name, address, phone or department fits."""
    words = " ".join(text or [])
    listed(
        call,
        lambda desk: desk.people.find(words, limit) if words else desk.people.all(limit),
        COLUMNS,
    )


@noun.verb("show", "deskterm person show ada@example.org")
@reading
def show(call: Call, who: Who) -> None:
    """Show all that is known of a requester."""
    with opened() as desk:
        row = desk.people.show(who)
    if output.chosen(call["output_"]) in ("json", "jsonl", "csv"):
        output.one(row._asdict(), call["output_"], columns=COLUMNS)
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


@noun.verb("set", "deskterm person set ada@example.org --phone 214 --department Sales")
@changing
def set_(
    call: Call,
    who: Who,
    name: Text = None,
    phone: Text = None,
    department: Text = None,
    location: Text = None,
    title: Text = None,
    segment: Annotated[str | None, typer.Option(help="For example VIP.")] = None,
    organisation: Text = None,
    site: Text = None,
    notes: Text = None,
    language: Annotated[str | None, typer.Option(help="Of letters to them: de, en …")] = None,
    email: Annotated[str | None, typer.Option(help="One more address.")] = None,
    device: Annotated[str | None, typer.Option(help="A device that is theirs.")] = None,
    address_works: Annotated[
        bool, typer.Option("--address-works", help="Letters go again to what was given up.")
    ] = False,
) -> None:
    """Correct what is known of a requester; an unknown address makes a new one."""
    given = {
        "name": name,
        "phone": phone,
        "department": department,
        "location": location,
        "title": title,
        "segment": segment,
        "organisation": organisation,
        "site": site,
        "notes": notes,
        "language": language,
        "email": email,
        "device": device,
    }
    values = {key: value for key, value in given.items() if value is not None}
    if address_works and values:
        raise UsageError("--address-works goes alone.")
    if address_works:
        changed(call, lambda desk, how: desk.people.address_works(who, **how), "letters go again")
        return
    if not values:
        raise UsageError("what shall be set? Give an option such as --phone.")
    changed(call, lambda desk, how: desk.people.set(who, values, **how), f"{who} is set")


@noun.verb("import", "deskterm person import people.csv")
@changing
def import_(call: Call, file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Take people from a CSV file with columns name, email, phone, department, site, device …"""
    from deskterm.services.people import read_csv

    with opened() as desk:
        how = {"op_id": call["op"], "dry": call["dry_run"]}
        taken = desk.people.load(read_csv(file), str(file), **how)
    say(f"{taken} people{' (dry run: nothing was kept)' if call['dry_run'] else ''}.")
