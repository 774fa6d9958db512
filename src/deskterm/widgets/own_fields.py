"""The lines of a form that are the desk's own fields: what goes with what, what is needed."""

from collections.abc import Mapping, Sequence

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from deskterm.domain import choices
from deskterm.domain.records import FieldRow
from deskterm.domain.text import clean
from deskterm.widgets.typed import ChoosingInput

NEEDED = "*"
"""The sign of a field that tickets of this category or service need before they are solved."""


class OwnFields(Vertical):
    """A line for each of the desk's own fields."""

    DEFAULT_CSS = "OwnFields { height: auto; }"

    def __init__(self) -> None:
        super().__init__(id="own")
        self.fields: Sequence[FieldRow] = ()
        """The fields whose lines are there."""
        self._offered: list[str] | None = None
        """The names of these, as soon as they were asked for; None: nothing was offered yet."""
        self._kept: Mapping[str, str] = {}
        """What was put in before the lines were there."""
        self._before: dict[str, str] = {}
        """Field → what its line showed at first."""
        self._known: tuple[str, str] = ("", "")
        """Category and service, as they are typed beside."""

    def offer(self, fields: Sequence[FieldRow], values: Mapping[str, str] | None = None) -> None:
        """Make the lines, with what is known in them; other fields than before take their place."""
        if self._offered is not None:
            if self._offered != [one.name for one in fields]:
                self._kept = {**self._kept, **self.known}
                self.fields, self._offered = (), None
                self.call_later(self._replace, fields)
            return
        self._offered = [one.name for one in fields]
        known = self._kept if values is None else values
        self._before = {one.name: known.get(one.name, "") for one in fields}
        self.mount_all(
            Horizontal(
                Static(Content(_said(one)), classes="label", id=f"label-own-{place}"),
                ChoosingInput(self._before[one.name], id=f"field-own-{place}"),
                classes="line",
            )
            for place, one in enumerate(fields)
        )
        self.call_after_refresh(self._are_there, fields)

    async def _replace(self, fields: Sequence[FieldRow]) -> None:
        await self.remove_children()
        self.offer(fields, self._kept)

    def _are_there(self, fields: Sequence[FieldRow]) -> None:
        self.fields = fields
        if self._kept:
            self.put(self._kept)
        self.fit(*self._known)

    @property
    def lines(self) -> list[ChoosingInput]:
        """The inputs, in the order of the fields."""
        return [self._line(place) for place in range(len(self.fields))]

    @property
    def values(self) -> dict[str, str]:
        """Field → what is typed."""
        return {
            field.name: line.value.strip()
            for field, line in zip(self.fields, self.lines, strict=True)
        }

    @property
    def known(self) -> dict[str, str]:
        """Field → what stands there, where anything does; also before the lines are there."""
        values = self.values if self.fields else self._kept
        return {name: text for name, text in values.items() if text}

    @property
    def altered(self) -> dict[str, str]:
        """Field → what is typed, where that is another than at first."""
        return {name: text for name, text in self.values.items() if text != self._before[name]}

    def put(self, values: Mapping[str, str]) -> None:
        """Fill the lines in, as soon as they are there."""
        self._kept = values
        for field, line in zip(self.fields, self.lines, strict=True):
            line.value = clean(values.get(field.name, ""), one_line=True)

    def fit(self, category: str, service: str) -> None:
        """Offer what goes with the other facts, empty what does not any more, sign what is needed.

        A choice that was never offered stays: it was there before.
        """
        self._known = (category, service)
        known = choices.known_of(category, service, self.values)
        for place, field in enumerate(self.fields):
            line, fit = self._line(place), choices.fitting(field.choices, known)
            if line.names != tuple(fit):
                line.offer(fit)
                if line.value not in fit and line.value in choices.values(field.choices):
                    line.value = ""
            needed = choices.needs(field.required_for, category, service)
            label = self.query_one(f"#label-own-{place}", Static)
            label.update(Content(f"{NEEDED} {_said(field)}" if needed else _said(field)))

    def _line(self, place: int) -> ChoosingInput:
        return self.query_one(f"#field-own-{place}", ChoosingInput)

    def go_on(self, line: Input) -> bool:
        """Let keys go to the line after this one, or to the first; False after the last."""
        lines = self.lines
        at = next((place for place, one in enumerate(lines, 1) if one is line), 0)
        if at == len(lines):
            return False
        lines[at].focus()
        return True


def _said(field: FieldRow) -> str:
    return clean(field.label or field.name, one_line=True)
