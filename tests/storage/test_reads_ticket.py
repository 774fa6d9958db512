"""One ticket whole: what its view holds, and what merge, split and undo do to its timeline."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import NotFoundError
from deskterm.domain.requests import NewFile, NewTicket
from deskterm.domain.rows import TicketView
from deskterm.domain.vocabulary import STEPS
from deskterm.storage.reads import ticket
from tests.verbs import verbs


def new(desk: Desk, subject: str = "No sound", **more: object) -> int:
    request = NewTicket("Ada Byron <ada@example.org>", subject, "It is silent.", **more)  # type: ignore[arg-type]
    return desk.tickets.new(request).tickets[0]


def shown(desk: Desk, number: int) -> TicketView:
    with desk.store.reading() as database:
        return ticket.show(database, number)


def events(view: TicketView) -> list[tuple[str, bool]]:
    return [(entry.event, entry.undone) for entry in view.timeline]


def test_a_view_holds_every_fact_of_the_ticket(desk: Desk) -> None:
    number = new(
        desk,
        urgent=True,
        channel="chat",
        category="network/wifi",
        device="LT-7",
        watchers=("Bo <bo@example.org>",),
        files=(NewFile("shot.png", "image/png", b"PNG"),),
    )
    view = shown(desk, number)
    assert (view.id, view.subject, view.body) == (number, "No sound", "It is silent.")
    assert (view.urgent, view.channel, view.category) == (True, "chat", "network/wifi")
    assert view.requester is not None
    assert view.requester.addresses == ("ada@example.org",)
    assert view.device is not None
    assert view.device.name == "LT-7"
    assert view.watchers == ("Bo <bo@example.org>",)
    assert [step.step for step in view.steps] == list(STEPS)
    files = [file for entry in view.timeline for file in entry.attachments]
    assert [(file.name, file.size) for file in files] == [("shot.png", 3)]


def test_an_unknown_number_is_refused(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="no ticket #77"):
        shown(desk, 77)


def test_the_timeline_is_in_order_and_knows_before_and_after(desk: Desk) -> None:
    number = new(desk)
    verbs(desk).take([number])
    verbs(desk).note([number], "checked the cable")
    view = shown(desk, number)
    assert [entry.at for entry in view.timeline] == sorted(entry.at for entry in view.timeline)
    taken = next(entry for entry in view.timeline if entry.event == "assigned")
    assert taken.changes["assignee"] == (None, "cy")
    assert taken.changes["state"] == ("new", "open")
    noted = view.timeline[-1]
    assert (noted.text, noted.public) == ("checked the cable", False)


def test_what_was_merged_into_a_ticket_is_on_its_timeline(desk: Desk) -> None:
    first, second, third = new(desk, "one"), new(desk, "two"), new(desk, "three")
    verbs(desk).note([first], "said on the first")
    verbs(desk).merge([first], second)
    verbs(desk).merge([second], third)
    texts = [entry.text for entry in shown(desk, third).timeline]
    assert "said on the first" in texts
    assert desk.tickets.show(first).id == third


def test_an_undone_merge_takes_its_entries_back(desk: Desk) -> None:
    first, second = new(desk, "one"), new(desk, "two")
    verbs(desk).note([first], "said on the first")
    before = [entry.id for entry in shown(desk, second).timeline]
    merged = verbs(desk).merge([first], second)
    desk.ledger.undo(merged.operation_id)
    after = shown(desk, second).timeline
    assert [entry.id for entry in after if entry.id in before] == before
    assert "said on the first" not in [entry.text for entry in after]
    assert all(entry.undone for entry in after if entry.event == "merged")


def test_an_undone_operation_is_marked_and_what_undid_it_is_not(desk: Desk) -> None:
    number = new(desk)
    taken = verbs(desk).take([number])
    desk.ledger.undo(taken.operation_id)
    assert events(shown(desk, number)) == [
        ("opened", False),
        ("assigned", True),
        ("undone", False),
    ]


def test_split_messages_are_shown_on_the_new_ticket_only(desk: Desk) -> None:
    number = new(desk)
    verbs(desk).note([number], "stays")
    verbs(desk).note([number], "moves")
    entry = shown(desk, number).timeline[-1].id
    other = next(one for one in verbs(desk).split(number, entry).tickets if one != number)
    assert "moves" in [entry.text for entry in shown(desk, other).timeline]
    kept = [entry.text for entry in shown(desk, number).timeline]
    assert "stays" in kept
    assert "moves" not in kept


def test_links_are_seen_from_both_sides(desk: Desk) -> None:
    first, second = new(desk, "child"), new(desk, "parent")
    verbs(desk).link([first], second, "child")
    (outward,) = shown(desk, first).links
    (inward,) = shown(desk, second).links
    assert (outward.ticket_id, outward.kind, outward.outward) == (second, "child", True)
    assert (inward.ticket_id, inward.kind, inward.outward) == (first, "child", False)
