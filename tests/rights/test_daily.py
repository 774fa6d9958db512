"""What each role does all day works with its grants alone; the rest is refused in a sentence."""

import shlex
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from deskterm.domain import clock
from deskterm.domain.remedies import read_remedy
from deskterm.domain.requests import NewTicket
from deskterm.domain.visits import OfferVisit
from deskterm.domain.vocabulary import State
from deskterm.storage.soundness import trouble
from deskterm.web.app import application
from tests.builders import value
from tests.cli.conftest import Cli, Ended
from tests.mails import mail_bytes
from tests.rights.conftest import Team
from tests.verbs import verbs
from tests.web.pages import go, link_to, web, whose

TICKETS = """
ticket new --from cy@example.org --subject VPN --body Broken --category network/vpn --channel phone
ticket new --from bo@example.org --body Jam --urgent --device T14-{one}
ticket show {one} --full
ticket take {one}
ticket note {one} --body internal
ticket reply {one} --body hello
ticket set {one} --subject Better --problem 'no tunnel' --urgent --field os=linux
ticket set {one} --needs approval --approver boss@example.org
ticket approve {one} --by Boss --reason phone
ticket step {one} reproduce --done
ticket step {one} propose --skip --reason known
ticket assign {two} --to me
ticket assign {two} --to none
ticket wait {one} --for customer --until 2d --reason asked
ticket escalate {one} --group 'second level' --summary s --action a
ticket hand-back {one}
ticket solve {one} --resolution restarted
ticket verify {one} --by craft --result ok
ticket verify {one} --by customer --result ok
ticket close {one} --as solved
ticket reopen {one} --reason again
ticket cancel {one} --reason 'not wanted'
undo
redo
ticket link {two} --to {three}
ticket merge {three} --into {two}
ticket unmerge {three}
"""
DESK = """
ticket list
search VPN
log
person show ada0@example.org
person set ada0@example.org phone=12{one}
person list
problem new 'it breaks {one}'
view save mine{one} is:mine
view list
absence add --until 3d --reason holidays
me set --notify assigned
focus 1h
focus end
notices list
notices seen --all
workload
promises
figures show
guide list
triage suggest {two}
announce new 'VPN is down {one}' --until 3h
announce list
visit list
mail queue
mail inbox list
settings list
db status
"""
SETTLED = """
group set printing{one} level=2
category set network/x{one}
settings set desk.mission 'We help {one}.'
technician set bob{one} full_name=Bob
org set Acme{one}
site set Leeds{one}
service set VPN{one}
field set colour{one} --label Colour
"""


def _numbers(team: Team) -> dict[str, int]:
    asked = [NewTicket(f"Ada <ada{n}@example.org>", f"VPN {n}", "Broken.") for n in range(3)]
    return dict(
        zip(("one", "two", "three"), team.desk().tickets.new_many(asked).tickets, strict=True)
    )


def run_script(cli: Cli, script: str, numbers: dict[str, int]) -> dict[str, Ended]:
    """Run every line; gives what did not end well."""
    ended = {
        line: cli(*shlex.split(line.format(**numbers))) for line in script.strip().splitlines()
    }
    return {line: one for line, one in ended.items() if one.code}


@pytest.mark.parametrize("script", [TICKETS, DESK], ids=["tickets", "desk"])
@pytest.mark.parametrize("login", ["ann", "mona"])
def test_the_days_work_needs_no_more_than_the_role_gives(
    team: Team, call: Callable[[str], Cli], login: str, script: str
) -> None:
    assert run_script(call(login), script, _numbers(team)) == {}


def test_what_is_settled_is_the_managers(team: Team, call: Callable[[str], Cli]) -> None:
    numbers = _numbers(team)
    refused = run_script(call("ann"), SETTLED, numbers)
    assert {one.code for one in refused.values()} == {5}
    assert len(refused) == len(SETTLED.strip().splitlines())
    assert all("manager" in one.err for one in refused.values()), refused
    assert run_script(call("mona"), SETTLED, numbers) == {}


@pytest.mark.parametrize("login", ["audrey", "basil"])
def test_whoever_only_reads_reads_everything_and_changes_nothing(
    team: Team, call: Callable[[str], Cli], login: str
) -> None:
    numbers = _numbers(team)
    cli = call(login)
    reads = "ticket list\nticket show {one} --full\nlog\nsearch VPN\nperson list\nmail queue"
    assert run_script(cli, reads, numbers) == {}
    writes = "ticket note {one} --body x\nticket new --from x@example.org --body x\nfocus 1h"
    refused = run_script(cli, writes, numbers)
    assert [one.code for one in refused.values()] == [5, 5, 5]
    who = "technicians, managers and workers"
    assert all(who in one.err for one in refused.values()), refused


def test_a_worker_files_mail_and_writes_letters_and_a_technician_is_told_who_does(
    team: Team, call: Callable[[str], Cli]
) -> None:
    desk = team.desk("wanda")
    desk.inbox.receive(mail_bytes("It hangs", message_id="<rights@example.org>"))
    assert desk.jobs.run_once().held
    desk.jobs.release()
    with closing(team.connected()) as owner:
        row = owner.returned(
            "SELECT o.actor, o.known_as FROM inbox i JOIN ledger l ON l.kind = 'ticket' "
            "AND l.subject_id = i.ticket_id JOIN operation o ON o.id = l.operation_id "
            "WHERE i.key LIKE '%rights@example.org%' LIMIT 1"
        )
        assert (row["actor"], row["known_as"]) == ("mail", "wanda")
    ended = call("ann")("work", "--once")
    assert ended.code == 5
    assert "deskterm team add NAME --role worker" in ended.err


def test_what_all_of_them_did_agrees_with_the_ledger(team: Team) -> None:
    with closing(team.connected()) as owner:
        assert trouble(owner) == []


def test_the_web_face_is_served_under_a_workers_login(team: Team) -> None:
    """Every page and form of the story; what technicians do beside it is done as one of them."""
    served, ann, mona = team.desk("wanda"), team.desk("ann"), team.desk("mona")
    mona.desk_settings.set("web.most_per_minute", "0")
    client = TestClient(application(served), client=("192.0.2.4", 40_000))
    who = "zoe@example.org"
    asked = {"who": who, "problem": "The zither is silent", "urgent": "yes"}
    assert "#" in go(client, "/").send("/report", asked).main
    number = next(row.id for row in ann.board.rows(range(1, 500)) if "zither" in row.subject)
    person = whose(served, who).person
    link = link_to(served, number, person)
    page = go(client, link).send("/reply", {"text": "The red cable."}, [("photo.txt", b"red")])
    assert page.fetch("photo.txt").content == b"red"
    ann.solutions.offer(number, [read_remedy("Repair it|30 min|free"), read_remedy("A new one")])
    assert "chosen" not in go(client, link).send("/answer", {"value": "1"}, kind="r").text
    days = [clock.now() + timedelta(days=one) for one in (21, 22)]  # a day's work had absences
    ann.tickets.do([number], OfferVisit(slots=tuple(f"{day:%Y-%m-%d} 10:00" for day in days)))
    assert "We come to you" in go(client, link).send("/answer", {"value": "2"}, kind="v").main
    acts = verbs(ann)
    acts.change([number], needs="approval", approver="Di <di@example.org>")
    theirs = link_to(served, number, whose(served, "di@example.org").person)
    go(client, theirs).send("/answer", {"value": "y"}, kind="g")
    acts.reply([number], "Plug it in again.")
    acts.solve([number], "A new cable.")
    acts.verify([number], "craft", "ok", "tried")
    page = go(client, link).send("/answer", {"value": "n", "comment": "Silent."}, kind="w")
    assert value(ann, number, "state") == State.OPEN
    acts.solve([number], "Another one.")
    acts.verify([number], "craft", "ok", "tried")
    page = go(client, link).send("/answer", {"value": "y"}, kind="w")
    page.send("/answer", {"value": "5", "comment": "Quick."}, kind="s")
    assert (value(ann, number, "state"), value(ann, number, "rating")) == (State.CLOSED, 5)
    own = f"/p/{web(served).personal(who)[1]}"
    for path in ("/mine", "/solutions", "/solutions?q=cable", "/news", "/offer"):
        assert go(client, own + path).status == 200, path
    said = client.post(f"{own}/suggest", data={"problem": "The zither is silent"})
    assert said.status_code in (200, 204)
    done = {row.actor for row in ann.tickets.show(number).timeline if row.event == "received"}
    assert done == {"customer"}
