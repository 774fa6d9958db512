"""Closing is one dialog: what is answered is not asked, typed text chooses nothing."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import UsageError
from deskterm.domain.verbs import Close
from deskterm.screens.dialogs.close import CloseDialog
from deskterm.widgets.choice import Choice
from tests.builders import open_ticket, value
from tests.screens.conftest import running, settled, until
from tests.screens.test_pickers import burst
from tests.screens.test_ticket import shown
from tests.verbs import verbs


async def test_closed_with_the_customers_word_in_three_keys(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    verbs(sqlite_desk).change([number], reproduction="Print page 7.")
    verbs(sqlite_desk).solve([number], "Cable replaced.")
    async with running(sqlite_desk, (80, 24)) as pilot:
        pilot.app.go("ticket", number)  # type: ignore[attr-defined]  # the app is the desk's
        await settled(pilot)
        await pilot.press("V")
        await until(pilot, lambda: "The test, as it was reproduced: Print page 7." in shown(pilot))
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("x", "right", "enter")
        await until(pilot, lambda: value(sqlite_desk, number, "state") == "closed")
    assert value(sqlite_desk, number, "craft_proof") == "ok"
    assert value(sqlite_desk, number, "customer_proof") == "ok"


async def test_typed_text_never_becomes_an_outcome(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk)
    async with running(sqlite_desk, (80, 24)) as pilot:
        await burst(pilot, "x", "rebooted", "\n", "spam duplicate ", "\t", "unsolved ", "\t", "d ")
        await settled(pilot)
        dialog = pilot.app.screen
        assert isinstance(dialog, CloseDialog)
        assert dialog.query_one("#outcome", Choice).value == "solved"
        assert dialog.query_one("#word", Choice).value == "not asked"
        await burst(pilot, "\n")
        await settled(pilot)
        await burst(pilot, "\n")
        await until(pilot, lambda: "Does it work for the customer?" in shown(pilot))
        assert pilot.app.focused is dialog.query_one("#word")
        assert value(sqlite_desk, 1, "state") == "new"


async def test_a_duplicate_is_asked_of_which_and_once_more(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk, "VPN down")
    open_ticket(sqlite_desk, "Label printer", requester="Bo Lind <bo@example.org>")
    async with running(sqlite_desk, (80, 24)) as pilot:
        pilot.app.go("ticket", 1)  # type: ignore[attr-defined]  # the app is the desk's
        await settled(pilot)
        await pilot.press("x")
        await settled(pilot)
        pilot.app.screen.query_one("#outcome", Choice).value = "duplicate"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Of which ticket is it a duplicate?" in shown(pilot))
        await burst(pilot, "2", "\n")
        said = "#1 is a duplicate of #2 Label printer (Bo Lind)"
        await until(pilot, lambda: said in " ".join(shown(pilot).split()))
        assert value(sqlite_desk, 1, "state") == "new"
        await pilot.press("enter")
        await until(pilot, lambda: value(sqlite_desk, 1, "state") == "closed")
    link = sqlite_desk.tickets.show(1).links[0]
    assert (link.kind, link.ticket_id) == ("duplicate", 2)


async def test_spam_asks_once(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk)
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("x")
        await settled(pilot)
        pilot.app.screen.query_one("#outcome", Choice).value = "spam"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "#1: spam, nobody is told" in shown(pilot))
        assert value(sqlite_desk, 1, "state") == "new"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: value(sqlite_desk, 1, "outcome") == "spam")


def test_a_duplicate_needs_its_original(desk: Desk) -> None:
    one, other = open_ticket(desk), open_ticket(desk)
    with pytest.raises(UsageError, match=r"#1: duplicate of which ticket\? Name it \(--of N\)"):
        desk.tickets.do([one], Close("duplicate"))
    desk.tickets.do([one], Close("duplicate", of=other))
    assert value(desk, one, "outcome") == "duplicate"
    verbs(desk).reopen([one], "It is not.")
    desk.tickets.do([one], Close("duplicate"))


async def test_recorded_asks_for_the_problem_where_it_is_not_linked_to_one(
    sqlite_desk: Desk,
) -> None:
    number = open_ticket(sqlite_desk, "VPN down")
    sqlite_desk.problems.new({"title": "The gateway is too small"})
    async with running(sqlite_desk, (80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("x")
        await settled(pilot)
        dialog = pilot.app.screen
        dialog.query_one("#outcome", Choice).value = "recorded"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "In which problem is it recorded?" in shown(pilot))
        await burst(pilot, "gateway")
        await until(pilot, lambda: "P1 The gateway" in shown(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: value(sqlite_desk, number, "outcome") == "recorded")
    assert [one.id for one in sqlite_desk.promises.list()] == [f"fix.{number}.1"]
