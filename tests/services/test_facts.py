"""The facts of a ticket: what its form may correct, and choices that depend on other facts."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import choices
from deskterm.domain.columns import EDITED
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.verbs import Change
from tests.builders import open_ticket

LINES = ("Windows", "macOS if category=laptop", "Thin if service=Desktop,VPN and os=x")


@pytest.fixture
def fielded(desk: Desk) -> Desk:
    """A desk whose versions depend on the system, and whose printers on the category."""
    admin = desk.admin
    admin.set_category("network/wifi")
    admin.set_category("printing")
    desk.records.set("service", "Desktop", {})
    admin.set_field("os", choices=("Windows", "macOS"))
    admin.set_field("release", choices=("11 if os=Windows", "14 if os=macOS", "other"))
    admin.set_field("build", choices=("26100 if release=11", "none"))
    admin.set_field("tray", choices=("A4 if category=printing", "ring if service=Desktop"))
    return desk


def _fields(desk: Desk, number: int) -> dict[str, str]:
    return desk.tickets.show(number).fields


def test_every_fact_that_is_corrected_is_declared_with_its_column_once() -> None:
    assert set(EDITED) | {"fields"} == set(Change.hints)


def test_a_choice_says_with_what_it_goes() -> None:
    assert choices.values(LINES) == ["Windows", "macOS", "Thin"]
    known = choices.known_of("laptop/dock", "VPN", {"OS": "X"})
    assert choices.fitting(LINES, known) == ["Windows", "macOS", "Thin"]
    assert choices.fitting(LINES, choices.known_of("laptops", None, {})) == ["Windows"]
    assert choices.read("What if not") == choices.Choice("What if not")
    assert choices.facts_named(LINES) == {"category", "service", "os"}


def test_a_choice_that_goes_with_another_fact_is_refused_without_it(fielded: Desk) -> None:
    number = open_ticket(fielded)
    with pytest.raises(RefusedError, match="choose other"):
        fielded.tickets.do([number], Change(fields={"release": "11"}))
    fielded.tickets.do([number], Change(fields={"release": "11", "os": "windows"}))
    assert _fields(fielded, number) == {"os": "Windows", "release": "11"}
    with pytest.raises(RefusedError, match="with this category, service"):
        fielded.tickets.do([number], Change(fields={"tray": "A4"}, category="network/wifi"))
    fielded.tickets.do([number], Change(fields={"tray": "ring"}, service="Desktop"))
    assert _fields(fielded, number)["tray"] == "ring"


def test_what_does_not_go_any_more_is_cleared_and_said_and_comes_back(fielded: Desk) -> None:
    number = open_ticket(fielded, category="printing", fields={"tray": "A4", "os": "Windows"})
    fielded.tickets.do([number], Change(fields={"release": "11", "build": "26100"}))
    before = _fields(fielded, number)
    done = fielded.tickets.do([number], Change(category="network", fields={"os": "macOS"}))
    assert _fields(fielded, number) == {"os": "macOS"}
    assert [note.split(" is cleared")[0] for note in done.notes] == [
        f"#{number}: field {name}" for name in ("release", "build", "tray")
    ]
    fielded.ledger.undo()
    assert _fields(fielded, number) == before


def test_a_new_ticket_takes_choices_that_go_with_each_other(fielded: Desk) -> None:
    given = {"build": "26100", "os": "Windows", "release": "11"}
    assert _fields(fielded, open_ticket(fielded, fields=given)) == given


def test_a_new_ticket_takes_no_choice_that_does_not_go(fielded: Desk) -> None:
    with pytest.raises(RefusedError, match="tray"):
        open_ticket(fielded, fields={"tray": "A4"})


def test_a_choice_asks_only_for_facts_that_there_are(fielded: Desk) -> None:
    with pytest.raises(UsageError, match="sytem"):
        fielded.admin.set_field("release", choices=("11 if sytem=Windows",))


def test_the_sheet_gives_values_as_typed_and_what_they_may_be(fielded: Desk) -> None:
    person = "Ada Moss <ada@example.org>"
    number = open_ticket(fielded, requester=person, category="printing", people=4, device="LT-1")
    open_ticket(fielded, requester="Bo <bo@x.example>", device="AA-9")
    fielded.tickets.do([number], Change(needed_by="2999-12-01 14:00", fields={"os": "macOS"}))
    sheet = fielded.tickets.sheet([number])
    assert sheet.texts["category"] == "printing"
    assert (sheet.texts["people"], sheet.texts["urgent"]) == ("4", "no")
    assert sheet.texts["needed_by"] == "2999-12-01 14:00"
    assert sheet.texts["requester"] == "Ada Moss"
    assert sheet.options["device"] == ("LT-1", "AA-9")
    assert "network/wifi" in sheet.options["category"]
    assert sheet.values["os"] == "macOS"
    both = fielded.tickets.sheet([number, number + 1])
    assert (both.texts["category"], both.texts["urgent"]) == ("", "no")
