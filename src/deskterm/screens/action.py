"""The record of one command of the app: its key, its words and where it fits."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

EVERYWHERE = ("*",)
"""The `screens` of an action that every screen has."""

ANYTHING = "*"
"""The `needs` of an action that fits whatever is in hand."""


class Chosen(NamedTuple):
    """What a verb would act on: a ticket, letter, mail, notice, problem, solution …"""

    kind: str
    id: int | str
    state: str = ""
    """Only a ticket's state decides which verbs of the lifecycle fit."""


Flow = Callable[[Any], None]
"""An action that is a function: its owner is the screen, of whatever class the function names."""


class Named(NamedTuple):
    """What typing the name of something in the palette does: a macro, a template …"""

    action: str
    """The action that decides whether it is possible; empty: always."""
    do: Callable[..., None]
    """Called with the screen and the name."""


class Later(Mapping[str, T]):
    """What modules call by this name (their FLOWS), put together when it is first asked for."""

    def __init__(self, name: str, *modules: str) -> None:
        self._name, self._modules = name, modules

    @cached_property
    def _known(self) -> dict[str, T]:
        known: dict[str, T] = {}
        for module in self._modules:
            known |= getattr(import_module(module), self._name)
        return known

    def __getitem__(self, action: str) -> T:
        return self._known[action]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class Action(NamedTuple):
    """One command. Each screen of `screens` has it in FLOWS, or has a method `action_<id>`."""

    id: str
    """Method name, binding id in the keymap of the settings, unique."""
    keys: str
    """Textual key names, comma-separated; the first one is shown."""
    label: str
    """One or two words, for footer and context menu."""
    help: str
    """One sentence, for the help popup and the palette."""
    group: str
    """The heading it stands under in the help popup."""
    screens: tuple[str, ...]
    """The `NAME` of each screen that has it; EVERYWHERE for all."""
    verb: str = ""
    """The verb of `domain.lifecycle` that decides whether it is possible; empty: always."""
    needs: str = ""
    """The kind of thing that must be in hand or marked, or ANYTHING; empty: nothing."""
    bulk: bool = False
    """True where it acts on all marked tickets at once."""
    footer: int = 0
    """Its place in the footer, 1 first; 0 means not in the footer."""
    palette: bool = True
    """False for moves and answers that make no sense by name."""
    focused: bool = False
    """True where the part that has the focus has the method and binds the keys."""


class Making(NamedTuple):
    """Makes the actions of one heading and its screens, with what they share."""

    group: str
    screens: tuple[str, ...]
    prefix: str = ""
    needs: str = ""
    palette: bool = True
    focused: bool = False

    def __call__(
        self, name: str, keys: str, label: str, text: str, footer: int = 0, needs: str | None = None
    ) -> Action:
        """Give one; what is not said is as for all of them."""
        return Action(
            self.prefix + name,
            keys,
            label,
            text,
            self.group,
            self.screens,
            needs=self.needs if needs is None else needs,
            footer=footer,
            palette=self.palette,
            focused=self.focused,
        )
