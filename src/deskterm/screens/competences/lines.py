"""How competences are drawn: tabs of lines with columns; nobody is ranked, all stand by name."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual.content import Content

from deskterm.domain.competences import LEVELS, TEACHES, Able, Covered, Known, People
from deskterm.domain.text import clean
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_lines import fit


class Row(NamedTuple):
    """One line of a tab."""

    name: str
    cells: Sequence[str]
    told: str
    """What stands below the list about it."""
    query: str
    """The tickets behind it; empty: none."""
    meant: str = ""
    """Technician and category, as the line asks for them: `bo network/wifi 2`."""
    warns: bool = False


class Tab(NamedTuple):
    """One tab: its name, its columns, how its rows are made."""

    label: str
    columns: Sequence[tuple[str, int]]
    """Title and cells of each; the last one has the rest."""
    rows: Callable[[People], Sequence[Row]]
    nothing: str


def titles(tab: Tab, width: int) -> str:
    """Give the line of titles."""
    return _columns(tab, [title for title, _ in tab.columns], width)


def lines(tab: Tab, rows: Sequence[Row], width: int) -> list[Line]:
    """Give the lines of a tab for a window of this width."""
    return [
        Line(row.name, Content.styled(_columns(tab, row.cells, width), _style(row))) for row in rows
    ]


def _style(row: Row) -> str:
    return "$warning" if row.warns else ""


def _columns(tab: Tab, cells: Sequence[str], width: int) -> str:
    widths = [cells_ for _, cells_ in tab.columns]
    spare = max(0, width - sum(widths) - 24)
    widths[0] += min(spare // 3, 20)
    texts = [fit(clean(one, one_line=True), w) for one, w in zip(cells, widths, strict=True)]
    rest = max(8, width - 1 - sum(widths[:-1]))
    texts[-1] = fit(clean(cells[-1], one_line=True), rest)
    return " " + "".join(texts)


def known_words(known: Sequence[Known]) -> str:
    """Give who knows it, those who teach first: `teaches cy · alone bo, mia · with help eve`."""
    parts = []
    for level in range(TEACHES, 0, -1):
        logins = [one.login for one in known if one.level == level]
        if logins:
            parts.append(f"{LEVELS[level]} {', '.join(logins)}")
    return " · ".join(parts)


def _gaps(found: People) -> list[Row]:
    return [_category(one, (one.gap, _learn(one)), warns=False) for one in found.gaps]


def _learn(one: Covered) -> str:
    if not one.teachers:
        return "nobody here teaches it"
    who = ", ".join(one.learners) or "somebody"
    return f"{who} from {', '.join(one.teachers)}"


def _categories(found: People) -> list[Row]:
    return [
        _category(one, (known_words(one.known) or "nobody",), warns=bool(one.gap))
        for one in found.categories
    ]


def _category(one: Covered, cells: Sequence[str], *, warns: bool) -> Row:
    told = [
        f"{one.category}: {one.tickets} tickets · {known_words(one.known) or 'nobody knows it'}",
        " · ".join(part for part in (one.gap, f"may learn: {_learn(one)}") if part),
    ]
    query = f'is:any category:"{one.category}"'
    rest = f" {one.category} "
    return Row(one.category, (one.category, f"{one.tickets:>5}  ", *cells), "\n".join(told), query,
               rest, warns)  # fmt: skip


def _technicians(found: People) -> list[Row]:
    return [_technician(one) for one in found.technicians]


def _technician(one: Able) -> Row:
    knows = [
        f"{LEVELS[level]} {', '.join(each.category for each in one.known if each.level == level)}"
        for level in range(TEACHES, 0, -1)
        if any(each.level == level for each in one.known)
    ]
    roles = ", ".join(one.roles)
    groups = ", ".join(one.groups[:8]) + (" …" if len(one.groups) > 8 else "")
    away = f" · off, {one.deputy} stands in" if one.deputy else " · off" if one.off_until else ""
    told = [
        f"{one.login} · {one.name} · level {one.level} · {groups or 'no group'}{away}",
        " · ".join(f"{each.category} {each.level} ({each.source})" for each in one.known)
        or "Nothing is said yet: e says what they know.",
    ]
    name = one.name or one.login
    cells = (one.login if name == one.login else f"{one.login}  {name}", roles, " · ".join(knows))
    return Row(one.login, cells, "\n".join(told), f'is:open assignee:"{one.login}"',
               f"{one.login} ")  # fmt: skip


def _proposed(found: People) -> list[Row]:
    return [
        Row(
            one.name,
            (
                one.login,
                one.category,
                "nothing" if one.now is None else LEVELS[one.now],
                LEVELS[one.level],
                f"{one.tickets} solved, none came back",
            ),
            f"{one.tickets} tickets that {one.login} had were solved and held in {found.period}.\n"
            "a writes it down; a number is not a judgement: talk to them first.",
            f'is:any category:"{one.category}" assignee:"{one.login}"',
            f"{one.name} {one.level}",
        )
        for one in found.proposed
    ]


def _standing_in(found: People) -> list[Row]:
    return [
        Row(
            f"{place}",
            (
                one.login,
                f"{one.from_at.astimezone():%d %b}–{one.until_at.astimezone():%d %b}",
                one.deputy or "nobody",
                ", ".join(one.lacks) or "nothing",
            ),
            f"{one.login} knows alone what {one.deputy or 'nobody else'} does not: "
            f"{', '.join(one.lacks)}" if one.lacks else "Nothing is lacking meanwhile.",
            f'is:open assignee:"{one.login}"',
            warns=bool(one.lacks),
        )
        for place, one in enumerate(found.standing_in)
    ]  # fmt: skip


_WHAT = "Category"
TABS = (
    Tab(
        "Gaps",
        ((_WHAT, 22), ("Tickets", 8), ("What is missing", 26), ("Who may learn it", 20)),
        _gaps,
        "Nobody is lacking for what was asked for in this period.",
    ),
    Tab(
        "Categories",
        ((_WHAT, 22), ("Tickets", 8), ("Who knows it", 20)),
        _categories,
        "No ticket had a category, and no competence is written down.\n\n"
        "e says what somebody knows.",
    ),
    Tab(
        "Technicians",
        (("Who", 22), ("Roles", 18), ("Knows", 20)),
        _technicians,
        "There is no technician yet.",
    ),
    Tab(
        "Proposed",
        (("Who", 10), (_WHAT, 24), ("Written", 11), ("Proposed", 11), ("Why", 20)),
        _proposed,
        "Closed tickets of this period propose nothing that is not written down.",
    ),
    Tab(
        "Standing in",
        (("Off", 14), ("When", 16), ("Deputy", 12), ("Nobody then knows alone", 20)),
        _standing_in,
        "Nobody is off or will be soon.",
    ),
)
"""The tabs of the screen, in their order."""
PROPOSED = 3
"""The place of the tab of proposals."""
