"""A remote session by key: shown, confirmed, run in the terminal, told on the ticket."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.verbs import Change
from tests.builders import open_ticket
from tests.screens.conftest import running, settled, until
from tests.screens.test_ticket import shown


async def test_a_session_is_shown_confirmed_and_told(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = sqlite_desk
    desk.records.add("device", "lt-220", {})
    ticket = open_ticket(desk)
    desk.tickets.do([ticket], Change(device="lt-220"))
    desk.records.add("remote", "shell", {"run": "test {device} = other"})
    lent = []

    @contextmanager
    def lend() -> Iterator[None]:  # a pilot has no terminal to lend
        lent.append(True)
        yield

    async with running(desk, (100, 30)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        monkeypatch.setattr(pilot.app, "suspend", lend)
        await pilot.press("v")
        await settled(pilot)
        assert "$ test lt-220 = other" in shown(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert not lent
        await pilot.press("v")
        await settled(pilot)
        await pilot.press("enter")

        def last() -> str:
            return desk.tickets.show(ticket).timeline[-1].text

        await until(pilot, lambda: "ended with exit code 1" in last(), "ended")
        assert lent == [True]
        assert "began: shell" in desk.tickets.show(ticket).timeline[-2].text
