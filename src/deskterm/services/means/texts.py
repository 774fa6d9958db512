"""Canned texts: which fit a ticket or a caller, with what is known filled in, ranked by use."""

from typing import TYPE_CHECKING

from deskterm.domain.asking import NOW, How
from deskterm.domain.means import Canned, fitting, named
from deskterm.domain.rows import Done, PersonRow
from deskterm.domain.verbs import Reply
from deskterm.services.means.steps import run_filled
from deskterm.services.means.values import person_values, put, values_of
from deskterm.storage import desk_settings
from deskterm.storage.reads import means
from deskterm.storage.reads.people import person as read_person
from deskterm.storage.reads.public import language
from deskterm.storage.reads.ticket import show
from deskterm.storage.ticket.hold import survivor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deskterm.domain.requests import NewFile
    from deskterm.services.tickets.operation import Tickets
    from deskterm.storage.driver import Database


class Texts:
    """Canned texts in the hands of one technician."""

    def __init__(self, tickets: "Tickets") -> None:
        self._tickets = tickets

    def for_ticket(self, number: int) -> list[Canned]:
        """Give the texts that fit a ticket, filled in, the most used first."""
        with self._tickets.store.reading() as database, database.snapshot():
            view = show(database, survivor(database, number))
            values = values_of(database, view, self._tickets.me)
            return fitting_texts(database, view.requester, values)

    def for_person(self, number: int | None) -> list[Canned]:
        """Give the texts that fit a caller; None: whoever that is."""
        with self._tickets.store.reading() as database, database.snapshot():
            person = None if number is None else read_person(database, number)
            values = person_values(database, person, self._tickets.me)
            return fitting_texts(database, person, values)

    def used(self, numbers: "Sequence[int]") -> None:
        """Count that texts were sent; no operation: it only ranks them."""
        with self._tickets.store.reading() as database:
            for number in numbers:
                means.count_text(database, number)

    def reply(
        self,
        numbers: "Sequence[int]",
        name: str,
        body: str = "",
        files: "tuple[NewFile, ...]" = (),
        how: How = NOW,
    ) -> Done:
        """Answer tickets with a canned text, filled in for each; `body` goes on below it.

        Raises NotFoundError where it fits none, RefusedError where something is not known.
        """
        first = named(self.for_ticket(numbers[0]), name)
        used = []

        def answer(database: "Database", number: int) -> "Iterator[Reply]":
            view = show(database, number)
            values = values_of(database, view, self._tickets.me)
            row = named(fitting_texts(database, view.requester, values), first.short)
            used.append(row.id)
            refuse_holes(number, row)
            yield Reply(f"{row.words}\n\n{body}".strip(), files)

        done = run_filled(self._tickets, numbers, answer, how)
        if not how.dry and not done.repeated:
            self.used(used)
        return done


def refuse_holes(number: int, text: Canned) -> None:
    """Refuse to send words with holes in them."""
    from deskterm.domain.errors import RefusedError

    if text.missing:
        raise RefusedError(
            f"#{number}: nothing is known for {{{text.missing[0]}}} of text {text.short!r}; "
            "set it on the ticket, or write the answer yourself."
        )


def fitting_texts(
    database: "Database", person: PersonRow | None, values: "Mapping[str, str]"
) -> list[Canned]:
    """Give the texts for a person, filled in with what is known, the most used first."""
    spoken = language(database, person.id) if person else ""
    languages = (spoken, str(desk_settings.value(database, "mail.language")))
    organisation = (person and person.organisation) or ""
    return [
        Canned(row.id, row.typed, row.name, *put(row.words, values), row.uses)
        for row in fitting(means.texts(database), [one for one in languages if one], organisation)
    ]
