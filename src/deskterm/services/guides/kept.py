"""Runs as they are kept: read, saved, and seen with what earlier runs tell."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from deskterm.domain import clock
from deskterm.domain.errors import ConflictError, NotFoundError
from deskterm.guides.model import Ending, Guide
from deskterm.guides.run import Run, from_state, to_state
from deskterm.guides.transcript import Conclusion
from deskterm.guides.view import RunHead, RunView
from deskterm.guides.view import view as shown
from deskterm.services.guides.texts import Texts
from deskterm.storage import runs
from deskterm.storage.driver import Database

Library = dict[str, Guide]
Counted = Mapping[tuple[str, str], Mapping[str, int]]
_LEARNED_FROM = 200
"""Ended runs that "usual" is counted from."""


class Kept:
    """The runs in the database, each pinned to the versions of guides it began with."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._counts: dict[str, Counted] = {}

    def save(self, database: Database, row: runs.RunRow, run: Run) -> None:
        """Keep a run as it is now; raises ConflictError where it was continued elsewhere."""
        if not runs.save(database, row._replace(status=run.status), text_of(run), clock.now()):
            raise ConflictError(f"run {row.id} was continued elsewhere meanwhile: look again.")

    def row(self, database: Database, number: int) -> runs.RunRow:
        """Give a run as it is stored; raises NotFoundError."""
        row = runs.run(database, number)
        if row is None:
            raise NotFoundError(f"there is no guide run {number}.")
        return row

    def view(self, database: Database, row: runs.RunRow) -> RunView:
        """Give where a stored run stands, with what is usual and the group its end names."""
        run = loaded(row)
        library = self._texts.pinned(database, run.pins)
        now = shown(_head(row), run, library, self._learned(database, row.slug))
        end = now.conclusion and with_group(database, now.conclusion)
        return replace(now, conclusion=end) if end else now

    def library(self, run: Run) -> Library:
        """Give the guides of a run, in the versions it is pinned to."""
        with self._texts.store.reading() as database:
            return self._texts.pinned(database, run.pins)

    def view_of(self, row: runs.RunRow, run: Run) -> RunView:
        """Give where a run stands that is not stored yet."""
        return shown(_head(row), run, self.library(run), {})

    def _learned(self, database: Database, slug: str) -> Counted:
        """Count the answers of earlier runs of the guide by question; read once a guide."""
        if slug not in self._counts:
            counted: dict[tuple[str, str], Counter[str]] = {}
            for text in runs.ended_states(database, slug, _LEARNED_FROM):
                for step in from_state(json.loads(text)).steps:
                    counted.setdefault((step.guide, step.node), Counter())[step.answer] += 1
            self._counts[slug] = counted
        return self._counts[slug]


def with_group(database: Database, end: Conclusion) -> Conclusion:
    """Give the conclusion with a group that this desk has; `meant` keeps the guide's word."""
    if end.ending is not Ending.ESCALATE:
        return end
    group = runs.group_for(database, end.group)
    meant = end.group if end.group.casefold() != group.casefold() else ""
    return replace(end, group=group, meant=meant)


def entry_data(row: runs.RunRow, status: str) -> dict[str, object]:
    """Give what a ledger entry remembers of a run."""
    return {"run": row.id, "guide": row.slug, "version": row.guide_version, "status": status}


def loaded(row: runs.RunRow) -> Run:
    """Give the run; its status is the row's, which an undo may have put back."""
    state = json.loads(row.state)
    return from_state(state | {"status": row.status})


def text_of(run: Run) -> str:
    """Give a run as it is stored."""
    return json.dumps(to_state(run), sort_keys=True)


def _head(row: runs.RunRow) -> RunHead:
    return RunHead(row.id, row.version, row.ticket_id, row.owner, row.status, row.started_at)
