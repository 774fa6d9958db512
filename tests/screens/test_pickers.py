"""Pickers under a slow look-up: what is taken always fits what is typed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import TextArea

from deskterm.bootstrap import Desk
from deskterm.domain.requests import NewTicket
from deskterm.screens import drafting, terminal
from deskterm.screens.dialogs.ask import AgainDialog
from deskterm.screens.dialogs.other import MergeDialog
from deskterm.screens.ticket.screen import TicketScreen
from deskterm.services.calls import Calls
from deskterm.services.means.macros import Macros
from deskterm.services.search import Search
from tests.builders import count, open_ticket, value
from tests.screens.conftest import heard, running, settled, until
from tests.screens.test_intake import calling, intake
from tests.screens.test_ticket import shown
from tests.verbs import verbs


@contextmanager
def slow(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> Iterator[threading.Event]:
    """Let a look-up of the desk wait until the test lets it go on."""
    free = threading.Event()
    quick = getattr(owner, name)

    def waiting(self: Any, *given: Any, **named: Any) -> Any:
        free.wait(30)
        return quick(self, *given, **named)

    monkeypatch.setattr(owner, name, waiting)
    try:
        yield free
    finally:
        free.set()


async def burst(pilot: Pilot[None], *words: str) -> None:
    """Send keys as a fast typist's terminal does, nothing waits in between: `^s`, text, Enter."""
    named = {
        " ": "space",
        "\n": "enter",
        "\t": "tab",
        "\x7f": "backspace",
        "*": "asterisk",
        ">": "greater_than_sign",
        "/": "slash",
    }
    for word in words:
        keys = [f"ctrl+{word[1:]}"] if word.startswith("^") else list(word)
        for key in keys:
            character = key if len(key) == 1 and key.isprintable() else None
            pilot.app.post_message(events.Key(named.get(key, key), character))
    await pilot.pause()


def people(desk: Desk) -> None:
    for name in ("Adam Dahlin", "Mia Bouchard", "Mia Chen", "Bo Lind"):
        first, last = name.lower().split()
        open_ticket(desk, "Old", requester=f"{name} <{first}.{last}@example.org>")


async def test_enter_takes_whom_the_typed_words_mean_not_who_was_shown_before(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        screen = await calling(pilot)
        await burst(pilot, "a")
        await settled(pilot)
        assert "Adam Dahlin" in shown(pilot)
        with slow(monkeypatch, Calls, "people") as free:
            await burst(pilot, "\x7f", "mia bou", "\n", "VPN is down")
            assert screen.form.caller.person is None
            free.set()
            await until(pilot, lambda: screen.known is not None)
        assert screen.known is not None
        assert screen.known.person.name == "Mia Bouchard"
        assert screen.form.values.what == "VPN is down"
        assert "found by 'mia bou'" in shown(pilot)


async def test_saving_waits_for_the_caller_and_asks_where_several_fit(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        screen = await calling(pilot)
        with slow(monkeypatch, Calls, "people") as free:
            await burst(pilot, "mia", "\t", "No sound", "^s")
            assert count(sqlite_desk, "ticket") == 4
            free.set()
            await until(pilot, lambda: "2 people fit 'mia'" in heard(pilot))
        assert (count(sqlite_desk, "ticket"), count(sqlite_desk, "person")) == (4, 4)
        assert pilot.app.focused is screen.form.query_one("#who Input")


async def test_somebody_new_is_said_before_and_after(sqlite_desk: Desk) -> None:
    people(sqlite_desk)
    async with running(sqlite_desk, (80, 24)) as pilot:
        await calling(pilot)
        await burst(pilot, "zoe", "\n")
        await until(pilot, lambda: intake(pilot).form.caller.new_person)
        await until(pilot, lambda: "somebody new: zoe; no address" in shown(pilot))
        await burst(pilot, "No sound", "^s")
        await until(pilot, lambda: "Somebody new: zoe." in heard(pilot))
        assert sqlite_desk.people.show("zoe").name == "zoe"


async def test_a_merge_waits_for_the_words_typed_and_digits_are_the_number(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for subject in ("VPN down", "Label printer in shipping", "VPN gateway"):
        open_ticket(sqlite_desk, subject)
    async with running(sqlite_desk) as pilot:
        pilot.app.go("ticket", 1)  # type: ignore[attr-defined]  # the app is the desk's
        await settled(pilot)
        await pilot.press("m")
        await until(pilot, lambda: isinstance(pilot.app.screen, MergeDialog))
        await burst(pilot, "printer")
        await settled(pilot)
        with slow(monkeypatch, Search, "find") as free:
            await burst(pilot, "^u", "gateway", "\n")
            assert value(sqlite_desk, 1, "state") == "new"
            free.set()
            await until(pilot, lambda: value(sqlite_desk, 1, "merged_into") == 3)
        await settled(pilot)
        pilot.app.go("ticket", 2)  # type: ignore[attr-defined]  # the app is the desk's
        await settled(pilot)
        await pilot.press("m")
        await until(pilot, lambda: isinstance(pilot.app.screen, MergeDialog))
        with slow(monkeypatch, Search, "find"):
            await burst(pilot, "#3", "\n")
            await until(pilot, lambda: value(sqlite_desk, 2, "merged_into") == 3)


async def test_words_typed_after_enter_take_it_back(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for subject in ("VPN down", "Label printer", "Printer jam"):
        open_ticket(sqlite_desk, subject)
    async with running(sqlite_desk) as pilot:
        pilot.app.go("ticket", 1)  # type: ignore[attr-defined]  # the app is the desk's
        await settled(pilot)
        await pilot.press("m")
        await until(pilot, lambda: isinstance(pilot.app.screen, MergeDialog))
        with slow(monkeypatch, Search, "find") as free:
            await burst(pilot, "label", "\n", " x")
            free.set()
            await settled(pilot)
        assert isinstance(pilot.app.screen, MergeDialog)
        assert value(sqlite_desk, 1, "state") == "new"


def test_the_command_line_finds_by_a_part_and_refuses_where_several_fit(desk: Desk) -> None:
    people(desk)
    done = desk.tickets.new(NewTicket(subject="x", requester="bouch"))
    assert "'bouch' was taken for Mia Bouchard (#2, mia.bouchard@example.org)." in done.notes
    with pytest.raises(Exception, match=r"2 people fit 'mia': Mia Bouchard \(#2, .*--new-person"):
        desk.tickets.new(NewTicket(subject="x", requester="mia"))
    done = desk.tickets.new(NewTicket(subject="x", requester="mia", new_person=True))
    assert "Somebody new: mia." in done.notes
    desk.people.set("Bo Lind", {"phone": "+49 30 214"})
    done = desk.tickets.new(NewTicket(subject="x", requester="214"))
    assert any("taken for Bo Lind" in note for note in done.notes)
    desk.tickets.new(NewTicket(subject="x", requester="#1"))
    assert count(desk, "person") == 5


async def test_a_merge_says_who_goes_into_whom_and_asks_where_people_differ(
    sqlite_desk: Desk,
) -> None:
    open_ticket(sqlite_desk, "VPN down")
    open_ticket(sqlite_desk, "Label printer", requester="Bo Lind <bo@example.org>")
    async with running(sqlite_desk, (80, 24)) as pilot:
        pilot.app.go("ticket", 1)  # type: ignore[attr-defined]  # the app is the desk's
        await settled(pilot)
        await burst(pilot, "m", "2", "\n")
        await until(pilot, lambda: "other person: #1 Ada Moss" in " ".join(shown(pilot).split()))
        assert "#1 into #2 Label printer (Bo Lind)" in " ".join(shown(pilot).split())
        assert value(sqlite_desk, 1, "state") == "new"
        verbs(sqlite_desk).change([2], subject="Quite another")
        await burst(pilot, "\n")
        await until(pilot, lambda: isinstance(pilot.app.screen, AgainDialog))
        assert "#2 was changed meanwhile" in shown(pilot)
        await burst(pilot, *"n printer tray", "\n")
        await until(pilot, lambda: "Type y if it is meant" in shown(pilot), "typed on")
        assert value(sqlite_desk, 1, "merged_into") is None
        await burst(pilot, *("\x7f" * 14), "y", "\n")
        await until(pilot, lambda: value(sqlite_desk, 1, "merged_into") == 2)


async def test_a_draft_is_kept_while_somebody_types_on_and_at_a_hang_up(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ticket(sqlite_desk, "VPN down")
    monkeypatch.setattr(drafting, "PAUSE", 600.0)
    async with running(sqlite_desk) as pilot:
        await burst(pilot, "i")
        await until(pilot, lambda: isinstance(pilot.app.focused, TextArea))
        await burst(pilot, "half")
        await settled(pilot)
        assert sqlite_desk.drafts.get("note", 1) == ""
        pilot.app.drafts.keep_all(sqlite_desk)  # type: ignore[attr-defined]  # what SIGHUP does
        assert sqlite_desk.drafts.get("note", 1) == "half"
        monkeypatch.setattr(drafting, "MOST", 0.0)
        await burst(pilot, " more")
        await until(pilot, lambda: sqlite_desk.drafts.get("note", 1) == "half more")


async def test_keys_typed_behind_one_that_looks_something_up_go_where_it_leads(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = open_ticket(sqlite_desk)
    sqlite_desk.records.add("macro", "mine", {"steps": "take"})
    async with running(sqlite_desk) as pilot:
        top = pilot.app.screen
        with slow(monkeypatch, Macros, "list") as free:
            await burst(pilot, "d", "\n\n")  # the choice, then what it would do
            for _ in range(20):
                await pilot.pause(0.01)
            assert pilot.app.screen is top, "no ticket was opened"
            free.set()
            await until(pilot, lambda: value(sqlite_desk, number, "assignee") == "cy", "taken")


async def test_a_look_up_that_breaks_lets_the_keys_behind_it_go_on(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Macros) -> None:
        raise ZeroDivisionError

    open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        monkeypatch.setattr(Macros, "list", broken)
        monkeypatch.setattr(terminal, "PATIENCE", 600)
        await burst(pilot, "d", "\n")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen), "opened")
        assert "deskterm made a mistake" in heard(pilot)
