"""How every screen looks at 80×24, dark and light: one lived-in desk, the clock frozen."""

from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from deskterm.bootstrap import Desk
from deskterm.screens.doors import DOORS
from tests.builders import open_ticket, solved_ticket
from tests.mails import mail_bytes, take
from tests.screens.conftest import settled
from tests.screens.test_board_looks import AT, _frozen, app_on, keys
from tests.screens.test_notices import by
from tests.services.test_guide_insight import finished
from tests.unit.guide_makers import SMALL
from tests.verbs import verbs

__all__ = ["_frozen"]
WAYS: dict[str, tuple[str, ...]] = {
    "board": ("j",),
    "ticket": ("enter",),
    "call": ("n",),
    "guide": ("enter", "w", "enter"),
    "inbox": ("I",),
    "guides": ("f6",),
    "graph": ("f6", "enter", "j"),
    "editor": ("f6", "e"),
    "letters": ("M", "3", "j"),
    "problems": ("f4",),
    "queue": ("Q",),
    "releases": ("R",),
    "release": ("R", "enter"),
    "announcements": ("K",),
    "promises": ("at", "4", "j"),
    "notices": ("N", "3", "j"),
    "visits": ("f2", "2"),
    "register": ("right_parenthesis",),
    "workload": ("B", "j"),
    "competences": ("c", "2"),
    "reviews": ("left_parenthesis",),
    "insight": ("f12",),
    "solutions": ("enter", "s"),
    "wording": ("f7",),
    "records": ("f3", "6", "j"),
    "person": ("f",),
}
"""Door → the keys that lead there from the board."""


@pytest.fixture
def lived_desk(sqlite_desk: Desk) -> Desk:
    """A desk on which something has happened in every corner."""
    desk = sqlite_desk
    desk.guides.add(SMALL.replace("group: network", "group: second level"))
    finished(desk)
    desk.admin.set_category("hardware/printer")
    gone = solved_ticket(desk)
    desk.admin.set_technician("ben", {})
    verbs(desk).assign([gone], "ben")
    verbs(desk).verify([gone], "craft", "ok")
    verbs(desk).close([gone], "solved", "Seen together.")
    desk.staff.reviews.draw("30d")
    vpn = [
        open_ticket(
            desk, "VPN: no route", requester=f"p{n}@example.org", at=AT - timedelta(hours=n)
        )
        for n in range(3)
    ]
    facts = {"title": "VPN gateway has no route", "workaround": "Use the web mail."}
    desk.problems.new(facts, vpn[:2])
    release = {"problems": "P1", "words": "The VPN finds its way.", "planned": "2026-12-11"}
    desk.records.add("release", "VPN gateway 4.1", release)
    action = {"figure": "logged", "target": "at most 2", "filter": "vpn", "until": "13d"}
    desk.records.add("improvement", "A second way into the network", action)
    desk.solutions.new({"title": "VPN after a change of network", "resolution": "Reconnect."})
    desk.announcements.new("VPN is down, mended by noon.", {"until": "3h", "problem": "P1"})
    move = {"to": "everyone", "from": "2026-12-04 18:00", "until": "2026-12-04 20:00"}
    desk.announcements.new("Mail stands still for a move.", move)
    ben = by(desk, "ben")
    verbs(ben).assign([vpn[2]], to="cy")
    verbs(ben).note([vpn[0]], "@cy: the [b]switch[/b] in room 4? Its port blinks orange.")
    verbs(ben).take([vpn[1]])
    ben.close()
    for said in ("ben hardware 2", "cy hardware 1", "ben network 3"):
        name, _, level = said.rpartition(" ")
        desk.admin.set_category(name.split()[1])
        desk.records.set("competence", name, {"level": level})
    desk.records.set("technician", "ben", {"roles": "expert, liaison"})
    desk.absences.add(login="ben", until="2026-12-04", deputy="cy")
    take(
        desk,
        mail_bytes("Cheap pills [/]", message_id="<3@x>", **{"from": ""}),
        mail_bytes("会議室のプリンター", message_id="<4@x>", **{"from": ""}),
    )
    return desk


def test_every_screen_has_its_pictures() -> None:
    assert set(WAYS) == set(DOORS)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("door", sorted(WAYS))
def test_it_looks(lived_desk: Desk, snap_compare: Any, door: str, theme: str) -> None:
    go = keys(*WAYS[door])

    async def there(pilot: Pilot[None]) -> None:
        await go(pilot)
        for area in pilot.app.screen.query(TextArea):
            area.cursor_blink = area.show_cursor = False
        await settled(pilot)

    app = app_on(lived_desk, theme)
    assert snap_compare(app, terminal_size=(80, 24), run_before=there)
