"""A problem and its outside tracker: opened there, asked, told, taken over, let go."""

from typing import TYPE_CHECKING, Protocol

from deskterm.domain.rows import Done
from deskterm.screens.dialogs.ask import AskDialog, LineDialog, PickDialog
from deskterm.screens.flows import lists
from deskterm.screens.flows.asking import place
from deskterm.screens.work import look_up
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.domain.asking import How
    from deskterm.domain.trackers import Followed
    from deskterm.screens.desk import Desk
    from deskterm.screens.problems.lines import Shown

_OPEN, _THERE = "open ", "there "
_NONE = "This machine knows no tracker: `deskterm settings set trackers.NAME COMMAND`."


class TrackingOwner(lists.ListOwner, Protocol):
    """The list of problems."""

    page: "Shown | None"
    """The problem in hand, with all that is known of it."""


def track(owner: TrackingOwner) -> None:
    """Ask what is to be done; where it is in no tracker yet, in which it is opened."""
    page = owner.page
    if page is None:
        return
    number = page.view.id
    if not page.followed:
        look_up(
            owner, lambda desk: desk.trackers.names(), lambda all_: _begin(owner, number, all_), ""
        )
        return
    one = page.followed[0]

    def chosen(what: str | None) -> None:
        if what is not None:
            _WHAT[what](owner, number, one)

    title = f"P{number} · {one.tracked.words}"
    owner.app.push_screen(PickDialog(title, _picks(one)), chosen)


def _picks(one: "Followed") -> list[Pick]:
    picks = [Pick("ask", "ask now how it stands there"), Pick("comment", "say something there")]
    if one.proposal is not None:
        values = one.proposal.values.items()
        said = ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in values)
        picks.insert(0, Pick("take", f"take over: {said}"))
    return [*picks, Pick("leave", "follow it there no more")]


def _begin(owner: TrackingOwner, number: int, known: "dict[str, int]") -> None:
    if not known:
        owner.desk_app.say(_NONE, "warning")
        return
    picks = [Pick(f"{_OPEN}{name}", f"open it in {name}") for name in known]
    picks += [Pick(f"{_THERE}{name}", f"it is in {name} already") for name in known]

    def chosen(what: str | None) -> None:
        if what is None:
            return
        if what.startswith(_OPEN):
            _checked(owner, number, "", lambda yes: _open(owner, number, what, yes))
            return
        name = what.removeprefix(_THERE)
        asked = LineDialog(f"P{number} in {name}", "Its number there?", needed="Which number?")
        owner.app.push_screen(asked, lambda ref: _follow(owner, number, name, ref) if ref else None)

    owner.app.push_screen(PickDialog(f"P{number} in a tracker", picks), chosen)


def _open(owner: TrackingOwner, number: int, what: str, yes: bool) -> None:
    name = what.removeprefix(_OPEN)
    place(
        owner,
        f"Opened in {name}, when it leaves",
        lambda desk, how: desk.trackers.track(number, name, yes=yes, how=how),
    )


def _follow(owner: TrackingOwner, number: int, name: str, ref: str) -> None:
    place(
        owner,
        f"Followed in {name}",
        lambda desk, how: desk.trackers.track(number, name, ref, how=how),
    )


def _checked(
    owner: TrackingOwner, number: int, comment: str, go_on: "Callable[[bool], None]"
) -> None:
    """Go on at once where nothing names people or machines, else when somebody says yes."""

    def ask(found: str) -> None:
        if not found:
            go_on(False)
            return
        question = f"It names {found}. Enter sends it all the same; Esc leaves, to edit it first."
        owner.app.push_screen(
            AskDialog("What leaves the desk", question), lambda yes: go_on(True) if yes else None
        )

    look_up(owner, lambda desk: desk.trackers.leaks(number, comment), ask, "leaks")


def _ask(owner: TrackingOwner, number: int, one: "Followed") -> None:
    def run(desk: "Desk", how: "How") -> Done:
        del how  # nothing of the desk's own is changed
        asked = desk.trackers.ask_now(number)
        why = desk.trackers.queue.standing().why or "M shows what waits"
        notes = () if asked.done else (f"No answer: {why}.",)
        return Done("", "track", (("problem", number),), notes=notes)

    place(owner, f"Asked {one.tracked.tracker}", run)


def _comment(owner: TrackingOwner, number: int, one: "Followed") -> None:
    name = one.tracked.tracker

    def said(text: str | None) -> None:
        if text:
            _checked(owner, number, text, lambda yes: _say(owner, number, (name, text), yes))

    dialog = LineDialog(f"To {one.tracked.name}", "What shall developers know?", needed="Say it.")
    owner.app.push_screen(dialog, said)


def _say(owner: TrackingOwner, number: int, said: tuple[str, str], yes: bool) -> None:
    name, text = said
    place(
        owner,
        f"Said to {name}, when it leaves",
        lambda desk, how: desk.trackers.comment(number, text, name, yes=yes, how=how),
    )


def _take(owner: TrackingOwner, number: int, one: "Followed") -> None:
    name = one.tracked.tracker
    place(owner, f"Taken over from {name}", lambda desk, how: desk.trackers.take(number, name, how))


def _leave(owner: TrackingOwner, number: int, one: "Followed") -> None:
    name = one.tracked.tracker
    place(owner, f"No longer in {name}", lambda desk, how: desk.trackers.leave(number, name, how))


_WHAT = {"ask": _ask, "comment": _comment, "take": _take, "leave": _leave}
