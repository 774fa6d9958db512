"""What every screen can do."""

from typing import TYPE_CHECKING, cast

from deskterm.domain.text import clean
from deskterm.screens import themes
from deskterm.screens.order import Order
from deskterm.screens.work import look_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deskterm.domain.handovers import HandoverRow, Item
    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk
    from deskterm.screens.flows.owner import AnyScreen

    Found = tuple[Sequence[HandoverRow], Sequence[Item]]


def show_help(owner: "AnyScreen") -> None:
    """Open the popup with the keys of this screen."""
    from deskterm.screens.help import HelpDialog

    owner.app.push_screen(HelpDialog(owner.NAME, owner.desk_app.keys), owner.run_named)


def palette(owner: "AnyScreen") -> None:
    """Open the palette."""
    from deskterm.screens.palette import open_palette

    open_palette(owner.app)


def refresh(owner: "AnyScreen") -> None:
    """Read and draw everything anew; where the desk did not open, try again.

    Why the database does not answer is said once more.
    """
    owner.desk_app.drawn.anew()
    owner.desk_app.edges.reasons.clear()
    if owner.desk_app.is_open:
        owner.desk_changed()
    else:
        owner.desk_app.open_again()


def _door(name: str) -> "Flow":
    def go(owner: "AnyScreen") -> None:
        """Open another screen on top; on that screen itself it does nothing."""
        if name != owner.NAME:
            owner.desk_app.go(name)

    return go


def filter_board(owner: "AnyScreen") -> None:
    """Go to the board and let keys go into its filter line."""
    app = owner.app
    while len(app.screen_stack) > 1:
        app.pop_screen()
    board = cast("AnyScreen", app.screen)
    app.call_later(board.run_named, "filter")


def messages(owner: "AnyScreen") -> None:
    """Show what was said since the start."""
    from deskterm.screens.dialogs.ask import SaidDialog

    owner.app.push_screen(SaidDialog(tuple(owner.desk_app.edges.said)))


def leave(owner: "AnyScreen") -> None:
    """Step back once; screens with marks, a filter and the like take those back first."""
    owner.action_back()


def undo(owner: "AnyScreen") -> None:
    """Take back one's own newest operation that can be."""
    take_back = Order("Took back", lambda desk, how: desk.ledger.undo(how=how))
    owner.desk_app.write(take_back)


def redo(owner: "AnyScreen") -> None:
    """Take one's own last undo back."""
    again = Order("Did again", lambda desk, how: desk.ledger.redo(how=how))
    owner.desk_app.write(again)


def focus_time(owner: "AnyScreen") -> None:
    """Begin focus time, or end it where it is on."""
    from deskterm.screens.dialogs.away import FocusDialog

    app = owner.desk_app
    if app.news.focus is not None:
        app.write(Order("Ended focus time", lambda desk, how: desk.attention.end(how)))
        return

    def decided(said: dict[str, str] | None) -> None:
        if said is not None:
            order = Order(
                "Focus time began",
                lambda desk, how: desk.attention.begin(**said, how=how),
            )
            app.write(order)

    owner.app.push_screen(FocusDialog(), decided)


def copy_number(owner: "AnyScreen") -> None:
    """Copy the number in hand."""
    copy(owner, owner.chosen_number())


def copy_text(owner: "AnyScreen") -> None:
    """Copy the text in hand."""
    copy(owner, owner.chosen_text())


def copy(owner: "AnyScreen", text: str) -> None:
    """Copy a text and say so; an empty one does nothing."""
    if text:
        owner.app.copy_to_clipboard(clean(text))
        owner.desk_app.say(f"Copied {clean(text.splitlines()[0][:40], one_line=True)}")


def theme(owner: "AnyScreen") -> None:
    """Go to the next colours."""
    app = owner.app
    if app.no_color:
        owner.desk_app.say("NO_COLOR is set: no colours.")
        return
    app.theme = themes.following(app.theme)
    app.ansi_color = True if app.theme in themes.SIXTEEN else None


def handover(owner: "AnyScreen") -> None:
    """Show what others handed over; where all is read, hand over oneself."""

    def ask(desk: "Desk") -> "Found":
        left = desk.staff.handovers.unread()
        return left, () if left else desk.staff.handovers.draft()

    look_up(owner, ask, lambda found: _show(owner, *found), "handover")


def _show(owner: "AnyScreen", left: "Sequence[HandoverRow]", items: "Sequence[Item]") -> None:
    from deskterm.screens.dialogs.handover import HandedDialog, HandOverDialog

    numbers = [one.id for one in left]

    def read(yes: bool | None) -> None:
        if yes:
            owner.keep(
                lambda desk: desk.staff.handovers.see(numbers),
                lambda _: owner.desk_app.desk_changed(),
            )

    def keep(words: str | None) -> None:
        if words is not None:
            order = Order("Handed over", lambda desk, how: desk.staff.handovers.new(words, how))
            owner.desk_app.write(order)

    if left:
        owner.app.push_screen(HandedDialog(left), read)
    else:
        owner.app.push_screen(HandOverDialog(items), keep)


DOORS = {
    "letters": "letters",
    "wording": "wording",
    "inbox": "inbox",
    "all_guides": "guides",
    "problems": "problems",
    "queue": "queue",
    "promises": "promises",
    "releases": "releases",
    "announcements": "announcements",
    "visits": "visits",
    "notices": "notices",
    "records": "records",
    "workload": "workload",
    "competences": "competences",
    "reviews": "reviews",
    "insight": "insight",
    "register": "register",
}
"""Action → the screen that it opens."""
FLOWS: "Mapping[str, Flow]" = {
    **{action: _door(name) for action, name in DOORS.items()},
    "help": show_help,
    "escape": leave,
    "palette": palette,
    "refresh": refresh,
    "undo": undo,
    "redo": redo,
    "focus_time": focus_time,
    "handover": handover,
    "copy_number": copy_number,
    "copy_text": copy_text,
    "theme": theme,
    "messages": messages,
}
"""Action → what it does."""
