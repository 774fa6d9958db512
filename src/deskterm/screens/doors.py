"""Where each screen is found; its module is imported when it is first opened."""

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from textual.app import App

    from deskterm.screens.base import DeskScreen

DOORS = {
    "board": "deskterm.screens.board.screen:BoardScreen",
    "ticket": "deskterm.screens.ticket.screen:TicketScreen",
    "call": "deskterm.screens.call.screen:CallScreen",
    "guide": "deskterm.screens.guide:GuideScreen",
    "inbox": "deskterm.screens.inbox:InboxScreen",
    "guides": "deskterm.screens.guides.screen:GuidesScreen",
    "editor": "deskterm.screens.guides.editor:EditorScreen",
    "graph": "deskterm.screens.guides.graph:GraphScreen",
    "letters": "deskterm.screens.letters.screen:LettersScreen",
    "problems": "deskterm.screens.problems.screen:ProblemsScreen",
    "queue": "deskterm.screens.problems.queue:QueueScreen",
    "promises": "deskterm.screens.promises:PromisesScreen",
    "releases": "deskterm.screens.releases.screen:ReleasesScreen",
    "release": "deskterm.screens.releases.page:ReleaseScreen",
    "announcements": "deskterm.screens.announcements.screen:AnnouncementsScreen",
    "notices": "deskterm.screens.notices:NoticesScreen",
    "register": "deskterm.screens.register.screen:RegisterScreen",
    "visits": "deskterm.screens.visits.screen:VisitsScreen",
    "workload": "deskterm.screens.workload:WorkloadScreen",
    "competences": "deskterm.screens.competences.screen:CompetencesScreen",
    "reviews": "deskterm.screens.reviews.screen:ReviewsScreen",
    "insight": "deskterm.screens.insight.screen:InsightScreen",
    "solutions": "deskterm.screens.solutions.screen:SolutionsScreen",
    "wording": "deskterm.screens.wording.screen:WordingScreen",
    "records": "deskterm.screens.records.screen:RecordsScreen",
    "person": "deskterm.screens.person:PersonScreen",
}
"""Door → module:class. Arguments: ticket(number, ledger entry | None), call(template), inbox(tab),
letters(), notices(), visits(), workload(), competences(), reviews(),
guide(number | None, guide id | None), guides(), graph(guide id), problems(number | None),
insight(tab), queue(), promises(), register(), releases(), release(number),
announcements(number | None), editor(guide id | None, text to begin with),
solutions(ticket number | None, solution id | None, review at once), wording(),
records(kind, number | None), person(number | 0, ticket)."""


class Filled(Protocol):
    """A screen that is kept."""

    def fill(self, *args: object) -> None:
        """Begin anew with what its class is made with; nothing of what was before is left."""


class Doors:
    """Opens screens by name; one that is kept is composed and styled once."""

    def __init__(self, app: "App[None]") -> None:
        self._app = app
        self._kept: dict[str, DeskScreen] = {}

    def screen(self, door: str, *args: object) -> "DeskScreen":
        """Give the screen of that name, a new one or the one that was left, filled anew."""
        kept = self._kept.get(door)
        if kept is not None and kept.is_running and kept not in self._app.screen_stack:
            cast("Filled", kept).fill(*args)
            return kept
        screen = build(door, *args)
        if screen.KEPT and kept is None:
            self._kept[door] = screen
            self._app.install_screen(screen, door)
        return screen


def build(door: str, *args: object) -> "DeskScreen":
    """Give a new screen of that name."""
    module, _, name = DOORS[door].partition(":")
    return cast("DeskScreen", getattr(import_module(module), name)(*args))
