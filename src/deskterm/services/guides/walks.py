"""Walking a guide on a desk: every answer is in the database before the next question is asked."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from deskterm.domain import clock, lifecycle
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError
from deskterm.domain.rows import TicketView
from deskterm.domain.vocabulary import Event
from deskterm.guides import walk
from deskterm.guides.model import Ending, Guide
from deskterm.guides.run import PAUSED, Run, Stamp, from_state, to_state
from deskterm.guides.stand import stand
from deskterm.guides.transcript import Conclusion, transcript
from deskterm.guides.view import RunHead, RunView, view
from deskterm.services.guides.shelf import parsed_facts
from deskterm.services.guides.versions import Versions
from deskterm.services.tickets import Tickets
from deskterm.services.tickets.act import Act
from deskterm.storage import runs
from deskterm.storage.driver import Database
from deskterm.storage.names import login_of
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import Hold

Library = dict[str, Guide]
Move = Callable[[Run, Library, Stamp], Run]
Counted = Mapping[tuple[str, str], Mapping[str, int]]
_LEARNED_FROM = 200
"""Ended runs that "usual" is counted from."""


class Walks(Versions):
    """Runs: start, answer, back, edit, skip, note, pause, resume, hand over."""

    def __init__(self, store: Store, me: str, tickets: Tickets) -> None:
        super().__init__(store, me, tickets)
        self._counts: dict[str, Counted] = {}

    def start(self, slug: str, ticket: int | None = None) -> RunView:
        """Start a run with all the desk knows of the ticket, its requester and the device.

        Raises NotFoundError for an unknown guide or ticket, RefusedError where the ticket is over.
        """
        guide = self.show(slug)
        sources = self._sources(ticket)
        stamp = self._stamp()
        with self.store.reading() as database:
            library = self._reached(database, guide)
            run = walk.begin(guide, library, sources, stamp)
            stand(run, library)
            row = self._row(database, guide.id)
            values = {
                "guide_id": row.id,
                "ticket_id": int(sources["ticket.id"]) if ticket is not None else None,
                "owner": self.me,
                "state": _text(run),
                "at": stamp.at,
            }
            number = runs.start(database, values)
        return self.run(number)

    def run(self, number: int) -> RunView:
        """Give where a run stands; raises NotFoundError."""
        with self.store.reading() as database:
            return self._view(database, self._run_row(database, number))

    def open_runs(self, ticket: int | None = None, mine: bool = False) -> Sequence[runs.RunRow]:
        """Give the runs that are not over: of a ticket, one's own, or all; newest first."""
        with self.store.reading() as database:
            return runs.open_runs(database, ticket, self.me if mine else None)

    def transcript(self, number: int) -> str:
        """Give the whole run as text."""
        with self.store.reading() as database:
            row = self._run_row(database, number)
            run = loaded(row)
            return transcript(run, self._pinned(database, run.pins))

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
            row = self._run_row(database, number)
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
        with self.store.reading() as database:
            library = self._pinned(database, run.pins)
        return self._saved(row, act(run, library, self._stamp()))

    def _mine(self, number: int, seen: int | None) -> tuple[runs.RunRow, Run]:
        with self.store.reading() as database:
            row = self._run_row(database, number)
        if seen is not None and row.version != seen:
            raise ConflictError(f"run {number} was continued elsewhere by {row.owner}: look again.")
        if row.owner != self.me:
            raise RefusedError(f"run {number} is {row.owner}'s: resume it to take it over.")
        return row, loaded(row)

    def _saved(self, row: runs.RunRow, run: Run) -> RunView:
        with self.store.reading() as database:
            self._save(database, row, run)
            return self._view(database, self._run_row(database, row.id))

    def _save(self, database: Database, row: runs.RunRow, run: Run) -> None:
        if not runs.save(database, row._replace(status=run.status), _text(run), clock.now()):
            raise ConflictError(f"run {row.id} was continued elsewhere meanwhile: look again.")

    def _told(self, row: runs.RunRow, run: Run, words: str) -> RunView:
        """Keep a run and say on its ticket where it stands, as one operation."""
        if row.ticket_id is None or not self._ticket_takes(row.ticket_id):
            return self._saved(row, run)
        now = self._view_of(row, run)
        where = f"step {now.step}: {now.ask or now.do}" if now.conclusion is None else "at its end"
        text = f"{now.title}, {where} ({words})"

        def change(held: Hold, act: Act) -> None:
            self._save(held.work.spine, row, run)
            act.write(held, Event.GUIDE, text, data=entry_data(row, run.status))

        self.tickets.operate("guide", [row.ticket_id], change)
        return self.run(row.id)

    def _ticket_takes(self, ticket: int) -> bool:
        return lifecycle.allowed("guide", self.tickets.show(ticket).state)

    def _run_row(self, database: Database, number: int) -> runs.RunRow:
        row = runs.run(database, number)
        if row is None:
            raise NotFoundError(f"there is no guide run {number}.")
        return row

    def _view(self, database: Database, row: runs.RunRow) -> RunView:
        run = loaded(row)
        library = self._pinned(database, run.pins)
        now = view(_head(row), run, library, self._learned(database, row.slug))
        end = now.conclusion and with_group(database, now.conclusion)
        return replace(now, conclusion=end) if end else now

    def _view_of(self, row: runs.RunRow, run: Run) -> RunView:
        with self.store.reading() as database:
            return view(_head(row), run, self._pinned(database, run.pins), {})

    def _learned(self, database: Database, slug: str) -> Counted:
        """Count the answers of earlier runs of the guide by question; read once a guide."""
        if slug not in self._counts:
            counted: dict[tuple[str, str], Counter[str]] = {}
            for text in runs.ended_states(database, slug, _LEARNED_FROM):
                for step in from_state(json.loads(text)).steps:
                    counted.setdefault((step.guide, step.node), Counter())[step.answer] += 1
            self._counts[slug] = counted
        return self._counts[slug]

    def _sources(self, ticket: int | None) -> dict[str, str]:
        """Give what the desk knows, named as guides name their sources."""
        if ticket is None:
            return {}
        shown = self.tickets.show(ticket)
        lifecycle.check("guide", shown.state, shown.id)
        device = shown.device
        if device is None and shown.requester and len(shown.requester.devices) == 1:
            device = shown.requester.devices[0]
        found = _ticket_sources(shown)
        if device is not None:
            with self.store.reading() as database:
                more = parsed_facts(runs.device_facts(database, device.id))
            found |= {f"device.{name}": value for name, value in more.items()}
            for name in ("name", "kind", "model", "os", "os_version"):
                found[f"device.{name}"] = str(getattr(device, name))
        return found

    def _stamp(self) -> Stamp:
        return Stamp(self.me, clock.now())


def with_group(database: Database, end: Conclusion) -> Conclusion:
    """Give the conclusion with a group that this desk has; `meant` keeps the guide's word."""
    if end.ending is not Ending.ESCALATE:
        return end
    group = runs.group_for(database, end.group)
    meant = end.group if end.group.casefold() != group.casefold() else ""
    return replace(end, group=group, meant=meant)


def entry_data(row: runs.RunRow, status: str) -> dict[str, Any]:
    """Give what a ledger entry remembers of a run."""
    return {"run": row.id, "guide": row.slug, "version": row.guide_version, "status": status}


_WORKED = frozenset(("answered", "skipped", "noted", "checked", "back", "edited"))


def _since_pause(run: Run) -> list[Any]:
    last = max((n for n, e in enumerate(run.record) if e.kind == "paused"), default=-1)
    return list(run.record[last + 1 :])


def _ticket_sources(shown: TicketView) -> dict[str, str]:
    found = {
        "ticket.id": str(shown.id),
        "ticket.subject": shown.subject,
        "ticket.channel": shown.channel,
        "ticket.category": shown.category or "",
        "ticket.problem": shown.problem,
        "ticket.device": shown.device.name if shown.device else "",
    }
    found |= {f"field.{name}": value for name, value in shown.fields.items()}
    person = shown.requester
    if person is not None:
        for name in ("name", "phone", "department", "location", "title", "segment"):
            found[f"requester.{name}"] = getattr(person, name)
        found["requester.site"] = person.site or ""
        found["requester.organisation"] = person.organisation or ""
    return found


def loaded(row: runs.RunRow) -> Run:
    """Give the run; its status is the row's, which an undo may have put back."""
    state = json.loads(row.state)
    return from_state(state | {"status": row.status})


def _text(run: Run) -> str:
    return json.dumps(to_state(run), sort_keys=True)


def _head(row: runs.RunRow) -> RunHead:
    return RunHead(row.id, row.version, row.ticket_id, row.owner, row.status, row.started_at)
