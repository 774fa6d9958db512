"""Files and links of a ticket: shown for what they are, asked first, then opened or saved.

Each function's owner is the screen or the part that asks.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from deskterm.disk import save_into
from deskterm.domain.errors import DeskError, UsageError
from deskterm.domain.links import Link
from deskterm.domain.rows import AttachmentRow, TicketView
from deskterm.domain.text import clean, safe_filename
from deskterm.screens.dialogs.ask import AskDialog, LineDialog, PickDialog
from deskterm.screens.files import (
    hand_over,
    open_file,
    opener_command,
    refuse_launcher,
)
from deskterm.screens.work import look_up
from deskterm.widgets.picker import Pick
from deskterm.widgets.value_words import size_words

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk
    from deskterm.screens.flows.owner import Owner
    from deskterm.screens.ticket.pages import Page


class _Saving:
    """Where a file was saved last, from whichever ticket."""

    folder: Path | None = None


def files_of(view: TicketView) -> list[AttachmentRow]:
    """Give every file on the ticket, oldest first."""
    return [file for entry in view.timeline for file in entry.attachments]


def file_words(file: AttachmentRow) -> str:
    """Give name, kind and size of a file on one line."""
    name = clean(file.name, one_line=True) or "unnamed"
    return f"{name}  {clean(file.media_type, one_line=True)}  {size_words(file.size)}"


def _files(page: "Page | None") -> dict[str, AttachmentRow]:
    return {f"file:{one.id}": one for one in files_of(page.view)} if page else {}


def _links(page: "Page | None") -> dict[str, Link]:
    return {f"link:{at}": one for at, one in enumerate(page.links)} if page else {}


# --- opening ------------------------------------------------------------------------------


def ask_which(owner: "Owner", page: "Page | None") -> None:
    """Choose a file or link of the ticket to open."""
    picks = [Pick(name, file_words(file), "file") for name, file in _files(page).items()]
    picks += [Pick(name, link.shown, "link") for name, link in _links(page).items()]
    if not picks:
        owner.desk_app.say("There is no file and no link on this ticket.")
        return
    owner.app.push_screen(PickDialog("Open", picks), lambda name: open_named(owner, page, name))


def open_named(owner: "Owner", page: "Page | None", name: str | None) -> None:
    """Ask, then open the file or link of that name: `file:3`, `link:0`."""
    files, links = _files(page), _links(page)
    if name in files:
        _ask_file(owner, files[name])
    elif name in links:
        _ask_link(owner, links[name])


def _opener(owner: "Owner") -> list[str]:
    return opener_command(str(owner.desk_app.settings["opener"]), os.environ)


def _ask_file(owner: "Owner", file: AttachmentRow) -> None:
    try:
        refuse_launcher(file.name)
        command = _opener(owner)
    except DeskError as error:
        owner.desk_app.say_error(error)
        return
    question = (
        f"{file_words(file)}\n"
        f"It comes from outside. It is opened as {safe_filename(file.name)!r} "
        f"with {clean(command[0], one_line=True)}."
    )

    def show(found: tuple[str, bytes]) -> None:
        try:
            open_file(owner.app, command, *found)
        except DeskError as error:
            owner.desk_app.say_error(error)

    def asked(yes: bool | None) -> None:
        if yes:
            look_up(owner, lambda desk: desk.tickets.file(file.id), show, "file")

    owner.app.push_screen(AskDialog("Open this file?", question), asked)


def _ask_link(owner: "Owner", link: Link) -> None:
    try:
        command = _opener(owner)
    except DeskError as error:
        owner.app.copy_to_clipboard(link.target)
        owner.desk_app.say(f"{link.shown}\nCopied, not opened: {error}", "warning")
        return

    def asked(yes: bool | None) -> None:
        if yes:
            try:
                hand_over(owner.app, command, link.target)
            except DeskError as error:
                owner.desk_app.say_error(error)

    question = f"It really leads to {link.shown}"
    owner.app.push_screen(AskDialog("Open this link?", question), asked)


# --- saving -------------------------------------------------------------------------------


def save_which(owner: "Owner", page: "Page | None") -> None:
    """Choose a file, then a folder."""
    files = _files(page)

    def chosen(name: str | None) -> None:
        if name is not None:
            _ask_folder(owner, files[name])

    if not files:
        owner.desk_app.say("There is no file on this ticket.")
    elif len(files) == 1:
        chosen(next(iter(files)))
    else:
        picks = [Pick(name, file_words(file)) for name, file in files.items()]
        owner.app.push_screen(PickDialog("Save", picks), chosen)


def _ask_folder(owner: "Owner", file: AttachmentRow) -> None:
    def saved(place: Path) -> None:
        _Saving.folder = place.parent
        owner.desk_app.say(f"Saved as {place}")

    def save(folder: str | None) -> None:
        if folder:
            look_up(owner, lambda desk: _save(desk, file, folder), saved, "file")

    question = f"{file_words(file)}\nNothing is overwritten."
    usual = str(_Saving.folder or _usual_folder())
    dialog = LineDialog("Save into the folder", question, usual, "Name a folder.")
    owner.app.push_screen(dialog, save)


def _save(desk: "Desk", file: AttachmentRow, folder: str) -> Path:
    try:
        place = Path(folder).expanduser()
    except RuntimeError:
        raise UsageError(f"{folder} is not a folder: there is no such person here.") from None
    name, content = desk.tickets.file(file.id)
    return save_into(place, name, content)


def _usual_folder() -> Path:
    downloads = Path.home() / "Downloads"
    return downloads if downloads.is_dir() else Path.home()
