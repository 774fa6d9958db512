"""Signed marks: each opens what it was made for, under old secrets too, and nothing else."""

import re
from collections.abc import Callable

import pytest

from deskterm.mail.tokens import (
    leaver_of_recipient,
    leaving_address,
    letter_of_verp,
    personal_address,
    recipient_address,
    technician_of_recipient,
    ticket_of_recipient,
    verp_address,
)

NOW, OLD = "new secret", "old secret"
DESK = "help@desk.test"
_READERS: dict[str, Callable[[str, tuple[str, ...]], object]] = {
    "ticket": ticket_of_recipient,
    "letter": letter_of_verp,
    "technician": lambda text, secrets: technician_of_recipient(text, ("bo", "cy"), secrets),
    "leave": leaver_of_recipient,
}


def _made(secret: str) -> dict[str, tuple[str, object]]:
    return {
        "ticket": (recipient_address(DESK, 12, secret), 12),
        "letter": (verp_address(DESK, 12, secret), 12),
        "technician": (personal_address(DESK, 12, "cy", secret), (12, "cy")),
        "leave": (leaving_address(DESK, 12, 7, secret), (12, 7)),
    }


@pytest.mark.parametrize("kind", _READERS)
def test_a_token_opens_what_it_was_made_for_and_nothing_else(kind: str) -> None:
    for secret in (NOW, OLD):
        for made, (address, means) in _made(secret).items():
            expected = means if made == kind else None
            assert _READERS[kind](address.upper(), (NOW, OLD)) == expected
    assert _READERS[kind](_made("another desk's")[kind][0], (NOW, OLD)) is None


@pytest.mark.parametrize("kind", _READERS)
def test_a_mark_is_at_least_ten_base32_characters_and_fits_a_local_part(kind: str) -> None:
    address = _made(NOW)[kind][0]
    mark = address.partition("@")[0].rpartition(".")[2]
    assert re.fullmatch(r"[a-z2-7]{16}", mark)
    assert len(address.partition("@")[0]) <= 64
    other = "b" if mark[-1] == "a" else "a"
    assert _READERS[kind](address.replace(mark, mark[:-1] + other), (NOW,)) is None
    assert _READERS[kind](address.replace(mark, mark[:10]), (NOW,)) is None


def test_a_technician_s_address_opens_for_no_other_technician_and_no_other_ticket() -> None:
    address = personal_address(DESK, 12, "cy", NOW)
    assert technician_of_recipient(address, ("bo",), (NOW,)) is None
    assert technician_of_recipient(address.replace("+p12", "+p13"), ("cy",), (NOW,)) is None
