"""Files and links of a ticket: shown for what they are, asked first, then opened or saved."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from deskterm.domain.errors import DeskError, UsageError
from deskterm.domain.links import Link
from deskterm.domain.rows import AttachmentRow
from deskterm.domain.text import clean, safe_filename
from deskterm.screens.dialogs.ask import AskDialog, LineDialog
from deskterm.screens.dialogs.pick import PickDialog
from deskterm.screens.files import (
    hand_over,
    open_file,
    opener_command,
    refuse_launcher,
    save_into,
)
from deskterm.screens.ticket.ties import file_words, files_of
from deskterm.screens.work import Working
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk
    from deskterm.screens.ticket.screen import TicketScreen


_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_MAIL_LINES = 2_000


class Things(Working):
    """Opening and saving what came with a ticket."""

    last_folder: ClassVar[Path | None] = None
    """Where a file was saved last, from whichever ticket."""

    @property
    def _screen_of(self) -> "TicketScreen":
        return cast("TicketScreen", self)

    def _files(self) -> dict[str, AttachmentRow]:
        page = self._screen_of.page
        return {f"file:{one.id}": one for one in files_of(page.view)} if page else {}

    def _links(self) -> dict[str, Link]:
        page = self._screen_of.page
        return {f"link:{at}": one for at, one in enumerate(page.links)} if page else {}

    # --- opening -----------------------------------------------------------------------

    def action_open_thing(self) -> None:
        """Choose a file or link of the ticket to open."""
        picks = [Pick(name, file_words(file), "file") for name, file in self._files().items()]
        picks += [Pick(name, link.shown, "link") for name, link in self._links().items()]
        if not picks:
            self._screen_of.say("There is no file and no link on this ticket.")
            return
        self.app.push_screen(PickDialog("Open", picks), self.open_named)

    def open_named(self, name: str | None) -> None:
        """Ask, then open the file or link of that name."""
        if name is None:
            return
        if name in self._files():
            self._ask_file(self._files()[name])
        elif name in self._links():
            self._ask_link(self._links()[name])

    def _opener(self) -> list[str]:
        return opener_command(str(self.desk_app.settings["opener"]), os.environ)

    def _ask_file(self, file: AttachmentRow) -> None:
        try:
            refuse_launcher(file.name)
            command = self._opener()
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        question = (
            f"{file_words(file)}\n"
            f"It comes from outside. It is opened as {safe_filename(file.name)!r} "
            f"with {clean(command[0], one_line=True)}."
        )

        def asked(yes: bool | None) -> None:
            if yes:
                self.load(
                    lambda desk: desk.tickets.file(file.id),
                    lambda found: self._open(command, *found),
                    "file",
                )

        self.app.push_screen(AskDialog("Open this file?", question), asked)

    def _open(self, command: list[str], name: str, content: bytes) -> None:
        try:
            open_file(self.app, command, name, content)
        except DeskError as error:
            self.desk_app.say_error(error)

    def _ask_link(self, link: Link) -> None:
        try:
            command = self._opener()
        except DeskError as error:
            self.app.copy_to_clipboard(link.target)
            self._screen_of.say(f"{link.shown}\nCopied, not opened: {error}", "warning")
            return

        def asked(yes: bool | None) -> None:
            if yes:
                try:
                    hand_over(self.app, command, link.target)
                except DeskError as error:
                    self.desk_app.say_error(error)

        question = f"It really leads to {link.shown}"
        self.app.push_screen(AskDialog("Open this link?", question), asked)

    # --- the mail behind a message ---------------------------------------------------

    def action_whole_mail(self) -> None:
        """Show the mail behind the message in hand, with all that it quotes."""
        screen = self._screen_of
        one = screen.talk.in_hand if screen.part == 0 else None
        entries = screen.page.view.timeline if screen.page else ()
        mail = next((it.data.get("inbox") for it in entries if one and it.id == one.id), None)
        if not isinstance(mail, int):
            screen.say("What is in hand did not come by mail; J and K choose another message.")
            return
        self.load(lambda desk: mail_text(desk, mail), self._show_mail, "mail")

    def _show_mail(self, shown: tuple[str, str]) -> None:
        from deskterm.screens.dialogs.output import OutputDialog

        self.app.push_screen(OutputDialog(*shown))

    # --- saving --------------------------------------------------------------------------

    def action_save_file(self) -> None:
        """Choose a file, then a folder."""
        files = self._files()
        if not files:
            self._screen_of.say("There is no file on this ticket.")
        elif len(files) == 1:
            self._ask_folder(next(iter(files)))
        else:
            picks = [Pick(name, file_words(file)) for name, file in files.items()]
            self.app.push_screen(PickDialog("Save", picks), self._ask_folder)

    def _ask_folder(self, name: str | None) -> None:
        if name is None:
            return
        file = self._files()[name]

        def save(folder: str | None) -> None:
            if folder:
                self.load(lambda desk: _save(desk, file, folder), self._saved, "file")

        question = f"{file_words(file)}\nNothing is overwritten."
        usual = str(Things.last_folder or _usual_folder())
        dialog = LineDialog("Save into the folder", question, usual, "Name a folder.")
        self.app.push_screen(dialog, save)

    def _saved(self, file: Path) -> None:
        Things.last_folder = file.parent
        self._screen_of.say(f"Saved as {file}")


def mail_text(desk: "Desk", number: int) -> tuple[str, str]:
    """Give (title, text) of a mail of the inbox, as a person reads it; raises NotFoundError."""
    mail = desk.inbox.show(number)
    heads = dict(reversed(mail.headers))
    lines = [f"{name}: {heads[name.lower()]}" for name in _HEADERS if heads.get(name.lower())]
    body = mail.body.splitlines()
    lines += ["", *body[:_MAIL_LINES]]
    if len(body) > _MAIL_LINES:
        lines.append(f"… deskterm mail inbox show {number} shows {len(body)} lines.")
    return f"Mail {number}", "\n".join(lines)


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
