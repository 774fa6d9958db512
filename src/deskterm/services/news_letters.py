"""Letters to many people at once, one a person, in one statement: of what concerns them all."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

from deskterm.domain.asking import How
from deskterm.domain.releases import Recipient
from deskterm.domain.rows import Done
from deskterm.services.letters import Letters
from deskterm.services.rhythm import following
from deskterm.services.written import Written
from deskterm.storage import outbox
from deskterm.storage.work import Work, operation_id

Progress = Callable[[int, int], None]
"""Called with how many of how many are done."""
BATCH = 2_000
"""Letters of one transaction where a job writes them: nobody waits long for the database."""


class Reader(Protocol):
    """Whoever is written to."""

    @property
    def person_id(self) -> int:
        """Their number."""

    @property
    def name(self) -> str:
        """How they are called."""

    @property
    def address(self) -> str:
        """Where letters reach them."""


class ToReader(NamedTuple):
    """One letter: to whom, and the words that are kept with it."""

    reader: Reader
    data: Mapping[str, object]
    ticket: int | None = None
    """The ticket of the reader's that it is about; None: about none."""
    entries: tuple[int, ...] = ()
    """The ledger entries it tells of."""


def of_tickets(
    people: Iterable[Recipient], said: Mapping[str, object], entry: int
) -> Iterator[ToReader]:
    """Give a letter each, about the newest of their tickets; it names all of them."""
    for one in people:
        ticket = one.tickets[-1] if one.tickets else None
        yield ToReader(one, {**said, "tickets": list(one.tickets)}, ticket, (entry,))


R = TypeVar("R", bound=Reader)


def in_batches(
    people: Sequence[R],
    how: How,
    write: Callable[[Sequence[R], How], Done],
    progress: Progress | None = None,
    batch: int = 0,
) -> Done:
    """Write to many, an operation a batch: nobody waits long for the database; gives all of it.

    Each is known by whom it begins with, so that asking again after a kill goes on with the rest.
    Few, and a trial, are one operation.
    """
    batch = batch or BATCH
    if how.dry or len(people) <= batch:
        return write(people, how)
    root = operation_id(how.op_id)
    parts = [people[at : at + batch] for at in range(0, len(people), batch)]
    done = []
    for part in parts:
        done.append(write(part, how._replace(op_id=following(root, str(part[0].person_id)))))
        if progress is not None:
            progress(min(len(done) * batch, len(people)), len(people))
    note = f"Written in {len(done)} operations: undo takes back one at a time, the last first."
    return done[-1]._replace(
        letters=sum(one.letters for one in done), notes=(*done[-1].notes, note)
    )


def write_news(
    work: Work, letters: Letters, template: str, many: Iterable[ToReader], *, at_once: bool = False
) -> int:
    """Write one letter each within a unit of work; gives how many.

    They wait as long as undo can still stop them; `at_once`: they have waited already.
    """
    leaves = work.at if at_once else work.at + letters.wait
    found = list(many)
    names = letters.message_ids(work.spine, (one.ticket or 0 for one in found))
    written = [
        outbox.NewLetter(
            recipient=one.reader.address,
            recipient_name=one.reader.name,
            template=template,
            message_id=name,
            not_before=leaves,
            ticket_id=one.ticket,
            entries=one.entries,
            person_id=one.reader.person_id,
            data=one.data,
        )
        for one, name in zip(found, names, strict=True)
    ]
    outbox.queue_many(work, written)
    work.state(Written).letters += len(written)
    return len(written)
