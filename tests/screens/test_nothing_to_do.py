"""What a key that may be pressed says where there is nothing for it to do; nothing is written."""

import pytest

from deskterm.bootstrap import Desk
from tests.builders import open_ticket
from tests.screens.conftest import heard, running, settled, until

SAID: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "competences": (
        ("c",),
        {
            "a": "Only what closed tickets propose is taken up: the tab Proposed.",
            "r": "Choose a technician first: the tab Technicians.",
        },
    ),
    "reviews": (
        ("left_parenthesis",),
        {
            "enter": "Choose a review first: the tab To fill in.",
        },
    ),
    "letters": (
        ("M",),
        {
            "R": "No letter failed.",
        },
    ),
    "wording": (
        ("f7",),
        {
            "c": "No organisation is a client that is kept apart (F3).",
        },
    ),
    "board": (
        (),
        {
            "number_sign": "These tickets have nothing in common.",
            "E": "Nothing is called out: mark the tickets, then E makes an incident.",
            "comma": "No other ticket here is linked to it or reads like it.",
        },
    ),
    "ticket": (
        ("enter",),
        {
            "o": "There is no file and no link on this ticket.",
            "O": "There is no file on this ticket.",
            "Q": "What is in hand did not come by mail; J and K choose another message.",
            "c": "Nobody doubts who its requester is; e changes the facts.",
            "ctrl+s": "There is nothing to send: r answers, i writes a note.",
        },
    ),
    "solutions": (
        ("s",),
        {
            "t": "has no tip yet: e writes one.",
            "w": "Nothing keeps coming without a validated solution.",
        },
    ),
    "call": (
        ("n",),
        {
            "f4": "No category is proposed for these words.",
            "ctrl+l": "Nothing open reads like this.",
            "f8": "There is no template yet: `deskterm ticket-template add`, or F3.",
        },
    ),
}
"""Door → the keys that lead there, and what each key says then."""


@pytest.mark.parametrize("door", sorted(SAID))
async def test_a_key_with_nothing_to_do_says_why_and_writes_nothing(
    sqlite_desk: Desk, door: str
) -> None:
    open_ticket(sqlite_desk, "The projector hums")
    sqlite_desk.solutions.new({"title": "The projector hums", "resolution": "Off and on."})
    before = _done(sqlite_desk)
    way, rows = SAID[door]
    async with running(sqlite_desk, (80, 24)) as pilot:
        for key in way:
            await pilot.press(key)
            await settled(pilot)
        for key, said in rows.items():
            many = heard(pilot).count(said)
            await pilot.press(key)
            await until(pilot, lambda: heard(pilot).count(said) > many, said)  # noqa: B023
    assert _done(sqlite_desk) == before


def _done(desk: Desk) -> list[int]:
    """Give what the one who sits here did; the desk itself brings its guides along."""
    return [one["id"] for one in desk.ledger.log(None, None, 99) if one["actor"] == "cy"]
