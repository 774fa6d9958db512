"""A reply that only says thanks reopens nothing; anything else is read by a person."""

import pytest

from deskterm.mail.reaction import is_only_thanks


@pytest.mark.parametrize(
    "body",
    [
        "Thanks!",
        "Thank you very much, it works now.\n\nAda",
        "Danke!\nViele Grüße\nAda Moss",
        "thanks\n> the printer is broken",
        "Merci beaucoup\nOn Monday, Cy wrote:\nthe printer is broken",
    ],
)
def test_thanks_and_nothing_else(body: str) -> None:
    assert is_only_thanks(body, "Ada Moss")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "ok",
        "Thanks, but it still fails",
        "Thanks\nstill broken",
        "Thanks. Is it fixed?",
        "Great, thanks. One more thing: the scanner",
        "thanks " * 50,
        "not working",
    ],
)
def test_when_in_doubt_a_person_reads_it(body: str) -> None:
    assert not is_only_thanks(body, "Ada Moss")
