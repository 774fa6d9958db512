"""All guides with what use tells of them; below, what has no guide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from textual.binding import BindingType
from textual.content import Content

from deskterm.domain.patterns import pattern
from deskterm.domain.shares import Share
from deskterm.domain.text import clean
from deskterm.guides.drawing import Drawn, short
from deskterm.guides.model import Kind
from deskterm.guides.usage import Usage
from deskterm.reports.sheet import Row
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.guides import verbs
from deskterm.screens.listing import Read, RestingList
from deskterm.widgets.line_list import Line
from deskterm.widgets.list_part import has_words
from deskterm.widgets.ticket_lines import fit
from deskterm.widgets.wrapping import wrapped

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk
    from deskterm.services.guides.insight import GuideInsight


@dataclass(frozen=True)
class Guides(Read[Row]):
    """The guides, and what has none."""

    uncovered: Sequence[str] = ()


class GuidesScreen(RestingList[Row]):
    """A line a guide, the most used first."""

    NAME = "guides"
    KEPT = True
    KIND = "guide"
    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.LIST
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("guides")]
    FILTER = "find guides by words"
    EMPTY = "No guides yet.\n\nn writes one, from a pattern or from a flowchart."
    WAIT = "Reading the runs of all guides …"

    told: Guides = Guides()

    def read(self, desk: "Desk") -> Guides:
        """Read every guide with its figures."""
        found = desk.insight.guides()
        facts = f"{len(found.guides)} guides"
        return Guides(found.sheet.rows, facts=facts, uncovered=found.uncovered)

    def fitting(self) -> Sequence[Row]:
        """Give the guides that have the words."""
        return [
            one
            for one in self.told.rows
            if has_words(f"{one.cells['id'].text} {one.cells['title'].text}", self.part.words)
        ]

    def lines(self, rows: Sequence[Row]) -> list[Line]:
        """Give a line a guide, then what has none."""
        rest = () if self.part.words.strip() else self.told.uncovered
        return [*guide_lines(rows, self.size.width), *uncovered_lines(rest, self.size.width - 2)]

    def name_of(self, row: Row) -> str:
        """Give the guide's id."""
        return row.cells["id"].text

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(guide_titles(self.size.width))

    def about(self, row: Row) -> Content:
        """Give what use tells."""
        return Content(clean(row.told[0], one_line=True))

    def chosen_number(self) -> str:
        """Give what `y` copies: the guide's id."""
        return self.name_of(self.in_hand) if self.in_hand else ""


FIGURES = f"{'Runs':>6}  {'Fixed':<12} {'Given up':>8} {'Escalated':>9} {'Time':>6}"
TREE_TITLES = f"{'Runs':>6} {'Time':>6}  Way through the guide"
SIGNS = {Kind.ASK: "?", Kind.DO: "!", Kind.WHEN: "◇", Kind.END: "■"}
_SHARE = pattern(r" \d{1,3} % $")
_LEFT = 15
"""Cells of the figures before the tree."""


def guide_titles(width: int) -> str:
    """Give the heads of the columns for a window of this width."""
    return f" {'Guide':<{_names(width)}}{FIGURES}"


def guide_lines(rows: Sequence[Row], width: int) -> list[Line]:
    """Give a line for each guide: its name, then what use tells."""
    return [Line(row.cells["id"].text, _guide_line(row, _names(width))) for row in rows]


def _names(width: int) -> int:
    """Give the cells of a name: it comes before figures, which stay near it in a wide window."""
    return max(28, min(60, width - len(FIGURES) - 3))


def uncovered_lines(categories: Sequence[str], width: int) -> list[Line]:
    """Say what has no guide, wrapped; nothing where all is covered."""
    if not categories:
        return []
    said = clean(f"No guide for: {', '.join(categories)}.", one_line=True)
    lines = [Line("", Content.styled(f" {one}", "$warning")) for one in wrapped(said, width)]
    return [Line("", Content("")), *lines]


def _guide_line(row: Row, room: int) -> Content:
    cells = row.cells
    runs = cells["runs"].number
    figures = (
        f"{cells['runs'].text if runs else '·':>6}  {fixed(cells['fixed'].share):<12} "
        f"{percent(cells['given_up'].share):>8} {percent(cells['escalated'].share):>9} "
        f"{seconds(cells['seconds'].number):>6}"
    )
    style = "" if runs else "$text-muted"
    name = fit(clean(cells["title"].text, one_line=True), room)
    return Content.assemble(f" {name}", (figures, style))


def fixed(share: Share | None) -> str:
    """Give `86 % 79–91`: the rate and its 95 % interval."""
    if share is None or not share.of:
        return "·"
    low, high = share.interval
    return f"{percent(share)} {low * 100:.0f}–{high * 100:.0f}"


def percent(share: Share | None) -> str:
    """Give `86 %`, or a dot where nothing is known."""
    rate = share.rate if share is not None else None
    return f"{rate:.0%}".replace("%", " %") if rate is not None else "·"


def seconds(value: float | None) -> str:
    """Give `12 s` or `4 min`, or a dot where nothing is known."""
    if value is None:
        return "·"
    return f"{value:.0f} s" if value < 120 else f"{value / 60:.0f} min"


# --- one guide --------------------------------------------------------------------------


def head_lines(
    found: "GuideInsight", advice: Sequence[str], notes: Mapping[int, str], width: int
) -> list[Line]:
    """Give what stands above the tree: proposals, and the versions compared."""
    said = [(f"⇒ {line}", "bold" if found.asks or found.orders else "$text-muted")
            for line in advice]  # fmt: skip
    if found.versions:
        said.append((f"Fixed: {versions(found.versions)}", ""))
    said += [
        (f"v{number}: {note}", "$text-muted") for number, note in sorted(notes.items())[::-1][:3]
    ]
    said.append(("", ""))
    return [
        Line("", Content.styled(f" {part}", style))
        for words, style in said
        for part in wrapped(clean(words, one_line=True), max(20, width - 3))
    ]


def versions(found: Mapping[int, Usage]) -> str:
    """Give `v3 61 % of 40, v2 48 % of 52`."""
    return ", ".join(f"v{number} {short(usage.fixed)}" for number, usage in found.items())


def tree_lines(drawn: Sequence[Drawn], width: int) -> list[Line]:
    """Give the lines of the tree for a window of this width; a line is named by its place."""
    return [Line(str(place), _tree_line(one, width)) for place, one in enumerate(drawn)]


def _tree_line(one: Drawn, width: int) -> Content:
    runs = "" if one.runs is None or one.again else str(one.runs or "·")
    time = seconds(one.seconds) if one.seconds is not None else ""
    marks = f"  {' · '.join(one.marks)}" if one.marks else ""
    label = clean(one.label, one_line=True)
    label = f"{label} " if label else ""
    if one.again:
        rest = Content.assemble((f"{one.again} {one.node}", "$accent"))
    else:
        sign = f"{SIGNS[one.kind]} " if one.kind else ""
        text = clean(one.text, one_line=True)
        rest = Content.assemble((sign, "bold $accent"), (f"{one.node} ", "bold"), text)
    left = Content.assemble(
        (f"{runs:>6} {time:>6}  ", "$text-muted" if not one.runs else ""),
        (one.lead, "$text-muted"),
        (_cut(label, max(12, (width - _LEFT) // 2)), "italic"),
        rest,
    )
    room = max(20, width - cell_len(marks) - 2)
    return Content.assemble(left.truncate(room, ellipsis=True), (marks, "$warning"))


def _cut(text: str, most: int) -> str:
    """Give a label that is not too long; its share at the end is never cut."""
    if cell_len(text) <= most:
        return text
    share = _SHARE.search(text)
    end = share[0] if share else ""
    return set_cell_size(text, max(6, most - 2 - len(end))).rstrip() + "…" + (end or " ")


def node_words(found: "GuideInsight", one: Drawn) -> Content:
    """Give what stands below the tree about the node in hand: its text whole, all its figures."""
    node = found.guide.nodes.get(one.node)
    if node is None:
        return Content("")
    use = found.usage.nodes.get((found.guide.id, node.name))
    parts = [f"line {node.line}", f"text: {node.text}" if node.text else one.text]
    parts += [f"why: {node.why}"] if node.why else []
    if use is not None and use.visits:
        told = ", ".join(f"{answer} {n}" for answer, n in use.answers.most_common(6))
        parts.append(f"{use.visits} times: {told}")
        parts.append(f"gave up {use.gave_up.text}")
        parts.append(f"taken back {use.went_back.text}")
    words = " · ".join(part for part in parts if part)
    return Content.assemble((f"{one.node}  ", "bold $accent"), clean(words, one_line=True))
