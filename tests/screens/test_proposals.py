"""What triage proposes stands on board, ticket and call, and one key takes it."""

from textual.widgets import Input, Static

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.requests import NewTicket
from deskterm.screens.call.form import CallForm
from deskterm.services.triage.learning import Learning
from deskterm.widgets.preview import Preview
from tests.builders import open_ticket
from tests.screens.conftest import heard, running, settled, until
from tests.verbs import verbs


def taught(desk: Desk) -> None:
    for path in ("network/vpn", "printing"):
        desk.admin.set_category(path)
    done = desk.tickets.new_many(
        NewTicket(requester="ada@example.org", subject=f"{text} {at}", category=path)
        for at in range(15)
        for text, path in (("VPN drops", "network/vpn"), ("Paper jam", "printing"))
    )
    verbs(desk).close(list(done.tickets), "unsolved", "old")
    Learning(desk.store).run(clock.now(), 60)


async def test_on_the_board_the_preview_proposes_and_one_key_accepts(sqlite_desk: Desk) -> None:
    taught(sqlite_desk)
    number = open_ticket(sqlite_desk, "VPN drops again")
    async with running(sqlite_desk) as pilot:
        preview = pilot.app.screen.query_one(Preview)
        await until(pilot, lambda: "= accept" in str(preview.render()), "proposed")
        assert "network/vpn" in str(preview.render())
        await pilot.press("=")
        await settled(pilot)
        assert sqlite_desk.tickets.show(number).category == "network/vpn"
        await pilot.press("u")
        await settled(pilot)
        assert sqlite_desk.tickets.show(number).category is None


async def test_marked_tickets_each_get_their_own_after_a_question(sqlite_desk: Desk) -> None:
    taught(sqlite_desk)
    one, two = open_ticket(sqlite_desk, "VPN drops"), open_ticket(sqlite_desk, "Paper jam")
    async with running(sqlite_desk) as pilot:
        await pilot.press("space", "space", "=")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
    assert sqlite_desk.tickets.show(one).category == "network/vpn"
    assert sqlite_desk.tickets.show(two).category == "printing"


async def test_on_the_ticket_it_stands_beside_the_talk_and_in_the_hint_of_narrow_ones(
    sqlite_desk: Desk,
) -> None:
    taught(sqlite_desk)
    number = open_ticket(sqlite_desk, "Paper jam")
    async with running(sqlite_desk) as pilot:
        pilot.app.go("ticket", number)  # type: ignore[attr-defined]
        await settled(pilot)
        beside = pilot.app.screen.query_one("#beside Static", Static)
        await until(pilot, lambda: "= accept" in str(beside.render()), "proposed")
        await pilot.press("=")
        await settled(pilot)
        assert sqlite_desk.tickets.show(number).category == "printing"
        await pilot.press("=")
        await settled(pilot)
        assert "Nothing is proposed" in heard(pilot)
    number = open_ticket(sqlite_desk, "Paper jam in the big one")
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        pilot.app.go("ticket", number)  # type: ignore[attr-defined]
        await settled(pilot)
        hint = pilot.app.screen.query_one("#hint", Static)
        await until(pilot, lambda: "printing" in str(hint.render()), "hinted")


async def test_on_the_call_a_key_that_is_no_letter_takes_the_category(sqlite_desk: Desk) -> None:
    taught(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await pilot.press("n")
        await settled(pilot)
        await pilot.press(*"Ada", "tab", *"Paper jam")
        form = pilot.app.screen.query_one(CallForm)
        alike = pilot.app.screen.query_one("#alike", Static)
        await until(pilot, lambda: "printing" in str(alike.render()), "proposed")
        await pilot.press("f4")
        await settled(pilot)
        assert form.query_one("#category Input", Input).value == "printing"
        assert form.values.category == "printing"
        await until(pilot, lambda: "F4" not in str(alike.render()), "no more proposed")
