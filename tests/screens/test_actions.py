"""Every action is whole: a method, help, a key that is unique on its screen."""

import inspect
from collections.abc import Callable
from importlib import import_module

import pytest

from deskterm.domain.lifecycle import TRANSITIONS
from deskterm.screens.action import EVERYWHERE, Action, Chosen
from deskterm.screens.actions import ALL, bindings, footer, for_screen, key_label, possible
from deskterm.screens.base import DeskScreen
from deskterm.screens.doors import DOORS
from deskterm.screens.flows import general, owner
from deskterm.widgets.list_part import ListPart
from deskterm.widgets.marking import Marking
from deskterm.widgets.moving import Moving

SCREENS = sorted({name for action in ALL for name in action.screens if name != "*"})


@pytest.mark.parametrize("action", ALL, ids=lambda action: action.id)
def test_an_action_has_words_keys_and_a_known_verb(action: Action) -> None:
    assert action.label
    assert len(action.label) <= 14
    assert action.help.endswith(".")
    assert action.keys
    assert not action.verb or action.verb in TRANSITIONS
    assert action.screens == EVERYWHERE or set(action.screens) <= set(SCREENS)


def test_names_are_unique() -> None:
    names = [action.id for action in ALL]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("screen", SCREENS)
def test_a_key_means_one_thing_on_a_screen(screen: str) -> None:
    own = [key for action in ALL if screen in action.screens for key in action.keys.split(",")]
    assert len(own) == len(set(own))
    bound = [key for binding in bindings(screen) for key in binding.key.split(",")]
    assert len(bound) == len(set(bound))


def test_every_door_opens_from_the_board() -> None:
    """What a screen does with a key wins over what it does everywhere; the board shuts no door."""
    taken = {key for one in ALL if "board" in one.screens for key in one.keys.split(",")}
    shut = [
        one.id
        for one in ALL
        if one.screens == EVERYWHERE and one.id in DOORS and set(one.keys.split(",")) <= taken
    ]
    assert shut == []


@pytest.mark.parametrize("door", sorted(DOORS))
def test_every_action_of_a_screen_has_its_method(door: str) -> None:
    module, _, name = DOORS[door].partition(":")
    screen = getattr(import_module(module), name)
    missing = [one.id for one in for_screen(screen.NAME) if not _has_method(screen, one)]
    assert missing == []


@pytest.mark.parametrize("door", sorted(DOORS))
def test_a_screen_gives_its_functions_what_they_ask_of_it(door: str) -> None:
    module, _, name = DOORS[door].partition(":")
    screen = getattr(import_module(module), name)
    missing = {
        (action, member)
        for action, function in screen.FLOWS.items()
        for member in _asked_of_an_owner(function)
        if not hasattr(screen, member)
    }
    assert missing == set()


def _asked_of_an_owner(function: Callable[..., object]) -> set[str]:
    """Give the members that the protocol has which the function names as its owner."""
    wanted = str(inspect.signature(function).parameters["owner"].annotation).strip("'\"")
    protocol = getattr(owner, wanted, None)
    return set() if protocol is None else {one for one in dir(protocol) if one[0] != "_"}


def test_each_function_belongs_to_an_action() -> None:
    for door in DOORS.values():
        module, _, name = door.partition(":")
        screen = getattr(import_module(module), name)
        assert set(screen.FLOWS) <= {one.id for one in for_screen(screen.NAME)}


def _has_method(screen: type[DeskScreen], action: Action) -> bool:
    """Tell whether the screen has the function or the method; a focused part's action, that."""
    if action.id in screen.FLOWS:
        return True
    name = f"action_{action.id}"
    owners = (*_parts(Moving), Marking, ListPart, screen) if action.focused else (screen,)
    return any(hasattr(owner, name) for owner in owners)


def _parts(kind: type[object]) -> list[type[object]]:
    """Give what can be moved through: the class and those below it."""
    found = [kind]
    for one in kind.__subclasses__():
        found += _parts(one)
    return found


@pytest.mark.parametrize("screen", SCREENS)
def test_the_footer_starts_with_the_question_mark_and_ends_with_the_palette(screen: str) -> None:
    items = footer(screen)
    assert items[0].id == "help"
    assert items[-1].id == "palette"
    assert key_label(items[0].keys.split(",")[0]) == "?"


def test_a_verb_is_possible_where_the_lifecycle_says_so() -> None:
    reopen = next(action for action in ALL if action.id == "reopen")
    assert possible(reopen, [Chosen("ticket", 1, "closed")])
    assert possible(reopen, [Chosen("ticket", 1, "open"), Chosen("ticket", 2, "closed")])
    assert not possible(reopen, [Chosen("ticket", 1, "open")])
    assert not possible(reopen, [])


_NAMES = {"Esc", "Enter", "Space", "Tab", "Bksp", "PgDn", "PgUp", "Home", "End", "Del", "Ins"}


@pytest.mark.parametrize("action", ALL, ids=lambda action: action.id)
def test_a_key_is_shown_by_its_sign_and_never_in_words(action: Action) -> None:
    for key in action.keys.split(","):
        label = key_label(key).lstrip("^⇧")
        plain = len(label) <= 1 or label in _NAMES or label[0] == "F"
        assert plain or label == "⇧Tab", (action.id, key, label)


def test_signs_of_users_own_keys_are_signs_too() -> None:
    assert [key_label(key) for key in ("number_sign", "ctrl+backslash", "tilde", "f5")] == [
        "#",
        "^\\",
        "~",
        "F5",
    ]


def test_every_door_that_an_action_names_is_there() -> None:
    assert set(general.DOORS.values()) <= set(DOORS)
