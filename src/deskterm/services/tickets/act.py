"""An act: what one operation does with held tickets, in whose words, and whom it tells."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime

from deskterm.domain import clock, lifecycle
from deskterm.domain.asking import Request
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.vocabulary import Event, LinkKind, State
from deskterm.services.letters import Letters
from deskterm.services.tickets.verbs import function_of
from deskterm.services.written import Written
from deskterm.storage.names import number_of
from deskterm.storage.reads import held as reads
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.ticket.hold import Hold, survivor
from deskterm.storage.work import Doing
from deskterm.triage.spans import later


class Act:
    """Does requests on held tickets within one unit of work.

    `actor` and `person` say whose words the entries are where not the technician's (`customer`);
    `data` is kept with each of them, such as the facts of the mail that asked for it.
    """

    def __init__(
        self,
        letters: Letters,
        *,
        actor: str | None = None,
        person: int | None = None,
        data: Mapping[str, object] | None = None,
        across: bool = False,
    ) -> None:
        self.letters = letters
        self.actor = actor
        self.person = person
        self.data = dict(data or {})
        self.across = across
        """Whether it was said that things may go from one client to another."""
        self.before = State.NEW
        """The state in which the ticket was when the verb began."""
        self.others: dict[int, Hold] = {}
        """Number → other tickets that the request changes, held beside its targets."""
        self.made: list[int] = []
        """Tickets that came into being."""
        self.also: list[int] = []
        """Others to be named as changed, such as the survivor of a merge."""
        self.notes: dict[str, None] = {}
        """Sentences for whoever asked, in order."""
        self.alone = True
        """One ticket is meant; a word to many at once makes nobody their owner."""
        self._quiet = False

    def do(self, held: Hold, asked: Request) -> int:
        """Do a request on a held ticket; gives its last ledger entry.

        Raises UsageError for what is missing in it, RefusedError where the lifecycle forbids it.
        """
        wrong = asked.check()
        if wrong:
            raise UsageError(wrong)
        if held.work.asked is not None:
            doing = Doing(asked.verb, held.id, self.actor or held.work.actor, asked.to_json())
            held.work.asked.append(doing)
        outer, before = self.before, State(held["state"])
        state = lifecycle.check(asked.verb, before, held.id, stays=asked.stays)
        held.set(state=state)
        self.before = before
        try:
            return function_of(type(asked))(held, asked, self)
        finally:
            self.before = outer

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Write no letters for what is done inside: one that follows tells of all of it."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    def write(
        self,
        held: Hold,
        event: Event,
        text: str = "",
        *,
        public: bool = False,
        data: Mapping[str, object] | None = None,
    ) -> int:
        """Write the changes so far with their ledger entry; `data` is kept with it."""
        return held.write(
            event,
            text,
            public=public,
            data={**self.data, **(data or {})},
            actor=self.actor,
            person_id=self.person,
        )

    def tell(self, held: Hold, template: str, entry: int, *, must: bool = False) -> None:
        """Write to requester and watchers, but not to whoever spoke.

        `must`: where nobody could be written to, whoever acts is told so.
        """
        if self._quiet:
            return
        told = self.letters.write(held, template, entry, know=(self.person,))
        if must and told == 0:
            held.work.state(Written).silent.append(held.id)

    def tell_requester(self, held: Hold, template: str, entry: int) -> None:
        """Write what concerns nobody but the requester."""
        if not self._quiet:
            self.letters.tell_requester(held, template, entry)

    def tells_owner(self, held: Hold) -> bool:
        """Tell whether requesters hear who takes care of their ticket (`mail.tell_owner`)."""
        return not self._quiet and self.letters.tells_owner(held.work)

    # --- what the desk knows ------------------------------------------------------------

    def moment(self, held: Hold, words: str) -> datetime:
        """Give the time that `3d`, `tomorrow`, `2026-12-24` mean on this desk; UsageError.

        A whole ISO time with its offset means itself, also when it is asked for again later.
        """
        with suppress(ValueError):
            if (exact := datetime.fromisoformat(words)).tzinfo is not None:
                return exact
        return later(words, clock.now(), desk_zone(held.work.spine))

    def group(self, held: Hold, name: str) -> tuple[int, int]:
        """Give (number, level) of a group; raises NotFoundError."""
        number = number_of(held.work.spine, "group", name)
        return number, reads.level_of_group(held.work.spine, number)

    def missing_fields(self, held: Hold) -> list[tuple[str, str]]:
        """Give (field, category or service) of what must be filled in before it is solved (A6)."""
        kinds = held["category_id"], held["service_id"]
        return reads.missing_fields(held.work.spine, held.id, *kinds)

    def check_items(self, held: Hold) -> None:
        """Refuse to solve it while items of its checklists must still be done (C8)."""
        if reads.has_open_items(held.work.spine, held.id):
            from deskterm.domain.checklists import refuse_open
            from deskterm.storage.checklists import open_items

            refuse_open(held.id, open_items(held.work.spine, held.id))

    def duplicate_of(self, held: Hold, original: int) -> None:
        """Link it to what it is a duplicate of; without one (0) it must be linked already."""
        database = held.work.spine
        if original:
            other = survivor(database, original)
            if other == held.id:
                raise RefusedError(f"#{held.id} cannot be a duplicate of itself.")
            held.put(f"link.{LinkKind.DUPLICATE}.{other}", True)
        elif not any(tie.kind == LinkKind.DUPLICATE for tie in reads.ties(database, held.id)):
            raise UsageError(f"#{held.id}: duplicate of which ticket? Name it (--of N).")

    def solved_with(self, held: Hold, solution: int) -> None:
        """Keep with which solution it was solved; raises NotFoundError."""
        from deskterm.services.solutions.on_ticket import crossed, solved_with

        self.crossed(crossed(held, solution, across=self.across))
        solved_with(held, solution)

    def crossed(self, kept: Mapping[str, object]) -> Mapping[str, object]:
        """Say what went from one client to another, and give it for the ledger."""
        self.notes |= {str(said): None for said in kept.values()}
        return kept

    def proved(self, held: Hold, *, worked: bool) -> None:
        """Keep whether the ticket's solution works, as a verification tells."""
        from deskterm.services.solutions.on_ticket import verified

        verified(held, worked=worked)
