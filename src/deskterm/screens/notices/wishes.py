"""Choose what one is told of, and whether by mail."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from deskterm.domain.news import REASONS, SIGNS, WORDS, Kind
from deskterm.domain.notice_rows import BY_MAIL, Wishes
from deskterm.domain.text import clean
from deskterm.screens.dialogs.base import Dialog
from deskterm.widgets.choice import Choice
from deskterm.widgets.typed import PlainInput


class WishesDialog(Dialog[dict[str, str]]):
    """Space switches a kind; Tab goes to the mail below."""

    HINT = "Space switches · Tab goes on · ^s keeps · Esc leaves"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "switch", "Switch")]

    def __init__(self, wishes: Wishes) -> None:
        super().__init__("What you are told of")
        self._wanted = set(wishes.notify)
        self._wishes = wishes

    def fields(self) -> Iterable[Widget]:
        """Give the kinds, how by mail, the address."""
        yield OptionList(*self._options(), markup=False)
        yield Static(Content("By mail"), classes="label")
        yield Choice(BY_MAIL, self._wishes.mail, id="mail")
        yield Static(Content("Your address"), classes="label")
        yield PlainInput(clean(self._wishes.email, one_line=True), id="email")

    def _options(self) -> list[Option]:
        return [
            Option(
                Content.assemble(
                    f"{'✓' if kind in self._wanted else ' '} {SIGNS[kind]} {WORDS[kind]:<15}",
                    (REASONS[kind], "dim"),
                )
            )
            for kind in Kind
        ]

    @on(OptionList.OptionSelected)
    def action_switch(self) -> None:
        """Switch the kind under the cursor on or off."""
        options = self.query_one(OptionList)
        at = options.highlighted or 0
        self._wanted ^= {tuple(Kind)[at]}
        options.clear_options()
        options.add_options(self._options())
        options.highlighted = at

    def answer(self) -> dict[str, str]:
        """Give the values to set."""
        return {
            "notify": ",".join(kind for kind in Kind if kind in self._wanted) or "none",
            "mail": self.query_one("#mail", Choice).value,
            "email": self.query_one("#email", Input).value.strip(),
        }
