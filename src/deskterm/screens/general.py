"""What every screen can do: functions with a screen as their owner."""

from typing import TYPE_CHECKING

from deskterm.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.screens.action import Flow
    from deskterm.screens.base import DeskScreen


def show_help(owner: "DeskScreen") -> None:
    """Open the popup with the keys of this screen."""
    from deskterm.screens.help import HelpDialog

    owner.app.push_screen(HelpDialog(owner.NAME, owner.desk_app.keys), owner.run_named)


def palette(owner: "DeskScreen") -> None:
    """Open the palette."""
    owner.app.action_command_palette()


def refresh(owner: "DeskScreen") -> None:
    """Read everything anew; where the desk did not open, try again."""
    if owner.desk_app.is_open:
        owner.desk_changed()
    else:
        owner.desk_app.open_again()


def undo(owner: "DeskScreen") -> None:
    """Take back one's own last operation."""
    owner.desk_app.undo_last()


def redo(owner: "DeskScreen") -> None:
    """Take one's own last undo back."""
    owner.desk_app.redo_last()


def focus_time(owner: "DeskScreen") -> None:
    """Begin focus time, or end it."""
    owner.desk_app.switch_focus()


def copy_number(owner: "DeskScreen") -> None:
    """Copy the number in hand."""
    copy(owner, owner.chosen_number())


def copy_text(owner: "DeskScreen") -> None:
    """Copy the text in hand."""
    copy(owner, owner.chosen_text())


def copy(owner: "DeskScreen", text: str) -> None:
    """Copy a text and say so; an empty one does nothing."""
    if text:
        owner.app.copy_to_clipboard(clean(text))
        owner.say(f"Copied {clean(text.splitlines()[0][:40], one_line=True)}")


def theme(owner: "DeskScreen") -> None:
    """Go to the next colours."""
    owner.desk_app.next_theme()


FLOWS: "Mapping[str, Flow]" = {
    "help": show_help,
    "palette": palette,
    "refresh": refresh,
    "undo": undo,
    "redo": redo,
    "focus_time": focus_time,
    "copy_number": copy_number,
    "copy_text": copy_text,
    "theme": theme,
}
"""Action → what it does."""
