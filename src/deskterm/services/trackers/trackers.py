"""What people do with trackers: follow a problem there, comment, take over, look at the queue."""

from collections.abc import Callable, Mapping
from datetime import datetime

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.mail_rows import Asked
from deskterm.domain.rows import Done
from deskterm.domain.text import storable
from deskterm.domain.trackers import (
    LONGEST_COMMENT,
    Followed,
    Kind,
    Tracked,
    check_name,
    proposal,
)
from deskterm.domain.vocabulary import Event
from deskterm.services.outbox.turn import Turn, endless
from deskterm.services.tickets.operation import Tickets, done
from deskterm.services.trackers import words
from deskterm.services.trackers.queue import Queue
from deskterm.settings import Settings
from deskterm.storage import errands, problems, trackers
from deskterm.storage.errands import New
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import problems as reads
from deskterm.storage.store import Store
from deskterm.storage.trackers import Told
from deskterm.storage.work import RepeatedError, Work
from deskterm.triage.leaks import sentence

SETTING = "trackers"
_KIND = "track"


class Trackers:
    """The use cases of outside trackers; `queue` has those of what waits to be asked."""

    def __init__(self, store: Store, me: str, tickets: Tickets, settings: Settings) -> None:
        self._store = store
        self._tickets = tickets
        self._settings = settings
        self.queue = Queue(store, me)

    @property
    def commands(self) -> Mapping[str, str]:
        """Name → command of the trackers that this machine can ask."""
        return {str(name): str(one) for name, one in self._settings[SETTING].items()}

    def names(self) -> dict[str, int]:
        """Give every tracker that is known here or has problems, with how many it has."""
        with self._store.reading() as database:
            known = trackers.names(database)
        return {name: known.get(name, 0) for name in sorted({*known, *self.commands})}

    def of(self, problem: int) -> list[Followed]:
        """Give how a problem stands in trackers; raises NotFoundError."""
        with self._store.reading() as database, database.snapshot():
            view = reads.view(database, problem)
            found = trackers.tracked(database, [problem])
            heard = tuple(text for _, text in trackers.comments(database, problem))
        return [Followed(one, proposal(view, one), heard) for one in found]

    def leaks(self, problem: int, comment: str = "") -> str:
        """Give what would leave that names people or machines, in words; empty: nothing does."""
        with self._store.reading() as database, database.snapshot():
            return sentence(words.leaks_of(database, reads.view(database, problem), comment))

    def track(
        self, problem: int, name: str = "", ref: str = "", *, yes: bool = False, how: How = NOW
    ) -> Done:
        """Open a problem in a tracker, or follow what is there under `ref`.

        Raises LeaksError where its words name people or machines, unless `yes`.
        """
        tracker = self._named(problem, name)

        def change(work: Work, row: HeldRow) -> None:
            if row.get(f"tracked.{tracker}") is not None:
                raise RefusedError(
                    f"P{problem} is in {tracker} already; "
                    f"`deskterm problem track P{problem} --off` ends that."
                )
            view = reads.view(work.spine, problem)
            linked = " ".join(storable(ref).split())[:300]
            if not linked and not yes:
                words.refuse(view, tracker, words.leaks_of(work.spine, view))
            row.put(f"tracked.{tracker}", [linked, "", "", ""])
            row.write(Event.EDITED, f"{tracker}: {linked or 'to be opened there'}")
            kind, wait = (Kind.READ, work.at) if linked else (Kind.OPEN, self._due(work))
            errands.queue(work, New(problem, tracker, kind, wait, anyway=yes))
            digest = words.digest(view)
            trackers.tell(work.spine, problem, tracker, Told(digest, view.state, view.version))

        return self._do(problem, how, change)

    def leave(self, problem: int, name: str = "", how: How = NOW) -> Done:
        """Follow a problem in a tracker no more; what was said there stays there."""
        tracker = self._tracked(problem, name).tracker

        def change(work: Work, row: HeldRow) -> None:
            row.put(f"tracked.{tracker}", None)
            row.write(Event.EDITED, f"{tracker}: no longer followed")
            self.queue.stop(work, errands.unfinished(work.spine, problem, tracker))

        return self._do(problem, how, change)

    def comment(
        self, problem: int, text: str, name: str = "", *, yes: bool = False, how: How = NOW
    ) -> Done:
        """Say something to the developers; raises LeaksError where it names people, unless yes."""
        said = storable(text).strip()
        if not said:
            raise UsageError("what is to be said? The comment is empty.")
        if len(said) > LONGEST_COMMENT:
            raise UsageError(f"a comment has {LONGEST_COMMENT:,} characters at most.")
        tracker = self._tracked(problem, name).tracker

        def change(work: Work, row: HeldRow) -> None:
            view = reads.view(work.spine, problem)
            if not yes:
                words.refuse(view, tracker, words.leaks_of(work.spine, view, said))
            due = self._due(work)
            errands.queue(work, New(problem, tracker, Kind.COMMENT, due, said, anyway=yes))
            row.write(Event.NOTED, f"to {tracker}: {said}", data={"tracker": tracker})

        return self._do(problem, how, change)

    def update(self, problem: int, name: str = "", *, yes: bool = False, how: How = NOW) -> Done:
        """Tell a tracker the problem's words as they are now, what was held back too with `yes`."""
        tracker = self._tracked(problem, name).tracker

        def change(work: Work, row: HeldRow) -> None:
            view = reads.view(work.spine, problem)
            if not yes:
                found = words.fresh_leaks(work.spine, view, tracker)
                words.refuse(view, tracker, found)
            self.queue.stop(work, errands.unfinished(work.spine, problem, tracker), Kind.UPDATE)
            errands.queue(work, New(problem, tracker, Kind.UPDATE, self._due(work), anyway=yes))
            row.write(Event.NOTED, f"to {tracker}: its words", data={"tracker": tracker})

        return self._do(problem, how, change)

    def take(self, problem: int, name: str = "", how: How = NOW) -> Done:
        """Change the problem as its tracker says; raises RefusedError where nothing differs."""
        tracked = self._tracked(problem, name)
        with self._store.reading() as database, database.snapshot():
            view = reads.view(database, problem)
        proposed = proposal(view, tracked)
        if proposed is None:
            raise RefusedError(f"{tracked.words}: that is what P{problem} says already.")

        def change(work: Work, row: HeldRow) -> None:
            del row
            problems.change(work, problem, proposed.values, view.version)

        return self._do(problem, how, change)

    def ask_now(self, problem: int) -> Asked:
        """Do at once what waits about a problem, and ask its trackers how it stands."""
        with self._store.reading() as database:
            if not trackers.tracked(database, [problem]):
                raise NotFoundError(f"P{problem} is in no tracker: `problem track P{problem}`.")
        return self.run(problem=problem)

    def run(self, turn: Turn | None = None, problem: int | None = None) -> Asked:
        """Do what is due; of one problem whatever waits, at once."""
        from deskterm.services.trackers.running import Running

        return Running(self._store, self._settings).run(turn or endless(), problem)

    def _due(self, work: Work) -> datetime:
        return work.at + self._tickets.letters.wait

    def _do(self, problem: int, how: How, change: Callable[[Work, HeldRow], None]) -> Done:
        try:
            with self._tickets.working(_KIND, how) as work:
                change(work, problems.locked(work, problem))
        except RepeatedError as repeated:
            return self._tickets.repeated(_KIND, repeated.operation_id)
        return done(_KIND, work, ()).about("problem", problem)

    def _named(self, problem: int, name: str) -> str:
        """Give the tracker that is meant: the one that is named, or the only one there is."""
        if name.strip():
            return check_name(name)
        known = list(self.commands) or list(self.names())
        if len(known) == 1:
            return check_name(known[0])
        if not known:
            raise UsageError(
                f"which tracker? This machine knows none: `deskterm settings set {SETTING}.github "
                "'deskterm tracker github OWNER/REPOSITORY --token COMMAND'`."
            )
        raise UsageError(f"P{problem} into which tracker? --at {' or '.join(known)}.")

    def _tracked(self, problem: int, name: str) -> Tracked:
        """Give where a problem is followed; raises RefusedError, UsageError, NotFoundError."""
        with self._store.reading() as database:
            found = trackers.tracked(database, [reads.view(database, problem).id])
        fitting = [one for one in found if not name.strip() or one.tracker == check_name(name)]
        if not fitting:
            where = f"in {check_name(name)}" if name.strip() else "in any tracker"
            raise RefusedError(f"P{problem} is not {where}: `deskterm problem track P{problem}`.")
        if len(fitting) > 1:
            names = " or ".join(one.tracker for one in fitting)
            raise UsageError(f"P{problem} is in several trackers: --at {names}.")
        return fitting[0]
