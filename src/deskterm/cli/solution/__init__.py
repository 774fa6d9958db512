"""`deskterm solution …`: finding and reading. The verbs that change are in `verbs`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.domain.solutions import (
    FIELDS,
    LABELS,
    TEXTS,
    SolutionEdit,
    SolutionRow,
    proof_text,
    solution_number,
)
from deskterm.domain.solutions import sheet as write_sheet

noun = Noun("solution", "Solutions: draft, review, publish, use, rate, site.")
noun.later("verbs", "uses")

COLUMNS = ("id", "confidence", "audience", "proof", "category", "title", "updated_at")
Words = Annotated[list[str] | None, Argument(metavar="WORDS...")]
Named = Annotated[str, Argument(metavar="SOLUTION", help="S12 or 12.")]


@noun.verb("list", "deskterm solution list --confidence draft")
@reading
def list_(
    call: Call,
    confidence: Annotated[
        str | None, Option(help="draft, 'not validated', validated, archived.")
    ] = None,
    audience: Annotated[
        str | None, Option(help="What technicians, organisation or public may read.")
    ] = None,
    category: Annotated[str | None, Option(help="With what lies below it.")] = None,
    flagged: Annotated[
        bool, Option("--flagged", help="Those that did not work since they were edited.")
    ] = False,
    all_: Annotated[bool, Option("--all", help="Archived ones too.")] = False,
) -> None:
    """List solutions by number."""
    with opened() as desk:
        rows = desk.solutions.list(
            confidence=confidence,
            audience=audience,
            category=category,
            flagged=flagged,
            archived=all_,
        )
    output.many([record(row) for row in rows], COLUMNS, call.output)


@noun.verb("search", "deskterm solution search vpn no route")
@reading
def search(
    call: Call,
    words: Words = None,
    limit: Annotated[int, Option(min=1, help="At most this many.")] = 20,
) -> None:
    """Find solutions by words, best first."""
    with opened() as desk:
        rows = desk.solutions.search(" ".join(words or []))[:limit]
    output.many([record(row) for row in rows], COLUMNS, call.output)


@noun.verb("show", "deskterm solution show S12 --history")
@reading
def show(
    call: Call,
    solution: Named,
    history: Annotated[bool, Option("--history", help="Every edit, use and rating.")] = False,
    sheet: Annotated[
        bool, Option("--sheet", help="As a text that `solution edit --sheet` reads.")
    ] = False,
) -> None:
    """Show one solution whole."""
    number = solution_number(solution)
    with opened() as desk:
        row = desk.solutions.show(number)
        edits = desk.solutions.history(number) if history else ()
    if sheet:
        output.prose(write_sheet({name: getattr(row, name) or "" for name in FIELDS}))
    elif output.chosen(call.output) in ("json", "jsonl"):
        whole = record(row)
        if history:
            whole["history"] = [edit._asdict() for edit in edits]
        output.one(whole, call.output)
    else:
        output.prose(page(row, edits))


@noun.verb("check", "deskterm solution check S12")
@reading
def check(call: Call, solution: Named) -> None:
    """Show what in a solution should not be read outside: names, addresses, hosts, numbers."""
    with opened() as desk:
        found = desk.solutions.leaks(solution_number(solution))
    output.many([leak._asdict() for leak in found], ("field", "kind", "found"), call.output)


@noun.verb("site", "deskterm solution site ./help-pages")
@reading
def site(
    call: Call,
    folder: Annotated[Path, Argument(metavar="FOLDER")],
    audience: Annotated[
        str, Option(help="public, organisation, organisation:NAME or technicians.")
    ] = "public",
    name: Annotated[str, Option(help="The site's name.")] = "",
) -> None:
    """Write what is published as a searchable site that works without a server."""
    with opened() as desk:
        done = desk.solutions.site(folder, audience, name)
    told: dict[str, object] = {**done._asdict(), "folder": str(done.folder)}
    output.one(told, call.output, columns=("folder", "pages", "written", "removed"))


@noun.verb("stale", "deskterm solution stale")
@reading
def stale(call: Call) -> None:
    """List those to look at again: due, failing, unused for a year, drafts for a month.

    `solution renew` says that one is still right, `solution retire` that it is not.
    """
    with opened() as desk:
        found = desk.solutions.stale()
    records = [{**record(one.row), "why": "; ".join(one.reasons)} for one in found]
    output.many(records, ("id", "confidence", "proof", "title", "why"), call.output)


@noun.verb("wanted", "deskterm solution wanted")
@reading
def wanted(
    call: Call,
    limit: Annotated[int, Option(min=1, help="At most this many.")] = 20,
    least: Annotated[int, Option(min=2, help="Tickets that make a question recur.")] = 3,
) -> None:
    """Show what to write next: questions that keep coming, by the time they cost.

    Cost = how often x the median minutes from taken to solved, a pause counting 30 at most.
    `solution new --wanted N` begins it.
    """
    with opened() as desk:
        found = desk.solutions.wanted(limit, least)
    records = [
        {
            **one._asdict(),
            "median_minutes": round(one.median_minutes, 1),
            "cost_minutes": round(one.cost_minutes, 1),
            "draft": f"S{one.draft}" if one.draft else None,
        }
        for one in found
    ]
    columns = ("ticket", "times", "median_minutes", "cost_minutes", "category", "title", "draft")
    output.many(records, columns, call.output)


def record(row: SolutionRow) -> dict[str, object]:
    """Give a solution as data."""
    return {**row._asdict(), "name": row.name, "proof": proof_text(row.worked, row.failed)}


def page(row: SolutionRow, edits: Sequence[SolutionEdit] = ()) -> str:
    """Give a solution as a page for people; not yet cleaned."""
    trust = [row.confidence, f"for {row.audience}" if row.audience else "not published"]
    trust += ["flagged: it did not work lately"] if row.flagged else []
    lines = [f"{row.name} {row.title}", f"{' · '.join(trust)} · version {row.version}"]
    lines.append(f"worked {proof_text(row.worked, row.failed)}")
    facts = (
        ("Category", row.category),
        ("Client", row.client),
        ("Owner", row.owner),
        ("From ticket", f"#{row.source_ticket}" if row.source_ticket else None),
        ("Fixed in", row.fixed_in),
        ("Review by", row.review_by),
        ("Updated", output.when(row.updated_at)),
        ("Published", output.when(row.published_at)),
    )
    lines += [f"{label + ':':13} {value}" for label, value in facts if value]
    for name in TEXTS[1:]:
        if getattr(row, name):
            lines += ["", LABELS[name], *(f"  {line}" for line in getattr(row, name).splitlines())]
    return "\n".join([*lines, *_history(edits)])


def _history(edits: Sequence[SolutionEdit]) -> list[str]:
    lines = ["", "History"] if edits else []
    for edit in edits:
        undone = " (undone)" if edit.undone else ""
        lines.append(f"  {output.when(edit.at)} {edit.actor} {edit.event}{undone} {edit.text}")
        lines += [
            f"    {name}: {_short(old)} → {_short(new)}"
            for name, (old, new) in edit.changes.items()
        ]
    return lines


def _short(value: object) -> str:
    text = "nothing" if value in (None, "") else " ".join(str(value).split())
    return text if len(text) <= 60 else text[:59] + "…"
