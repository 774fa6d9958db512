"""Find the other ticket of a merge or a link."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from deskterm.domain.asking import Request
from deskterm.domain.errors import DeskError
from deskterm.domain.rows import Found, Pairing
from deskterm.domain.text import clean
from deskterm.domain.verbs import Join, Link, Merge
from deskterm.domain.vocabulary import LinkKind
from deskterm.screens.dialogs.verb import Targets, VerbDialog
from deskterm.screens.work import Working
from deskterm.widgets.choice import Choice
from deskterm.widgets.picker import Pick, Picker

KINDS = tuple(kind for kind in LinkKind if kind not in (LinkKind.CLAIMED, LinkKind.PROBLEM))


SIGNS: Mapping[str, str] = {"ticket": "#"}
"""What is found → what stands before its number."""


class TicketFinder(Picker, Working):
    """Finds another ticket than those in hand by number or words; `signs`: or a problem."""

    DEFAULT_CSS = ""

    def __init__(
        self,
        own: Iterable[int],
        *,
        signs: Mapping[str, str] | None = None,
        placeholder: str = "number or words",
        id: str | None = None,  # noqa: A002 - Textual's word
    ) -> None:
        super().__init__(placeholder=placeholder, remote=True, named=self.number, id=id)
        self._own = {str(number) for number in own}
        self._signs = signs or SIGNS

    @on(Picker.Typed)
    def _search(self, event: Picker.Typed) -> None:
        text = event.text
        words = text.strip().removeprefix("#")

        def offer(found: Sequence[Found]) -> None:
            self.offer(self._picks(found), text)

        def failed(error: DeskError) -> None:
            self.desk_app.say_error(error)
            offer(())

        if words:
            self.load(lambda desk: desk.search.find(words), offer, "find", failed)
        else:
            offer(())

    def _picks(self, found: Sequence[Found]) -> Iterator[Pick]:
        for one in found:
            if one.kind in self._signs and (one.kind != "ticket" or one.id not in self._own):
                name = f"{self._signs[one.kind]}{one.id}"
                yield Pick(name.removeprefix("#"), f"{name} {one.title}", one.detail)

    def number(self, typed: str) -> str:
        """Give the whole number that was typed: `12` of `#12`, `P7`; else the empty string."""
        text = typed.strip()
        problem = "problem" in self._signs and text[:1] in ("p", "P")
        digits = text[1:] if problem else text.removeprefix("#")
        if not (digits.isascii() and digits.isdecimal()):
            return ""
        return f"P{digits}" if problem else digits


class OtherDialog(VerbDialog[Request]):
    """Type a number or words of the other ticket; Enter takes it.

    It says who goes into whom, and asks once more where their requesters differ.
    """

    HINT = "number or words · ↑↓ choose · Enter takes it · Esc leaves"

    PLACEHOLDER = "the other ticket"
    FINDS: ClassVar[Mapping[str, str]] = SIGNS
    JOINS = "to"
    """What stands between the two tickets where it is said what will be done."""

    def __init__(self, verb: str, targets: Targets, limit: int) -> None:
        super().__init__(verb, targets, limit)
        self._agreed: str | None = None
        """The ticket of which it was said what will be done with it."""

    def verb_fields(self) -> Iterable[Widget]:
        """Give the finder, and what will be done."""
        yield TicketFinder(
            self.targets.ids, signs=self.FINDS, placeholder=self.PLACEHOLDER, id="other"
        )
        yield Static(id="pair")

    @on(Picker.Typed)
    def _typed(self, event: Picker.Typed) -> None:
        self._agreed = None
        self._say_pair(event.picker.value)

    @on(Picker.Highlighted)
    def _chosen(self, event: Picker.Highlighted) -> None:
        if event.value != self._agreed:
            self._agreed = None
            self._say_pair(event.value)

    def _say_pair(self, value: str, words: str = "") -> None:
        named = f"#{value}" if value.isdecimal() else value
        said = words or (value and f"{self.targets.words} {self.JOINS} {named}")
        self.query_one("#pair", Static).update(Content(clean(said)))

    @on(Picker.Picked)
    def _take(self) -> None:
        self.action_accept()

    def answer(self) -> Request | None:
        """Give what is asked for with the other ticket, once it was said which it is."""
        chosen = self.query_one(Picker).value
        if not chosen:
            self.refuse("No ticket is like that; type its number.")
            return None
        if chosen == self._agreed or not chosen.isdecimal():
            return self.asked(chosen)
        number, ids, merges = int(chosen), self.targets.ids, self.TELLS

        def decide(found: Pairing) -> None:
            if self.is_current and self.query_one(Picker).value == chosen:
                self._decide(chosen, found)

        self.load(
            lambda desk: desk.tickets.pairing(ids, number, merges=merges),
            decide,
            "pairing",
            lambda error: self.refuse(str(error)),
        )
        return None

    def _decide(self, chosen: str, found: Pairing) -> None:
        """Go on where nothing is unusual; else say it and let Enter be pressed again."""
        self._agreed = chosen
        seen = {**self.targets.seen, found.goal.id: found.goal.version}
        self.targets = replace(self.targets, seen=seen)
        self._say_pair(chosen, found.words(self.targets.words, self.JOINS))
        if found.strangers or found.opens:
            self.refuse("Enter again does it; Esc leaves everything as it is.")
        else:
            self.action_accept()

    @abstractmethod
    def asked(self, chosen: str) -> Request:
        """Give the request for what was chosen: `12`."""


class MergeDialog(OtherDialog):
    """Into which ticket."""

    TELLS = True
    JOINS = "into"

    def __init__(self, targets: Targets, limit: int) -> None:
        super().__init__("Merge", targets, limit)

    def asked(self, chosen: str) -> Request:
        """Merge into it."""
        return Merge(int(chosen))


class LinkDialog(OtherDialog):
    """To which ticket, and as what; or to which problem: `P7`."""

    PLACEHOLDER = "the other ticket, or P7"
    FINDS: ClassVar[Mapping[str, str]] = {**SIGNS, "problem": "P"}

    def __init__(self, targets: Targets, limit: int) -> None:
        super().__init__("Link", targets, limit)

    def verb_fields(self) -> Iterable[Widget]:
        """Give the finder, and the kind of link."""
        yield from super().verb_fields()
        label = Static(Content("As:"), classes="label")
        yield Horizontal(label, Choice(KINDS, id="kind"), classes="line")

    def asked(self, chosen: str) -> Request:
        """Link to the ticket, or put it under the problem."""
        if chosen.startswith("P"):
            return Join(int(chosen[1:]))
        return Link(int(chosen), self.query_one(Choice).value)
