"""Macros: several verbs under one name, previewed, run on tickets as one operation (C8)."""

from typing import TYPE_CHECKING

from deskterm.domain.asking import NOW, How, Request, request_of
from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.means import MARK, MacroPreview, MacroRow, named
from deskterm.domain.rows import Done, TicketView
from deskterm.services.means.steps import Step, filled, places, run_filled, texts_of, written
from deskterm.services.means.texts import fitting_texts, refuse_holes
from deskterm.services.means.values import put, values_of
from deskterm.storage.names import unknown
from deskterm.storage.reads import means
from deskterm.storage.reads.ticket import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deskterm.services.tickets.operation import Tickets
    from deskterm.storage.driver import Database


class Macros:
    """Macros in the hands of one technician."""

    def __init__(self, tickets: "Tickets") -> None:
        self._tickets = tickets

    def list(self) -> list[MacroRow]:
        """Give the macros that are in use, by name."""
        with self._tickets.store.reading() as database:
            return means.macros(database)

    def by_key(self, key: str) -> MacroRow | None:
        """Give the macro that a key runs, or None."""
        return next((one for one in self.list() if one.key == key), None)

    def preview(self, numbers: "Sequence[int]", name: str, how: How = NOW) -> MacroPreview:
        """Try a macro: give its steps and what they would change; raises as `do`."""
        row = self._named(name)
        steps = tuple(written(step) for step in row.steps)
        return MacroPreview(row.name, steps, self.do(numbers, name, how._replace(dry=True)))

    def do(self, numbers: "Sequence[int]", name: str, how: How = NOW) -> Done:
        """Run a macro on tickets as one operation; on each all of its steps are done, or none.

        Raises NotFoundError where there is no such macro or what it names is gone, RefusedError
        where a step is not possible or something that it needs is not known.
        """
        row = self._named(name)

        def asks(database: "Database", number: int) -> "Iterator[Request]":
            for step in row.steps:
                yield self._filled(database, number, step)

        return run_filled(self._tickets, numbers, asks, how, f"macro {row.name}")

    def _named(self, name: str) -> MacroRow:
        found = self.list()
        wanted = name.strip().casefold()
        row = next((one for one in found if one.name.casefold() == wanted), None)
        if row is None:
            known = [one.name for one in found]
            raise NotFoundError(unknown("macro", name[:60], known, "deskterm macro list"))
        if not row.steps:
            raise RefusedError(f"macro {row.name} has no steps yet (`deskterm macro set`).")
        return row

    def _filled(self, database: "Database", number: int, step: Step) -> Request:
        if not places(step) and not any(one.startswith(MARK) for one in texts_of(step)):
            return request_of(step)
        view = show(database, number)
        values = values_of(database, view, self._tickets.me)
        return request_of(filled(step, lambda text: self._put(database, view, values, text)))

    def _put(
        self, database: "Database", view: TicketView, values: "Mapping[str, str]", text: str
    ) -> str:
        if text.startswith(MARK):
            found = named(fitting_texts(database, view.requester, values), text)
            refuse_holes(view.id, found)
            return found.words
        words, missing = put(text, values)
        if missing:
            raise RefusedError(f"#{view.id}: nothing is known for {{{missing[0]}}}; set it first.")
        return words
