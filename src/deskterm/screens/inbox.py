"""Received mail by what became of it: what nobody understood first, with its reason."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.mail_rows import InboxRow, MailShown
from deskterm.domain.rows import Done
from deskterm.domain.text import clean
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.dialogs.ask import AskDialog
from deskterm.screens.flows import lists
from deskterm.screens.listing import KeptList, Read, Shelf
from deskterm.screens.order import Order
from deskterm.screens.work import look_up
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_lines import fit
from deskterm.widgets.value_words import moment_words, size_words

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk


class InboxOwner(lists.ListOwner, Protocol):
    """The screen of received mail."""

    shown: "Sequence[InboxRow]"

    @property
    def in_hand(self) -> InboxRow | None:
        """The mail under the cursor."""


def show(owner: InboxOwner) -> None:
    """Show the mail in hand; once more closes it."""
    one, part = owner.in_hand, owner.part

    def read(shown: MailShown) -> None:
        part.page.show(mail_content(shown))
        part.page.move_to_end(last=False)
        part.reading = True

    if part.reading:
        part.reading = False
    elif one is not None:
        look_up(owner, lambda desk: desk.inbox.show(one.id), read, "mail")


def open_ticket(owner: InboxOwner) -> None:
    """Open the ticket the mail is on."""
    one = owner.in_hand
    if one is not None and one.ticket_id:
        owner.desk_app.go("ticket", one.ticket_id)
    elif one is not None:
        owner.desk_app.say(f"mail {one.id} is on no ticket.", "warning")


def retry(owner: InboxOwner) -> None:
    """Let the mail in hand be processed again."""
    if owner.in_hand is not None:
        _place(owner, _retrying([owner.in_hand]))


def retry_all(owner: InboxOwner) -> None:
    """Let every mail shown be processed again."""
    many = f"Try these {len(owner.shown)} mails again?"
    _ask(owner, many, _retrying(owner.shown))


def discard(owner: InboxOwner) -> None:
    """Put the mail in hand away, once that is confirmed."""
    one = owner.in_hand
    if one is not None:
        subject = one.subject or "(no subject)"
        _ask(owner, f"Put “{subject}” away? Its bytes are kept.", _discarding([one]))


def discard_all(owner: InboxOwner) -> None:
    """Put every mail shown away, once that is confirmed."""
    many = f"Put these {len(owner.shown)} mails away? Their bytes are kept."
    _ask(owner, many, _discarding(owner.shown))


def _ask(owner: InboxOwner, question: str, order: Order) -> None:
    def decided(yes: bool | None) -> None:
        if yes:
            _place(owner, order)

    owner.app.push_screen(AskDialog("Received mail", question), decided)


def _place(owner: InboxOwner, order: Order) -> None:
    owner.part.reading = False
    owner.desk_app.write(order)


def _retrying(rows: "Sequence[InboxRow]") -> Order:
    numbers = [one.id for one in rows]

    def run(desk: "Desk", how: How) -> Done:
        desk.inbox.retry(numbers, how=how)
        return Done(how.op_id or "", "mail retry", ())

    return Order(f"{_many(rows)} waits to be processed", run)


def _discarding(rows: "Sequence[InboxRow]") -> Order:
    numbers = [one.id for one in rows]

    def run(desk: "Desk", how: How) -> Done:
        desk.inbox.discard(numbers, how=how)
        return Done(how.op_id or "", "mail discard", ())

    return Order(f"Put away: {_many(rows)}", run)


def _many(rows: "Sequence[InboxRow]") -> str:
    return f"mail {rows[0].id}" if len(rows) == 1 else f"{len(rows)} mails"


MOST = 500
"""Mails that are read at most; the filter looks through all of them in the database."""


class InboxScreen(KeptList[InboxRow]):
    """A list with a tab for each state; Enter shows the mail, r tries it again, d puts it away."""

    NAME = "inbox"
    FLOWS: ClassVar[Mapping[str, Flow]] = {
        **lists.FILTERED,
        **lists.PAGED,
        "inbox_open": show,
        "inbox_ticket": open_ticket,
        "inbox_retry": retry,
        "inbox_retry_all": retry_all,
        "inbox_discard": discard,
        "inbox_discard_all": discard_all,
    }
    KIND = "mail"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("inbox")]
    SHELVES = (
        Shelf("To judge", "Nothing waits for you: every mail was understood."),
        Shelf("Waiting", "No mail waits to be processed."),
        Shelf("Filed", "No mail has become a ticket or an answer yet."),
        Shelf("Machine", "No absence notices, bounces or alerts."),
        Shelf("Copies", "No mail came twice."),
        Shelf("Away", "Nothing was put away."),
        Shelf("All", "No mail has come yet.\n\ndocs/mail.md says how it finds its way here."),
    )
    FILTER = "words of sender, subject or reason"
    ANEW = True
    PAGE = True

    def read(self, desk: "Desk") -> Read[InboxRow]:
        """Read the shelf in hand; the filter looks through all mails in the database."""
        rows = desk.inbox.shelf(STATES[self.asked.view], MOST, self.asked.words)
        return Read(rows, counted(desk.inbox.counts()))

    def lines(self, rows: Sequence[InboxRow]) -> list[Line]:
        """Give a line a mail."""
        return lines(rows, max(20, self.size.width - 1), clock.now())

    def about(self, row: InboxRow) -> Content:
        """Give why the mail is where it is."""
        return reason_content(row)

    def chosen_number(self) -> str:
        """Give `#12`, the ticket it is on."""
        one = self.in_hand
        return f"#{one.ticket_id}" if one and one.ticket_id else ""

    def chosen_text(self) -> str:
        """Give the subject."""
        return self.in_hand.subject if self.in_hand else ""


STATES = (("quarantined",), ("waiting",), ("ticket", "reply"), ("machine",), ("duplicate",),
          ("discarded",), ())  # fmt: skip
"""The states of the mails on each shelf; on the last are all."""
SIGNS = {
    "quarantined": "?",
    "waiting": "…",
    "ticket": "+",
    "reply": "↩",
    "machine": "~",
    "duplicate": "=",
    "discarded": "–",
}
"""State → its sign; never without the word."""
STATE, TICKET, WHO, WHEN = 13, 7, 20, 12
_HEADERS = ("from", "to", "cc", "date", "subject")


def counted(counts: Mapping[str, int]) -> list[int]:
    """Give how many mails stand on each shelf."""
    return [
        sum(n for state, n in counts.items() if not states or state in states) for states in STATES
    ]


def lines(rows: Sequence[InboxRow], width: int, now: datetime) -> list[Line]:
    """Give the lines of the list for a window of this width."""
    return [Line(str(one.id), _line(one, width, now)) for one in rows]


def _line(one: InboxRow, width: int, now: datetime) -> Content:
    room = max(8, width - STATE - TICKET - WHO - WHEN - 5)
    bad = one.state == "quarantined"
    ticket = f"#{one.ticket_id}" if one.ticket_id else ""
    return Content.assemble(
        " ",
        (fit(f"{SIGNS.get(one.state, ' ')} {one.state}", STATE), "$error" if bad else "$accent"),
        " ",
        (ticket.ljust(TICKET), "$text-muted"),
        (fit(clean(one.subject, one_line=True) or "(no subject)", room), "bold" if bad else ""),
        " ",
        (fit(clean(one.sender, one_line=True) or "(nobody)", WHO), "$text-muted"),
        " ",
        (moment_words(one.received_at, now).ljust(WHEN), "$text-muted"),
    )


def reason_content(one: InboxRow) -> Content:
    """Give why a mail is where it is."""
    copies = f" · {one.copies} more copies" if one.copies else ""
    head = f"mail {one.id} · {one.state} · {size_words(one.size)}{copies}"
    reason = clean(one.reason, one_line=True) or "no reason is noted"
    return Content("\n").join([Content.styled(head, "bold"), Content(reason)])


def mail_content(shown: MailShown) -> Content:
    """Give the mail whole: what its headers say, its text, its files."""
    headers = [(name, value) for name, value in shown.headers if name.lower() in _HEADERS]
    parts = [
        Content.assemble((f"{clean(name, one_line=True):<9}", "$text-muted"), _one(value))
        for name, value in headers
    ]
    parts += [Content(""), Content(clean(shown.body).expandtabs(4) or "(no text)")]
    for name, media_type, size in shown.files:
        parts.append(Content.styled(_one(f"[{name}, {media_type}, {size_words(size)}]"), "dim"))
    for problem in shown.problems:
        parts.append(Content.styled(_one(f"! {problem}"), "$warning"))
    return Content("\n").join(parts)


def _one(text: str) -> str:
    return clean(text, one_line=True)
