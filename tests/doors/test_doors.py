"""A verb does the same by whichever door it is asked for: state, entries, letters, refusals."""

import io
import json
import re
import shlex
from collections.abc import Callable
from typing import Any

import pytest
from textual.css.query import NoMatches
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input, TextArea

from deskterm.bootstrap import Desk
from deskterm.cli.main import run
from deskterm.cli.plain import _CHOICES, plain_board
from deskterm.cli.session import flags
from deskterm.domain.asking import Request, request_of
from deskterm.domain.errors import DeskError
from deskterm.domain.lifecycle import allowed
from deskterm.mail.tokens import personal_address
from deskterm.widgets.choice import Choice
from deskterm.widgets.line_list import LineList
from deskterm.widgets.picker import Picker
from tests.builders import count, value
from tests.doors.cases import ABSENT, CASES, Case, message
from tests.mails import last_entry, mail_bytes, secret, take
from tests.screens.conftest import heard, running, settled, until
from tests.verbs import verbs

BY_COMMAND = {name: case for name, case in CASES.items() if case.command is not ABSENT}
BY_KEYS = [name for name, case in CASES.items() if case.keys]
KEY_SHARES = 5
"""The keys are played in so many tests, beside each other."""
BY_PROMPT = [name for name, case in CASES.items() if case.plain]
BY_MAIL = {name: case for name, case in CASES.items() if case.order is not ABSENT}
_KEPT = (
    "state urgent subject problem reproduced requester_id requester_unsure category_id group_id "
    "from_group_id from_assignee level assignee waiting_for waiting_until needs approver approval "
    "outcome close_reason resolution solution_id craft_proof customer_proof merged_into"
)


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """A desk with another ticket (1), a problem, a solution, and an address of whoever acts."""
    from tests.builders import open_ticket

    open_ticket(desk, "Something else", requester="Ed Ox <ed@example.org>")
    desk.admin.set_technician("cy", {"email": "cy@desk.test"})
    desk.problems.new({"title": "VPN gateway"})
    desk.solutions.new({"title": "Mend it", "resolution": "Press the button."})
    desk.solutions.publish(1, "public", yes=True)
    return desk


def became(desk: Desk, number: int) -> dict[str, Any]:
    """Give all that is so with a ticket, without its own number, times, and what mail adds."""
    texts = {
        "ticket": f"SELECT {', '.join(_KEPT.split())} FROM ticket WHERE id = :id",
        "steps": "SELECT step, status, actor, reason FROM step WHERE ticket_id = :id ORDER BY 1",
        "links": "SELECT kind, CASE WHEN other_id > :id THEN 0 ELSE other_id END AS other "
        "FROM link WHERE ticket_id = :id ORDER BY 1, 2",
        "watchers": "SELECT person_id FROM watcher WHERE ticket_id = :id ORDER BY 1",
        "entries": "SELECT event, public, actor, text FROM ledger WHERE kind = 'ticket' "
        "AND subject_id = :id AND text <> '(by mail)' AND event <> 'mail' ORDER BY id",
        "letters": "SELECT template, recipient FROM outbox WHERE ticket_id = :id ORDER BY id",
        "notices": "SELECT login, n.kind FROM notice n JOIN ledger l ON l.id = n.entry_id "
        "WHERE l.kind = 'ticket' AND l.subject_id = :id ORDER BY n.id",
    }
    with desk.store.reading() as database:
        return {
            name: [
                [nameless(row[key], number) for key in list(row.keys())]
                for row in database.all(text, id=number)
            ]
            for name, text in texts.items()
        }


def nameless(told: object, number: int) -> str:
    """Without the ticket's own number, those of what was parted from it, and when visits are."""
    text = str(told).replace(f"#{number}", "#n")
    text = re.sub(r"\b\w{3} \d{1,2} \w{3} \d{4} \d\d:\d\d", "then", text)
    return re.sub(r"Messages from \d+ on moved to #\d+", "Messages moved on", text)


def by_request(desk: Desk, case: Case, number: int) -> str:
    """Do it as a value that has been through JSON; gives the refusal."""
    asked = case.request(desk, number)
    try:
        desk.tickets.do([number], request_of(json.loads(json.dumps(asked.to_json()))))
    except DeskError as error:
        return str(error).replace(f"#{number}", "#n")
    return ""


def by_command(desk: Desk, case: Case, number: int, err: Callable[[], str]) -> str:
    words = shlex.split(case.command.format(n=number, m=message_or_none(desk, number)))
    nouns = ("solution", "triage", "visit", "promise", "time", "checklist")
    noun = () if words[0] in nouns else ("ticket",)
    code = run(["--db", desk.store.url, "--as", "cy", *noun, *words, "--no-input"])
    said = err()
    assert code in (0, 2, 3, 5), said
    return said.removeprefix("deskterm: ").strip().replace(f"#{number}", "#n") if code else ""


def by_mail(desk: Desk, case: Case, number: int) -> str:
    to = personal_address("help@localhost", number, "cy", secret(desk))
    take(desk, mail_bytes("Re: news", case.order, to=to, **{"from": "cy@desk.test"}))
    event = "replied" if case.order.startswith("!reply") else "noted"
    refused = last_entry(desk, event).get("refused_order", "") if event == "noted" else ""
    return str(refused).replace(f"#{number}", "#n")


def message_or_none(desk: Desk, number: int) -> int | None:
    try:
        return message(desk, number)
    except TypeError:
        return None


def test_every_request_has_its_row() -> None:
    assert {case.request.__name__ for case in CASES.values()}  # each row can make its request
    named = {name.partition(",")[0].partition(" ")[0] for name in CASES}
    assert named == set(Request.kinds)


@pytest.mark.parametrize("name", BY_COMMAND)
def test_a_command_does_what_the_request_does(
    shop: Desk, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    case = CASES[name]
    one, two = case.ready(shop), case.ready(shop)
    assert by_request(shop, case, one) == ""
    assert by_command(shop, case, two, lambda: capsys.readouterr().err) == ""
    assert became(shop, two) == became(shop, one)


@pytest.mark.parametrize("name", BY_MAIL)
def test_an_order_by_mail_does_what_the_request_does(shop: Desk, name: str) -> None:
    case = CASES[name]
    one, two = case.ready(shop), case.ready(shop)
    assert by_request(shop, case, one) == ""
    assert by_mail(shop, case, two) == ""
    assert became(shop, two) == became(shop, one)


@pytest.mark.parametrize("name", BY_PROMPT)
def test_plain_mode_does_what_the_request_does(
    shop: Desk, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES[name]
    one, two = case.ready(shop), case.ready(shop)
    assert by_request(shop, case, one) == ""
    monkeypatch.setattr(flags, "db", shop.store.url)
    monkeypatch.setattr(flags, "as_login", "cy")
    label, *answers = case.plain
    choices = [one.label for one in _CHOICES if allowed(one.verb, value(shop, two, "state"))]
    said = [str(two), str(choices.index(label) + 1), *answers, "", "q"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(said) + "\n"))
    plain_board()
    assert became(shop, two) == became(shop, one)


@pytest.mark.parametrize("share", range(KEY_SHARES))
async def test_keys_do_what_the_request_does(shop: Desk, share: int) -> None:
    """One app does a share of them, one after the other, each on a ticket of its own."""
    differ = {}
    async with running(shop, size=(120, 60)) as pilot:
        for name in BY_KEYS[share::KEY_SHARES]:
            case = CASES[name]
            one, two = case.ready(shop), case.ready(shop)
            assert by_request(shop, case, one) == "", name
            await played(pilot, shop, case, two)
            if became(shop, two) != became(shop, one):
                differ[name] = (became(shop, two), became(shop, one))
    assert differ == {}


async def played(pilot: Pilot[None], desk: Desk, case: Case, number: int) -> None:
    """Open the ticket, play the keys, and wait for what they did."""
    before = entries(desk, number)
    pilot.app.go("ticket", number)  # type: ignore[attr-defined]
    await settled(pilot)
    for step in case.keys:
        try:
            await play(pilot, step.replace("{n}", str(number)))
        except NoMatches as error:
            raise AssertionError(f"{case.keys} at {step}: {heard(pilot)}") from error
    await until(pilot, lambda: entries(desk, number) > before, " ".join(case.keys))
    await settled(pilot)


def entries(desk: Desk, number: int) -> int:
    return count(desk, "ledger", "kind = 'ticket' AND subject_id = :id", id=number)


async def play(pilot: Pilot[None], step: str) -> None:
    """Press a key, type `:words`, fill a field: `field=words`, or go down to `~a line`."""
    screen = pilot.app.screen
    if step.startswith("~"):
        lines = screen.query_one("#links", LineList)
        while lines.in_hand != step[1:]:
            await pilot.press("j")
        return
    name, equals, words = step.partition("=")
    if step.startswith(":"):
        fill(pilot.app.focused, step[1:])
    elif equals:
        fill(screen.query_one(f"#field-{name}, #{name}"), words)
    else:
        await pilot.press(step)
    await settled(pilot)


def fill(widget: Widget | None, words: str) -> None:
    if isinstance(widget, Choice):
        widget.value = words
    elif isinstance(widget, TextArea):
        widget.load_text(words)
    elif isinstance(widget, Picker):
        widget.query_one(Input).value = words
    elif isinstance(widget, Input):
        widget.value = words
    else:
        raise TypeError(f"nothing to fill with {words!r}: {widget!r}")


@pytest.mark.parametrize("name", BY_COMMAND)
def test_every_door_refuses_with_the_same_sentence(
    shop: Desk, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A merged ticket takes nothing but what its survivor takes: here that is cancelled."""
    case = CASES[name]
    one, two = case.ready(shop), case.ready(shop)
    for number in (one, two):
        if value(shop, number, "state") != "closed":
            verbs(shop).cancel([number], "not wanted")
    said = by_request(shop, case, one)
    assert by_command(shop, case, two, lambda: capsys.readouterr().err) == said
    if said and case.order is not ABSENT:
        assert by_mail(shop, case, two) == said
