"""Call intake: three keys beyond the text, what is known fills in, nothing typed is lost."""

from textual.pilot import Pilot
from textual.widgets import Input

from deskterm.bootstrap import Desk
from deskterm.screens.base import DeskScreen
from deskterm.screens.call.form import CallForm
from deskterm.screens.call.screen import CallScreen
from deskterm.screens.ticket.screen import TicketScreen
from tests.builders import count, open_ticket, value
from tests.screens.conftest import heard, running, settled, until
from tests.screens.test_ticket import shown
from tests.screens.test_verbs import type_text
from tests.verbs import verbs


def ada(desk: Desk, device: str = "LT-220") -> int:
    """Make Ada known: department, location, title, segment, a device and a past ticket."""
    number = open_ticket(desk, "Old trouble", device=device)
    verbs(desk).close([number], outcome="spam")
    with desk.store.reading() as database:
        database.run(
            "UPDATE person SET phone = '214', department = 'Sales', location = 'desk 3-14', "
            "title = 'Key account lead', segment = 'VIP'"
        )
    return number


async def calling(pilot: Pilot[None]) -> CallScreen:
    await pilot.press("n")
    await settled(pilot)
    return intake(pilot)


def intake(pilot: Pilot[None]) -> CallScreen:
    screen = pilot.app.screen
    assert isinstance(screen, CallScreen)
    return screen


async def say(pilot: Pilot[None], who: str, what: str) -> None:
    """Type the caller, take the first, type what they say."""
    await type_text(pilot, who)
    await settled(pilot)
    await pilot.press("enter")
    await settled(pilot)
    await type_text(pilot, what)


def names(pilot: Pilot[None]) -> list[str]:
    """The screens of the desk, lowest first."""
    return [one.NAME for one in pilot.app.screen_stack if isinstance(one, DeskScreen)]


def last(desk: Desk, column: str) -> object:
    return value(desk, count(desk, "ticket"), column)


async def test_a_call_is_logged_with_three_keys(sqlite_desk: Desk) -> None:
    ada(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await calling(pilot)
        await say(pilot, "ada", "The screen is frozen.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: count(sqlite_desk, "ticket") == 2)
        await until(pilot, lambda: "Logged #2" in heard(pilot))
        view = sqlite_desk.tickets.show(2)
        assert view.requester is not None
        assert view.requester.name == "Ada Moss"
        assert (view.body, view.channel, view.state) == ("The screen is frozen.", "phone", "new")
        assert view.steps[0].status == "done"
        assert count(sqlite_desk, "person") == 1
        await settled(pilot)
        assert sqlite_desk.drafts.get("call", 0) == ""
        assert names(pilot) == ["board"]


async def test_what_is_known_fills_in(sqlite_desk: Desk) -> None:
    ada(sqlite_desk)
    open_ticket(sqlite_desk, "Mouse sticks")
    sqlite_desk.announcements.new("Sales has no phones.", {"to": "department:sales"})
    sqlite_desk.announcements.new("Rome has no water.", {"to": "department:none"})
    async with running(sqlite_desk, (80, 24)) as pilot:
        await calling(pilot)
        await say(pilot, "214", "")
        text = shown(pilot)
        assert "⚠ Sales has no phones." in text
        assert "Rome" not in text
        for words in ("Ada Moss (VIP)", "Sales", "desk 3-14", "Key account lead", "1 open, 1 past"):
            assert words in text
        assert "#2 Mouse sticks" in text
        assert pilot.app.screen.query_one("#device", Input).value == "LT-220"
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: "Old trouble" in shown(pilot))


async def test_the_script_greets_and_says_the_mission(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk, (80, 24)) as pilot:
        await calling(pilot)
        text = shown(pilot)
        assert "service desk, you speak with cy. How can I help?" in text
        assert "We get people back to work" in text
        assert "Ask: Who, and where?" in text


async def test_somebody_new_is_fine(sqlite_desk: Desk) -> None:
    ada(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await calling(pilot)
        await say(pilot, "Ben Okoro <ben@example.org>", "No sound.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: count(sqlite_desk, "ticket") == 2)
        view = sqlite_desk.tickets.show(2)
        assert view.requester is not None
        assert view.requester.addresses == ("ben@example.org",)


async def test_another_name_after_the_pick_is_another_person(sqlite_desk: Desk) -> None:
    ada(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        screen = await calling(pilot)
        await say(pilot, "ada", "No sound.")
        assert screen.form.caller.person == 1
        screen.query_one("#who Input", Input).value = "Zoe"
        await settled(pilot)
        assert screen.form.caller.person is None
        assert screen.known is None


async def test_urgent_affected_category_and_channel_are_stored(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        screen = await calling(pilot)
        await say(pilot, "Zoe", "VPN is down.")
        await pilot.press("f2", "f3", "tab", "tab", "left", "left", "tab", "n", "tab", "tab", "tab")
        await type_text(pilot, "vpn")
        await pilot.press("enter")
        await settled(pilot)
        assert screen.form.category == "network/vpn"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: count(sqlite_desk, "ticket") == 1)
        view = sqlite_desk.tickets.show(1)
        assert (view.urgent, view.channel, view.category) == (True, "walk-up", "network/vpn")
        assert view.fields == {"affected": "a team"}
        assert (view.people, view.cannot_work, view.impact) == (10, True, 10)
        opened = view.timeline[0].data
        assert isinstance(opened["call_seconds"], int)


async def test_asked_facts_propose_urgent_with_a_reason_until_a_person_decides(
    sqlite_desk: Desk,
) -> None:
    async with running(sqlite_desk, (80, 24)) as pilot:
        screen = await calling(pilot)
        await say(pilot, "Zoe", "VPN is down.")
        await pilot.press("tab", "tab", "tab", "n")
        await until(pilot, lambda: screen.form.values.urgent)
        assert "urgent: one person cannot work" in shown(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: not screen.form.values.urgent)
        await pilot.press("tab", *"1h")
        await settled(pilot)
        assert not screen.form.values.urgent
        assert "you decided otherwise" in shown(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: count(sqlite_desk, "ticket") == 1)
        view = sqlite_desk.tickets.show(1)
        assert (view.urgent, view.cannot_work, view.needed_by is not None) == (False, True, True)


async def test_what_was_not_asked_is_not_stored(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        await calling(pilot)
        await say(pilot, "Zoe", "No sound.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: count(sqlite_desk, "ticket") == 1)
        assert sqlite_desk.tickets.show(1).fields == {}
        assert count(sqlite_desk, "device") == 0


async def test_an_unknown_category_is_refused_before_anything_is_stored(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        await calling(pilot)
        await say(pilot, "Zoe", "No sound.")
        pilot.app.screen.query_one("#category Input", Input).value = "cooking"
        await pilot.press("ctrl+s")
        assert "No category alone is like that" in heard(pilot)
        assert count(sqlite_desk, "ticket") == 0


async def test_who_and_what_are_asked_for(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        await calling(pilot)
        await pilot.press("ctrl+s")
        assert "Who is calling?" in heard(pilot)
        await type_text(pilot, "Zoe")
        await pilot.press("enter", "ctrl+s")
        assert "What do they say?" in heard(pilot)
        assert count(sqlite_desk, "ticket") == 0


async def test_letters_and_signs_go_into_the_form(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        screen = await calling(pilot)
        await pilot.press("q", "u", "question_mark", "colon")
        assert intake(pilot) is screen
        assert screen.query_one("#who Input", Input).value == "qu?:"
        await pilot.press("tab", "tab", "u", "q", "colon")
        assert intake(pilot) is screen
        assert value(sqlite_desk, 1, "state") == "new"


async def test_save_and_take_opens_the_ticket(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        await calling(pilot)
        await say(pilot, "Zoe", "No sound.")
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        assert (last(sqlite_desk, "assignee"), last(sqlite_desk, "state")) == ("cy", "open")
        assert "call" not in names(pilot)


async def test_save_and_guide_opens_the_guides_for_it(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        await calling(pilot)
        await say(pilot, "Zoe", "The printer is offline.")
        await pilot.press("ctrl+g")
        await until(pilot, lambda: "guide" in names(pilot))
        assert count(sqlite_desk, "ticket") == 1


async def test_solved_now_closes_through_the_gate(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        await calling(pilot)
        await say(pilot, "Zoe", "No sound.")
        await pilot.press("ctrl+r")
        await settled(pilot)
        await type_text(pilot, "It was muted.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: count(sqlite_desk, "ticket") == 1)
        assert last(sqlite_desk, "state") == "closed"
        assert (last(sqlite_desk, "craft_proof"), last(sqlite_desk, "customer_proof")) == (
            "ok",
            "ok",
        )


async def test_solved_without_the_callers_word_wants_a_reason(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        await calling(pilot)
        await say(pilot, "Zoe", "No sound.")
        await pilot.press("ctrl+r")
        await settled(pilot)
        await type_text(pilot, "It was muted.")
        await pilot.press("tab", "right", "ctrl+s")
        assert "Say why the caller cannot confirm it." in shown(pilot)
        await type_text(pilot, "the line broke")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: count(sqlite_desk, "ticket") == 1)
        assert last(sqlite_desk, "customer_proof") == "waived"


async def test_what_is_open_and_alike_is_shown_and_linked(sqlite_desk: Desk) -> None:
    same = open_ticket(sqlite_desk, "VPN no route since lunch")
    open_ticket(sqlite_desk, "Mouse sticks")
    async with running(sqlite_desk) as pilot:
        await calling(pilot)
        await say(pilot, "Zoe", "The vpn says no route since lunch")
        await until(pilot, lambda: "Same now" in shown(pilot))
        assert f"#{same} VPN no route" in shown(pilot)
        await pilot.press("ctrl+l")
        assert "will be linked" in shown(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: count(sqlite_desk, "link") == 1)
        assert [link.ticket_id for link in sqlite_desk.tickets.show(3).links] == [same]


async def test_a_solution_that_fits_what_they_say_is_shown(sqlite_desk: Desk) -> None:
    sqlite_desk.solutions.new({"title": "Printer offline", "resolution": "Print the queue anew."})
    sqlite_desk.solutions.publish(1, "technicians")
    async with running(sqlite_desk) as pilot:
        await calling(pilot)
        await say(pilot, "Zoe", "My printer is offline")
        await until(pilot, lambda: "S1 Printer offline" in shown(pilot))


async def test_a_call_that_is_left_comes_back(sqlite_desk: Desk) -> None:
    ada(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await calling(pilot)
        await say(pilot, "ada", "No sound [bold].")
        await pilot.press("f2", "escape")
        await settled(pilot)
        assert count(sqlite_desk, "draft") == 1
    async with running(sqlite_desk) as pilot:
        screen = await calling(pilot)
        await until(pilot, lambda: screen.known is not None)
        values = screen.form.values
        assert (values.who, values.person, values.what, values.urgent) == (
            "Ada Moss",
            1,
            "No sound [bold].",
            True,
        )
        await pilot.press("ctrl+n")
        await settled(pilot)
        assert screen.form.values.is_empty
        assert count(sqlite_desk, "draft") == 0


async def test_a_call_that_was_left_waits_for_one_that_is_typed_already(sqlite_desk: Desk) -> None:
    left = '{"who": "Zoe", "what": "No sound."}'
    async with running(sqlite_desk) as pilot:
        screen = await calling(pilot)
        await type_text(pilot, "Ben")
        screen.bring_back((0, left))
        await settled(pilot)
        assert screen.form.values.who == "Ben"
        await pilot.press("ctrl+n", "escape")
        await settled(pilot)
        again = await calling(pilot)
        assert (again.form.values.who, again.form.values.what) == ("Zoe", "No sound.")
        await pilot.press("escape")
        await settled(pilot)
        assert count(sqlite_desk, "draft") == 1


async def test_an_empty_call_leaves_no_draft(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        await calling(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert count(sqlite_desk, "draft") == 0


async def test_saving_twice_logs_once(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        await calling(pilot)
        await say(pilot, "Zoe", "No sound.")
        await pilot.press("ctrl+s", "ctrl+s", "ctrl+s")
        await settled(pilot)
        assert count(sqlite_desk, "ticket") == 1
        assert "call" not in names(pilot)


async def test_a_draft_of_another_version_does_not_stop_the_call(sqlite_desk: Desk) -> None:
    sqlite_desk.drafts.put("call", 0, '{"who": "Zoe", "what": "x", "mood": "bad"}')
    async with running(sqlite_desk) as pilot:
        screen = await calling(pilot)
        assert screen.query_one(CallForm).values.who == "Zoe"


async def test_the_desks_own_fields_are_asked_on_the_call(sqlite_desk: Desk) -> None:
    """What a category needs is signed; choices go with it; a call that is left brings them back."""
    ada(sqlite_desk)
    sqlite_desk.admin.set_category("network/vpn")
    sqlite_desk.admin.set_field("os", label="System", choices=("Linux", "macOS"))
    sqlite_desk.admin.set_field("client", required_for="network")
    async with running(sqlite_desk) as pilot:
        screen = await calling(pilot)
        await say(pilot, "ada", "No route.")
        own = screen.form.own
        await until(pilot, lambda: len(own.fields) == 2)
        assert "* client" not in shown(pilot)
        screen.form.take_category("network/vpn")
        await until(pilot, lambda: "* client" in shown(pilot))
        screen.form.query_one("#device").focus()
        await pilot.press("enter")
        first, second = [one.name for one in own.fields]
        for name in (first, second):
            await pilot.press(*(["down"] if name == "os" else "9.1"))
            await pilot.press("tab")
        assert sorted(own.values.items()) == [("client", "9.1"), ("os", "Linux")]
        await pilot.press("escape")
        await until(pilot, lambda: names(pilot) == ["board"])
        screen = await calling(pilot)
        await until(pilot, lambda: screen.form.own.values.get("client") == "9.1")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: count(sqlite_desk, "ticket") == 2)
        assert sqlite_desk.tickets.show(2).fields == {"os": "Linux", "client": "9.1"}


async def test_fields_of_a_client_are_asked_once_its_caller_is_known(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    ada(desk)
    desk.records.set("organisation", "Clinic", {})
    desk.records.set("person", "ada@example.org", {"organisation": "Clinic"})
    desk.records.set("field", "floor", {})
    desk.records.set("field", "ward", {"client": "Clinic"})
    async with running(desk) as pilot:
        screen = await calling(pilot)
        own = screen.form.own
        await until(pilot, lambda: [one.name for one in own.fields] == ["floor"])
        await say(pilot, "ada", "It smears.")
        await until(pilot, lambda: [one.name for one in own.fields] == ["floor", "ward"])
        assert len(own.lines) == 2
        own.put({"ward": "3"})
        await pilot.press("ctrl+s")
        await until(pilot, lambda: count(desk, "ticket") == 2)
        assert desk.tickets.show(2).fields == {"ward": "3"}
