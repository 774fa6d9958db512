"""The whole story in the app, by real key presses, on both databases."""

from textual.pilot import Pilot

from deskterm.bootstrap import Desk
from tests.builders import value
from tests.screens.conftest import running, settled, until
from tests.screens.test_board import board
from tests.screens.test_guide import press, shown
from tests.screens.test_solutions import screen as solutions_screen
from tests.screens.test_verbs import type_text


def screen_name(pilot: Pilot[None]) -> str:
    return str(getattr(pilot.app.screen, "NAME", ""))


async def log_call(pilot: Pilot[None], who: str, what: str) -> None:
    await press(pilot, "n")
    await type_text(pilot, who)
    await press(pilot, "enter")
    await type_text(pilot, what)
    await press(pilot, "ctrl+s")
    await until(pilot, lambda: screen_name(pilot) == "board", "back on the board")
    await settled(pilot)


async def verify(pilot: Pilot[None], by_customer: bool) -> None:
    await press(pilot, "V")
    if by_customer:
        await press(pilot, "right")
    await press(pilot, "ctrl+s")


async def hand_back_solve_and_close(pilot: Pilot[None], desk: Desk) -> None:
    await press(pilot, "less_than_sign")
    await until(pilot, lambda: value(desk, 1, "level") == 1, "handed back")

    await press(pilot, "S")
    await type_text(pilot, "Replaced the driver on the print server.")
    await press(pilot, "ctrl+s")
    await until(pilot, lambda: value(desk, 1, "state") == "solved", "solved")

    await verify(pilot, by_customer=False)
    await until(pilot, lambda: value(desk, 1, "craft_proof") == "ok", "craft verified")
    await verify(pilot, by_customer=True)
    await until(pilot, lambda: value(desk, 1, "customer_proof") == "ok", "customer verified")
    await settled(pilot)
    await press(pilot, "x", "enter")
    await until(pilot, lambda: value(desk, 1, "state") == "closed", "closed")
    steps = {one.step: one.status for one in desk.tickets.show(1).steps}
    assert (steps["verify"], steps["confirm"]) == ("done", "done")


async def test_call_guide_escalation_solution_and_the_next_ticket(desk: Desk) -> None:
    async with running(desk) as pilot:
        await log_call(pilot, "Mia Ortiz <mia@example.org>", "The printer shows offline.")
        assert value(desk, 1, "state") == "new"

        await press(pilot, "t", "enter")
        assert value(desk, 1, "assignee") == "cy"
        assert screen_name(pilot) == "ticket"

        await press(pilot, "w", "enter")
        assert "What happens when the caller prints?" in shown(pilot)
        await press(pilot, "1", "2")  # nothing comes out; nobody can print
        await type_text(pilot, "P-31")
        await press(pilot, "enter", "1", "1", "2")  # it answers; a job with an error; hangs again
        await press(pilot, "enter")  # escalate with the summary that is already written
        await until(pilot, lambda: value(desk, 1, "level") > 1, "escalated")
        summary = next(e for e in desk.tickets.show(1).timeline if e.event == "escalated")
        assert "P-31" in summary.text
        assert summary.data["actions"]

        await settled(pilot)
        await hand_back_solve_and_close(pilot, desk)

        await press(pilot, "s", "n")
        await until(pilot, lambda: desk.solutions.list(), "drafted")
        solution = desk.solutions.list()[0].id
        await press(pilot, "P", "enter")
        await until(pilot, lambda: desk.solutions.show(solution).audience is not None, "published")
        await press(pilot, "escape", "escape", "escape")  # page, list, ticket
        assert screen_name(pilot) == "board"

        await log_call(pilot, "Bo Lind", "The printer shows offline again.")
        await until(pilot, lambda: list(board(pilot).table.ids) == [2], "on the board")
        await press(pilot, "s")
        await until(pilot, lambda: screen_name(pilot) == "solutions", "solutions of the ticket")
        await settled(pilot)
        assert solutions_screen(pilot).shown[0].row.id == solution
