"""Find the other ticket of a merge or a link."""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from deskterm.domain.asking import Request
from deskterm.domain.errors import DeskError
from deskterm.domain.rows import Found
from deskterm.domain.verbs import Join, Link, Merge
from deskterm.domain.vocabulary import LinkKind
from deskterm.screens.dialogs.verb import Targets, VerbDialog
from deskterm.widgets.choice import Choice
from deskterm.widgets.picker import Pick, Picker

KINDS = tuple(kind for kind in LinkKind if kind not in (LinkKind.CLAIMED, LinkKind.PROBLEM))


class OtherDialog(VerbDialog[Request]):
    """Type a number or words of the other ticket; Enter takes it."""

    HINT = "number or words · ↑↓ choose · Enter takes it · Esc leaves"

    PLACEHOLDER = "the other ticket"
    SIGNS: ClassVar[dict[str, str]] = {"ticket": "#"}
    """What is found → what stands before its number."""

    def verb_fields(self) -> Iterable[Widget]:
        """Give the finder."""
        yield Picker(placeholder=self.PLACEHOLDER, remote=True, named=self.number, id="other")

    @on(Picker.Typed)
    def _search(self, event: Picker.Typed) -> None:
        text = event.text
        words = text.strip().removeprefix("#")

        def offer(found: Sequence[Found]) -> None:
            self.query_one(Picker).offer(self._picks(found), text)

        def failed(error: DeskError) -> None:
            self.refuse(str(error))
            offer(())

        if words:
            self.load(lambda desk: desk.search.find(words), offer, "find", failed)
        else:
            offer(())

    def _picks(self, found: Sequence[Found]) -> Iterator[Pick]:
        own = {str(number) for number in self.targets.ids}
        for one in found:
            if one.kind in self.SIGNS and (one.kind != "ticket" or one.id not in own):
                name = f"{self.SIGNS[one.kind]}{one.id}"
                yield Pick(name.removeprefix("#"), f"{name} {one.title}", one.detail)

    @on(Picker.Picked)
    def _take(self) -> None:
        self.action_accept()

    def answer(self) -> Request | None:
        """Give what is asked for with the other ticket."""
        chosen = self.query_one(Picker).value
        if not chosen:
            self.refuse("No ticket is like that; type its number.")
            return None
        return self.asked(chosen)

    def number(self, typed: str) -> str:
        """Give the whole number that was typed: `12` of `#12`; else the empty string."""
        digits = typed.strip().removeprefix("#")
        return digits if digits.isascii() and digits.isdecimal() else ""

    def asked(self, chosen: str) -> Request:
        """Give the request for what was chosen: `12`."""
        raise NotImplementedError


class MergeDialog(OtherDialog):
    """Into which ticket."""

    TELLS = True

    def __init__(self, targets: Targets, limit: int) -> None:
        super().__init__("Merge", targets, limit)

    def asked(self, chosen: str) -> Request:
        """Merge into it."""
        return Merge(int(chosen))


class LinkDialog(OtherDialog):
    """To which ticket, and as what; or to which problem: `P7`."""

    PLACEHOLDER = "the other ticket, or P7"
    SIGNS: ClassVar[dict[str, str]] = {"ticket": "#", "problem": "P"}

    def __init__(self, targets: Targets, limit: int) -> None:
        super().__init__("Link", targets, limit)

    def verb_fields(self) -> Iterable[Widget]:
        """Give the finder, and the kind of link."""
        yield from super().verb_fields()
        label = Static(Content("As:"), classes="label")
        yield Horizontal(label, Choice(KINDS, id="kind"), classes="line")

    def number(self, typed: str) -> str:
        """A problem's number counts too: `P7`."""
        digits = super().number(typed.strip().upper().removeprefix("P"))
        return f"P{digits}" if digits and typed.strip()[:1] in "pP" else digits

    def asked(self, chosen: str) -> Request:
        """Link to the ticket, or put it under the problem."""
        if chosen.startswith("P"):
            return Join(int(chosen[1:]))
        return Link(int(chosen), self.query_one(Choice).value)
