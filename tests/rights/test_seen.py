"""What a role may not do is not offered: no key in the footer, no line in the palette."""

from functools import partial

import pytest

from deskterm.domain.errors import RefusedError
from deskterm.domain.record_table import RECORDS
from deskterm.domain.requests import NewTicket
from deskterm.domain.team import Role
from deskterm.screens.actions import ALL, BY_ID, READING, fitting, table_of
from deskterm.screens.base import DeskScreen, barred
from deskterm.screens.records.screen import RecordsScreen
from deskterm.widgets.key_bar import KeyBar
from tests.rights.conftest import LOGINS, Team
from tests.screens.conftest import heard, running, settled, until

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
