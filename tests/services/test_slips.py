"""A name that is a slip of another makes no second thing: it is that one, or refused in words."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.verbs import Change, Mark
from tests.builders import count, open_ticket


def test_a_declared_field_cannot_be_stepped_around(desk: Desk) -> None:
    desk.admin.set_field("os", choices=["Windows", "macOS"])
    number = open_ticket(desk, fields={"OS": "macos"})
    assert desk.tickets.show(number).fields == {"os": "macOS"}
    with pytest.raises(RefusedError, match="choose Windows, macOS"):
        desk.tickets.do([number], Change(fields={"Os": "BeOS"}))
    with pytest.raises(UsageError, match="there is no field 'oss'; do you mean os"):
        desk.tickets.do([number], Change(fields={"oss": "Windows"}))
    done = desk.tickets.do([number], Change(fields={"host": "srv7"}))
    assert any("No field 'host' is declared" in note for note in done.notes)


def test_a_step_is_by_a_technician_who_is_known(desk: Desk) -> None:
    number = open_ticket(desk)
    with pytest.raises(NotFoundError, match="nobodyxyz"):
        desk.tickets.do([number], Mark("classify", by="nobodyxyz"))
    desk.tickets.do([number], Mark("classify", by="CY"))
    assert desk.tickets.show(number).steps[1].actor == "cy"


def test_an_approver_who_is_a_technician_is_that_person(desk: Desk) -> None:
    number = open_ticket(desk)
    people = count(desk, "person")
    with pytest.raises(UsageError, match="cy is a technician without an address"):
        desk.tickets.do([number], Change(needs="approval", approver="cy"))
    with desk.store.reading() as database:
        database.run("UPDATE technician SET email = 'cy@desk.example.org', name = 'Cy Lee'")
    desk.tickets.do([number], Change(needs="approval", approver="cy"))
    assert desk.tickets.show(number).approver == "Cy Lee"
    assert count(desk, "person") == people + 1
