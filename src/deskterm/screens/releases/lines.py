"""How releases are drawn: a line each; one whole, with a line a problem and a person."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from textual.content import Content

from deskterm.domain.problems import state_words
from deskterm.domain.releases import Answered, Heard, Plan, ReleaseRow, ReleaseState
from deskterm.domain.text import clean
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_lines import fit
from deskterm.widgets.value_words import moment_words, time_words

VERSION, STATE, WHEN = 9, 11, 12
COUNTS = {"Fixes": 5, "Told": 6, "Works": 6, "Broken": 7, "Silent": 7}
"""Cells of the columns; the product has the rest."""
SIGNS = {ReleaseState.PLANNED: "»", ReleaseState.SHIPPED: "^", ReleaseState.WITHDRAWN: "–"}
"""State → sign; the word stands beside it."""
MOST = 500
"""People who have a line each; the command names all of them."""
WHO, STAND, LABEL = 22, 14, 10
_STYLES = {str(Answered.BROKEN): "bold $error", str(Answered.WORKS): "$success"}


def titles(width: int) -> str:
    """Give the heads of the columns."""
    return _columns(("Product", "Version", "State", "When"), tuple(COUNTS), width)


def lines(rows: Sequence[ReleaseRow], now: datetime, width: int) -> list[Line]:
    """Give the lines of the list."""
    return [Line(str(row.id), Content(_line(row, now, width))) for row in rows]


def _line(row: ReleaseRow, now: datetime, width: int) -> str:
    state = f"{SIGNS[ReleaseState(row.state)]} {row.state}"
    product, version = row.product or row.name, row.product_version
    words = tuple(clean(one, one_line=True) for one in (product, version))
    told = (row.told, row.works, row.broken, row.silent) if row.shipped_at else ("", "", "", "")
    counts = (str(len(row.problems)), *map(str, told))
    return _columns((*words, state, when_words(row, now)), counts, width)


def when_words(row: ReleaseRow, now: datetime) -> str:
    """Give when it was withdrawn, shipped, or shall leave."""
    at = row.withdrawn_at or row.shipped_at or row.planned_at
    return moment_words(at, now) if at is not None else ""


def _columns(words: tuple[str, ...], counts: Sequence[str], width: int) -> str:
    room = max(8, width - VERSION - STATE - WHEN - sum(COUNTS.values()) - 3)
    cells = zip(words, (room, VERSION, STATE, WHEN), strict=True)
    figures = "".join(f"{n:>{w}}" for n, w in zip(counts, COUNTS.values(), strict=True))
    return f"{' '.join(fit(word, cell) for word, cell in cells)}{figures}"


def about(row: ReleaseRow) -> Content:
    """Give what is said of a release below the list."""
    return Content("\n").join(
        _labelled(label, clean(words, one_line=label != "Changed")) for label, words in _facts(row)
    )


def _facts(row: ReleaseRow) -> list[tuple[str, str]]:
    fixes = ", ".join(f"P{number}" for number in row.problems)
    answers = f"{row.works} works, {row.broken} still broken, {row.silent} silent"
    facts = [
        ("Release", f"{row.name} · {row.state}"),
        ("Fixes", fixes or "nothing yet: e names the problems it fixes"),
        ("Planned", time_words(row.planned_at)),
        ("Shipped", time_words(row.shipped_at)),
        ("Withdrawn", time_words(row.withdrawn_at)),
        ("Told", f"{row.told}: {answers}" if row.shipped_at else ""),
        ("Owner", row.owner or ""),
        ("How", row.how),
        ("Changed", row.words),
    ]
    return [(label, words) for label, words in facts if words.strip()]


def _labelled(label: str, words: str) -> Content:
    return Content.assemble((f"{label:<{LABEL}}", "$text-muted"), words)


def page_lines(plan: Plan, people: Sequence[Heard], width: int, *, whole: bool) -> list[Line]:
    """Give a release as lines; `whole` with what it says and fixes, not only the people."""
    found = [*_said(plan), *_fixes(plan, width)] if whole else []
    found += _heads(plan) if whole else []
    found += [_person(one, width) for one in people[:MOST]]
    if len(people) > MOST:
        rest = f"… and {len(people) - MOST} more; `deskterm release show` names all of them"
        found.append(Line("", Content.styled(rest, "$text-muted")))
    return found


def _said(plan: Plan) -> Iterator[Line]:
    release = plan.release
    for label, words in _facts(release):
        if label not in ("Fixes", "Changed"):
            yield Line("", _labelled(label, clean(words, one_line=True)))
    drafted = "Changed" if release.words.strip() else "Draft"
    for at, words in enumerate(plan.words.splitlines()):
        yield Line("", _labelled(drafted if not at else "", clean(words, one_line=True)))


def _fixes(plan: Plan, width: int) -> Iterator[Line]:
    yield _heading(f"Fixes {len(plan.problems)} · Enter shows the problem")
    for number, title, state in plan.problems:
        words = f"P{number:<6}{clean(title, one_line=True)} · {state_words(state)}"
        yield Line(f"P{number}", Content(fit(words, width)))


def _heads(plan: Plan) -> Iterator[Line]:
    if plan.release.state == ReleaseState.PLANNED:
        yield _heading(shipping_words(plan))
    else:
        yield _heading("Who was told, and what they say · Enter shows their tickets")


def shipping_words(plan: Plan) -> str:
    """Say what shipping does: who is told, who not and why, what is solved."""
    told, solves = len(plan.told), len(plan.solves)
    people = "1 person is told" if told == 1 else f"{told} people are told"
    tickets = "1 open ticket is solved" if solves == 1 else f"{solves} open tickets are solved"
    left = [f"{many} {reason}" for reason, many in plan.left_out.items()]
    return f"{people}, {tickets}{'; left out: ' if left else ''}{', '.join(left)}"


def _heading(words: str) -> Line:
    return Line("", Content.styled(f"\n{words}", "bold $accent"))


def _person(one: Heard, width: int) -> Line:
    name, reason = clean(one.name, one_line=True), clean(one.reason, one_line=True)
    rest = max(8, width - WHO - STAND - 2)
    return Line(
        str(one.person_id),
        Content.assemble(
            (f"{fit(one.stand, STAND)} ", _STYLES.get(one.stand, "")),
            f"{fit(name, WHO)} {fit(reason, rest)}",
        ),
    )


def preview(plan: Plan, most: int = 10) -> str:
    """Give in plain words what shipping would do, for whoever is asked whether to do it."""
    told = plan.told
    lines = [f"{shipping_words(plan)}.", "", plan.words.strip(), ""]
    lines += [f"  {one.name}: {one.reason}" for one in told[:most]]
    if len(told) > most:
        lines.append(f"  … and {len(told) - most} more; Enter on the list shows all")
    return "\n".join(lines)
