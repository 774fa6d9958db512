"""How many keys a day's work takes, text not counted: the numbers of screens.md, pressed."""

from collections.abc import Callable

from textual.pilot import Pilot

from deskterm.bootstrap import Desk
from tests.builders import count, open_ticket, value
from tests.screens.conftest import running, settled, until
from tests.screens.test_pickers import burst
from tests.verbs import verbs

BUDGET = {
    "log a call": 3,
    "take next": 1,
    "reply with a solution": 3,
    "escalate with the right group and a written summary": 3,
    "put off till tomorrow": 3,
    "close verified with the customer's word": 3,
    "close 26 after an outage": 6,
    "publish a solution": 2,
    "undo": 1,
}
"""Task → keys at most."""


class Hands:
    """Presses keys and counts them; `.text` between them is typed and not counted."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self._pilot = pilot

    async def do(self, task: str, *keys: str, done: Callable[[], object]) -> None:
        """Do a task by its keys, wait until it is done, and hold it to its budget."""
        assert sum(not key.startswith(".") for key in keys) <= BUDGET[task], task
        for key in keys:
            if key.startswith("."):
                await burst(self._pilot, key[1:])
            else:
                await self._pilot.press(key)
            await settled(self._pilot)
        await until(self._pilot, done, task)
        await settled(self._pilot)

    async def go(self, *keys: str) -> None:
        """Go somewhere: not part of a task."""
        for key in keys:
            await self._pilot.press(key)
            await settled(self._pilot)


async def test_a_days_work_takes_no_more_keys_than_screens_md_says(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.admin.set_group("network", level=2)
    desk.admin.set_category("vpn", group="network")
    async with running(desk, (80, 24)) as pilot:
        hands = Hands(pilot)
        await hands.do(
            "log a call", "n", ".Mia Ortiz", "enter", ".The VPN says no route", "ctrl+s",
            done=lambda: count(desk, "ticket") == 1,
        )  # fmt: skip
        await hands.do("take next", "T", done=lambda: value(desk, 1, "assignee") == "cy")
        await hands.do("undo", "u", done=lambda: value(desk, 1, "assignee") is None)
        verbs(desk).change([1], category="vpn")
        verbs(desk).note([1], "The gateway does not answer.")
        await hands.go("f5")
        await hands.do(
            "escalate with the right group and a written summary",
            "greater_than_sign", "enter", "ctrl+s",
            done=lambda: value(desk, 1, "level") == 2,
        )  # fmt: skip
        told = desk.tickets.show(1)
        assert told.group == "network"
        assert "The gateway does not answer." in told.timeline[-1].text
        await hands.do(
            "put off till tomorrow", "z", ".tomorrow", "enter", "enter",
            done=lambda: value(desk, 1, "state") == "waiting",
        )  # fmt: skip
        verbs(desk).solve([1], "Gateway restarted.")
        await hands.go("f5")
        await hands.do(
            "close verified with the customer's word", "x", "right", "enter",
            done=lambda: value(desk, 1, "customer_proof") == "ok",
        )  # fmt: skip
        await hands.go("s", "n")
        await hands.do(
            "publish a solution", "P", "enter",
            done=lambda: desk.solutions.show(1).audience is not None,
        )  # fmt: skip


async def test_after_an_outage_one_dialog_closes_all(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    for number in range(26):
        open_ticket(desk, "VPN down", requester=f"u{number}@example.org")
    desk.solutions.new({"title": "VPN down", "resolution": "Reconnect."})
    async with running(desk, (80, 24)) as pilot:
        hands = Hands(pilot)
        await hands.go("enter")
        await hands.do(
            "reply with a solution", "s", "s", "ctrl+s",
            done=lambda: count(desk, "ledger", "event = 'replied'") == 1,
        )  # fmt: skip
        await hands.go("escape", "asterisk")
        await hands.do(
            "close 26 after an outage",
            "x", ".Gateway restarted", "enter", ".told by broadcast", "enter", "2", "6", "enter",
            done=lambda: desk.board.count("is:closed") == 26,
        )  # fmt: skip
