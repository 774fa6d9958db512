"""A problem whole, as screen, command and file show it: facts, cost, releases, history (F1, F6)."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain.problems import ProblemView, state_words
from deskterm.reports import cost
from deskterm.reports.cost import Bill

if TYPE_CHECKING:
    from deskterm.domain.trackers import Tracked

TRACKER = "Tracker"
"""The label of where it stands in outside trackers."""


class Happened(NamedTuple):
    """One thing that was done to a problem itself."""

    at: datetime
    actor: str
    event: str
    text: str
    changes: tuple[tuple[str, str, str], ...]
    """(field, before, after) of each, in words."""

    @property
    def words(self) -> str:
        """Say what was done: `edited: state open → known error; cause A timer`."""
        told = [self.text] if self.text else []
        told += [_change(*one) for one in self.changes]
        return f"{self.event}: {'; '.join(told)}" if told else self.event


def _change(field: str, old: str, new: str) -> str:
    if not old:
        return f"{field} {new}"
    return f"{field} {old} → {new}" if new else f"{field} {old} taken away"


class ProblemPage(NamedTuple):
    """All that is known of a problem."""

    view: ProblemView
    bill: Bill
    """What it has cost so far."""
    releases: tuple[str, ...]
    """`Router 2.4 (shipped)`, the newest first."""
    history: tuple[Happened, ...]
    """What was done to it, the newest first."""
    tracked: "tuple[Tracked, ...]" = ()
    """Where it stands in outside trackers."""


def record(page: ProblemPage) -> dict[str, object]:
    """Give all that is known as a record for JSON."""
    return {
        **page.view._asdict(),
        "releases": list(page.releases),
        "tracked": [one._asdict() for one in page.tracked],
        "cost": page.bill.record(),
        "history": [one._asdict() for one in page.history],
    }


def facts(page: ProblemPage) -> list[tuple[str, str]]:
    """Give what is known as (label, words); what is not known is left out."""
    view = page.view
    affects = " · ".join(part for part in (view.model, view.os, view.site or "") if part)
    found = [
        ("Workaround", view.workaround),
        ("Cause", f"{view.cause}  (internal)" if view.cause else ""),
        ("Steps", view.reproduction),
        ("Affects", affects),
        ("Product", versions(view)),
        ("Category", view.category or ""),
        ("Owner", view.owner),
        ("Effort", f"{view.effort} h" if view.effort else ""),
        ("Measure", measure(page)),
        ("Releases", ", ".join(page.releases)),
        (TRACKER, ", ".join(one.words for one in page.tracked)),
        ("Because", view.reason),
        ("Announced", f"yes, number {view.announcement}" if view.announcement else ""),
    ]
    return [(label, words) for label, words in found if words]


def versions(view: ProblemView) -> str:
    """Give `Router, found in 2.3, fixed in 2.4`."""
    parts = [view.product]
    parts += [f"found in {view.found}"] if view.found else []
    parts += [f"fixed in {view.fixed}"] if view.fixed else []
    return ", ".join(part for part in parts if part)


def measure(page: ProblemPage) -> str:
    """Give how it ends: `training, cy, 2026-12-24, costs 4000: pays for itself in 5 months`."""
    view = page.view
    parts = [view.measure, view.measure_owner, view.measure_on]
    parts += [f"costs {view.measure_cost}"] if view.measure_cost else []
    words = ", ".join(part for part in parts if part)
    return ": ".join(part for part in (words, page.bill.pays_words) if part)


def cost_lines(page: ProblemPage) -> list[str]:
    """Give what it has cost so far, a line a month, and in all."""
    return cost.lines(page.bill)


def head(view: ProblemView) -> str:
    """Give `P7 VPN gateway · known error · high`."""
    return f"P{view.id} {view.title} · {state_words(view.state)} · {view.severity}"


def as_markdown(page: ProblemPage) -> str:
    """Give a problem as a section of Markdown; nothing that people wrote is markup in it."""
    told = [*facts(page), ("Tickets", ", ".join(f"#{one}" for one in page.view.tickets))]
    told += [("Cost", line) for line in cost_lines(page)]
    lines = [f"## {_plain(head(page.view))}", ""]
    lines += [f"- **{label}**: {_plain(words)}" for label, words in told if words]
    return "\n".join([*lines, ""])


def _plain(words: str) -> str:
    """Give words in one line, of which nothing is markup."""
    line = " ".join(words.split())
    return "".join(f"\\{one}" if one in "\\`*_[]<>|#" else one for one in line)
