"""When things go wrong: the database away, hostile text; keys stay usable, nothing acts."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from deskterm import settings
from deskterm.app import DeskApp
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.errors import DeskError
from deskterm.domain.requests import NewTicket
from deskterm.storage.driver import connect
from deskterm.widgets.key_bar import KeyBar
from deskterm.widgets.ticket_table import TicketTable
from tests.beside import hostile
from tests.builders import count
from tests.screens.conftest import heard, running, settled, until
from tests.screens.test_board import board, fill

ACTIVE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def trouble(pilot: Pilot[None]) -> str:
    return board(pilot).query_one(KeyBar).trouble


async def test_a_desk_that_cannot_be_opened_is_said_and_f5_tries_again(
    tmp_path: Path, sqlite_url: str
) -> None:
    folder = tmp_path / "later"
    folder.write_text("in the way")
    chosen = settings.load({"db": f"sqlite:///{folder}/desk.sqlite"}, as_login="cy")
    app = DeskApp(cast("Any", lambda: open_desk(chosen)), chosen)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "lost" in trouble(pilot))
        assert "F5 tries again" in board(pilot).table.hint
        await pilot.press("j", "question_mark", "escape")
        assert heard(pilot)
        folder.unlink()
        folder.mkdir()
        Path(sqlite_url.removeprefix("sqlite:///")).rename(folder / "desk.sqlite")
        await pilot.press("f5")
        await until(pilot, lambda: app.is_open)
        await until(pilot, lambda: trouble(pilot) == "")


@pytest.fixture
def postgres_desk(postgres_url: str) -> Iterator[Desk]:
    """A new desk on PostgreSQL."""
    opened = open_desk(settings.load({"db": postgres_url}, as_login="cy"))
    yield opened
    opened.close()


async def test_a_lost_database_is_a_footer_line_and_comes_back(
    postgres_desk: Desk, postgres_server: str
) -> None:
    fill(postgres_desk, 3)
    admin = connect(postgres_server.format(name="postgres"))
    url = postgres_desk.store.url
    name = url.split("?", maxsplit=1)[0].rpartition("/")[2]
    async with running(postgres_desk) as pilot:
        admin.run(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        admin.all(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name",
            name=name,
        )
        await until(pilot, lambda: "lost" in trouble(pilot))
        await pilot.press("j")
        assert board(pilot).table.cursor == 1
        await pilot.press("t")
        await settled(pilot)
        admin.run(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
        await pilot.press("escape", "f5")
        await until(pilot, lambda: trouble(pilot) == "")
        assert len(board(pilot).table.ids) == 3
    admin.close()


async def test_a_board_whose_desk_was_upgraded_says_so_and_changes_nothing(desk: Desk) -> None:
    """Fails where an old program goes on writing into a schema that it does not know."""
    fill(desk, 1)
    async with running(desk) as pilot:
        with closing(connect(desk.store.url)) as other:
            other.run("UPDATE alembic_version SET version_num = '9999'")
            other.run("UPDATE counter SET value = value")  # as whatever an upgrade writes
        await until(pilot, lambda: "upgraded · start anew" in trouble(pilot))
        before = count(desk, "operation")
        await pilot.press("t")
        await until(pilot, lambda: "upgraded to schema 9999" in heard(pilot))
        await settled(pilot)
        assert count(desk, "operation") == before
        assert "made a mistake" not in heard(pilot)


@pytest.mark.parametrize("replaced", [False, True], ids=["moved", "replaced"])
async def test_a_file_that_left_an_open_board_is_said_and_nothing_typed_is_lost(
    replaced: bool, sqlite_desk: Desk, sqlite_template: Path, tmp_path: Path
) -> None:
    number = fill(sqlite_desk, 1)[0]
    file, away = tmp_path / "desk.sqlite", tmp_path / "away.sqlite"
    async with running(sqlite_desk) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("i")
        await settled(pilot)
        await pilot.press(*"call")
        await until(pilot, lambda: sqlite_desk.drafts.get("note", number) == "call")
        file.rename(away)
        if replaced:
            file.write_bytes(sqlite_template.read_bytes())
        await until(pilot, lambda: "lost" in trouble(pilot))
        await pilot.press(*"back", "ctrl+s")
        await until(pilot, lambda: _said(replaced) in heard(pilot))
        await settled(pilot)
        asked, page = pilot.app.screen, pilot.app.screen_stack[-2]
        assert page.query_one(TextArea).text == "callback"
        assert "made a mistake" not in heard(pilot)
        assert file.exists() == replaced
        if replaced:
            assert file.read_bytes() == sqlite_template.read_bytes()
        away.replace(file)
        await until(pilot, lambda: trouble(pilot) == "")
        assert pilot.app.screen is asked
        await pilot.press("y", "enter")
        await settled(pilot)
    assert count(sqlite_desk, "ledger", "text = 'callback'") == 1


def _said(replaced: bool) -> str:
    return "replaced by another file" if replaced else "was moved or deleted"


async def test_hostile_text_is_drawn_and_nothing_acts(sqlite_desk: Desk) -> None:
    texts = [str(case["payload"]) for case in hostile()]
    sqlite_desk.tickets.new_many(
        NewTicket(f"x{n}@example.org", text[:2000] or "-", text, acknowledge=False)
        for n, text in enumerate(texts)
    )
    async with running(sqlite_desk) as pilot:
        table = pilot.app.screen.query_one(TicketTable)
        assert len(table.ids) == len(texts)
        seen = 0
        while True:
            await settled(pilot)
            for y in range(table.size.height):
                strip = table.render_line(y)
                assert not ACTIVE.search(strip.text), repr(strip.text)
                assert not any(one.style and one.style.meta for one in strip)
                seen += 1
            shown = "\n".join(
                strip.text
                for strip in board(pilot)
                .query_one("Preview")
                .render_lines(board(pilot).query_one("Preview").size.region)
            )
            assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", shown), repr(shown)
            if table.cursor == len(table.ids) - 1:
                break
            await pilot.press("pagedown")
        assert pilot.app.is_running
        assert seen > len(texts)


async def test_a_hostile_draft_is_drawn_as_signs_and_kept_exactly(sqlite_desk: Desk) -> None:
    number = fill(sqlite_desk, 1)[0]
    draft = "before \x1b]0;pwned\x07 after \u202etxt"
    sqlite_desk.drafts.put("note", number, draft)
    async with running(sqlite_desk) as pilot:
        await pilot.press("i")
        await settled(pilot)
        area = pilot.app.screen.query_one(TextArea)
        assert area.text == draft
        drawn = "".join(area.render_line(y).text for y in range(area.size.height))
        assert "before" in drawn
        assert not ACTIVE.search(drawn)


async def test_a_wrong_request_ends_the_app_with_its_sentence(sqlite_url: str) -> None:
    chosen = settings.load({"db": sqlite_url}, as_login="no login")
    app = DeskApp(cast("Any", lambda: open_desk(chosen)), chosen)
    async with app.run_test(size=(100, 30)):
        while app.failure is None:
            await asyncio.sleep(0.01)
    assert isinstance(app.failure, DeskError)
    assert app.return_code == app.failure.exit_code
    assert "no login" in str(app.failure)
