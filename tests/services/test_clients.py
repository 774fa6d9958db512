"""One client's words never reach another (I10): every read that proposes, every verb that ties."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from functools import cached_property
from inspect import getattr_static, isfunction, signature
from pathlib import Path
from typing import NamedTuple

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.errors import AcrossClientsError, RefusedError, UsageError
from deskterm.domain.requests import NewTicket
from deskterm.domain.verbs import Change, Join, Link, Merge, SendSolution, Solve, Use, Watch
from deskterm.services.announcements.telling import Announcing
from deskterm.services.inbox.rules import read_rules
from deskterm.services.privacy import Forgetting
from tests.builders import value
from tests.mails import send_all
from tests.services.test_forgetting import everything
from tests.verbs import verbs

WORD = "Zwieselfrequenz"
"""Nobody but the people of Harbour says it."""
TITLE = f"Plotter smears every {WORD} drawing"
ACROSS = How(across=True)


class Two(NamedTuple):
    """A desk with two clients: all that was learned, it learned at Harbour."""

    desk: Desk
    harbour: int
    """A solved ticket of Harbour."""
    open: int
    """An open one."""
    clinic: int
    """An open ticket of the clinic that says nearly the same, without the word."""
    person: int
    """Who asks at the clinic."""
    solution: int
    problem: int


@pytest.fixture
def two(desk: Desk) -> Two:
    """Give the two clients at a desk."""
    return two_clients(desk)


def two_clients(desk: Desk) -> Two:
    """Give the two clients with their tickets, a solution, a problem, a guide, an announcement."""
    for name, address in (("Harbour", "ada@harbour.example"), ("Clinic", "bo@clinic.example")):
        desk.records.set("organisation", name, {})
        desk.records.set("person", f"{name} <{address}>", {"organisation": name})
    harbour, more = (_open(desk, "ada@harbour.example", TITLE) for _ in range(2))
    verbs(desk).solve([harbour], f"Clean the {WORD} head of the plotter.")
    clinic = _open(desk, "bo@clinic.example", "Plotter smears every drawing")
    solution = desk.solutions.draft(harbour).of("solution")[0]
    desk.solutions.review(solution)
    desk.solutions.publish(solution, "organisation", yes=True)
    problem = desk.problems.new(
        {"title": TITLE, "workaround": f"Wipe the {WORD}."}, [harbour, more]
    ).of("problem")[0]
    desk.announcements.new(f"Plotter: {WORD} is looked at.", {"problem": f"P{problem}"})
    desk.guides.add(GUIDE, client="Harbour")
    text = {"short": "wipe", "words": f"Wipe the {WORD}.", "organisation": "Harbour"}
    desk.records.set("text", "Wiping", text)
    person = int(value(desk, clinic, "requester_id"))
    return Two(desk, harbour, more, clinic, person, solution, problem)


GUIDE = f"""
id: plotter-smears
title: Plotter smears {WORD}
about: plotter smears drawing
applies_to:
  category: general
  words: [plotter smears, smears drawing]
start: look
nodes:
  look:
    ask: Is the {WORD} clean?
    choices: {{"Yes": done, "No": done}}
  done:
    outcome: solved
    resolution: Cleaned the {WORD}.
"""


def _open(desk: Desk, who: str, subject: str) -> int:
    ticket = NewTicket(subject=subject, body=f"{subject}, please help.", requester=who)
    return desk.tickets.new(ticket).tickets[0]


ASKS = "Plotter smears every drawing"
WALK: Mapping[str, Callable[[Two, Path], object]] = {
    "announcements.for_person": lambda two, _: two.desk.announcements.for_person(two.person),
    "calls.alike": lambda two, _: two.desk.calls.alike(ASKS, person=two.person),
    "guides.suggest": lambda two, _: two.desk.guides.suggest(two.clinic),
    "guides.suggest_for": lambda two, _: two.desk.guides.suggest_for(
        two.desk.tickets.show(two.clinic)
    ),
    "guides.suggest_words": lambda two, _: two.desk.guides.suggest_words(ASKS),
    "handing_over.proposed": lambda two, _: two.desk.handing_over.proposed(two.clinic),
    "people.page": lambda two, _: two.desk.people.page("bo@clinic.example"),
    "problems.fitting": lambda two, _: two.desk.problems.fitting(two.clinic),
    "problems.fitting_words": lambda two, _: two.desk.problems.fitting_words(
        ASKS, person=two.person
    ),
    "problems.mates": lambda two, _: two.desk.problems.mates(two.clinic),
    "solutions.like_tickets": lambda two, _: two.desk.solutions.like_tickets(two.clinic),
    "solutions.search": lambda two, _: two.desk.solutions.search("plotter", ticket=two.clinic),
    "solutions.site": lambda two, folder: _site(two, folder),
    "solutions.suggest": lambda two, _: two.desk.solutions.suggest(two.clinic),
    "solutions.suggest_for": lambda two, _: two.desk.solutions.suggest_for(ASKS, person=two.person),
    "solutions.workaround": lambda two, _: two.desk.solutions.workaround(two.clinic),
    "means.by_name": lambda two, _: two.desk.means.by_name(two.clinic),
    "means.texts.for_person": lambda two, _: two.desk.means.texts.for_person(two.person),
    "means.texts.for_ticket": lambda two, _: two.desk.means.texts.for_ticket(two.clinic),
    "tickets.beside": lambda two, _: (
        {two.harbour, two.open} & two.desk.tickets.beside(two.clinic, [two.harbour, two.open])
        and WORD
    ),
    "tickets.pairing": lambda two, _: two.desk.tickets.pairing([], two.clinic, merges=True),
    "triage.lacking": lambda two, _: two.desk.triage.lacking(two.clinic),
    "triage.lacking_for": lambda two, _: two.desk.triage.lacking_for(ASKS, two.person),
    "triage.lacking_of": lambda two, _: two.desk.triage.lacking_of([two.clinic]),
    "triage.suggest": lambda two, _: two.desk.triage.suggest(two.clinic),
    "triage.suggest_for": lambda two, _: two.desk.triage.suggest_for(ASKS, "", two.person),
    "announcements.tip_audience": lambda two, _: (
        [
            one
            for one in two.desk.announcements.tip_audience(two.solution, "").told
            if one.person_id == two.person
        ]
        and WORD
    ),
    "outbox.preview": lambda two, _: two.desk.outbox.preview(two.clinic),
    "wording.preview": lambda two, _: two.desk.wording.preview("opened", ticket=two.clinic),
}
"""What is shown for a ticket, a person or the words of a client: each is asked for the clinic."""

ASKED_FOR: Mapping[str, str] = {
    "may": "why_not",
    "absences": "list visits workload",
    "admin": "categories fields fields_for groups technicians views",
    "announcements": "audience calendar list on_boards settled show welcome_audience",
    "attention": "focus show",
    "board": "altered asked call_backs columns count counted counts first_page ids rows zone",
    "calendars": "fetch month",
    "calls": "categories people person script tickets_of",
    "changes": "close wait",
    "desk_settings": "all get read",
    "drafts": "drop get put",
    "figures": "catch_up face helped line pack performance rebuild show splits stars tickets today "
    "trends voices write_pack",
    "guides": "check diff export flowchart inspect lint list rehearse show text versions",
    "handing_over": "unseen",
    "importing": "desk look",
    "inbox": "close_history counts import_path list of_machines process standing raw receive "
    "shelf show takes_mail",
    "insight": "customers guide guides mistakes steps",
    "jobs": "hold release run_all run_once wake",
    "ledger": "log names openings",
    "letters": "forget identity message_id message_ids tell_requester tells_owner write write_to",
    "mailboxes": "all doors fetch get rest test watch",
    "notices": "glance list seen seen_all seen_ticket",
    "offers": "audience markdown pruned",
    "outbox": "letter queue send standing",
    "people": "all asked audience find organisations show",
    "problems": "join letter list outbreaks owners page queue show",
    "promises": "broken list",
    "records": "list sheet show uses",
    "releases": "list plan show told",
    "remote": "fitting",
    "rules": "all test try_out",
    "runs": "answer back conclude diagnose discard edit hand_over note open_runs pause resume run "
    "skip start transcript",
    "search": "complete find",
    "secrets": "list",
    "solutions": "history leaks list of_ticket offered rated show stale twins wanted",
    "staff": "close",
    "means.checklists": "names of",
    "means.macros": "by_key list",
    "means.recurring": "dates open_due run waiting",
    "means.templates": "fill list named",
    "means.texts": "used",
    "means.verbs": "list ready run",
    "tickets": "call_backs ending file people_told repeated sheet show unread why",
    "times": "list of proposed running ticket_of",
    "trackers": "ask_now leaks names of run",
    "triage": "standing",
    "visits": "around calendar left list of proposed today",
    "wording": "check list text",
}
"""What is asked for by its number or as a list of the desk's own, and what is no reading at all."""


def _site(two: Two, folder: Path) -> str:
    folder = folder / "site"
    two.desk.solutions.site(folder / "all")
    two.desk.solutions.site(folder / "inside", "organisation")
    two.desk.solutions.site(folder / "clinic", "organisation:Clinic")
    return "".join(file.read_text("utf-8") for file in folder.rglob("*.*") if file.is_file())


def _reads(desk: Desk) -> set[str]:
    """Give every public method of a service that is not asked how it shall be done: it reads."""
    found = set()
    for service, kind in services_of(desk):
        methods = (one for one in dir(kind) if not one.startswith("_"))
        found |= {f"{service}.{one}" for one in methods if is_read(getattr_static(kind, one))}
    return found


def services_of(desk: Desk) -> Iterator[tuple[str, type]]:
    """Give (name, class) of every service of a desk, and of its means of every day."""
    for holder, before in ((desk, ""), (desk.means, "means.")):
        for service, made in vars(type(holder)).items():
            if isinstance(made, cached_property):
                yield before + service, type(getattr(holder, service))


def is_read(method: object) -> bool:
    return isfunction(method) and "how" not in signature(method).parameters


def test_every_read_of_the_program_is_in_the_walk_or_said_to_be_none(sqlite_desk: Desk) -> None:
    """Whoever adds one says here whether it proposes something across tickets."""
    told = {f"{service}.{one}" for service, names in ASKED_FOR.items() for one in names.split()}
    assert not WALK.keys() & told
    assert _reads(sqlite_desk) - WALK.keys() == told


def test_no_read_shows_one_client_what_another_said(two: Two, tmp_path: Path) -> None:
    for name, ask in WALK.items():
        assert WORD.casefold() not in repr(ask(two, tmp_path)).casefold(), name


def _ship(two: Two) -> None:
    """Release what fixes Harbour's problem, then what fixes one that is nobody's."""
    desk = two.desk
    values = {"problems": f"P{two.problem}", "words": f"No {WORD} smears.", "how": "Restart it."}
    desk.records.add("release", "Plotter 2", values)
    desk.releases.ship("Plotter 2")
    nobodys = desk.problems.new({"title": "Drawings smear"}, [two.clinic]).of("problem")[0]
    values = {"problems": f"P{nobodys}", "words": "No smears.", "how": "Restart it."}
    desk.records.add("release", "Plotter 3", values)
    desk.releases.ship("Plotter 3")
    desk.releases.withdraw("Plotter 2", f"It is the {WORD} again.")


def _tip(two: Two) -> None:
    desk = two.desk
    desk.solutions.edit(two.solution, {"tip": f"Wipe the {WORD} daily."})
    desk.announcements.tip(two.solution, "everyone")


def _announce(two: Two) -> None:
    """Of Harbour's problem, told to everyone: running, updated, ended."""
    desk = two.desk

    def told() -> None:
        Announcing(desk.store, desk.letters).run(clock.now() + timedelta(minutes=1))

    for values in ({"problem": f"P{two.problem}"}, {"client": "Harbour"}):
        desk.announcements.new(f"All {WORD} stand still.", {"to": "everyone", **values})
        number = max(one.id for one in desk.announcements.list())
        told()
        desk.announcements.update(number, f"Some {WORD} run again.")
        told()
        desk.announcements.end(number, f"Each {WORD} runs.")
        told()


def _offer(two: Two) -> None:
    desk = two.desk
    for client, words in (("Harbour", f"Each {WORD} is looked after."), ("Clinic", "Beds too.")):
        values = {"organisation": client, "description": words, "solution": "4h"}
        desk.records.add("offer", f"Care for {client}", values)
    desk.offers.tell("everyone")


def _tell(two: Two) -> None:
    """A problem's workaround to owners of a model, its end to all of its tickets."""
    desk = two.desk
    desk.problems.set(two.problem, {"model": "Plotter 9"})
    desk.records.set("person", "cy@harbour.example", {"organisation": "Harbour"})
    for who in ("ada@harbour.example", "bo@clinic.example", "cy@harbour.example"):
        desk.records.set("device", f"plotter-{who[:2]}", {"model": "Plotter 9", "owner": who})
    desk.problems.tell(two.problem)


LETTERS: Mapping[str, Callable[[Two], None]] = {
    "release": _ship,
    "tip": _tip,
    "announcement": _announce,
    "offer": _offer,
    "problem": _tell,
}
"""What writes to many at once, about what is one client's."""


@pytest.mark.parametrize("what", LETTERS)
def test_no_letter_to_many_tells_one_client_what_is_anothers(two: Two, what: str) -> None:
    """The bytes as they leave, every part of them; whose it is reads it, else it proved nothing."""
    before = len(send_all(two.desk))
    LETTERS[what](two)
    send_all(two.desk)
    with two.desk.store.reading() as database:
        rows = database.all(
            "SELECT o.recipient, b.bytes FROM outbox o JOIN blob b ON b.sha256 = o.sha256 "
            "ORDER BY o.id"
        )[before:]
    read: dict[str, str] = {}
    for row in rows:
        message = message_from_bytes(bytes(row["bytes"]), policy=default)
        parts = [str(one.get_content()) for one in message.walk() if not one.is_multipart()]
        text = "\n".join([*map(str, message.values()), *parts])
        client = row["recipient"].partition("@")[2]
        read[client] = read.get(client, "") + text
    assert WORD in read["harbour.example"]
    assert WORD.casefold() not in read.get("clinic.example", "").casefold()


def test_the_walk_would_see_the_word(two: Two) -> None:
    """The same questions for Harbour's own ticket find it: else the walk proved nothing."""
    desk, own = two.desk, two.open
    ada = int(value(desk, own, "requester_id"))
    found = (
        desk.solutions.suggest(own),
        desk.solutions.like_tickets(own),
        desk.problems.fitting(own),
        desk.guides.suggest(own),
        desk.calls.alike(ASKS, person=ada),
        desk.announcements.for_person(ada),
        desk.solutions.search("plotter", ticket=own),
    )
    assert [WORD in repr(one) for one in found] == [True] * len(found)
    assert desk.problems.mates(own) == [two.harbour, own]


def test_what_was_published_for_all_is_everyones(two: Two) -> None:
    two.desk.solutions.publish(two.solution, "public", yes=True)
    assert [one.solution.id for one in two.desk.solutions.suggest(two.clinic)] == [two.solution]


@pytest.mark.parametrize(
    "ties",
    [
        lambda two: Link(two.harbour),
        lambda two: Merge(two.harbour),
        lambda two: Join(two.problem),
        lambda two: Use(two.solution),
        lambda two: SendSolution(two.solution),
        lambda two: Solve("Cleaned.", two.solution),
        lambda _: Watch(("ada@harbour.example",)),
        lambda _: Change(requester="ada@harbour.example"),
    ],
)
def test_what_ties_two_clients_is_asked_and_kept(two: Two, ties: Callable[[Two], Link]) -> None:
    asked = ties(two)
    before = two.desk.tickets.show(two.clinic).version
    with pytest.raises(AcrossClientsError, match="--across-clients"):
        two.desk.tickets.do([two.clinic], asked)
    assert two.desk.tickets.show(two.clinic).version == before
    done = two.desk.tickets.do([two.clinic], asked, ACROSS)
    assert any("as was asked" in note for note in done.notes)


def test_a_desk_without_clients_notices_nothing(two: Two) -> None:
    for name in ("Harbour", "Clinic"):
        two.desk.records.set("organisation", name, {"client": "no"})
    assert two.desk.solutions.suggest(two.clinic)
    two.desk.tickets.do([two.clinic], Link(two.harbour))
    two.desk.tickets.do([two.clinic], SendSolution(two.solution))


def test_what_was_said_stays_with_the_client_whose_it_was(two: Two) -> None:
    """Somebody who goes from one client to another takes nothing along, also not when merged."""
    desk = two.desk
    done = desk.records.set("person", "ada@harbour.example", {"organisation": "Clinic"})
    assert not desk.solutions.like_tickets(two.clinic)
    with pytest.raises(AcrossClientsError):
        desk.tickets.do([two.clinic], Link(two.harbour))
    desk.ledger.undo(done.operation_id)
    assert value(desk, two.harbour, "organisation_id") is None
    with pytest.raises(AcrossClientsError):
        desk.records.merge("person", "ada@harbour.example", "bo@clinic.example")
    desk.records.merge("person", "ada@harbour.example", "bo@clinic.example", ACROSS)
    assert not desk.solutions.like_tickets(two.clinic)


def test_a_client_merged_into_another_asks(two: Two) -> None:
    with pytest.raises(AcrossClientsError, match="Harbour into Clinic"):
        two.desk.records.merge("organisation", "Harbour", "Clinic")
    two.desk.records.merge("organisation", "Harbour", "Clinic", ACROSS)
    assert two.desk.solutions.show(two.solution).client == "Clinic"
    assert two.desk.solutions.suggest(two.clinic)


def test_owners_of_another_client_are_not_told_of_a_problem(two: Two) -> None:
    desk = two.desk
    desk.problems.set(two.problem, {"model": "Plotter 9"})
    for who in ("ada@harbour.example", "bo@clinic.example"):
        device = f"plotter-{who[:2]}"
        desk.records.set("device", device, {"model": "Plotter 9", "owner": who})
    desk.records.set("person", "Cy <cy@harbour.example>", {"organisation": "Harbour"})
    desk.records.set("device", "plotter-cy", {"model": "Plotter 9", "owner": "cy@harbour.example"})
    assert desk.problems.tell(two.problem).letters == 1
    assert {one.recipient for one in desk.outbox.queue() if one.ticket_id is None} == {
        "cy@harbour.example"
    }


def test_a_client_reads_its_own_desk_in_letters_and_hears_it_on_the_phone(two: Two) -> None:
    desk = two.desk
    face = {"address": "help@clinic.example", "desk_name": "Clinic desk", "mission": "Well again."}
    desk.records.set("organisation", "Clinic", {**face, "greeting": "Clinic desk, {name}?"})
    (own,) = (one for one in desk.outbox.queue() if one.ticket_id == two.clinic)
    (other,) = (one for one in desk.outbox.queue() if one.ticket_id == two.open)
    texts = [desk.outbox.letter(one.id).text for one in (own, other)]
    assert ["Clinic desk" in one for one in texts] == [True, False]
    assert ["Well again." in one for one in texts] == [True, False]
    now = clock.now()
    assert desk.calls.script(now, two.person).hello == "Clinic desk, cy?"
    assert desk.calls.script(now).hello != "Clinic desk, cy?"
    with desk.store.reading() as database:
        assert "help@clinic.example" in read_rules(database).addresses


SAID = "Subject: Your ward\n\nThe ward desk has your words.\n"


def _letter(two: Two, ticket: int) -> str:
    (row,) = (one for one in two.desk.outbox.queue() if one.ticket_id == ticket)
    return two.desk.outbox.letter(row.id).text


def test_a_client_has_its_own_words_of_letters(two: Two) -> None:
    desk = two.desk
    desk.wording.set("opened", SAID, client="Clinic")
    assert "The ward desk" in _letter(two, two.clinic)
    assert "The ward desk" not in _letter(two, two.open)
    assert desk.wording.text("opened", client="Clinic") == SAID
    assert "The ward desk" in desk.wording.preview("opened", ticket=two.clinic).text
    assert "The ward desk" not in desk.wording.preview("opened", ticket=two.open).text
    assert "The ward desk" not in desk.wording.text("opened")
    (own,) = (row for row in desk.records.list("template") if row["source"] == "client")
    assert own["name"] == "Clinic/opened"
    with pytest.raises(UsageError, match="line 1"):
        desk.records.set("template", "Clinic/de.opened", {"words": "no subject"})
    done = desk.wording.set("opened", None, client="Clinic")
    assert "The ward desk" not in _letter(two, two.clinic)
    desk.ledger.undo(done.operation_id)
    assert "The ward desk" in _letter(two, two.clinic)


def test_own_words_of_letters_go_where_the_client_goes(two: Two) -> None:
    desk = two.desk
    desk.wording.set("opened", SAID, client="Clinic")
    desk.records.merge("organisation", "Clinic", "Harbour", ACROSS)
    assert "The ward desk" in _letter(two, two.open)
    Forgetting(desk).client("Harbour")
    left = everything(desk)
    assert ["ward desk" in left, "'Clinic'" in left, '"Clinic"' in left] == [False] * 3


def test_the_desks_values_are_not_read_under_a_clients_own_mission(two: Two) -> None:
    desk = two.desk
    desk.records.set("setting", "desk.values", {"value": "We hurry."})
    assert "We hurry." in _letter(two, two.clinic)
    desk.records.set("organisation", "Clinic", {"mission": "Well again."})
    assert "We hurry." not in _letter(two, two.clinic)
    assert "We hurry." in _letter(two, two.open)
    assert "Well again." in desk.offers.markdown("Clinic")


def test_a_field_of_a_client_is_on_its_tickets_alone(two: Two) -> None:
    desk = two.desk
    desk.records.set("field", "ward", {"choices": "A\nB", "client": "Clinic", "required_for": ""})
    desk.records.set("field", "site_code", {})
    assert [one.name for one in desk.tickets.sheet([two.clinic]).fields] == ["site_code", "ward"]
    assert [one.name for one in desk.tickets.sheet([two.open]).fields] == ["site_code"]
    assert [one.name for one in desk.tickets.sheet([two.open, two.clinic]).fields] == ["site_code"]
    assert [one.name for one in desk.admin.fields_for(two.person)] == ["site_code", "ward"]
    assert [one.name for one in desk.admin.fields_for(None)] == ["site_code"]
    verbs(desk).change([two.clinic], fields={"Ward": "a"})
    assert desk.tickets.show(two.clinic).fields == {"ward": "A"}
    with pytest.raises(RefusedError, match=r"only tickets of Clinic have the field ward"):
        verbs(desk).change([two.open], fields={"ward": "A"})


def test_a_field_of_a_client_is_needed_and_set_by_rules_for_its_tickets_alone(two: Two) -> None:
    desk = two.desk
    desk.records.set("category", "plotter", {})
    desk.records.set("field", "ward", {"client": "Clinic", "required_for": "plotter"})
    for number in (two.clinic, two.open):
        verbs(desk).change([number], named={"category": "plotter"})
    verbs(desk).solve([two.open], "Cleaned.")
    with pytest.raises(RefusedError, match="ward"):
        verbs(desk).solve([two.clinic], "Cleaned.")
    desk.records.add("rule", "Wards", {"query": "smears", "fields": "ward=3"})
    numbers = [_open(desk, who, ASKS) for who in ("bo@clinic.example", "ada@harbour.example")]
    assert [desk.tickets.show(one).fields for one in numbers] == [{"ward": "3"}, {}]
