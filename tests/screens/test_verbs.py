"""Verbs on the board: key counts, marks win, numbers typed, undo, conflicts; nothing silent."""

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, Static, TextArea

from deskterm.app import DeskApp
from deskterm.bootstrap import Desk
from deskterm.domain.verbs import Change, Link
from deskterm.screens.dialogs.ask import AgainDialog
from deskterm.screens.dialogs.base import Dialog
from deskterm.screens.order import OnTickets, Order
from deskterm.widgets.typed import ChoosingInput
from tests.builders import count, open_ticket, value
from tests.screens.conftest import heard, running, settled, shown, until
from tests.screens.test_board import board, fill
from tests.verbs import verbs


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Type into what has the focus; typed text does not count as keys."""
    focused = pilot.app.focused
    if isinstance(focused, Input):
        focused.value = text
    elif isinstance(focused, TextArea):
        focused.load_text(text)
    else:
        raise TypeError(f"nothing takes text: {focused!r}")
    await pilot.pause()


def scope(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#scope").render())


async def test_take_is_one_key_and_undo_takes_it_back(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 2)
    async with running(sqlite_desk) as pilot:
        await pilot.press("t")
        await until(pilot, lambda: value(sqlite_desk, 1, "assignee") == "cy")
        await until(pilot, lambda: "Took #1 · 1 letter · u undoes" in heard(pilot))
        await pilot.press("u")
        await until(pilot, lambda: value(sqlite_desk, 1, "assignee") is None)


async def test_take_next_is_one_key_and_takes_the_urgent_one(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk, "Mouse sticks")
    urgent = open_ticket(sqlite_desk, "VPN down", urgent=True)
    async with running(sqlite_desk) as pilot:
        await pilot.press("T")
        await until(pilot, lambda: value(sqlite_desk, urgent, "assignee") == "cy")


async def test_escalate_with_a_summary_is_three_keys(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await pilot.press("greater_than_sign")
        await settled(pilot)
        await type_text(pilot, "second")
        await pilot.press("enter")
        await type_text(pilot, "Ping fails, cable swapped.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: value(sqlite_desk, number, "group_id") is not None)
        entry = sqlite_desk.tickets.show(number).timeline[-1]
        assert entry.text == "Ping fails, cable swapped."


async def test_close_of_a_verified_ticket_is_within_three_keys(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    verbs(sqlite_desk).solve([number], "Cable replaced.")
    verbs(sqlite_desk).verify([number], by="craft", result="ok")
    verbs(sqlite_desk).verify([number], by="customer", result="ok")
    async with running(sqlite_desk) as pilot:
        await shown(pilot, "is:open")
        await pilot.press("x")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: value(sqlite_desk, number, "state") == "closed")


async def test_closing_forty_after_an_outage_is_six_keys_and_one_undo(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 40)
    keys = []
    async with running(sqlite_desk) as pilot:

        async def press(key: str) -> None:
            keys.append(key)
            await pilot.press(key)
            await settled(pilot)

        await press("asterisk")
        await press("x")
        assert "40 tickets · 1 person will be told" in scope(pilot)
        await type_text(pilot, "VPN gateway restarted")
        await press("enter")
        await type_text(pilot, "told by broadcast")
        await press("enter")
        assert isinstance(pilot.app.focused, Input)
        assert pilot.app.focused.id == "number"
        await type_text(pilot, "40")
        await press("enter")
        await until(pilot, lambda: sqlite_desk.board.count("is:closed") == 40)
        assert len(keys) <= 6
        assert board(pilot).table.marks.ids == set()
        await pilot.press("u")
        await until(pilot, lambda: sqlite_desk.board.count("is:new") == 40)


async def test_over_the_limit_nothing_happens_without_the_number(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 26)
    async with running(sqlite_desk) as pilot:
        await pilot.press("asterisk", "t")
        await settled(pilot)
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, Dialog)
        await type_text(pilot, "25")
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(pilot.app.screen, Dialog)
        assert sqlite_desk.board.count("assignee:me") == 0
        await type_text(pilot, "26")
        await pilot.press("enter")
        await until(pilot, lambda: sqlite_desk.board.count("assignee:me") == 26)


async def test_marks_win_over_the_cursor(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 4)
    async with running(sqlite_desk) as pilot:
        await pilot.press("space", "space", "G", "t")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: sqlite_desk.board.count("assignee:me") == 2)
        assert list(sqlite_desk.board.ids("assignee:me")) == [1, 2]


async def test_what_is_refused_is_named_and_the_rest_is_done(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 2)
    verbs(sqlite_desk).solve([2], "Done before.")
    async with running(sqlite_desk) as pilot:
        await shown(pilot, "is:open")
        await pilot.press("asterisk", "z")
        await settled(pilot)
        await type_text(pilot, "tomorrow")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: value(sqlite_desk, 1, "state") == "waiting")
        await until(pilot, lambda: "#2 is solved: wait is not possible" in heard(pilot))


async def test_closing_without_what_the_gate_asks_for_is_refused_in_words(
    sqlite_desk: Desk,
) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await pilot.press("x")
        await settled(pilot)
        await pilot.press("ctrl+s")
        wrong = str(pilot.app.screen.query_one(".wrong").render())
        assert "Say what solved it" in wrong
        await type_text(pilot, "Restarted it")
        await pilot.press("ctrl+s")
        assert "Does it work for the customer?" in str(
            pilot.app.screen.query_one(".wrong").render()
        )
        assert value(sqlite_desk, number, "state") == "new"


async def test_a_conflict_names_the_fields_and_asks(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await pilot.press("e")
        await settled(pilot)
        verbs(sqlite_desk).change(
            [number], values={"subject": "Scanner offline", "category": "network"}
        )
        verbs(sqlite_desk).take([number])
        await type_text(pilot, "Copier offline")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, AgainDialog))
        question = str(pilot.app.screen.query_one("#question").render())
        assert "subject" in question
        assert "Scanner offline" in question
        assert "category: nothing → network (by cy)" in question
        assert "owner: nothing → cy (by cy)" in question
        assert "_id" not in question
        assert "[" not in question
        assert value(sqlite_desk, number, "subject") == "Scanner offline"
        await pilot.press("y", "enter")
        await until(pilot, lambda: value(sqlite_desk, number, "subject") == "Copier offline")


async def test_a_note_keeps_its_draft_and_drops_it_when_stored(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await pilot.press("i")
        await settled(pilot)
        await type_text(pilot, "Called back, no answer")
        await pilot.press("escape")
        await until(pilot, lambda: sqlite_desk.drafts.get("note", number) != "")
        await pilot.press("i")
        await until(
            pilot, lambda: pilot.app.screen.query_one(TextArea).text == "Called back, no answer"
        )
        await pilot.press("ctrl+s")
        await until(pilot, lambda: sqlite_desk.drafts.get("note", number) == "")
        assert sqlite_desk.tickets.show(number).timeline[-1].text == "Called back, no answer"


async def test_urgent_is_switched_on_and_off(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await pilot.press("exclamation_mark")
        await until(pilot, lambda: value(sqlite_desk, number, "urgent"))
        await settled(pilot)
        await pilot.press("exclamation_mark")
        await until(pilot, lambda: not value(sqlite_desk, number, "urgent"))


async def test_escape_in_a_dialog_changes_nothing(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        for key in ("a", "x", "z", "m", "L", "e", "S", "D", "greater_than_sign"):
            await pilot.press(key)
            await settled(pilot)
            assert isinstance(pilot.app.screen, Dialog), key
            await pilot.press("escape")
            await settled(pilot)
        assert value(sqlite_desk, number, "version") == 1


async def test_enter_in_a_form_goes_on_to_what_is_empty(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await pilot.press("x")
        await settled(pilot)
        assert pilot.app.focused is pilot.app.screen.query_one("#resolution")
        await type_text(pilot, "Restarted")
        await pilot.press("enter")
        assert pilot.app.focused is pilot.app.screen.query_one("#word")


async def test_assign_finds_a_technician_by_a_few_letters(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    sqlite_desk.admin.set_technician("bea", {"name": "Bea Lund"})
    async with running(sqlite_desk) as pilot:
        await pilot.press("a")
        await settled(pilot)
        await type_text(pilot, "lund")
        await pilot.press("enter")
        await until(pilot, lambda: value(sqlite_desk, number, "assignee") == "bea")


async def test_waiting_until_a_time_as_people_say_it(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await pilot.press("z")
        await settled(pilot)
        await type_text(pilot, "3d")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: value(sqlite_desk, number, "state") == "waiting")
        assert value(sqlite_desk, number, "waiting_until") is not None
        await settled(pilot)
        await pilot.press("Z")
        await until(pilot, lambda: value(sqlite_desk, number, "state") == "open")


async def test_a_time_that_is_none_keeps_the_ticket_as_it_is(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await pilot.press("z")
        await settled(pilot)
        await type_text(pilot, "when pigs fly")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "is no time" in heard(pilot))
        assert value(sqlite_desk, number, "state") == "new"


async def test_merge_and_its_undo(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 2)
    async with running(sqlite_desk) as pilot:
        await pilot.press("m")
        await settled(pilot)
        await type_text(pilot, "2")
        await pilot.press("enter")
        await until(pilot, lambda: value(sqlite_desk, 1, "state") == "merged")
        await settled(pilot)
        await pilot.press("u")
        await until(pilot, lambda: value(sqlite_desk, 1, "state") == "new")


async def test_link_and_its_kind(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 2)
    async with running(sqlite_desk) as pilot:
        await pilot.press("L")
        await settled(pilot)
        await type_text(pilot, "#2")
        await pilot.press("enter")
        await until(pilot, lambda: sqlite_desk.tickets.show(1).links)
        assert sqlite_desk.tickets.show(1).links[0].ticket_id == 2


async def test_verify_by_both_then_close(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    verbs(sqlite_desk).solve([number], "Cable replaced.")
    async with running(sqlite_desk) as pilot:
        await shown(pilot, "is:open")
        await pilot.press("V")
        await settled(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: value(sqlite_desk, number, "craft_proof") == "ok")
        await settled(pilot)
        await pilot.press("V")
        await settled(pilot)
        await pilot.press("right", "ctrl+s")
        await until(pilot, lambda: value(sqlite_desk, number, "customer_proof") == "ok")


async def test_reply_writes_a_letter_and_says_so(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await pilot.press("r")
        await settled(pilot)
        assert "1 person will be told" in scope(pilot)
        await type_text(pilot, "We are on it.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "1 letter" in heard(pilot))
        assert sqlite_desk.tickets.show(number).timeline[-1].text == "We are on it."


async def test_before_an_answer_one_sees_that_nobody_reads_the_address(
    sqlite_desk: Desk,
) -> None:
    open_ticket(sqlite_desk, requester="Shop <no-reply@shop.example>")
    async with running(sqlite_desk) as pilot:
        await pilot.press("r")
        await settled(pilot)
        warning = pilot.app.screen.query_one("#unread", Static)
        assert "no-reply@shop.example: nobody reads it" in str(warning.render())
        await pilot.press("escape")
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        title = pilot.app.screen.query_one("ReplyBox > Static", Static)
        assert "no-reply@shop.example, which nobody reads by its own word" in str(title.render())


async def test_solutions_guides_and_calls_open_from_the_board(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        for key in ("s", "w", "n", "enter"):
            await pilot.press(key)
            await settled(pilot)
            assert pilot.app.screen is not board(pilot), key
            while pilot.app.screen is not board(pilot):
                await pilot.press("escape")
                await settled(pilot)


async def test_keys_typed_ahead_reach_the_dialog_that_they_open(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    verbs(sqlite_desk).solve([number], "Cable replaced.")
    verbs(sqlite_desk).verify([number], by="craft", result="ok")
    verbs(sqlite_desk).verify([number], by="customer", result="ok")
    async with running(sqlite_desk) as pilot:
        await shown(pilot, "is:open")
        for key in ("x", "enter"):
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: value(sqlite_desk, number, "state") == "closed")


async def test_the_form_of_facts_offers_what_goes_and_empties_what_does_not(
    sqlite_desk: Desk,
) -> None:
    admin = sqlite_desk.admin
    admin.set_category("printing")
    admin.set_field("os", choices=("Windows", "macOS"))
    admin.set_field("release", choices=("11 if os=Windows", "14 if os=macOS"))
    number = open_ticket(sqlite_desk, fields={"os": "Windows"}, device="LT-1")
    sqlite_desk.tickets.do([number], Change(fields={"release": "11"}))
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("e")
        await settled(pilot)
        form = pilot.app.screen
        await until(pilot, lambda: form.query("#field-own-1"))
        line = form.query_one("#field-own-1", ChoosingInput)
        await until(pilot, lambda: line.names == ("11",))
        assert line.value == "11"
        form.query_one("#field-own-0").focus()
        await pilot.press("down")
        await until(pilot, lambda: line.names == ("14",), "choices follow the system")
        assert line.value == ""
        line.focus()
        await pilot.press("down")
        form.query_one("#field-device").focus()
        await pilot.press("end", *"0")
        form.query_one("#field-people").focus()
        await pilot.press("x", "ctrl+s")
        await until(pilot, lambda: "a number from 1 on" in str(form.query_one(".wrong").render()))
        await pilot.press("backspace", "7", "ctrl+s")
        await until(pilot, lambda: value(sqlite_desk, number, "people") == 7)
    view = sqlite_desk.tickets.show(number)
    assert view.fields == {"os": "macOS", "release": "14"}
    assert view.device is not None
    assert view.device.name == "LT-10"


async def test_what_would_cross_clients_asks_and_escape_changes_nothing(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    for name, address in (("Harbour", "ada@harbour.example"), ("Clinic", "bo@clinic.example")):
        desk.records.set("organisation", name, {})
        desk.records.set("person", f"{name} <{address}>", {"organisation": name})
        open_ticket(desk, f"Plotter of {name}", requester=address)
    order = Order("Linked", OnTickets((1,), Link(2)))
    async with running(desk, (80, 24)) as pilot:
        for keys, links in ((("escape",), 0), (("y", "enter"), 1)):
            assert isinstance(pilot.app, DeskApp)
            pilot.app.orders.write(order)
            await until(pilot, lambda: isinstance(pilot.app.screen, AgainDialog))
            dialog = pilot.app.screen
            texts = " ".join(str(one.content) for one in dialog.query(Static))
            assert "goes from Harbour to Clinic" in " ".join(texts.split())
            assert all(pilot.app.screen.region.contains_region(one.region)
                       for one in dialog.query(Static) if one.display)  # fmt: skip
            await pilot.press(*keys)
            await until(pilot, lambda: not isinstance(pilot.app.screen, AgainDialog))
            await settled(pilot)
            assert count(desk, "link", "ticket_id = 1") == links
    assert "as was asked" in repr(desk.tickets.show(1).timeline[-1].data)
