"""`deskterm review …`: calls drawn for review, filled in, read, summed by step."""

from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, changing, reading
from deskterm.cli.errors import say
from deskterm.cli.figures import Wanted, When
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.record import changed
from deskterm.cli.session import opened

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk
    from deskterm.domain.asking import How
    from deskterm.domain.reviews import Question, ReviewRow
    from deskterm.domain.rows import Done

noun = Noun("review", "Call reviews: drawn fairly, filled in by a colleague, summed by step.")
COLUMNS = ("id", "ticket_id", "login", "state", "reviewer", "category", "subject")
_EXACT = ("json", "jsonl", "csv")
Number = Annotated[int, Argument(metavar="ID", help="Of the review.")]


@noun.verb("draw", "deskterm review draw --period 2026-11 --each 2 --seed 7")
@changing
def draw(
    call: Call,
    period: When = "30d",
    each: Annotated[int, Option("--each", metavar="N", help="Of every technician.")] = 2,
    seed: Annotated[
        str, Option("--seed", help="Draws the same again; else the period's name.")
    ] = "",
    query: Wanted = "",
) -> None:
    """Draw closed tickets of every technician, as many of each: what is drawn is chance alone.

    Left out are spam, duplicates, merged and imported tickets, a technician's own trouble, and
    what was drawn before, which counts towards N.
    """
    with opened() as desk:
        desk.figures.catch_up()
    found: list[int] = []

    def change(desk: "Desk", how: "How") -> "Done":
        done = desk.staff.reviews.draw(period, each=each, seed=seed, query=query, how=how)
        found[:] = [number for kind, number in done.subjects if kind == "review"]
        return done

    changed(call, change, "Drawn")
    say(f"{len(found)} to be reviewed; `deskterm review list` has them.")


@noun.verb("list", "deskterm review list -o json")
@reading
def list_(
    call: Call,
    every: Annotated[
        bool, Option("--all", help="Also of whoever left before it was filled in.")
    ] = False,
) -> None:
    """List the reviews: whose ticket, how each stands. Answers are not in it."""
    with opened() as desk:
        rows = [
            one._asdict() | {"state": one.state} for one in desk.staff.reviews.list(every=every)
        ]
    if output.chosen(call.output) in _EXACT:
        rows = [{key: row[key] for key in (*COLUMNS, "period", "drawn_at", "filled_at", "seen_at")}
                for row in rows]  # fmt: skip
        output.many(rows, tuple(rows[0]) if rows else COLUMNS, call.output)
        return
    output.many(rows, COLUMNS, call.output)


@noun.verb("show", "deskterm review show 3")
@reading
def show(call: Call, number: Number) -> None:
    """Show one: its questions, or what was answered, to the reviewed and the reviewer alone."""
    with opened() as desk:
        found = desk.staff.reviews.show(number)
        asked = desk.staff.reviews.questions
    if output.chosen(call.output) in _EXACT:
        record = found._asdict() | {
            "state": found.state,
            "answers": [one._asdict() for one in found.answers],
            "questions": [one._asdict() for one in asked],
        }
        output.one(record, call.output, columns=COLUMNS)
        return
    output.prose("\n".join(_page(found, asked)))


def _page(found: "ReviewRow", asked: "list[Question]") -> list[str]:
    lines = [
        f"Review {found.id}: #{found.ticket_id} {found.subject}",
        f"{found.login} · {found.state}"
        + (f" · reviewed by {found.reviewer}" if found.reviewer else ""),
        "",
    ]
    if found.filled_at is None:
        lines += [f"{n}. {one.step}: {one.text}" for n, one in enumerate(asked, 1)]
        return [*lines, "", f"deskterm review fill {found.id} --answers 'yes no - …'"]
    lines += [f"{one.said:<4} {one.step}: {one.question}" for one in found.answers]
    lines += ["", found.note] if found.note else []
    return lines + (["", f"{found.login}: {found.reply}"] if found.reply else [])


@noun.verb("fill", "deskterm review fill 3 --answers 'yes yes no - yes yes yes no' --note 'Kind.'")
@changing
def fill(
    call: Call,
    number: Number,
    answers: Annotated[
        str, Option("--answers", metavar="WORDS", help="yes, no or - for each question.")
    ],
    note: Annotated[str, Option("--note", help="Words to the reviewed.")] = "",
) -> None:
    """Fill one in, as somebody else than the reviewed, who is told; filling again corrects it."""
    changed(
        call,
        lambda desk, how: desk.staff.reviews.fill(number, answers, note, how),
        f"review {number} is filled in",
    )


@noun.verb("seen", "deskterm review seen 3 --reply 'True, I was in a hurry.'")
@changing
def seen(
    call: Call,
    number: Number,
    reply: Annotated[str, Option("--reply", help="Words to the reviewer.")] = "",
) -> None:
    """Say that you have read the review of your call."""
    changed(
        call,
        lambda desk, how: desk.staff.reviews.see(number, reply, how),
        f"review {number} is read",
    )


@noun.verb("sum", "deskterm review sum --period last-quarter")
@reading
def sum_(call: Call, period: When = "90d") -> None:
    """Sum the reviews of a period by step and question; it never names a person.

    Few answers (the setting review.least), or answers about one person alone, say nothing.
    """
    with opened() as desk:
        found = desk.staff.reviews.sums(period)
    rows = [
        {
            "step": one.step,
            "question": one.question,
            "yes": one.share.record if one.enough else one.text,
            "apart": one.apart,
        }
        for one in found.steps
    ]
    if output.chosen(call.output) not in ("json", "jsonl"):
        rows = [row | {"yes": one.text} for row, one in zip(rows, found.steps, strict=True)]
    output.many(rows, ("step", "yes", "apart", "question"), call.output)
    say(f"{found.period}: {found.reviews} reviews.")


@noun.verb("needs", "deskterm review needs --period last-quarter")
@reading
def needs(call: Call, period: When = "90d") -> None:
    """Show what the desk should learn: steps below review.limit, categories that lack somebody."""
    with opened() as desk:
        desk.figures.catch_up()
        found = desk.staff.reviews.sums(period).needs
    output.many((one._asdict() for one in found), ("kind", "what", "why", "who"), call.output)
