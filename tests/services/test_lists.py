"""Lists show, sort and ask for everything a ticket is tied to; all of it follows from one table."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.columns import FIELD, LISTED
from deskterm.domain.errors import UsageError
from deskterm.domain.verbs import Change, Escalate
from deskterm.storage.reads.where import _ORDERS
from deskterm.triage.query import widened
from deskterm.triage.query_tree import QueryError
from deskterm.triage.terms import SORTS, TERMS
from deskterm.widgets.ticket_columns import column_of
from tests.builders import open_ticket


@pytest.fixture
def rich(desk: Desk) -> tuple[Desk, int, int]:
    """A desk with one ticket that has everything and one that has nothing of it."""
    values = {"department": "Sales", "segment": "gold", "phone": "214"}
    desk.records.set("site", "Leeds", {})
    desk.records.set("organisation", "Harbour", {})
    places = {"site": "Leeds", "organisation": "Harbour"}
    desk.people.set("ada@example.org", {"name": "Ada Moss", **values, **places})
    desk.records.set("device", "LT-1", {"model": "ThinkPad T14", "serial": "S-1"})
    desk.records.set("service", "Mail", {})
    desk.admin.set_group("Network", level=2)
    desk.admin.set_member("Network", "cy")
    desk.admin.set_field("os", choices=("macOS", "Windows"))
    full = open_ticket(
        desk, device="LT-1", service="Mail", fields={"os": "macOS"}, people=7, take=True
    )
    desk.problems.new({"title": "Gateway down"}, tickets=[full])
    return desk, full, open_ticket(desk, "Mouse", requester="Bo <bo@example.org>")


def test_every_column_has_its_value_and_a_cell(rich: tuple[Desk, int, int]) -> None:
    desk, full, empty = rich
    keys = desk.board.columns()
    assert keys == [*LISTED, f"{FIELD}os"]
    one, other = desk.board.rows([full, empty], keys)
    found = {key: one.value(key) for key in keys}
    wanted = {
        "device": "LT-1", "model": "ThinkPad T14", "serial": "S-1", "service": "Mail",
        "site": "Leeds", "organisation": "Harbour", "department": "Sales", "segment": "gold",
        "phone": "214", "owner_groups": ["Network"], "problems": ["P1"], "people": 7,
        "impact": 7, "level": 1, "field.os": "macOS", "rating": None,
    }  # fmt: skip
    assert {key: found[key] for key in wanted} == wanted
    assert (other.value("device"), other.value("problems"), other.value("field.os")) == (
        None,
        [],
        None,
    )
    for key in keys:
        column = column_of(key)
        assert column is not None
        assert column.text(one, one.updated_at) is not None


ASKED = (
    "device:lt-1",
    "model:thinkpad*",
    'model:"ThinkPad T14"',
    "site:leeds",
    "org:harbour",
    "department:SALES",
    "segment:gold",
    "service:mail",
    "problem:P1",
    "impact>5",
    "people>=7",
    "people:7",
    "owner-group:network",
    "field.os:macos",
    "-model:none",
)


def test_every_column_can_be_asked_for(rich: tuple[Desk, int, int]) -> None:
    desk, full, empty = rich
    for query in ASKED:
        assert list(desk.board.ids(query)) == [full], query
        assert list(desk.board.ids(f"-({query})")) == [empty], query


def test_who_is_escalated_and_how_it_was_rated_can_be_asked(rich: tuple[Desk, int, int]) -> None:
    desk, full, empty = rich
    desk.tickets.do([full], Escalate("Network", "gateway"))
    assert list(desk.board.ids("is:escalated")) == [full]
    assert list(desk.board.ids("level>1")) == [full]
    assert list(desk.board.ids("rating<3")) == []
    assert sorted(desk.board.ids("rating:none")) == [full, empty]


def test_a_name_that_nothing_has_is_refused_with_what_is_near(rich: tuple[Desk, int, int]) -> None:
    desk, _, _ = rich
    with pytest.raises(QueryError, match="did you mean 'Sales'"):
        desk.board.ids("department:sale")
    with pytest.raises(QueryError, match="'impact:' takes numbers"):
        desk.board.ids("impact>many")


def test_a_view_is_a_term_that_brings_its_order(rich: tuple[Desk, int, int]) -> None:
    desk, full, empty = rich
    desk.admin.save_view("Ours", "is:open sort:id-desc", everyone=True)
    assert list(desk.board.ids("view:ours")) == [empty, full]
    assert list(desk.board.ids("view:Mine")) == [full]
    assert list(desk.board.ids("view:ours -view:mine")) == [empty]
    desk.admin.save_view("Round", "view:round")
    with pytest.raises(QueryError, match="shows itself"):
        desk.board.ids("view:round")
    with pytest.raises(QueryError, match="did you mean 'Ours'"):
        desk.board.ids("view:our")


def test_a_number_is_a_ticket_and_several_are_all_meant(rich: tuple[Desk, int, int]) -> None:
    desk, full, empty = rich
    told = open_ticket(desk, f"see ticket {full:02d}")
    assert sorted(desk.board.ids(f"#{full},#{empty}")) == [full, empty]
    assert sorted(desk.board.ids(f"{full},{empty}")) == [full, empty]
    assert list(desk.board.ids(f"{full}")) == [full]
    assert sorted(desk.board.ids(f"{full:02d}")) == [full, told]


def test_what_a_column_is_asked_and_sorted_by_is_there() -> None:
    shown = [one.shown for one in LISTED.values() if one.shown]
    assert {one.term for one in shown if one.term} <= set(TERMS)
    assert {one.sort for one in shown if one.sort} <= set(SORTS)
    assert set(SORTS) - set(_ORDERS) == {"age", "board"}


def test_somebody_is_asked_for_by_their_number_and_nobody_else(desk: Desk) -> None:
    people = [open_ticket(desk, requester=f"P{n} <p{n}@example.org>") for n in range(1, 13)]
    (two,) = (one.id for one in desk.people.find("p2@example.org"))
    assert list(desk.board.ids(f"from:#{two}")) == [people[1]]
    assert desk.search.find("p2@example.org")[0].id == str(two)


def test_what_most_tickets_have_in_common_is_counted_and_can_be_asked(
    rich: tuple[Desk, int, int],
) -> None:
    desk, full, empty = rich
    again = open_ticket(desk, "VPN", device="LT-1", fields={"os": "macOS"})
    found = desk.board.counted([full, again, empty])
    assert found.of == 3
    shared = {(one.title, one.value): (one.tickets, one.term) for one in found.values}
    assert shared["Model", "ThinkPad T14"] == (2, 'model:"ThinkPad T14"')
    assert shared["Site", "Leeds"] == (2, "site:Leeds")
    assert shared["os", "macOS"] == (2, "field.os:macOS")
    assert ("Service", "Mail") not in shared
    for one in found.values:
        assert set(desk.board.ids(one.term)) >= {full, again}


@pytest.mark.parametrize(
    ("text", "wider"),
    [
        ("is:active from:mia printer", "from:mia printer"),
        ("is:open 3001", '(id:3001 or "3001")'),
        ("is:open", ""),
        ("from:mia", ""),
        ("-is:solved state:new vpn sort:id-desc", "vpn sort:id-desc"),
    ],
)
def test_a_query_is_widened_by_what_it_says_of_a_state(text: str, wider: str) -> None:
    assert widened(text).strip("()") == wider.strip("()")


def test_text_and_query_are_folded_alike(desk: Desk) -> None:
    texts = (
        "Drucker Hauptstraße",
        "MASSE HAUPTSTRASSE",
        "\uff36\uff30\uff2e \ufb01rewall",
        "Việt \u2019 Łódź",
    )
    sharp, capital, wide, other = (open_ticket(desk, text) for text in texts)
    find = desk.board.ids
    for word in ("hauptstrasse", "HAUPTSTRASSE", "Hauptstraße", '"HAUPTSTRASSE"', "haupt*"):
        assert sorted(find(word)) == [sharp, capital], word
    for word in ("vpn", "firewall", "\uff46\uff49rewall", '"vpn firewall"'):
        assert list(find(word)) == [wide], word
    assert list(find("viet")) == list(find("VIỆT")) == [other]
    desk.tickets.do([sharp], Change(subject="Drucker"))
    assert list(find("hauptstrasse")) == [capital]
    desk.ledger.undo()
    assert sorted(find("hauptstrasse")) == [sharp, capital]


@pytest.mark.parametrize("blank", ["   ", "\u00a0\u200b", "\u3164 \u2800", "\u200d\ufeff"])
def test_a_subject_of_nothing_visible_is_none(desk: Desk, blank: str) -> None:
    number = open_ticket(desk, blank, body=f"{blank}\nblank but told\nmore")
    assert desk.tickets.show(number).subject == "blank but told"
    with pytest.raises(UsageError, match="nothing is visible"):
        desk.tickets.do([number], Change(subject=blank))
