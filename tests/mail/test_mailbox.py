"""Names and addresses as people and their programs write them (semantics §1.7)."""

import pytest

from deskterm.domain.address import is_no_reply, normal_address
from deskterm.domain.errors import UsageError
from deskterm.mail.mailbox import Mailbox, read_mailboxes
from deskterm.mail.parse import parse_mail


def _boxes(text: bytes) -> list[tuple[str, str]]:
    return [(box.name, box.address) for box in read_mailboxes(text)]


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        (b"Shop @ Yard, Ltd. [Ulm] <hi@x.example>", "Shop @ Yard, Ltd. [Ulm]", "hi@x.example"),
        (b"K\xf6nig, J\xf6rg <joerg@firma.example>", "König, Jörg", "joerg@firma.example"),
        (b'Fax <"#49*30#"@fax.example>', "Fax", "#49*30#@fax.example"),
        (b'"ina k"@firma.example', "", '"ina k"@firma.example'),
        (b'"Big Prize Desk"@firma.example>', "", '"Big Prize Desk"@firma.example'),
        (b'Ina <"ina k"@firma.example> (home)', "Ina", '"ina k"@firma.example'),
        (b"backup (Job Runner)", "backup", ""),
        (b"=?iso-8859-1?Q?K=F6nig,_J=F6rg?= <jk@x.example>", "König, Jörg", "jk@x.example"),
        (b"Ina <<ina@x.example>>", "Ina", "ina@x.example"),
        (b"Ina <mailto:ina@x.example>", "Ina", "ina@x.example"),
        (b"Ina [ina@x.example]", "Ina", "ina@x.example"),
        (b"Ina [mailto:ina@x.example]", "Ina", "ina@x.example"),
        (b"Ina [boss@x.example] <ina@x.example>", "Ina [boss@x.example]", "ina@x.example"),
    ],
)  # fmt: skip
def test_brackets_beat_bare_words_and_quotes_may_hold_a_local_part(
    written: bytes, name: str, address: str
) -> None:
    assert _boxes(written) == [(name, address)]


def test_bare_addresses_before_a_named_one_stay_recipients_of_their_own() -> None:
    assert _boxes(b"a@x.example, Ben Rost <b@x.example>, Ann, Bo") == [
        ("", "a@x.example"), ("Ben Rost", "b@x.example"), ("Ann", ""), ("Bo", ""),
    ]  # fmt: skip


def test_of_two_senders_the_one_in_brackets_wrote_it() -> None:
    mail = parse_mail(b"From: shop@home, The Shop <till@shop.example>\n\nx")
    assert mail.sender == Mailbox("The Shop", "till@shop.example")


def test_a_name_of_another_mail_system_is_no_address_where_one_stands_beside_it() -> None:
    head = b"From: Ina Koch </O=FIRMA/OU=EX/CN=IKOCH>\n"
    mail = parse_mail(head + b"Reply-To: ina@x.example\n\nx")
    assert mail.sender == Mailbox("Ina Koch", "ina@x.example")
    assert parse_mail(head + b"\nx").from_name == "Ina Koch"


def test_a_quoted_local_part_is_an_address_and_two_signs_are_not() -> None:
    assert normal_address('"Ina K"@Firma.example') == '"ina k"@firma.example'
    for bad in ('"a<b"@x.example', '"a"b@x.example', "a@b@c.example", '"a\\"@x.example'):
        with pytest.raises(UsageError):
            normal_address(bad)


@pytest.mark.parametrize(
    ("address", "nobody"),
    [
        ("no-reply@x.example", True),
        ("noreply+12@x.example", True),
        ("orders-noreply@x.example", True),
        ("DoNotReply@x.example", True),
        ("nicht-antworten@x.example", True),
        ("norepl@x.example", False),
        ("ada.noreplyson@x.example", False),
        ("reply@x.example", False),
    ],
)
def test_an_address_says_itself_that_nobody_reads_it(address: str, nobody: bool) -> None:
    assert is_no_reply(address) is nobody
