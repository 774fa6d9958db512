"""The flows of a day: an outage, putting off, what comes after a call."""

from deskterm.bootstrap import Desk
from deskterm.screens.guide.screen import GuideScreen
from deskterm.widgets.query_line import QueryLine
from deskterm.widgets.ticket_table import TicketTable
from tests.builders import count, open_ticket, value
from tests.screens.conftest import heard, running, settled, until
from tests.screens.test_pickers import burst
from tests.screens.test_ticket import shown


async def test_after_one_incident_reply_and_close_reach_all_and_the_announcement_ends(
    sqlite_desk: Desk,
) -> None:
    for number in range(3):
        open_ticket(sqlite_desk, "VPN down", requester=f"u{number}@example.org")
    async with running(sqlite_desk) as pilot:
        await burst(pilot, "*", "E", "\n")
        await until(pilot, lambda: count(sqlite_desk, "problem") == 1, "incident")
        await settled(pilot)
        table = pilot.app.screen.query_one(TicketTable)
        assert table.marks.ids == {1, 2, 3}
        assert "3 marked: r tells all of them, x closes all." in heard(pilot)
        await pilot.press("r")
        await settled(pilot)
        assert "3 tickets · 3 people will be told" in " ".join(shown(pilot).split())
        await pilot.press("escape")
        await burst(pilot, "x", "Gateway restarted", "\n", "told by broadcast", "\n")
        await until(pilot, lambda: sqlite_desk.board.count("is:closed") == 3, "closed")
        await until(pilot, lambda: "End the announcement?" in shown(pilot), "asked")
        assert sqlite_desk.announcements.list()
        await pilot.press("enter")
        await until(pilot, lambda: not sqlite_desk.announcements.list(), "ended")


async def test_a_problems_own_keys_reach_all_of_its_requesters(sqlite_desk: Desk) -> None:
    ids = [open_ticket(sqlite_desk, "VPN", requester=f"u{n}@example.org") for n in range(2)]
    sqlite_desk.problems.incident(ids, "VPN gateway")
    async with running(sqlite_desk) as pilot:
        await pilot.press("f4")
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        assert "2 tickets · 2 people will be told" in " ".join(shown(pilot).split())
        await burst(pilot, "We are on it.", "^s")
        await until(pilot, lambda: count(sqlite_desk, "ledger", "event = 'replied'") == 2, "told")
        await settled(pilot)
        await burst(pilot, "x", "Gateway restarted", "\n", "told by broadcast", "\n")
        await until(pilot, lambda: sqlite_desk.board.count("is:closed") == 2, "closed")


async def test_put_off_till_tomorrow_is_three_keys_and_nobodys_business(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk)
    letters = count(sqlite_desk, "outbox")
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("z")
        await until(pilot, lambda: "nobody is told, the promise runs on" in shown(pilot))
        await burst(pilot, "tomorrow", "\n", "\n")
        await until(pilot, lambda: value(sqlite_desk, 1, "state") == "waiting")
        await until(pilot, lambda: "Put off #1" in heard(pilot))
    assert count(sqlite_desk, "outbox") == letters
    assert value(sqlite_desk, 1, "waiting_for") == "other"
    assert value(sqlite_desk, 1, "due_at") is not None


async def test_after_a_call_the_cursor_stands_on_the_ticket_and_w_goes_on_there(
    sqlite_desk: Desk,
) -> None:
    sqlite_desk.guides.list()
    for _ in range(3):
        open_ticket(sqlite_desk, "Urgent", urgent=True)
    async with running(sqlite_desk) as pilot:
        await burst(pilot, "n", "zoe", "\n")
        await settled(pilot)
        await burst(pilot, "VPN does not connect", "^g")
        await until(pilot, lambda: count(sqlite_desk, "ticket") == 4, "logged")
        assert value(sqlite_desk, 4, "assignee") == "cy"
        await settled(pilot)
        await burst(pilot, "VPN does", "\n")
        await until(pilot, lambda: count(sqlite_desk, "guide_run") == 1, "walking")
        await settled(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "#4: paused" in heard(pilot), "paused")
        await settled(pilot)
        assert pilot.app.screen.query_one(TicketTable).cursor_id == 4
        await pilot.press("w")
        await settled(pilot)
        await until(pilot, lambda: isinstance(pilot.app.screen, GuideScreen), "goes on")


async def test_a_slash_on_a_ticket_goes_to_the_boards_filter_and_words_are_no_commands(
    sqlite_desk: Desk,
) -> None:
    open_ticket(sqlite_desk, urgent=True)
    done = "kind IN ('undo', 'redo', 'take', 'set')"
    async with running(sqlite_desk) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        await burst(pilot, "/", "urgent:yes", "\n")
        await settled(pilot)
        line = pilot.app.screen.query_one(QueryLine)
        assert line.query_text.endswith("urgent:yes")
        assert count(sqlite_desk, "operation", done) == 0
