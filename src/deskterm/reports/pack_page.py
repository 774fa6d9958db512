"""The pack of the review board as one page that prints well, and as Markdown: the same blocks."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from deskterm.reports.cost import words as cost_words
from deskterm.reports.figure_sheet import definition_lines, words
from deskterm.reports.pack import (
    Pack,
    Seat,
    change_words,
    five_lines,
    suggested,
    target_words,
)
from deskterm.reports.page import chart, head, plain, safe
from deskterm.reports.shown import Line, Voice

_POOREST, _BEST = 5, 3
"""So many ratings with words are quoted."""
_STYLE = """
.short dt { float: left; width: 7rem; } .short dd { margin-left: 7.5rem; }
.short { border: 1px solid #d5d8e0; padding: .6rem 1rem; margin: 1rem 0; }
blockquote { margin: .5rem 0 .5rem 1rem; border-left: 3px solid #d5d8e0; padding-left: .8rem; }
h2 { break-after: avoid; } tr, blockquote { break-inside: avoid; }
"""


class Table(NamedTuple):
    """Heads and rows of words."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


class Quote(NamedTuple):
    """Somebody's words, and whose they are."""

    words: str
    whose: str


class Pairs(NamedTuple):
    """Things with what is said of each."""

    rows: Sequence[tuple[str, str]]


class Heading(NamedTuple):
    """The head of a section."""

    text: str


Block = Heading | Table | Quote | Pairs | Line | str


def blocks(pack: Pack) -> Iterator[Block]:
    """Give all of it in its order; the five lines stand before."""
    yield Heading("Figures against targets")
    yield _figures(pack)
    yield from pack.lines
    yield from _actions(pack)
    yield from _voices(pack)
    yield from _problems(pack)
    yield from _helped(pack)
    yield from _services(pack)
    yield from _decisions(pack)
    yield from _end(pack)


def about(pack: Pack) -> str:
    """Say which period it is, and what it lacks."""
    shown = pack.shown
    beside = f", beside {shown.other.name}" if shown.other else ""
    lacks = f" {shown.missing:,} tickets are not counted yet." if shown.missing else ""
    return f"{shown.period.name}{beside}, days in {shown.period.zone}.{lacks}"


def _figures(pack: Pack) -> Table:
    return Table(
        ("Figure", "Value", "Before", "Change", "Target"),
        [
            (
                one.figure.title,
                words(one.figure, one.value).whole,
                words(one.figure, one.other).short if one.other is not None else "",
                change_words(one, pack.over),
                target_words(one),
            )
            for one in pack.shown.rows
        ],
    )


def _actions(pack: Pack) -> Iterator[Block]:
    yield Heading("What was improved, and whether it worked")
    if not pack.actions:
        yield "No action is in the register."
        return
    yield Table(
        ("Action", "Owner", "Figure", "Before", "Since", "Target", "Until", "It says"),
        [
            (
                one.name,
                f"{one.owner} (left)" if one.left else one.owner,
                f"{one.title}{f' of {one.query}' if one.query else ''}",
                one.before_words,
                one.after_words,
                one.target,
                one.last_day,
                one.verdict.word,
            )
            for one in pack.actions
        ],
    )
    yield Pairs([(one.name, one.verdict.sentence) for one in pack.actions])


def _voices(pack: Pack) -> Iterator[Block]:
    yield Heading("Voices of customers")
    if pack.voices:
        many = {score: sum(one.rating == score for one in pack.voices) for score in range(5, 0, -1)}
        said = ", ".join(f"{n} × {score} of 5" for score, n in many.items() if n)
        answers = "1 answer" if len(pack.voices) == 1 else f"{len(pack.voices)} answers"
        yield f"{answers} to the question after closing: {said}."
    else:
        yield "No answers yet to the question after closing."
    for words_, rating, times in _quoted(pack.voices):
        yield Quote(words_, f"{rating} of 5" + (f", said {times} times" if times > 1 else ""))
    if not pack.feedback:
        yield "Nothing was kept from focus groups, conversations or letters."
    for said_ in pack.feedback:
        who = f"{said_.who}, " if said_.who else ""
        of = f", on {said_.service}" if said_.service else ""
        yield Quote(said_.words or said_.name, f"{who}{said_.source}, {said_.date}{of}")


def _quoted(voices: Sequence[Voice]) -> list[tuple[str, int, int]]:
    """Give words, rating and how often, of the poorest and the best; the poorest come first."""
    said = Counter((one.words.strip(), one.rating) for one in voices if one.words.strip())
    found = [(words, rating, many) for (words, rating), many in said.items()]
    poor = [one for one in found if one[1] <= 3][:_POOREST]
    good = [one for one in found if one[1] > 3]
    return [*poor, *good[-_BEST:]]


def _problems(pack: Pack) -> Iterator[Block]:
    yield Heading("Problems that cost most")
    if not pack.problems:
        yield "No ticket of the period belongs to a known problem."
        return
    rows = [(f"P{one.id} {one.title}", one.state, cost_words(one.cost)) for one in pack.problems]
    yield Table(("Problem", "State", "Its tickets of the period"), rows)


def _helped(pack: Pack) -> Iterator[Block]:
    if pack.helped:
        yield Heading("Guides and solutions that helped most")
        yield Table(
            ("Solved with", "Tickets", "Came back"),
            [
                (
                    f"{'guide' if one.kind == 'end' else one.kind} {one.name}",
                    str(one.solved),
                    str(one.returned),
                )
                for one in pack.helped
            ],
        )


def _services(pack: Pack) -> Iterator[Block]:
    yield Heading("Services to look at")
    if not pack.services:
        yield "No service stands out by the limits of the settings."
        return
    columns = ("service", "tickets", "hours", "missed", "satisfied", "proposal", "decided")
    heads = ("Service", "Tickets", "Worked", "Promises missed", "Satisfied", "Proposed because")
    yield Table(
        (*heads, "Decided"),
        [[row.cells[one].text for one in columns] for row in pack.services],
    )


def _decisions(pack: Pack) -> Iterator[Block]:
    yield Heading("Decisions asked for")
    if pack.asked:
        yield Table(
            ("Decision", "Why", "Asked"),
            [(one.name, one.words, _by(one.asked, one.asker)) for one in pack.asked],
        )
    else:
        yield "Nothing is asked of the board."
    found = suggested(pack)
    if found:
        yield Heading("Decisions that the figures suggest")
        yield Table(("Question", "Because"), found)
    yield Heading("Decisions taken in the period")
    if pack.taken:
        yield Table(
            ("Decision", "Answer", "Taken", "What follows"),
            [
                (one.name, one.answer, _by(one.taken, one.taken_by), one.follows)
                for one in pack.taken
            ],
        )
    else:
        yield "None was taken."


def _by(day: str, who: str) -> str:
    return f"{day} by {who}" if who else day


def _end(pack: Pack) -> Iterator[Block]:
    if pack.members:
        yield Heading("The review board")
        yield Pairs([(_seat(one), one.role) for one in pack.members])
    yield Heading("How each figure is counted")
    yield Pairs(
        [(one.figure.title, " ".join(definition_lines(one.figure))) for one in pack.shown.rows]
    )


def _seat(one: Seat) -> str:
    return f"{one.name} (left)" if one.left else one.name


def title(pack: Pack) -> str:
    """Give what the pack is called."""
    whose = f" for {pack.client}" if pack.client else ""
    return f"Service review {pack.shown.period.name}: {pack.desk}{whose}"


def html_pack(pack: Pack) -> str:
    """Give a whole page, without a script and without anything from elsewhere."""
    named = title(pack)
    body = [f"<h1>{safe(named)}</h1>"]
    body += [f"<p><em>{safe(one)}</em></p>" for one in pack.face.lines]
    body += [f"<p>{safe(about(pack))}</p>", _pairs_html(five_lines(pack), ' class="short"')]
    said = {one.figure.name: words(one.figure, one.value).whole for one in pack.shown.rows}
    for one in blocks(pack):
        body.append(
            chart(one, said.get(one.figure.name, "")) if isinstance(one, Line) else _html(one)
        )
    return f"{head(named, _STYLE)}\n{chr(10).join(body)}\n</body></html>\n"


def _html(block: Heading | Table | Quote | Pairs | str) -> str:
    if isinstance(block, Heading):
        return f"<h2>{safe(block.text)}</h2>"
    if isinstance(block, Table):
        rows = [_cells(block.heads, "th"), *(_cells(row, "td") for row in block.rows)]
        return f"<table>{''.join(rows)}</table>"
    if isinstance(block, Quote):
        return f"<blockquote>{safe(block.words)}<br><small>{safe(block.whose)}</small></blockquote>"
    if isinstance(block, Pairs):
        return _pairs_html(block.rows)
    return f"<p>{safe(block)}</p>"


def _pairs_html(rows: Iterable[tuple[str, str]], more: str = "") -> str:
    said = "".join(f"<dt>{safe(one)}</dt><dd>{safe(text)}</dd>" for one, text in rows)
    return f"<dl{more}>{said}</dl>"


def _cells(row: Sequence[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{safe(one)}</{tag}>' for one in row)}</tr>"


def markdown_pack(pack: Pack) -> str:
    """Give the same as Markdown; charts are left out."""
    told = [f"# {plain(title(pack))}", ""]
    for one in (*pack.face.lines, about(pack)):
        told += [plain(one), ""]
    told += [*_pairs(five_lines(pack)), ""]
    for block in blocks(pack):
        lines = list(_markdown(block))
        told += [*lines, ""] if lines else []
    return "\n".join(told)


def _markdown(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"## {plain(block.text)}"
    elif isinstance(block, Table):
        yield _row(block.heads)
        yield f"|{'---|' * len(block.heads)}"
        yield from (_row(row) for row in block.rows)
    elif isinstance(block, Quote):
        yield f"> {plain(block.words)}"
        yield f"> ({plain(block.whose)})"
    elif isinstance(block, Pairs):
        yield from _pairs(block.rows)
    elif isinstance(block, str):
        yield plain(block)


def _pairs(rows: Iterable[tuple[str, str]]) -> list[str]:
    return [f"- **{plain(one)}**: {plain(text)}" for one, text in rows]


def _row(row: Sequence[str]) -> str:
    return f"| {' | '.join(plain(one) for one in row)} |"
