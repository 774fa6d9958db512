"""What a role may not do is not offered: no key in the footer, no line in the palette."""

from contextlib import closing
from functools import partial

import pytest
from textual.pilot import Pilot

from deskterm import settings
from deskterm.bootstrap import open_desk
from deskterm.domain.errors import RefusedError
from deskterm.domain.record_table import RECORDS
from deskterm.domain.requests import NewTicket
from deskterm.domain.team import Role
from deskterm.domain.verbs import Escalate
from deskterm.screens.actions import ALL, BY_ID, READING, fitting, table_of
from deskterm.screens.base import DeskScreen, barred
from deskterm.screens.records.screen import RecordsScreen
from deskterm.widgets.key_bar import KeyBar
from tests.rights.conftest import LOGINS, Team
from tests.screens.conftest import heard, running, settled, shown, until
from tests.screens.test_verbs import type_text

_TECHNICIANS = {"person", "device", "view", "text", "announcement", "release", "technician"}


def test_each_role_is_told_who_may_what_it_may_not(team: Team) -> None:
    may = {role: team.desk(login).may for role, login in LOGINS.items()}
    assert team.desk().may.barred == {}
    assert may[Role.MANAGER].why_not("category") == ""
    assert may[Role.TECHNICIAN].why_not("operation") == ""
    assert may[Role.TECHNICIAN].why_not("category") == (
        "ann may not do that: managers may (deskterm team list)."
    )
    assert "technicians and managers may" in may[Role.AUDITOR].why_not("operation")
    assert {kind for kind in RECORDS if not may[Role.TECHNICIAN].why_not(kind)} >= _TECHNICIANS
    assert {kind for kind in RECORDS if not may[Role.AUDITOR].why_not(kind)} == set()
    with pytest.raises(RefusedError, match="audrey may look at this desk and change nothing"):
        team.desk("audrey").tickets.new(NewTicket("Ada <ada@example.org>", "x", "y"))


def test_what_only_looks_is_said_of_actions_that_there_are() -> None:
    assert BY_ID.keys() >= READING
    assert {one.id for one in ALL if one.verb and not table_of(one)} <= {"why"}


async def test_an_auditor_is_offered_nothing_that_changes_anything(team: Team) -> None:
    team.desk().tickets.new(NewTicket("Ada <ada@example.org>", "Lamp", "y"))
    async with running(team.desk("audrey"), login="audrey") as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, DeskScreen)
        await until(pilot, screen.chosen)
        keys = {one.action for one in screen.query_one(KeyBar).items}
        assert keys & {"help", "palette", "filter"}
        assert not keys & {"new_call", "take", "close", "undo"}
        offered = {one.id for one in fitting(screen.NAME, screen.chosen(), partial(barred, screen))}
        assert offered <= READING | {one.id for one in ALL if one.group == "Moving"}
        await pilot.press("t")
        await settled(pilot)
        assert "technicians and managers may" in heard(pilot)


async def test_a_technician_reads_records_that_managers_settle(team: Team) -> None:
    async with running(team.desk("ann"), login="ann") as pilot:
        await pilot.press("f3")
        await settled(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, RecordsScreen)
        assert screen.record.kind == "person"
        assert "record_new" in {one.action for one in screen.query_one(KeyBar).items}
        while screen.record.kind != "category":
            await pilot.press("right_square_bracket")
            await settled(pilot)
        assert "record_new" not in {one.action for one in screen.query_one(KeyBar).items}
        await pilot.press("n")
        await settled(pilot)
        assert "managers may" in heard(pilot)


async def test_a_ticket_that_is_handed_out_of_sight_leaves_the_screen_in_words(team: Team) -> None:
    team.desk("mona").records.set("group", "pay", {"restricted": "yes", "level": "2"})
    asked = [NewTicket("Ada <ada@example.org>", words, "y") for words in ("Slip", "Bonus")]
    mine, theirs = team.desk("ann").tickets.new_many(asked).tickets
    async with running(team.desk("ann"), login="ann") as pilot:
        board = pilot.app.screen
        await _opened(pilot, mine)
        await pilot.press("greater_than_sign")
        await settled(pilot)
        await type_text(pilot, "pay")
        await pilot.press("enter")
        await type_text(pilot, "About pay.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: pilot.app.screen is board, "back on the board")
        assert f"Escalated #{mine} · 1 letter\n#{mine}: handed to pay; you no" in heard(pilot)
        await _opened(pilot, theirs)
        team.desk("mona").tickets.do([theirs], Escalate("pay", "Pay."))
        await until(pilot, lambda: pilot.app.screen is board, "back on the board")
        assert f"#{theirs} went to a group or client that you do not see." in heard(pilot)
        assert f"there is no ticket #{mine}" not in heard(pilot)
        await pilot.press("u")
        said = (
            f"#{mine} was handed to pay, and you no longer see it: whoever is in pay, or a manager"
        )
        await until(pilot, lambda: said in heard(pilot), "refused")


async def test_a_board_whose_login_is_shut_meanwhile_says_why_it_does_not_come_back(
    team: Team,
) -> None:
    """The first it hears is that the connection is lost; why it stays so says the next try."""
    with closing(team.connected()) as owner:
        group = owner.returned("SELECT deskterm_role('technician') AS name")["name"]
        owner.run(f"CREATE ROLE gone LOGIN IN ROLE {group}")
        with closing(open_desk(settings.load({"db": team.url("gone")}))) as desk:
            async with running(desk, login="gone") as pilot:
                await settled(pilot)
                owner.run("ALTER ROLE gone NOLOGIN")
                owner.all(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'gone'"
                )
                await until(pilot, lambda: "not permitted to log in" in heard(pilot), "why")
        owner.run("DROP ROLE gone")


async def _opened(pilot: Pilot[None], number: int) -> None:
    """Open a ticket from the board and wait until it is read."""
    await shown(pilot, f"#{number}")
    await pilot.press("enter")
    await until(pilot, lambda: getattr(pilot.app.screen, "page", None), "the ticket")
