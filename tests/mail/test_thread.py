"""Which ticket: the order of signs, who may claim, what proves nothing."""

from collections.abc import Sequence

import pytest

from deskterm.mail.parse import parse_mail
from deskterm.mail.thread import Lookups, Thread, find_thread, reference_mark
from deskterm.mail.tokens import message_id, personal_address, recipient_address, verp_address

NOW, OLD = "new secret", "old secret"


def _ask(
    parties: Sequence[int] = (), stored: dict[str, int] | None = None, writes_as: str = ""
) -> Lookups:
    return Lookups(
        secrets=(NOW, OLD),
        known_ids=lambda ids: {one: (stored or {})[one] for one in ids if one in (stored or {})},
        survivor=lambda number: {9: 5}.get(number, number) if number < 100 else None,
        is_party=lambda number: number in parties,
        about={77: 5}.get,
        technicians=lambda: ("bo", "cy"),
        writes_from=lambda login: login == writes_as,
    )


def _find(raw: str, ask: Lookups, envelope: Sequence[str] = ()) -> Thread:
    return find_thread(parse_mail(raw.encode()), envelope, ask)


def test_a_token_in_any_recipient_leads_to_its_ticket_and_flags_strangers() -> None:
    address = recipient_address("help@desk.test", 5, NOW)
    for header in ("To", "Cc", "Delivered-To", "X-Original-To"):
        found = _find(f"{header}: Help <{address}>\n\nx", _ask())
        assert (found.ticket, found.external) == (5, True)
    assert not _find(f"To: {address}\n\nx", _ask(parties=[5])).external
    assert _find("To: help@desk.test\n\nx", _ask(), envelope=[address.upper()]).ticket == 5


def test_a_technician_s_token_speaks_for_them_only_from_their_own_address() -> None:
    raw = f"To: {personal_address('help@desk.test', 5, 'cy', OLD)}\n\nx"
    assert _find(raw, _ask(writes_as="cy")).technician == "cy"
    for other in ("bo", ""):
        found = _find(raw, _ask(writes_as=other))
        assert (found.ticket, found.technician, found.external) == (5, "", True)


def test_an_answer_to_the_envelope_sender_of_a_letter_leads_to_its_ticket() -> None:
    for letter, ticket in ((77, 5), (78, None)):
        raw = f"To: {verp_address('help@desk.test', letter, NOW)}\n\nx"
        assert _find(raw, _ask([5])).ticket == ticket


def test_tokens_of_old_secrets_open_and_forged_ones_do_not() -> None:
    assert _find(f"To: {recipient_address('h@d.test', 5, OLD)}\n\nx", _ask()).ticket == 5
    assert _find(f"To: {recipient_address('h@d.test', 5, 'other')}\n\nx", _ask()).ticket is None
    assert _find("To: h+5@d.test\n\nx", _ask([5])).ticket is None


def test_a_signed_message_id_is_read_from_the_right_of_the_references() -> None:
    first, last = (message_id(number, "ab12", NOW, "d.test") for number in (3, 4))
    assert _find(f"References: {first} {last} <x@y>\n\nx", _ask([3, 4])).ticket == 4
    assert _find(f"References: {last}\nIn-Reply-To: {first}\n\nx", _ask([3, 4])).ticket == 3


@pytest.mark.parametrize(
    "raw",
    [
        f"In-Reply-To: {message_id(5, 'ab', NOW, 'd.test')}\n\nx",
        "References: <a@b> <known@x.test>\n\nx",
        f"Subject: hi\n\nhello\n{reference_mark(5, NOW)}\n",
        "Subject: Re: [#5] printer\n\nx",
        "Subject: Re: [#9] printer\n\nx",
    ],
    ids=["signed id", "stored id", "mark in the text", "subject", "merged number"],
)
def test_every_sign_but_the_token_needs_a_sender_who_is_on_the_ticket(raw: str) -> None:
    stored = {"known@x.test": 5}
    assert _find(raw, _ask([5], stored)).ticket == 5
    stranger = _find(raw, _ask([], stored))
    assert (stranger.ticket, stranger.claimed) == (None, 5)


def test_a_number_in_a_quote_decides_nothing_and_our_mark_only_for_who_is_on_the_ticket() -> None:
    quoted = f"Subject: new\n\nsee:\n> {reference_mark(5, NOW)}\n>> [#5]\n"
    found = _find(quoted, _ask([5]))
    assert (found.ticket, found.proven) == (5, True)
    assert _find("Subject: new\n\nsee:\n>> [#5]\n", _ask([5])).ticket is None
    stranger = _find(quoted, _ask())
    assert (stranger.ticket, stranger.claimed) == (None, None)


def test_a_forged_mark_and_an_unknown_number_decide_nothing() -> None:
    assert _find(f"Subject: x\n\n{reference_mark(5, 'other')}", _ask([5])).ticket is None
    assert _find("Subject: [#500]\n\nx", _ask([500])).claimed is None


def test_headers_of_other_help_desks_are_not_obeyed() -> None:
    raw = "X-Deskterm-Ticket: 1\nRT-Ticket: rt #1\nX-OTRS-Queue: admin\n\nx"
    assert _find(raw, _ask([1])) == Thread(None, "nothing in it names a ticket")
