"""The drawing of a guide: every node once, joins and loops named, figures where they belong."""

from collections import Counter

from hypothesis import HealthCheck, given, settings

from deskterm.guides.drawing import Drawn, draw, marks, rule_words
from deskterm.guides.format import load
from deskterm.guides.model import Ending, Guide, Kind, Node, Target
from deskterm.guides.usage import LeafUse, NodeUse, Usage
from tests.unit.guide_makers import guides, small


def told(lines: tuple[Drawn, ...]) -> list[str]:
    return [
        f"{one.lead}{one.label} {one.again}{one.node}" if one.lead else one.node for one in lines
    ]


def test_a_node_reached_twice_is_drawn_once_and_a_way_back_is_marked() -> None:
    assert told(draw(small(), Usage())) == [
        "light",
        "├ Yes count",
        "│ ├ Don't know / from 2 bars which",
        "│ │ ├ os has mac →reseat",
        "│ │ ├ bars from 4 words",
        "│ │ │ ├ Don't know →ping",
        "│ │ │ └ what is typed →reseat",
        "│ │ └ else ping",
        "│ │   ├ Yes →reseat",
        "│ │   └ No / Don't know →up",
        "│ └ below 2 bars →reseat",
        "└ No / Don't know reseat",
        "  ├ Fixed done",
        "  ├ Not fixed up",
        "  └ Look again ↺light",
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(guides())
def test_every_node_is_drawn_exactly_once(guide: Guide) -> None:
    drawn = Counter(one.node for one in draw(guide, Usage()) if not one.again)
    assert drawn == Counter(list(guide.nodes))


def test_shares_runs_and_marks_stand_at_their_node() -> None:
    light = NodeUse(("small", "light"), 4, Counter(Yes=3, No=1), 0, 2, 1, [8.0, 12.0])
    count = NodeUse(("small", "count"), 3, Counter({"1 bars": 1, "4": 2}))
    done = LeafUse(("small", "done"), Ending.SOLVED, False, 3, 1)
    found = Usage(nodes={one.place: one for one in (light, count)})
    found.leaves[(done.place, False)] = done
    lines = {one.node: one for one in draw(small(), found) if not one.again}
    assert (lines["light"].runs, lines["light"].seconds) == (4, 10.0)
    assert lines["light"].marks == ("1 gave up", "2 taken back")
    assert lines["count"].label == "Yes 75 %"
    assert lines["which"].label == "Don't know / from 2 bars 67 %"
    assert (lines["done"].runs, lines["done"].marks) == (3, ("lasted 67 % of 3",))
    assert marks(small(), "up", found) == ()


def test_a_way_through_another_guide_is_said() -> None:
    text = (
        "id: a\ntitle: A\nstart: q\nnodes:\n"
        "  q: {ask: Q?, choices: {Yes: {guide: b, then: e}, No: e}}\n"
        "  e: {outcome: solved, resolution: R}\n"
    )
    assert told(draw(load(text), Usage())) == ["q", "├ Yes, through guide b e", "└ No →e"]


def test_a_guide_a_thousand_levels_deep_is_drawn() -> None:
    nodes = {
        f"n{n}": Node(f"n{n}", Kind.DO, to=Target(f"n{n + 1}" if n < 999 else "end"))
        for n in range(1000)
    }
    nodes["end"] = Node("end", Kind.END, ending=Ending.SOLVED)
    lines = draw(Guide("deep", "Deep", "n0", nodes), Usage())
    assert len(lines) == 1001
    assert max(len(one.lead) for one in lines) < 40


def test_branches_are_said_in_words() -> None:
    which = small().nodes["which"]
    assert [rule_words(rule) for rule in which.rules] == ["os has mac", "bars from 4"]
