"""Known incidents on screen: shown with reason and workaround, linked with one key, called out."""

from pathlib import Path

from textual.widgets import Input, Static

from deskterm.bootstrap import Desk
from deskterm.screens.dialogs.problem import TellDialog
from deskterm.screens.dialogs.text import TextDialog
from deskterm.screens.problems.screen import ProblemsScreen
from deskterm.widgets.line_list import LineList
from deskterm.widgets.ticket_table import TicketTable
from deskterm.widgets.value_words import entry_words
from tests.builders import open_ticket
from tests.screens.conftest import heard, running, settled, until
from tests.screens.test_ticket import shown


def incident(desk: Desk) -> tuple[int, int]:
    """Make a problem of one ticket among others; gives (problem, a new ticket that fits)."""
    for n in range(8):
        open_ticket(desk, f"Printer {n} offline", body="Toner is low.")
    first = open_ticket(desk, "VPN: no route", requester="a@example.org")
    facts = {"title": "VPN gateway has no route", "workaround": "Use the web mail"}
    number = desk.problems.new(facts, [first]).of("problem")[0]
    return number, open_ticket(desk, "No route over VPN", requester="b@example.org", urgent=True)


async def test_the_preview_shows_the_known_problem_and_one_key_links(sqlite_desk: Desk) -> None:
    number, new = incident(sqlite_desk)
    async with running(sqlite_desk, (140, 40)) as pilot:
        preview = pilot.app.screen.query_one("Preview", Static)
        await until(pilot, lambda: f"P{number} VPN gateway" in str(preview.content), "known")
        assert "Use the web mail" in str(preview.content)
        await pilot.press("L")
        await until(pilot, lambda: new in sqlite_desk.problems.show(number).tickets, "linked")
        await settled(pilot)
        assert f"Linked to P{number} VPN gateway has no route: #{new}" in heard(pilot)
        (entry,) = [one for one in sqlite_desk.tickets.show(new).timeline if one.event == "linked"]
        assert entry_words(entry, {}) == f"cy linked problem to P{number}"
        await pilot.press("u")
        await until(pilot, lambda: new not in sqlite_desk.problems.show(number).tickets, "undone")


async def test_a_call_that_fits_a_known_problem_joins_it(sqlite_desk: Desk) -> None:
    number, _ = incident(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await pilot.press("n")
        await settled(pilot)
        await pilot.press(*"Zoe", "tab")
        await settled(pilot)
        for letter in "vpn no route":
            await pilot.press("space" if letter == " " else letter)
        alike = pilot.app.screen.query_one("#alike", Static)
        await until(pilot, lambda: f"P{number} VPN gateway" in str(alike.content), "known")
        assert "Use the web mail" in str(alike.content)
        await pilot.press("ctrl+l", "ctrl+s")
        await until(pilot, lambda: len(sqlite_desk.problems.show(number).tickets) == 2, "joined")


async def test_a_burst_is_called_out_and_becomes_an_incident(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk, "Printer offline")
    tickets = [
        open_ticket(sqlite_desk, "VPN: no route", requester=f"p{n}@example.org") for n in range(6)
    ]
    async with running(sqlite_desk, (80, 24)) as pilot:
        callout = pilot.app.screen.query_one("Callout", Static)
        await until(pilot, lambda: "6 like" in str(callout.content), "called out")
        await pilot.press("comma")
        await settled(pilot)
        table = pilot.app.screen.query_one(TicketTable)
        assert set(table.marks.ids) == set(tickets)
        await pilot.press("E")
        await settled(pilot)
        assert "6 tickets · 6 people wait" in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: sqlite_desk.problems.list(), "incident")
        await until(pilot, lambda: "⚠ P1 VPN: no route" in str(callout.content), "announced")
        assert sqlite_desk.problems.show(1).tickets == tuple(tickets)
        assert "6 like" not in str(callout.content)
        await settled(pilot)
        await pilot.press("u")
        await until(pilot, lambda: "6 like" in str(callout.content), "undone")


async def test_the_screen_of_problems_shows_edits_marks_and_ends(sqlite_desk: Desk) -> None:
    number, new = incident(sqlite_desk)
    sqlite_desk.problems.link(number, [new])
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("f4")
        await settled(pilot)
        page = pilot.app.screen.query_one("#page Static", Static)
        await until(pilot, lambda: "Use the web mail" in str(page.content), "page")
        assert "No route over VPN" in str(page.content)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, TextDialog), "the words to all")
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("comma")
        await settled(pilot)
        table = pilot.app.screen.query_one(TicketTable)
        await until(pilot, lambda: len(table.marks.ids) == 2, "marked")
        await pilot.press("f4")
        await settled(pilot)
        await until(pilot, lambda: pilot.app.screen.query("#page Static"), "screen")
        await settled(pilot)
        await pilot.press("x")
        await settled(pilot)
        await pilot.press(*"Back", "enter", "enter")
        await until(pilot, lambda: sqlite_desk.problems.show(number).state == "verified", "ended")
        assert sqlite_desk.tickets.show(new).state == "solved"


async def test_owners_are_told_from_the_screen_after_a_look_at_the_letter(
    sqlite_desk: Desk,
) -> None:
    number, new = incident(sqlite_desk)
    with sqlite_desk.store.reading() as database:
        database.run(
            "INSERT INTO device (name, kind, model, os, os_version, serial, person_id, facts) "
            "SELECT 'L1', 'laptop', 'T14', '', '', '', requester_id, '{}' FROM ticket "
            "WHERE id = :id",
            id=new,
        )
    sqlite_desk.problems.set(number, {"model": "T14"})
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("f4")
        await settled(pilot)
        page = pilot.app.screen.query_one("#page Static", Static)
        await until(pilot, lambda: "1 to be told" in str(page.content), "owners")
        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, TextDialog), "the words to all")
        await settled(pilot)
        await pilot.press(*"Wait", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, TellDialog), "then the owners")
        await settled(pilot)
        (open_one,) = sqlite_desk.problems.show(number).tickets
        assert sqlite_desk.tickets.show(open_one).timeline[-1].text == "Wait"
        await pilot.press("enter")
        await until(pilot, lambda: sqlite_desk.problems.owners(number)[0].status == "told", "told")


async def test_the_ticket_shows_its_problem_goes_there_and_lets_go_of_it(
    sqlite_desk: Desk,
) -> None:
    number, new = incident(sqlite_desk)
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("L")
        await until(pilot, lambda: new in sqlite_desk.problems.show(number).tickets, "linked")
        await settled(pilot)
        await pilot.press("3")
        await settled(pilot)
        await pilot.press("minus")
        await until(pilot, lambda: new not in sqlite_desk.problems.show(number).tickets, "off")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen.query("ProblemsScreen #list, #titles"), "there")


async def test_the_queue_ranks_explains_filters_exports_and_opens(
    sqlite_desk: Desk, tmp_path: Path
) -> None:
    number, new = incident(sqlite_desk)
    sqlite_desk.problems.link(number, [new])
    sqlite_desk.problems.new({"title": "Printers", "product": "Printer"}, [1]).of("problem")
    file = tmp_path / "queue.md"
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("Q")
        await settled(pilot)
        listing = pilot.app.screen.query_one(LineList)
        page = pilot.app.screen.query_one("#page Static", Static)
        await until(pilot, lambda: listing.option_count == 3, "two problems and the line")
        assert "hold 80 %" in str(listing.get_option_at_index(2).prompt)
        await until(pilot, lambda: f"#{new}" in str(page.content), "its terms")
        assert "1.00 × (1 + 2 for its requester) = 3.00" in str(page.content)
        await pilot.press("E")
        await settled(pilot)
        pilot.app.screen.query_one(Input).value = str(file)
        await pilot.press("enter")
        await until(pilot, file.exists, "written")
        await settled(pilot)
        assert f"| 1 | P{number} VPN gateway" in file.read_text()
        await pilot.press("slash", *"product:printer", "enter")
        await until(pilot, lambda: listing.option_count == 2, "filtered")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen.query("#page Static"), "the problem")
        screen = pilot.app.screen
        assert isinstance(screen, ProblemsScreen)
        await until(pilot, lambda: screen.page and screen.page.view.title == "Printers", "it")


async def test_problems_are_parted_and_merged_by_keys(sqlite_desk: Desk) -> None:
    """`s` parts it, `m` puts it together; `u` takes it back."""
    desk = sqlite_desk
    first, other = open_ticket(desk, "VPN drops"), open_ticket(desk, "Tunnel [b]down[/b]")
    done = desk.problems.new({"title": "Gateway", "state": "open"}, [first, other])
    (number,) = done.of("problem")
    async with running(desk, (80, 24)) as pilot:
        await pilot.press("f4")
        await settled(pilot)
        await pilot.press("s")
        await settled(pilot)
        await pilot.press("x", "enter", *"Cable", "enter")
        await until(pilot, lambda: "are no tickets" in shown(pilot), "refused")
        pilot.app.screen.query_one("#field-tickets", Input).value = f"#{other}"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: len(desk.problems.list()) == 2, "parted")
        made = max(one.id for one in desk.problems.list())
        part = desk.problems.show(made)
        assert (part.title, part.tickets) == ("Cable", (other,))
        await settled(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, ProblemsScreen)
        await pilot.press("home")
        await until(pilot, lambda: screen.in_hand and screen.in_hand.id == made, "in hand")
        await pilot.press("m")
        await settled(pilot)
        await pilot.press(*f"P{number}", "enter")
        await until(pilot, lambda: desk.problems.show(made).state == "wont_fix", "merged")
        assert desk.problems.show(number).tickets == (first, other)
        await settled(pilot)
        await pilot.press("u")
        await until(pilot, lambda: desk.problems.show(made).state == "open", "undone")


async def test_how_a_problem_ends_is_said_by_a_key_and_nothing_typed_is_lost(
    sqlite_desk: Desk,
) -> None:
    desk = sqlite_desk
    desk.problems.new({"title": "Gateway", "state": "open"}, [open_ticket(desk)])
    async with running(desk, (80, 24)) as pilot:
        await pilot.press("f4")
        await settled(pilot)
        await pilot.press("p")
        await settled(pilot)
        form = pilot.app.screen
        for name, value in (("owner", "cy"), ("on", "2027-02-31"), ("cost", "1200")):
            form.query_one(f"#field-{name}", Input).value = value
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "measure on '2027-02-31'?" in shown(pilot), "refused")
        form.query_one("#field-on", Input).value = "2027-02-28"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: desk.problems.show(1).measure_on, "kept")
        view = desk.problems.show(1)
        assert (view.measure, view.measure_owner, view.measure_cost) == (
            *("configuration", "cy", "1200"),
        )
        assert view.state == "fix_planned"
        await settled(pilot)
        await pilot.press("e")
        await settled(pilot)
        form = pilot.app.screen
        form.query_one("#field-effort", Input).value = "soon"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "effort 'soon'?" in shown(pilot), "refused, and still there")
        assert form.query_one("#field-effort", Input).value == "soon"
