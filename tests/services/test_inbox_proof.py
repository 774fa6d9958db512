"""A weak proof of who wrote gives no lasting right: what it asks for is asked of a technician."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import RefusedError
from deskterm.mail.thread import reference_mark
from deskterm.mail.tokens import recipient_address
from deskterm.widgets.ticket_columns import state_words
from tests.builders import count, open_ticket, solved_ticket, value
from tests.mails import last_entry, mail_bytes, secret, take
from tests.verbs import verbs

EVIL = {"cc": "Mal <mal@evil.test>, help@localhost"}


def _watchers(desk: Desk, number: int) -> tuple[str, ...]:
    return desk.tickets.show(number).watchers


def _questions(desk: Desk, number: int) -> list[str]:
    return [one.words for one in desk.tickets.show(number).questions]


def _is_marked(desk: Desk, number: int) -> bool:
    """Whether the board's line has its sign."""
    return state_words(desk.board.rows([number])[0]).startswith("?")


def _signed_id(desk: Desk, number: int) -> str:
    with desk.store.reading() as database:
        row = database.one("SELECT message_id FROM outbox WHERE ticket_id = :id", id=number)
    assert row is not None
    return str(row["message_id"])


@pytest.mark.parametrize("sign", ["tag", "foreign id"])
def test_whom_a_mail_without_proof_names_hears_nothing_before_a_technician_says_yes(
    desk: Desk, sign: str
) -> None:
    take(desk, mail_bytes("VPN", "No route.", message_id="<first@x>"))
    more = {"in_reply_to": "<first@x>"} if sign == "foreign id" else {}
    subject = "Re: VPN" if more else "Re: [#1] VPN"
    assert take(desk, mail_bytes(subject, "Still nothing.", **EVIL, **more)).replies == 1
    assert _watchers(desk, 1) == ()
    assert _questions(desk, 1) == ["tell mal@evil.test? asked by ada@example.org, without proof"]
    assert count(desk, "person", "name = 'Mal'") == 0
    assert count(desk, "outbox", "recipient = 'mal@evil.test'") == 0
    assert last_entry(desk)["text"] == "Still nothing."
    assert list(desk.board.ids("is:asked", 9)) == [1]
    verbs(desk).allow([1])
    assert _watchers(desk, 1) == ("Mal <mal@evil.test>",)
    assert _questions(desk, 1) == []
    desk.ledger.undo()
    assert (_watchers(desk, 1), len(_questions(desk, 1))) == ((), 1)


def test_no_to_what_a_mail_asks_for_changes_nothing_and_is_undone(desk: Desk) -> None:
    number = solved_ticket(desk, subject="VPN")
    take(desk, mail_bytes(f"[#{number}] VPN", "Still nothing.", **EVIL))
    assert len(_questions(desk, number)) == 2
    verbs(desk).decline([number])
    assert (_watchers(desk, number), _questions(desk, number)) == ((), [])
    assert value(desk, number, "state") == "solved"
    told = desk.tickets.show(number).timeline[-1]
    assert (told.public, told.who) == (False, "cy")
    assert told.text.startswith("Answered no: ")
    with pytest.raises(RefusedError, match="no mail on it asks for anything"):
        verbs(desk).decline([number])
    with pytest.raises(RefusedError, match="no mail on it asks for anything"):
        verbs(desk).allow([number])
    desk.ledger.undo()
    assert len(_questions(desk, number)) == 2


@pytest.mark.parametrize("sign", ["token", "signed id", "mark"])
def test_a_mail_that_proves_itself_names_watchers_and_reopens_at_once(
    desk: Desk, sign: str
) -> None:
    number = solved_ticket(desk, subject="VPN")
    headers, body = dict(EVIL), "Still nothing."
    if sign == "token":
        headers["to"] = recipient_address("help@localhost", number, secret(desk))
    elif sign == "signed id":
        headers["in_reply_to"] = _signed_id(desk, number)
    else:
        body += f"\n\n{reference_mark(number, secret(desk))}"
    assert take(desk, mail_bytes("Re: VPN", body, **headers)).replies == 1
    assert _watchers(desk, number) == ("Mal <mal@evil.test>",)
    assert value(desk, number, "state") == "open"
    assert _questions(desk, number) == []


def test_an_answer_without_proof_to_a_solved_ticket_is_told_and_asked_about(desk: Desk) -> None:
    number = solved_ticket(desk, subject="VPN")
    take(desk, mail_bytes(f"Re: [#{number}] VPN", "It is back."))
    assert value(desk, number, "state") == "solved"
    assert last_entry(desk)["text"] == "It is back."
    assert _questions(desk, number) == ["reopen? asked by ada@example.org, without proof"]
    assert count(desk, "notice", "login = 'cy' AND kind = 'replied'") == 1
    assert _is_marked(desk, number)
    done = verbs(desk).allow([number])
    assert (value(desk, number, "state"), done.letters) == ("open", 1)
    assert not _is_marked(desk, number)
    desk.ledger.undo()
    assert value(desk, number, "state") == "solved"
    assert len(_questions(desk, number)) == 1


def test_reopening_by_hand_or_a_customer_s_yes_ends_the_question(desk: Desk) -> None:
    number = solved_ticket(desk, subject="VPN")
    take(desk, mail_bytes(f"Re: [#{number}] VPN", "It is back."))
    verbs(desk).verify([number], "customer", "ok")
    assert _questions(desk, number) == []
    take(desk, mail_bytes(f"Re: [#{number}] VPN", "It is back again.", message_id="<2@x>"))
    verbs(desk).reopen([number], "it is back")
    assert _questions(desk, number) == []


def test_whom_a_merged_ticket_s_mail_names_is_asked_about_on_the_survivor(desk: Desk) -> None:
    old, new = open_ticket(desk), open_ticket(desk, "VPN")
    take(desk, mail_bytes(f"Re: [#{old}] Printer", "More.", **EVIL))
    verbs(desk).merge([old], new)
    assert count(desk, "question") == 1
    assert len(_questions(desk, new)) == 1
    desk.ledger.undo()
    assert (len(_questions(desk, old)), _questions(desk, new)) == (1, [])
