"""How a received mail is drawn: one line in the list, its reason below it, and the mail whole."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.content import Content

from deskterm.domain.mail_rows import InboxRow, MailShown
from deskterm.domain.text import clean
from deskterm.screens.listing import Shelf
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_lines import fit
from deskterm.widgets.value_words import moment_words, size_words

SHELVES = (
    Shelf("To judge", "Nothing waits for you: every mail was understood."),
    Shelf("Waiting", "No mail waits to be processed."),
    Shelf("Filed", "No mail has become a ticket or an answer yet."),
    Shelf("Machine", "No absence notices, bounces or alerts."),
    Shelf("Copies", "No mail came twice."),
    Shelf("Away", "Nothing was put away."),
    Shelf("All", "No mail has come yet.\n\ndocs/mail.md says how it finds its way here."),
)
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
