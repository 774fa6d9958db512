"""A reply shows its new words on the ticket; the whole mail stays in the inbox."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.rows import EntryRow

_QUOTE = "\r\n\r\nOn 2 Mar 2026 at 10:15, Desk <help@localhost> wrote:\r\n> Hello Ada\r\n> ?\r\n"


def _answer(desk: Desk, body: str, *headers: str) -> EntryRow:
    """Open a ticket by mail and answer it by another; give the entry of the answer."""
    first = "From: ada@example.org\r\nTo: help@localhost\r\nMessage-ID: <1@a.test>\r\n"
    desk.inbox.receive(f"{first}Subject: Printer\r\n\r\nBroken.".encode())
    head = ["From: ada@example.org", "In-Reply-To: <1@a.test>", "Message-ID: <2@a.test>", *headers]
    desk.inbox.receive(("\r\n".join(head) + "\r\n\r\n" + body).encode())
    desk.inbox.process()
    return next(one for one in desk.tickets.show(1).timeline if one.event == "received")


def test_a_reply_shows_its_new_words_and_the_whole_mail_stays_readable(desk: Desk) -> None:
    entry = _answer(desk, f"It works now.{_QUOTE}")
    assert entry.text == "It works now."
    assert entry.data["folded"] == 3
    assert "> Hello Ada" in desk.inbox.show(entry.data["inbox"]).body


def test_a_reply_in_html_is_folded_too(desk: Desk) -> None:
    html = "<p>It works.</p><div class=gmail_quote>Desk asked<blockquote>Hello</blockquote></div>"
    entry = _answer(desk, html, "Content-Type: text/html")
    assert entry.text == "It works."


@pytest.mark.parametrize("header", ["Subject: Fwd: Bill", "Auto-Submitted: auto-generated"])
def test_what_is_passed_on_or_written_by_a_machine_is_kept_whole(desk: Desk, header: str) -> None:
    entry = _answer(desk, f"See below.{_QUOTE}", header)
    assert "> Hello Ada" in entry.text
    assert "folded" not in entry.data
