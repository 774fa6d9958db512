"""What the keys of the ticket screen do, as functions with it as their owner."""

import os
from typing import TYPE_CHECKING

from deskterm.domain.errors import DeskError
from deskterm.domain.means import named
from deskterm.domain.verbs import Split
from deskterm.screens.action import Named
from deskterm.screens.flows.asking import say_here
from deskterm.screens.flows.general import filter_board
from deskterm.screens.flows.means import pick
from deskterm.screens.flows.remote import remote
from deskterm.screens.order import OnTickets, Order
from deskterm.screens.ticket import things, whose
from deskterm.screens.work import look_up
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.domain.means import Canned
    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk
    from deskterm.screens.flows.owner import Owner
    from deskterm.screens.ticket.owner import TicketReader

_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_MAIL_LINES = 2_000


# --- moving -------------------------------------------------------------------------------


def next_tab(owner: "TicketReader") -> None:
    """To the next part; while writing, between the text and what is read."""
    _go_beside(owner, 1)


def tab_before(owner: "TicketReader") -> None:
    """To the part before."""
    _go_beside(owner, -1)


def _go_beside(owner: "TicketReader", by: int) -> None:
    if not owner.writer.is_open:
        owner.parts.turn(by)
    elif owner.writer.area.has_focus:
        owner.parts.take_keys()
    else:
        owner.writer.area.focus()


def page_on(owner: "TicketReader") -> None:
    """A page down, by the key that pagers have for it."""
    owner.parts.shown.move_page(1)


def escape(owner: "TicketReader") -> None:
    """Leave the text, its draft kept; else leave the screen."""
    if owner.writer.is_open:
        owner.writer.leave()
    else:
        owner.action_back()


# --- reading ------------------------------------------------------------------------------


def mark_seen(owner: "Owner", number: int) -> None:
    """What was shown of this ticket is no news any more."""

    def told(many: int) -> None:
        if many:
            owner.desk_app.news.look()

    owner.keep(lambda desk: desk.notices.seen_ticket(number), told)


def open_thing(owner: "TicketReader") -> None:
    """Choose a file or link of the ticket to open."""
    things.ask_which(owner, owner.page)


def save_file(owner: "TicketReader") -> None:
    """Choose a file, then a folder."""
    things.save_which(owner, owner.page)


def whole_mail(owner: "TicketReader") -> None:
    """Show the mail behind the message in hand, with all that it quotes."""
    from deskterm.screens.dialogs.ask import OutputDialog

    one = owner.parts.entry
    entries = owner.page.view.timeline if owner.page else ()
    mail = next((it.data.get("inbox") for it in entries if one and it.id == one.id), None)
    if not isinstance(mail, int):
        owner.desk_app.say("What is in hand did not come by mail; J and K choose another message.")
        return

    def show(mail: tuple[str, str]) -> None:
        owner.app.push_screen(OutputDialog(*mail))

    look_up(owner, lambda desk: mail_text(desk, mail), show, "mail")


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


def split(owner: "TicketReader") -> None:
    """Part the ticket from the message in hand on."""
    from deskterm.screens.dialogs.ask import AskDialog

    one, number = owner.parts.talk.in_hand, owner.number
    if one is None:
        return

    def asked(yes: bool | None) -> None:
        if yes:
            owner.desk_app.write(Order("Split into", OnTickets((number,), Split(one.id))))

    question = f"A new ticket begins with: {one.when} {one.head}\n{one.body[:200]}"
    owner.app.push_screen(AskDialog(f"Split #{number}", question), asked)


# --- writing ------------------------------------------------------------------------------


def reply(owner: "TicketReader") -> None:
    """Answer the customer."""
    if owner.page is not None:
        say_here(owner)
        owner.writer.begin("reply", owner.page.view)


def note(owner: "TicketReader") -> None:
    """Write an internal note."""
    if owner.page is not None:
        owner.writer.begin("note", owner.page.view)


def send(owner: "TicketReader") -> None:
    """Send what is written."""
    owner.writer.send()


def editor(owner: "TicketReader") -> None:
    """Write in the technician's own editor; without an open text it is a reply."""
    from deskterm.screens.editing import edit_text, editor_command

    if owner.page is None:
        return
    try:
        command = editor_command(str(owner.desk_app.settings["editor"]), os.environ)
        owner.writer.begin_any(owner.page.view)
        text = edit_text(owner.app, command, owner.writer.text)
    except DeskError as error:
        owner.desk_app.say_error(error)
        return
    owner.writer.put(text)
    owner.writer.keep_draft()


def insert(owner: "TicketReader") -> None:
    """Choose a solution or a canned text and put its words where the cursor is."""
    page, hints = owner.page, owner.parts.fitting.solutions
    if page is None:
        return
    owner.writer.begin_any(page.view)
    number, by_name = page.view.id, {f"S{hint.solution.id}": hint for hint in hints}
    picks = [
        Pick(name, f"{name} {hint.solution.title}", hint.reason) for name, hint in by_name.items()
    ]

    def chosen(name: str) -> None:
        if name in by_name:
            owner.writer.put_in(by_name[name].solution)

    def offer(found: "list[Canned]") -> None:
        pick(owner, owner.writer.area, found, picks, chosen)

    look_up(owner, lambda desk: desk.means.texts.for_ticket(number), offer, "texts-to-pick")


def insert_named(owner: "TicketReader", name: str) -> None:
    """Put a canned text of that name into the answer, begun where none is."""
    page = owner.page
    if page is None:
        return
    owner.writer.begin_any(page.view)

    def put_in(found: "list[Canned]") -> None:
        owner.writer.area.put_in(named(found, name))
        owner.writer.area.focus()

    ask = owner.desk_app.say_error
    look_up(owner, lambda desk: desk.means.texts.for_ticket(page.view.id), put_in, "text", ask)


NAMED: "Mapping[str, Named]" = {"text": Named("reply", insert_named)}
"""What the desk gave names to → what such a name does on a ticket's own screen."""
FLOWS: "Mapping[str, Flow]" = {
    **whose.FLOWS,
    "filter_board": filter_board,
    "remote": remote,
    "next_tab": next_tab,
    "tab_before": tab_before,
    "page_on": page_on,
    "escape": escape,
    "open_thing": open_thing,
    "save_file": save_file,
    "whole_mail": whole_mail,
    "split": split,
    "reply": reply,
    "note": note,
    "send": send,
    "editor": editor,
    "insert": insert,
}
"""Action → what it does."""
