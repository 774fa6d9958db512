"""Solutions, guides and problems are found however their words, and those typed, are written."""

import pytest

from deskterm.bootstrap import Desk

GUIDE = """
id: strasse
title: Der Drucker in der Hauptstraße
start: a
nodes:
  a: {ask: Geht die Tür zu?, choices: [{answer: Ja, to: b}, {answer: Nein, to: c}]}
  b: {outcome: solved, resolution: done}
  c: {outcome: escalate, group: second level, summary: An adapter is missing}
"""


@pytest.fixture
def worded(desk: Desk) -> Desk:
    """A desk whose knowledge is written with ß, umlauts, ligatures, wide letters and joiners."""
    desk.solutions.new({"title": "Drucker Hauptstraße", "resolution": "Tür zu, dann \ufb01nden"})
    desk.problems.new(
        {"title": "\uff36\uff30\uff2e in der HAUPTSTRASSE", "workaround": "Tu\u0308r"}
    )
    desk.guides.add(GUIDE)
    return desk


@pytest.mark.parametrize(
    "typed", ["HAUPTSTRASSE", "hauptstraße", "haupt\u200dstrasse", "TÜR", "tu\u0308r", "tur haupt"]
)
def test_each_is_found_whatever_way_it_is_written(worded: Desk, typed: str) -> None:
    found = {(one.kind, one.id) for one in worded.search.find(typed)}
    assert {("solution", "1"), ("problem", "1"), ("guide", "strasse")} <= found


def test_width_and_ligatures_are_aside(worded: Desk) -> None:
    assert ("problem", "1") in {(one.kind, one.id) for one in worded.search.find("vpn haupt")}
    assert ("solution", "1") in {(one.kind, one.id) for one in worded.search.find("FINDEN")}


def test_a_short_word_is_no_part_of_a_longer_one_in_a_guide(worded: Desk) -> None:
    assert "strasse" not in {one.id for one in worded.search.find("ada")}
    assert "strasse" in {one.id for one in worded.search.find("adap")}
    assert "strasse" in {one.id for one in worded.search.find("zu")}


def test_the_title_stands_before_the_text(desk: Desk) -> None:
    desk.solutions.new({"title": "Refill", "resolution": "Toner goes in from above."})
    desk.solutions.new({"title": "TÖNER", "resolution": "Order it."})
    assert [one.id for one in desk.search.find("toner")] == ["2", "1"]
