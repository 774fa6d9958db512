"""What a letter calls people whose names were made by directories and mail programs."""

import pytest

from deskterm.mail.reaction import is_only_thanks
from deskterm.mail.render import called


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("König, Jörg (Einkauf)", "Jörg König"),
        ("Ek, Ina [EXT]", "Ina Ek"),
        ("van der Berg, Jan-Piet", "Jan-Piet van der Berg"),
        ("Ada Stein", "Ada Stein"),
        ("Acme, Inc.", "Acme, Inc."),
        ("King, Martin, Jr.", "King, Martin, Jr."),
        ("Klaus | klaus@x.test", "Klaus"),
        ("'Ada Moss' via Crew", "Ada Moss"),
        ("ada@x.test", ""),
        ("(x)", "(x)"),
        ("", ""),
    ],
)
def test_a_name_is_said_as_people_say_it(name: str, said: str) -> None:
    assert called(name) == said


def test_a_kind_sign_alone_is_thanks_and_another_is_not() -> None:
    assert is_only_thanks("👍")
    assert is_only_thanks("❤️ 🎉\n")
    assert not is_only_thanks("👎")
    assert not is_only_thanks("👍 but the lamp blinks")
