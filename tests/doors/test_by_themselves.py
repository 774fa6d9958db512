"""Doors that ask by themselves (an answer link, a guide's end, a problem's end, the demo's year) do
what the request does: state, entries and their publicity, letters, refusals.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import pytest

from deskterm.bootstrap import Desk
from deskterm.demo.company import Company
from deskterm.demo.scene import Scene
from deskterm.demo.story import Story
from deskterm.demo.texts import plots
from deskterm.domain import verbs as ask
from deskterm.domain.asking import Request
from deskterm.domain.errors import RefusedError
from deskterm.domain.vocabulary import Outcome, Proof
from deskterm.mail.answers import NO, YES, Answer, Question, answer_address
from tests.builders import open_ticket, value
from tests.doors.cases import needing, new, solved, taken
from tests.doors.test_doors import became, shop
from tests.mails import mail_bytes, secret, take
from tests.unit.guide_makers import SMALL

__all__ = ["shop"]

Told = dict[str, Any]


def did(desk: Desk, number: int, *requests: Request) -> Told:
    """Give what becomes of a ticket by requests alone."""
    for one in requests:
        desk.tickets.do([number], one)
    return became(desk, number)


def last(desk: Desk, number: int, event: str) -> int:
    with desk.store.reading() as database:
        row = database.returned(
            "SELECT max(id) AS id FROM ledger WHERE kind = 'ticket' AND subject_id = :id "
            "AND event = :event",
            id=number,
            event=event,
        )
    return int(row["id"])


# --- an answer link -----------------------------------------------------------------------


def solved_and_verified(desk: Desk) -> int:
    number = solved(desk)
    desk.tickets.do([number], ask.Verify("craft", "ok"))
    return number


LINKS: dict[str, tuple[Callable[[Desk], int], Question, str, str, Sequence[Request]]] = {
    "it works": (
        solved_and_verified,
        Question.WORKED,
        YES,
        "solved",
        (ask.Verify("customer", "ok", "Thanks."), ask.Close()),
    ),
    "it works, not verified yet": (
        solved,
        Question.WORKED,
        YES,
        "solved",
        (ask.Verify("customer", "ok", "Thanks."),),
    ),
    "it does not work": (
        solved_and_verified,
        Question.WORKED,
        NO,
        "solved",
        (ask.Verify("customer", "failed", "Thanks."),),
    ),
    "granted": (needing, Question.APPROVAL, YES, "approval", (ask.Decide(True, "Thanks."),)),
    "refused": (needing, Question.APPROVAL, NO, "approval", (ask.Decide(False, "Thanks."),)),
}
"""Name → the ticket, what was asked, the answer, the entry that asks, the same as requests."""


def by_link(desk: Desk, number: int, question: Question, choice: str, asked: int) -> None:
    """Click a link of our letter: a mail to the address it stands for."""
    column = "approver_id" if question is Question.APPROVAL else "requester_id"
    answer = Answer(question, number, int(value(desk, number, column)), asked, choice)
    to = answer_address("help@localhost", answer, secret(desk))
    take(desk, mail_bytes("Answer", "Thanks.", to=to, message_id=f"<{number}@a.example>"))


@pytest.mark.parametrize("name", LINKS)
def test_an_answer_link_does_what_the_request_does(shop: Desk, name: str) -> None:
    """But in the customer's words, and whoever answered is not told of it."""
    ready, question, choice, event, requests = LINKS[name]
    one, two = ready(shop), ready(shop)
    spoke = "cy@example.org" if question is Question.APPROVAL else "ada@example.org"
    written = len(became(shop, one)["letters"])
    wanted = did(shop, one, *requests)
    by_link(shop, two, question, choice, last(shop, two, event))
    got = became(shop, two)
    assert got["ticket"] == wanted["ticket"]
    assert got["watchers"] == wanted["watchers"]
    entries = [[event, public, text] for event, public, _, text in wanted["entries"]]
    assert [[event, public, text] for event, public, _, text in got["entries"]] == entries
    fresh = [one for one in wanted["letters"][written:] if one[1] != spoke]
    assert got["letters"][written:] == fresh


# --- a guide's end ------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["solved", "escalate"])
def test_the_end_of_a_guide_does_what_the_request_does(shop: Desk, ending: str) -> None:
    shop.guides.add(SMALL.replace("group: network", "group: second level"))
    one, two = taken(shop), taken(shop)
    run = shop.runs.start("small", two).id
    end = shop.runs.conclude(run, ending, "By the book.")
    asked: Request = ask.Solve(end.resolution)
    if ending == "escalate":
        asked = ask.Escalate("second level", end.summary, tuple(end.actions))
    wanted = did(shop, one, asked)
    shop.runs.finish(run, ending, "By the book.", "second level" if ending == "escalate" else "")
    got = became(shop, two)
    assert got["ticket"] == wanted["ticket"]
    assert got["letters"] == wanted["letters"]
    assert got["notices"] == wanted["notices"]
    assert [entry for entry in got["entries"] if entry[0] != "guide"] == wanted["entries"]


def test_the_end_of_a_guide_refuses_what_the_request_refuses(shop: Desk) -> None:
    shop.guides.add(SMALL.replace("group: network", "group: second level"))
    one, two = taken(shop), taken(shop)
    run = shop.runs.start("small", two).id
    for number in (one, two):
        shop.tickets.do([number], ask.Cancel("Off."))
    with pytest.raises(RefusedError) as wanted:
        shop.tickets.do([one], ask.Solve("By the book."))
    with pytest.raises(RefusedError) as got:
        shop.runs.finish(run, "solved", "By the book.")
    said = str(wanted.value).replace(f"#{one}", f"#{two}").replace("solve is", "guide is")
    assert str(got.value) == said
    assert value(shop, two, "state") == "cancelled"
    assert shop.runs.run(run).status == "running"


# --- a problem's end ----------------------------------------------------------------------


def test_the_end_of_a_problem_does_what_the_request_does(shop: Desk) -> None:
    one, two, third = taken(shop), new(shop), new(shop)
    number = shop.problems.new({"title": "Gateway"}, [two]).of("problem")[0]
    other = shop.problems.new({"title": "Gateway again"}, [third]).of("problem")[0]
    shop.tickets.do([one], ask.Join(other))
    wanted = did(shop, third, ask.Solve("New gateway."))
    shop.problems.close(number, "verified", "New gateway.")
    got = became(shop, two)
    for what in ("ticket", "steps", "watchers", "letters", "notices"):
        assert got[what] == wanted[what], what
    assert [e[:3] for e in got["entries"]] == [e[:3] for e in wanted["entries"]]


# --- the demo's year ----------------------------------------------------------------------

DEEDS: Sequence[tuple[Request, Callable[[Scene], None]]] = (
    (ask.Take(), lambda scene: scene.take(1, 2)),
    (ask.Note("Ping fails."), lambda scene: scene.note("Ping fails.")),
    (ask.Reply("On it."), lambda scene: scene.reply("On it.")),
    (ask.Wait("other", reason="A part."), lambda scene: scene.wait("other", "A part.", 1)),
    (ask.Resume("It came."), lambda scene: scene.resume("It came.", 1, 2)),
    (ask.Solve("New cable."), lambda scene: scene.solve("New cable.", None)),
    (ask.Verify("craft", "failed"), lambda scene: scene.verify("craft", Proof.FAILED)),
    (ask.Solve("New switch."), lambda scene: scene.solve("New switch.", None)),
    (ask.Verify("craft", "ok"), lambda scene: scene.verify("craft", Proof.OK)),
    (ask.Verify("customer", "ok", "Ja."), lambda scene: scene.verify("customer", Proof.OK, "Ja.")),
    (ask.Close(), lambda scene: scene.close(Outcome.SOLVED)),
)
_LIKE = [
    "state",
    "outcome",
    "close_reason",
    "resolution",
    "craft_proof",
    "customer_proof",
    "assignee",
    "waiting_for",
    "waiting_reason",
    "level",
]


def scene_of(technician: str) -> Scene:
    """Give one ticket of the demo, told up to its opening by phone."""
    chance = Random(7)
    company = Company(chance, technician, 1_760_000_000)
    story = Story(1, chance, 1_800_000_000)
    scene = Scene(story, company, plots()[0], live=True)
    scene.technician, scene.at = technician, 1_770_000_000
    story.begin("new", technician, scene.at)
    story.opened("It hangs.", {"channel": "phone", "requester_id": 1}, None, None)
    return scene


def test_the_year_of_the_demo_is_told_by_the_same_requests(sqlite_desk: Desk) -> None:
    """Each deed leaves the ticket as its request does, with the same entries; nobody is told."""
    number, scene = open_ticket(sqlite_desk), scene_of("cy")
    for request, deed in DEEDS:
        sqlite_desk.tickets.do([number], request)
        deed(scene)
        for column in _LIKE:
            told = scene.story[column] or None
            assert told == (value(sqlite_desk, number, column) or None), (request, column)
    with sqlite_desk.store.reading() as database:
        rows = database.all(
            "SELECT event, public, text FROM ledger WHERE kind = 'ticket' AND subject_id = :id "
            "ORDER BY id",
            id=number,
        )
    entries = [(row["event"], bool(row["public"]), row["text"]) for row in rows][1:]
    assert [(told[7], told[8], told[9]) for _, _, told in scene.story.told][1:] == entries
