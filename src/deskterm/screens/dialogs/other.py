"""Find the other ticket of a merge or a link."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from deskterm.domain.rows import Found
from deskterm.domain.vocabulary import LinkKind
from deskterm.screens.dialogs.form import Values
from deskterm.screens.dialogs.verb import Targets, VerbDialog
from deskterm.widgets.choice import Choice
from deskterm.widgets.picker import Pick, Picker

KINDS = tuple(kind for kind in LinkKind if kind not in (LinkKind.CLAIMED, LinkKind.PROBLEM))


class OtherDialog(VerbDialog[Values]):
    """Type a number or words of the other ticket, or P7 for a problem; Enter takes it."""

    HINT = "number or words · ↑↓ choose · Enter takes it · Esc leaves"

    def __init__(self, verb: str, targets: Targets, limit: int, kinds: bool = False) -> None:
        self.TELLS = verb == "Merge"
        super().__init__(verb, targets, limit)
        self._kinds = kinds

    def verb_fields(self) -> Iterable[Widget]:
        """Give the finder, and the kind of link where it is asked for."""
        yield Picker(
            placeholder="the other ticket, or P7" if self._kinds else "the other ticket",
            remote=True,
            id="other",
        )
        if self._kinds:
            label = Static(Content("As:"), classes="label")
            yield Horizontal(label, Choice(KINDS, id="kind"), classes="line")

    @on(Picker.Typed)
    def _search(self, event: Picker.Typed) -> None:
        words = event.text.strip().removeprefix("#")
        if words:
            self.load(lambda desk: desk.search.find(words), self._offer, "find")

    def _offer(self, found: Sequence[Found]) -> None:
        own = {str(number) for number in self.targets.ids}
        signs = {"ticket": "#", "problem": "P"} if self._kinds else {"ticket": "#"}
        named = [(one, f"{signs[one.kind]}{one.id}") for one in found if one.kind in signs]
        self.query_one(Picker).offer(
            Pick(name.removeprefix("#"), f"{name} {one.title}", one.detail)
            for one, name in named
            if one.kind != "ticket" or one.id not in own
        )

    @on(Picker.Picked)
    def _take(self) -> None:
        self.action_accept()

    def answer(self) -> Values | None:
        """Give the other ticket's number, and the kind."""
        picker = self.query_one(Picker)
        typed = picker.typed.strip().removeprefix("#")
        number = typed if typed.isdecimal() else picker.value
        if self._kinds and typed[:1] in ("p", "P") and typed[1:].isdecimal():
            number = f"P{typed[1:]}"
        if not number:
            self.refuse("No ticket is like that; type its number.")
            return None
        return {"other": number, "kind": self.query_one(Choice).value if self._kinds else ""}
