"""Walking a guide on a desk: every answer is in the database before the next question is asked."""

from collections.abc import Callable, Sequence
from typing import Any

from deskterm.domain import clock, lifecycle
from deskterm.domain.errors import ConflictError, RefusedError
from deskterm.domain.vocabulary import Event
from deskterm.guides import walk
from deskterm.guides.run import PAUSED, Run, Stamp
from deskterm.guides.stand import stand
from deskterm.guides.transcript import transcript
from deskterm.guides.view import RunView
from deskterm.services.guides.kept import Kept, Library, entry_data, loaded, text_of
from deskterm.services.guides.shelf import Guides
from deskterm.services.guides.sources import sources_of
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.operation import Tickets
from deskterm.storage import runs
from deskterm.storage.names import login_of
from deskterm.storage.reads import clients
from deskterm.storage.ticket.hold import Hold

Move = Callable[[Run, Library, Stamp], Run]


class Walks:
    """Runs: start, answer, back, edit, skip, note, pause, resume, hand over."""

    def __init__(self, guides: Guides, tickets: Tickets) -> None:
        self.store = tickets.store
        self.me = tickets.me
        self.tickets = tickets
        self.kept = Kept(guides.texts)
        self._guides = guides

    def start(self, slug: str, ticket: int | None = None, *, across: bool = False) -> RunView:
        """Start a run with all the desk knows of the ticket, its requester and the device.

        Raises NotFoundError for an unknown guide or ticket, RefusedError where the ticket is over,
        AcrossClientsError for a guide of another client, unless that is meant.
        """
        guide = self._guides.show(slug)
        shown = None if ticket is None else self.tickets.show(ticket)
        if shown is not None:
            lifecycle.check("guide", shown.state, shown.id)
        stamp = self._stamp()
        with self.store.reading() as database:
            texts = self._guides.texts
            library = texts.reached(database, guide)
            sources = {} if shown is None else sources_of(database, shown)
            run = walk.begin(guide, library, sources, stamp)
            stand(run, library)
            row = texts.row(database, guide.id)
            if shown is not None:
                whose = clients.of_ticket(database, shown.id)
                known = clients.clients(database)
                known.check(f"guide {guide.id}", row.organisation_id, whose, across=across)
            values = {
                "guide_id": row.id,
                "ticket_id": None if shown is None else shown.id,
                "owner": self.me,
                "state": text_of(run),
                "at": stamp.at,
            }
            number = runs.start(database, values)
        return self.run(number)

    def run(self, number: int) -> RunView:
        """Give where a run stands; raises NotFoundError."""
        with self.store.reading() as database:
            return self.kept.view(database, self.kept.row(database, number))

    def open_runs(self, ticket: int | None = None, mine: bool = False) -> Sequence[runs.RunRow]:
        """Give the runs that are not over: of a ticket, one's own, or all; newest first."""
        with self.store.reading() as database:
            return runs.open_runs(database, ticket, self.me if mine else None)

    def transcript(self, number: int) -> str:
        """Give the whole run as text."""
        with self.store.reading() as database:
            run = loaded(self.kept.row(database, number))
        return transcript(run, self.kept.library(run))

    def answer(self, number: int, reply: str, seen: int | None = None) -> RunView:
        """Answer the question asked now; raises UsageError where the reply is no answer."""
        return self._act(number, seen, lambda run, lib, stamp: walk.answer(run, lib, reply, stamp))

    def back(self, number: int, seen: int | None = None) -> RunView:
        """Take the last answer back."""
        return self._act(number, seen, lambda run, _, stamp: walk.back(run, stamp))

    def edit(self, number: int, place: int, reply: str, seen: int | None = None) -> RunView:
        """Change the answer at a place of the trail; what no longer fits stays in the record."""
        return self._act(
            number, seen, lambda run, lib, stamp: walk.edit(run, lib, place, reply, stamp)
        )

    def skip(self, number: int, reason: str, seen: int | None = None) -> RunView:
        """Leave the question out, for a reason."""
        return self._act(number, seen, lambda run, lib, stamp: walk.skip(run, lib, reason, stamp))

    def note(self, number: int, text: str, seen: int | None = None) -> RunView:
        """Keep a note beside the question asked now."""
        return self._act(number, seen, lambda run, lib, stamp: walk.note(run, lib, text, stamp))

    def resume(self, number: int) -> RunView:
        """Take a run up again; one of somebody else becomes one's own."""
        with self.store.reading() as database:
            row = self.kept.row(database, number)
        if row.status == "running" and row.owner == self.me:
            return self.run(number)
        stamp = self._stamp()
        run = loaded(row)
        if row.owner != self.me:
            run = walk.hand_over(run, self.me, stamp)
        return self._saved(row._replace(owner=self.me), walk.resume(run, stamp))

    def pause(self, number: int, reason: str = "") -> RunView:
        """Put a run aside; the ticket says where it stands, once for each new answer."""
        row, run = self._mine(number, None)
        if run.status == PAUSED:
            return self.run(number)
        fresh = any(event.kind in _WORKED for event in _since_pause(run))
        words = "paused" + (f": {reason}" if reason else "")
        paused = walk.pause(run, self._stamp(), reason)
        if not fresh and not reason:
            return self._saved(row, paused)
        return self._told(row, paused, words)

    def hand_over(self, number: int, to: str) -> RunView:
        """Give a run to another technician, who resumes it; raises NotFoundError."""
        row, run = self._mine(number, None)
        with self.store.reading() as database:
            login = login_of(database, to)
        handed = walk.hand_over(run, login, self._stamp())
        return self._told(row._replace(owner=login), handed, f"handed over to {login}")

    def _act(self, number: int, seen: int | None, act: Move) -> RunView:
        """Read, change and keep a run; refuses where it was continued elsewhere meanwhile."""
        row, run = self._mine(number, seen)
        return self._saved(row, act(run, self.kept.library(run), self._stamp()))

    def _mine(self, number: int, seen: int | None) -> tuple[runs.RunRow, Run]:
        with self.store.reading() as database:
            row = self.kept.row(database, number)
        if seen is not None and row.version != seen:
            raise ConflictError(f"run {number} was continued elsewhere by {row.owner}: look again.")
        if row.owner != self.me:
            raise RefusedError(f"run {number} is {row.owner}'s: resume it to take it over.")
        return row, loaded(row)

    def _saved(self, row: runs.RunRow, run: Run) -> RunView:
        with self.store.reading() as database:
            self.kept.save(database, row, run)
            return self.kept.view(database, self.kept.row(database, row.id))

    def _told(self, row: runs.RunRow, run: Run, words: str) -> RunView:
        """Keep a run and say on its ticket where it stands, as one operation."""
        if row.ticket_id is None or not self._ticket_takes(row.ticket_id):
            return self._saved(row, run)
        now = self.kept.view_of(row, run)
        where = f"step {now.step}: {now.ask or now.do}" if now.conclusion is None else "at its end"
        text = f"{now.title}, {where} ({words})"

        def change(held: Hold, act: Act) -> None:
            self.kept.save(held.work.spine, row, run)
            act.write(held, Event.GUIDE, text, data=entry_data(row, run.status))

        self.tickets.operate("guide", [row.ticket_id], change)
        return self.run(row.id)

    def _ticket_takes(self, ticket: int) -> bool:
        return lifecycle.allowed("guide", self.tickets.show(ticket).state)

    def _stamp(self) -> Stamp:
        return Stamp(self.me, clock.now())


_WORKED = frozenset(("answered", "skipped", "noted", "checked", "back", "edited"))


def _since_pause(run: Run) -> list[Any]:
    last = max((n for n, e in enumerate(run.record) if e.kind == "paused"), default=-1)
    return list(run.record[last + 1 :])
