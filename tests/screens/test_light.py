"""An open board is light: what others do is read and drawn where it is another than shown."""

from typing import Any

from textual import events

from deskterm.bootstrap import Desk
from deskterm.domain.requests import NewTicket
from deskterm.screens.board.preview import TicketPreview
from tests.builders import open_ticket
from tests.screens.conftest import running, settled, until
from tests.screens.test_board import board, fill
from tests.screens.written import Line
from tests.verbs import verbs


async def _steady(pilot: Any) -> None:
    """Let the feed say its first word, and all that this sets off be read; no more for minutes."""
    tickets = board(pilot).tickets
    await until(pilot, lambda: tickets._later or tickets.reader.looks, "the feed's first word")
    tickets.read_all()
    tickets._read_at += 600
    await until(pilot, lambda: not (tickets.reader.busy or tickets.reader.due), "all is read")
    await settled(pilot)


async def test_a_change_is_read_and_drawn_alone(sqlite_desk: Desk) -> None:
    sqlite_desk.tickets.new_many(
        [NewTicket("ada@example.org", f"Ticket {n}", acknowledge=False) for n in range(100)]
    )
    async with running(sqlite_desk, driver=Line) as pilot:
        await _steady(pilot)
        line: Any = pilot.app._driver
        table, reads = board(pilot).table, board(pilot).tickets.reader.reads
        before, written = {number: table.rows.get(number) for number in table.ids}, line.bytes
        verbs(sqlite_desk).change([3], subject="Window 3 leaks")
        await until(pilot, lambda: "Window" in "".join(line.texts[-3:]), "drawn")
        assert line.bytes - written <= 3_000
        assert board(pilot).tickets.reader.reads == reads
        for number, row in before.items():
            assert (table.rows.get(number) is row) == (number != 3)


async def test_the_order_is_read_anew_where_the_beginning_is_another(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 3)
    async with running(sqlite_desk) as pilot:
        await _steady(pilot)
        verbs(sqlite_desk).cancel([1], reason="not needed")
        await until(pilot, lambda: list(board(pilot).table.ids) == [2, 3])


async def test_however_many_changes_come_they_are_few_looks(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 3)
    async with running(sqlite_desk) as pilot:
        await _steady(pilot)
        looks, reads = board(pilot).tickets.reader.looks, board(pilot).tickets.reader.reads
        for _ in range(50):
            pilot.app.desk_changed(heard=True)  # type: ignore[attr-defined]
        await settled(pilot)
        assert looks < board(pilot).tickets.reader.looks <= looks + 3
        assert board(pilot).tickets.reader.reads == reads


async def test_the_preview_is_read_anew_for_its_own_ticket_only(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 3)
    async with running(sqlite_desk) as pilot:
        await _steady(pilot)
        preview = board(pilot).query_one(TicketPreview)
        await until(pilot, lambda: "Ticket 1" in str(preview.content))
        shown = preview._lines
        verbs(sqlite_desk).note([2], "Another one's note.")
        await until(pilot, lambda: board(pilot).table.rows.get(2).version == 2)  # type: ignore[union-attr]
        assert preview._lines is shown
        verbs(sqlite_desk).note([1], "It is the cable.")
        await until(pilot, lambda: "It is the cable." in str(preview.content))


async def test_keys_of_the_cursor_hold_nothing_up_and_what_follows_finds_it(
    sqlite_desk: Desk,
) -> None:
    fill(sqlite_desk, 9)
    open_ticket(sqlite_desk, "The tenth")
    async with running(sqlite_desk) as pilot:
        typed = pilot.app.typed  # type: ignore[attr-defined]
        for key in ("j", "j", "space", "pagedown"):
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        for key in ("k", "enter"):
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: getattr(pilot.app.screen, "number", None) == 9)
        assert board(pilot).table.marks.ids == {3}
        assert not typed._waiting
