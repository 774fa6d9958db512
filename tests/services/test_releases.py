"""From one cause to a release and back to everyone it hurt (F4, semantics.md §9)."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.errors import DeskError, RefusedError, UsageError
from deskterm.domain.rows import Done
from deskterm.domain.verbs import Change
from deskterm.services.privacy import Forgetting
from deskterm.storage.driver import Database
from tests.builders import open_ticket
from tests.verbs import verbs


def problem(desk: Desk, *tickets: int) -> int:
    """A known error of these tickets, found in Router 2.3."""
    facts = {
        "title": "The VPN drops after an hour",
        "state": "known_error",
        "cause": "A timer is wrong.",
        "workaround": "Connect again.",
        "product": "Router",
        "found": "2.3",
    }
    return desk.problems.new(facts, tickets).of("problem")[0]


def release(desk: Desk, number: int, name: str = "Router 2.4") -> Done:
    values = {"problems": f"P{number}", "words": "The VPN stays up.", "how": "Restart it once."}
    return desk.records.add("release", name, values)


def test_shipping_tells_each_person_once_with_all_of_their_tickets(desk: Desk) -> None:
    first = open_ticket(desk, "VPN drops", requester="Ada Moss <ada@example.org>")
    second = open_ticket(desk, "VPN again", requester="ada@example.org")
    third = open_ticket(desk, "No VPN", requester="Bo Lind <bo@example.org>")
    number = problem(desk, first, second, third)
    release(desk, number)
    assert desk.problems.show(number).state == "fix_planned"
    plan = desk.releases.plan("router 2.4")
    assert [(one.name, one.tickets) for one in plan.told] == [
        ("Ada Moss", (first, second)),
        ("Bo Lind", (third,)),
    ]
    done = desk.releases.ship("Router 2.4")
    assert (done.letters, set(done.tickets)) == (2, {first, second, third})
    assert desk.tickets.show(first).state == "solved"
    assert desk.problems.show(number).state == "released"
    assert desk.problems.show(number).fixed == "2.4"
    with pytest.raises(RefusedError, match="shipped already"):
        desk.releases.ship("Router 2.4")


def test_shipping_to_more_people_sends_no_more_statements(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every row of a change of many counts: a server reads and plans each of them."""
    sent: list[str] = []
    for name in ("all", "run", "later"):
        monkeypatch.setattr(Database, name, _heard(getattr(Database, name), sent))
    write = Database.many

    def many(self: Database, sql: str, rows: Iterable[Mapping[str, object]]) -> None:
        known = list(rows)
        sent.extend([sql] * len(known))
        write(self, sql, known)

    monkeypatch.setattr(Database, "many", many)

    def shipped_to(people: int) -> int:
        who = [f"p{people}-{one}@example.org" for one in range(people)]
        tickets = [open_ticket(desk, "VPN drops", requester=one) for one in who]
        verbs(desk).close(tickets, "unsolved", "it went away")
        release(desk, problem(desk, *tickets), f"Router {people}")
        sent.clear()
        assert desk.releases.ship(f"Router {people}").letters == people
        return len(sent)

    assert shipped_to(2) == shipped_to(6)


def _heard(statement: Callable[..., object], sent: list[str]) -> Callable[..., object]:
    def heard(self: Database, sql: str, /, **params: object) -> object:
        sent.append(sql)
        return statement(self, sql, **params)

    return heard


def letters(desk: Desk, template: str) -> list[str]:
    with desk.store.reading() as database:
        rows = database.all(
            "SELECT recipient FROM outbox WHERE template = :name ORDER BY recipient", name=template
        )
    return [row["recipient"] for row in rows]


def read(desk: Desk, template: str, recipient: str) -> str:
    """The letter to somebody, as it would leave."""
    with desk.store.reading() as database:
        row = database.returned(
            "SELECT id FROM outbox WHERE template = :name AND recipient = :to",
            name=template,
            to=recipient,
        )
    return desk.outbox.letter(row["id"]).text


def answers(desk: Desk, recipient: str, words: str) -> None:
    """Somebody answers the newest letter of a release in plain words."""
    with desk.store.reading() as database:
        row = database.returned(
            "SELECT message_id FROM outbox WHERE template = 'released' AND recipient = :to "
            "ORDER BY id DESC LIMIT 1",
            to=recipient,
        )
    lines = (
        f"From: {recipient}",
        "To: help@localhost",
        "Subject: Re: Router 2.4 is out",
        f"In-Reply-To: {row['message_id']}",
        "",
        words,
    )
    desk.inbox.receive("\r\n".join(lines).encode())
    desk.inbox.process()


def shipped(desk: Desk) -> tuple[int, int, int]:
    """A release of a problem with an open ticket of Ada's and one of Bo's that is closed."""
    ada = open_ticket(desk, "VPN drops", requester="Ada Moss <ada@example.org>")
    bo = open_ticket(desk, "No VPN", requester="Bo Lind <bo@example.org>")
    verbs(desk).close([bo], "unsolved", "it went away")
    number = problem(desk, ada, bo)
    release(desk, number)
    desk.releases.ship("Router 2.4")
    return number, ada, bo


def test_the_letter_says_what_changed_how_to_get_it_and_asks_back(desk: Desk) -> None:
    _, ada, _ = shipped(desk)
    assert letters(desk, "released") == ["ada@example.org", "bo@example.org"]
    assert letters(desk, "solved") == []
    text = read(desk, "released", "ada@example.org")
    for words in ("Router 2.4", f"#{ada}", "The VPN stays up.", "Restart it once.", "still broken"):
        assert words in text
    assert "A timer is wrong" not in text


def test_a_yes_closes_what_it_solved_and_is_counted(desk: Desk) -> None:
    number, ada, bo = shipped(desk)
    answers(desk, "ada@example.org", "Yes")
    answers(desk, "bo@example.org", "Yes, it works.")
    row = desk.releases.show("Router 2.4")
    assert (row.told, row.works, row.broken, row.silent) == (2, 2, 0, 0)
    assert desk.tickets.show(ada).state == "closed"
    assert desk.tickets.show(bo).state == "closed"
    desk.problems.close(number)
    assert desk.problems.show(number).state == "verified"


def test_still_broken_opens_the_ticket_and_the_problem_again(desk: Desk) -> None:
    number, ada, bo = shipped(desk)
    answers(desk, "ada@example.org", "No")
    answers(desk, "bo@example.org", "no, still broken")
    row = desk.releases.show("Router 2.4")
    assert (row.works, row.broken) == (0, 2)
    assert desk.tickets.show(ada).state == "open"
    assert desk.tickets.show(bo).state == "open"
    assert desk.problems.show(number).state == "open"
    with pytest.raises(RefusedError, match="says that it does not"):
        desk.problems.close(number)
    answers(desk, "bo@example.org", "Yes")
    assert desk.releases.show("Router 2.4").works == 1


def test_undo_takes_a_shipping_back_whole(desk: Desk) -> None:
    number, ada, _ = shipped(desk)
    desk.ledger.undo()
    assert desk.releases.show("Router 2.4").state == "planned"
    assert desk.releases.told("Router 2.4") == []
    assert desk.problems.show(number).state == "fix_planned"
    assert desk.tickets.show(ada).state == "new"
    with desk.store.reading() as database:
        waits = database.all("SELECT state FROM outbox WHERE template = 'released'")
    assert {row["state"] for row in waits} == {"withdrawn"}
    assert desk.releases.ship("Router 2.4").letters == 2


def test_a_withdrawal_tells_those_who_were_told(desk: Desk) -> None:
    number, _, _ = shipped(desk)
    done = desk.releases.withdraw("Router 2.4", "It drops calls.")
    assert done.letters == 2
    assert "It drops calls." in read(desk, "withdrawn", "bo@example.org")
    assert desk.problems.show(number).state == "open"
    assert desk.problems.show(number).fixed == ""
    with pytest.raises(RefusedError, match="nobody was told"):
        desk.releases.withdraw("Router 2.4", "Again.")


def test_a_dry_run_ships_nothing_and_says_how_many(desk: Desk) -> None:
    ada = open_ticket(desk, "VPN drops", requester="Ada Moss <ada@example.org>")
    release(desk, problem(desk, ada))
    done = desk.releases.ship("Router 2.4", How(dry=True))
    assert (done.dry, done.letters, done.tickets) == (True, 1, (ada,))
    assert desk.releases.show("Router 2.4").state == "planned"


def test_whoever_is_not_told_is_named_with_the_reason(desk: Desk) -> None:
    some = [
        open_ticket(desk, "VPN drops", requester=who)
        for who in (
            "Ada Moss <ada@example.org>",
            "Bo Lind <bo@example.org>",
            "Nobody In Particular",
        )
    ]
    desk.records.set("person", "bo@example.org", {"news": "no"})
    release(desk, problem(desk, *some))
    found = {one.name: one.status for one in desk.releases.plan("Router 2.4").recipients}
    assert found == {
        "Ada Moss": "",
        "Bo Lind": "opted out",
        "Nobody In Particular": "no address",
    }
    desk.releases.ship("Router 2.4")
    assert letters(desk, "released") == ["ada@example.org"]


def test_owners_of_devices_at_an_affected_version_are_told_without_a_ticket(desk: Desk) -> None:
    ada = open_ticket(desk, "VPN drops", requester="Ada Moss <ada@example.org>")
    for name, version in (("cy@example.org", "2.3.1"), ("di@example.org", "2.4")):
        desk.records.add("person", f"{name[:2].title()} X <{name}>", {})
        desk.records.add("device", f"box-{name[:2]}", {"owner": name, "facts": f"Router={version}"})
    release(desk, problem(desk, ada))
    plan = desk.releases.plan("Router 2.4")
    assert [(one.name, one.reason) for one in plan.told][1:] == [("Cy X", "their box-cy has 2.3.1")]
    desk.releases.ship("Router 2.4")
    text = read(desk, "released", "cy@example.org")
    assert "Router 2.4" in text
    assert "The VPN stays up." in text


def test_merged_people_and_merged_tickets_are_told_once(desk: Desk) -> None:
    first = open_ticket(desk, "VPN drops", requester="Ada Moss <ada@example.org>")
    second = open_ticket(desk, "VPN again", requester="Ada M. <ada.m@example.org>")
    third = open_ticket(desk, "VPN thrice", requester="ada.m@example.org")
    number = problem(desk, first, second, third)
    verbs(desk).merge([third], first)
    desk.records.merge("person", "ada.m@example.org", "ada@example.org")
    release(desk, number)
    assert [one.tickets for one in desk.releases.plan("Router 2.4").told] == [(first, second)]
    desk.releases.ship("Router 2.4")
    assert letters(desk, "released") == ["ada@example.org"]


def test_states_of_a_problem_need_what_they_say(desk: Desk) -> None:
    number = problem(desk, open_ticket(desk, "VPN drops"))
    for state, needs in (("fix_planned", "release"), ("released", "ship"), ("wont_fix", "why")):
        with pytest.raises(RefusedError, match=needs):
            desk.problems.set(number, {"state": state})
    desk.problems.set(number, {"state": "fix_planned", "measure": "training"})
    desk.problems.close(number, "wont_fix", because="The router is replaced in May.")
    assert desk.problems.show(number).reason == "The router is replaced in May."
    with pytest.raises(UsageError, match="measure 'prayer'"):
        desk.problems.set(number, {"measure": "prayer"})


def test_what_is_not_ready_does_not_leave(desk: Desk) -> None:
    desk.records.add("release", "Router 2.4", {"words": "Better."})
    with pytest.raises(RefusedError, match="fixes no problem"):
        desk.releases.ship("Router 2.4")
    number = problem(desk, open_ticket(desk, "VPN drops"))
    desk.records.set("release", "Router 2.4", {"problems": f"P{number}", "words": ""})
    with pytest.raises(UsageError, match="customers' words"):
        desk.releases.ship("Router 2.4")
    assert desk.releases.plan("Router 2.4").words == "- The VPN drops after an hour: mended."


@pytest.mark.parametrize(
    ("version", "state"), [("2.4.1", "open"), ("2.3", "released"), ("", "released")]
)
def test_a_later_ticket_is_judged_by_its_version(desk: Desk, version: str, state: str) -> None:
    number, _, _ = shipped(desk)
    late = open_ticket(desk, "VPN drops again", requester="di@example.org")
    if version:
        desk.tickets.do([late], Change(fields={"version": version}))
    desk.problems.link(number, [late])
    assert desk.problems.show(number).state == state
    assert bool(desk.problems.queue()[0].regressions) is (state == "open")
    desk.ledger.undo()
    assert desk.problems.show(number).state == "released"


def test_two_who_ship_at_once_tell_everybody_once(desk: Desk) -> None:
    some = [open_ticket(desk, "VPN drops", requester=f"p{n}@example.org") for n in range(3)]
    release(desk, problem(desk, *some))

    def ship(_: int) -> str:
        try:
            return str(desk.releases.ship("Router 2.4").letters)
        except DeskError as error:
            return str(error)

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(ship, range(2)))
    assert said == ["3", "Router 2.4 was shipped already; nobody is told twice."]
    assert len(letters(desk, "released")) == 3


def test_whose_letter_had_left_before_an_undo_is_not_told_again(desk: Desk) -> None:
    _, ada, _ = shipped(desk)
    with desk.store.reading() as database:
        database.run(
            "UPDATE outbox SET state = 'sent', sent_at = created_at WHERE recipient = :to "
            "AND template = 'released'",
            to="ada@example.org",
        )
    notes = desk.ledger.undo().notes
    assert any("already left to ada@example.org" in one for one in notes)
    found = {one.name: one.status for one in desk.releases.plan("Router 2.4").recipients}
    assert found == {"Ada Moss": "told before", "Bo Lind": ""}
    assert desk.releases.ship("Router 2.4").letters == 1
    answers(desk, "ada@example.org", "No")
    people = {one.name: one.stand for one in desk.releases.plan("Router 2.4").people}
    assert people == {"Ada Moss": "still broken", "Bo Lind": "silent"}
    assert desk.tickets.show(ada).state == "open"


def test_a_problem_in_two_releases_stays_released_until_both_are_withdrawn(desk: Desk) -> None:
    number = problem(desk, open_ticket(desk, "VPN drops", requester="ada@example.org"))
    release(desk, number)
    release(desk, number, "Router 2.3.9")
    desk.releases.ship("Router 2.4")
    assert desk.releases.ship("Router 2.3.9").letters == 1
    assert desk.problems.show(number).fixed == "2.3.9, 2.4"
    desk.releases.withdraw("Router 2.4", "It drops calls.")
    view = desk.problems.show(number)
    assert (view.state, view.fixed) == ("released", "2.3.9")
    desk.releases.withdraw("Router 2.3.9", "This one, too.")
    assert desk.problems.show(number).state == "open"


def test_a_ticket_of_nobody_and_a_dead_address_are_named(desk: Desk) -> None:
    ada = open_ticket(desk, "VPN drops", requester="Ada Moss <ada@example.org>")
    nobody = open_ticket(desk, "VPN drops", requester="bo@example.org")
    with desk.store.reading() as database:
        database.run("UPDATE ticket SET requester_id = NULL WHERE id = :id", id=nobody)
        database.run(
            "UPDATE person_address SET broken_since = :now WHERE address = :to",
            now=clock.now(),
            to="ada@example.org",
        )
    release(desk, problem(desk, ada, nobody))
    plan = desk.releases.plan("Router 2.4")
    assert [(one.status, one.tickets) for one in plan.recipients] == [
        ("letters come back", (ada,)),
        ("no requester", (nobody,)),
    ]
    assert plan.left_out == {"letters come back": 1, "no requester": 1}
    done = desk.releases.ship("Router 2.4")
    assert (done.letters, set(done.tickets)) == (0, {ada, nobody})


def test_versions_that_nobody_can_order_and_a_person_who_was_forgotten(desk: Desk) -> None:
    """Three tickets of one person are one letter; whoever was forgotten is named, and not told."""
    tickets = [open_ticket(desk, f"VPN {n}", requester="ada@example.org") for n in range(3)]
    tickets.append(open_ticket(desk, "No VPN", requester="Bo Lind <bo@example.org>"))
    number = problem(desk, *tickets)
    desk.problems.set(number, {"found": "blue moon, ☃, 2..3-rc?, 99999999999999999999.1"})
    for name, version in (("LT-1", "☃☃"), ("LT-2", "blue"), ("LT-3", "moon-1")):
        desk.records.add("person", f"{name}@example.org", {})
        owner = {"owner": f"{name}@example.org", "facts": f"Router={version}"}
        desk.records.add("device", name, owner)
    Forgetting(desk).person("bo@example.org")
    values = {"problems": f"P{number}", "words": "It stays up.", "product": "Router"}
    values |= {"product_version": "spring-v∞"}
    desk.records.add("release", "Spring", values)
    plan = desk.releases.plan("Spring")
    assert [one.tickets for one in plan.told if one.tickets] == [tuple(tickets[:3])]
    done = desk.releases.ship("Spring")
    assert done.letters == len(plan.told)
    assert letters(desk, "released").count("ada@example.org") == 1
    assert all(f"#{one}" in read(desk, "released", "ada@example.org") for one in tickets[:3])
    assert "spring" in desk.problems.show(number).fixed
    late = open_ticket(desk, "VPN", requester="ada@example.org")
    desk.tickets.do([late], Change(fields={"version": "∞∞ next"}))
    desk.problems.link(number, [late])
    assert (desk.problems.show(number).state, desk.releases.list()[0].told) == (
        *("released", len(plan.told)),
    )
