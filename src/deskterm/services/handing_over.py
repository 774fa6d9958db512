"""To whom a ticket is best escalated, why, and the summary that goes along (F2)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.errors import DeskError
from deskterm.guides.handing_over import Handing, groups_of, summary
from deskterm.reports.competences import knows_alone
from deskterm.storage.names import number_of
from deskterm.storage.reads import competences, held, records
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.ticket.hold import hidden_groups

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.domain.records import GroupRow
    from deskterm.domain.rows import TicketView
    from deskterm.services.guides.endings import Runs
    from deskterm.services.guides.shelf import Guides
    from deskterm.services.tickets.operation import Tickets
    from deskterm.services.triage.suggesting import Suggesting


def _who_sees(group: "GroupRow", *, not_me: bool) -> str:
    """Say who sees the tickets of a restricted group, and whether whoever asks does."""
    more = len(group.members) - 3
    named = [*group.members[:3], *([f"{more} more"] if more > 0 else []), "managers"]
    who = f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0]
    mine = "you will not see it any more" if not_me else "you will see it"
    return f"{group.name} is restricted: only {who} see its tickets; {mine}"


class HandingOver:
    """Proposes group and summary; a group only for a reason, never the first of the alphabet."""

    def __init__(
        self, tickets: "Tickets", guides: "Guides", runs: "Runs", triage: "Suggesting"
    ) -> None:
        self._tickets = tickets
        self._guides = guides
        self._runs = runs
        self._triage = triage

    def proposed(self, number: int) -> Handing:
        """Give what is proposed for escalating a ticket; raises NotFoundError."""
        view = self._tickets.show(number)
        walks = self._runs.open_runs(view.id)
        walked = self._runs.transcript(walks[0].id) if walks else ""
        with self._tickets.store.reading() as database:
            known = {one.name.casefold(): one.name for one in records.groups(database)}
            zone = desk_zone(database)
        found = self._first(view, known, walks[0].slug if walks else "")
        return Handing(*found, summary(view, walked, zone))

    def unseen(self) -> "Mapping[str, str]":
        """Give each restricted group → who will see a ticket that goes to it, in a sentence.

        Whether whoever asks will says the server, as when it is handed over; none on a file.
        """
        with self._tickets.store.reading() as database:
            if database.dialect == "sqlite":
                return {}
            hidden = hidden_groups(database)
            kept = [one for one in records.groups(database) if one.restricted]
        return {one.name: _who_sees(one, not_me=one.id in hidden) for one in kept}

    def _first(
        self, view: "TicketView", known: "Mapping[str, str]", walking: str
    ) -> tuple[str, str]:
        """Give the first group that is named by something, and by what."""
        there = (view.group or "").casefold() if view.level > 1 else ""
        for name, why in self._named(view, walking):
            if name.casefold() in known and name.casefold() != there:
                return known[name.casefold()], why
        return "", ""

    def _named(self, view: "TicketView", walking: str) -> Iterator[tuple[str, str]]:
        """Give who names which group: the guide walked, the category, triage, a guide that fits."""
        if walking:
            yield from self._by_guide(walking, "names it")
        if view.category:
            with self._tickets.store.reading() as database:
                category = number_of(database, "category", view.category)
                group = held.group_of_category(database, category)
                names = held.names(database, "group_id", [group] if group else [])
            yield from ((name, f"{view.category} goes to it") for name in names.values())
            yield from self._by_competence(view.category)
        for one in self._triage.suggest(view.id, ("group",), near=False):
            if one.is_worth_showing:
                yield one.value, f"proposed: {one.line}"
        for fit in self._guides.suggest_for(view)[:1]:
            yield from self._by_guide(fit.id, "fits and names it")

    def _by_competence(self, category: str) -> Iterator[tuple[str, str]]:
        """Give the groups beyond the desk with whoever does it alone, most of them first."""
        with self._tickets.store.reading() as database:
            levels = {one.name: one.level for one in records.groups(database)}
            able = [
                one
                for one in competences.technicians(database, clock.now())
                if knows_alone(one, category) and one.off_until is None
            ]
        known = {
            group: [one.login for one in able if group in one.groups]
            for group, level in levels.items()
            if level > 1
        }
        for group in sorted(known, key=lambda name: (-len(known[name]), name)):
            if known[group]:
                logins = ", ".join(known[group][:3])
                yield group, f"{logins} of it know{'s' * (len(known[group]) == 1)} {category}"

    def _by_guide(self, slug: str, why: str) -> Iterator[tuple[str, str]]:
        """Give the group of a guide that escalates to one alone."""
        try:
            guide = self._guides.show(slug)
        except DeskError:
            return
        groups = groups_of(guide)
        if len(groups) == 1:
            yield groups[0], f"the guide “{guide.title}” {why}"
