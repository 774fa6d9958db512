"""Every read of the program, asked by a login that is kept to another client (semantics §14).

Each is asked by every number, name and word of what is hidden, and must say what it says of
something that was never there. A new read is asked by itself: its parameters are known by name.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from inspect import Parameter, getattr_static, signature
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain import clock
from deskterm.domain.errors import DeskError
from deskterm.domain.requests import NewTicket
from deskterm.reports.shown import Wish
from deskterm.services.team import Team as Roles
from deskterm.storage.driver import connect
from deskterm.storage.rights.laying import lay
from tests import postgres
from tests.mails import mail_bytes
from tests.services.test_clients import WALK, WORD, Two, is_read, services_of, two_clients
from tests.verbs import verbs

SECRET = "Gehaltsliste"
NEVER = 7_654_321
NO_READ = frozenset(
    {
        *("letters", "jobs", "importing", "changes", "staff.close", "drafts", "means.verbs.run"),
        *("outbox.send", "inbox.process", "inbox.receive", "inbox.import_path"),
        *("inbox.close_history", "mailboxes.fetch", "mailboxes.doors", "mailboxes.rest"),
        *("mailboxes.test", "mailboxes.watch", "trackers.run", "trackers.ask_now"),
        *("problems.join", "calendars.fetch", "means.recurring.run", "board.zone"),
        *("announcements.calendar", "visits.calendar", "ledger.names", "ledger.openings"),
        *("guides.inspect", "guides.lint", "guides.rehearse", "means.templates.fill"),
        *("tickets.repeated", "wording.check", "desk_settings.read", "figures.tickets"),
        *("guides.suggest_for", "rules.try_out", "runs.diagnose"),
    }
)
"""What changes something, waits, or is given what was read already."""


BESIDES = (
    "INSERT INTO attachment (ticket_id, entry_id, name, media_type, size, sha256, inline) "
    "SELECT :ticket, (SELECT max(id) FROM ledger), 'plan.txt', 'text/plain', 1, min(sha256), FALSE "
    "FROM inbox",
    "INSERT INTO time_entry (ticket_id, technician, kind, state, started_at, seconds, note) "
    "VALUES (:ticket, 'cy', 'work', 'booked', now(), 60, '')",
)
"""What Harbour's ticket has besides."""


class Hidden(NamedTuple):
    """Numbers, names and words of Harbour's, or of nothing that ever was."""

    ticket: int
    person: int
    problem: int
    solution: int
    announcement: int
    letter: int
    mail: int
    run: int
    time: int
    attachment: int
    who: str
    client: str
    guide: str
    query: str
    text: str


def _never(hidden: Hidden) -> Hidden:
    gone: dict[str, Any] = {
        of: NEVER for of, one in hidden._asdict().items() if isinstance(one, int)
    }
    gone |= {"who": "nobody@nowhere.example", "client": "Nowhere", "guide": "never-was"}
    return hidden._replace(**gone | {"query": "org:Nowhere", "text": "Qwertzfrequenz"})


class Looking(NamedTuple):
    """The desk as clara sees it, who is kept to the clinic, and what she must not see."""

    two: Two
    hidden: Hidden
    secret: Hidden
    """A ticket of a restricted group; what else is asked for never was."""
    owner: str

    def url(self, login: str) -> str:
        """Give the URL of the desk for a login."""
        return self.owner.replace("postgres:@", f"{login}:@")


@pytest.fixture(scope="module")
def looking(postgres_server: str) -> Iterator[Looking]:
    """Two clients, much of Harbour's, and a login that is kept to the clinic."""
    postgres_url = postgres.take(postgres_server)
    _count_on(postgres_url)
    with closing(open_desk(settings.load({"db": postgres_url}, as_login="cy"))) as desk:
        two = two_clients(desk)
        hidden = _filled(desk, two)
        desk.records.set("group", "secrets", {"restricted": "yes"})
        asked = NewTicket("ada@harbour.example", f"{SECRET} of May", "See.", group="secrets")
        secret = desk.tickets.new(asked).tickets[0]
        verbs(desk).note([secret], f"Nobody may see the {SECRET}.")
        with closing(connect(postgres_url)) as owner:
            owner.begin()
            lay(owner)
            owner.commit()
            group = owner.returned("SELECT deskterm_role('technician') AS name")["name"]
            for login in ("kept", "outside"):
                owner.run(f"DROP ROLE IF EXISTS {login}")
                owner.run(f"CREATE ROLE {login} LOGIN IN ROLE {group}")
        Roles(desk).restrict("kept", ["Clinic"])
    looking = Looking(two, hidden, _never(hidden)._replace(ticket=secret), postgres_url)
    with closing(open_desk(settings.load({"db": looking.url("kept")}))) as kept:
        yield looking._replace(two=two._replace(desk=kept))
    postgres.give_back(postgres_url)


def _count_on(url: str) -> None:
    """Let every table count from a number of its own, so that each number is of one thing."""
    with closing(connect(url)) as owner:
        owner.run("UPDATE counter SET value = 50000 WHERE name = 'ticket'")
        for place, row in enumerate(
            owner.all("SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public'")
        ):
            owner.all("SELECT setval(:name, :first)", name=row["name"], first=51000 + 100 * place)


def _filled(desk: Desk, two: Two) -> Hidden:
    """Give Harbour one of everything else."""
    verbs(desk).reply([two.open], f"We look at the {WORD}.")
    verbs(desk).note([two.open], f"The {WORD} is worn.")
    run = desk.runs.start("plotter-smears", two.open).id
    desk.inbox.receive(mail_bytes(f"About the {WORD}", sender="ada@harbour.example"))
    desk.inbox.process()
    desk.records.add("announcement", f"{WORD} today", {"client": "Harbour"})
    with closing(connect(desk.store.url)) as owner:
        for statement in BESIDES:
            owner.run(statement, ticket=two.open)
        row = owner.returned(
            "SELECT (SELECT max(id) FROM outbox) AS letter, (SELECT max(id) FROM inbox) AS mail, "
            "(SELECT max(id) FROM announcement) AS announcement, "
            "(SELECT max(id) FROM attachment) AS attachment, "
            "(SELECT max(id) FROM time_entry) AS time, "
            "(SELECT person_id FROM person_address WHERE address = 'ada@harbour.example') AS person"
        )
    return Hidden(
        two.open,
        row["person"],
        two.problem,
        two.solution,
        row["announcement"],
        row["letter"],
        row["mail"],
        run,
        row["time"],
        row["attachment"],
        "ada@harbour.example",
        "Harbour",
        "plotter-smears",
        "org:Harbour",
        WORD,
    )


def test_the_walk_finds_nothing_of_another_client(looking: Looking, tmp_path: Path) -> None:
    for name, ask in WALK.items():
        try:
            said = repr(ask(looking.two, tmp_path))
        except DeskError as error:
            said = str(error)
        assert WORD.casefold() not in said.casefold(), name


NUMBER: Mapping[str, str] = {
    "problems": "problem",
    "solutions": "solution",
    "announcements": "announcement",
    "runs": "run",
    "inbox": "mail",
    "outbox": "letter",
    "times": "time",
    "calls": "person",
    "means.texts.for_person": "person",
}
"""Service or method → what its `number` is; else a ticket."""


PLAIN: Mapping[object, Callable[[Hidden], object]] = {
    str: lambda hidden: hidden.text,
    str | None: lambda _: None,
    int: lambda hidden: hidden.ticket,
    int | None: lambda hidden: hidden.ticket,
    bool: lambda _: True,
}
"""What a parameter that is not known by name is asked with."""


def _given(name: str, of: str, hidden: Hidden, folder: Path) -> object:
    """Give what a parameter of a method is asked with; Parameter.empty: nothing is known of it."""
    number = NUMBER.get(name) or NUMBER.get(name.partition(".")[0], "ticket")
    known: dict[str, object] = {
        "ticket": hidden.ticket,
        "person": hidden.person,
        "problem": hidden.problem,
        "solution": hidden.solution,
        "attachment": hidden.attachment,
        "goal": hidden.ticket,
        "number": getattr(hidden, number),
        "numbers": [hidden.ticket],
        "tickets": [hidden.ticket],
        "others": [hidden.ticket],
        "known": {hidden.ticket: 0},
        **dict.fromkeys(("text", "words", "title", "body"), hidden.text),
        **dict.fromkeys(("query", "asked", "history"), hidden.query),
        "queries": [hidden.query, "is:open"],
        "cap": 20,
        "who": hidden.who,
        "organisation": hidden.client,
        "slug": hidden.guide,
        "name": hidden.who if name.startswith("records") else hidden.client,
        "kind": "person",
        "recipient": hidden.who,
        "subject_id": hidden.ticket,
        "operation": "never",
        "now": clock.now(),
        "span": "7d",
        "period": "30d",
        "wish": Wish(("logged",), "30d"),
        "cursor": 3,
        "limit": 20,
        "most": 20,
        "reply": "Yes",
        "place": 0,
        "reason": "x",
        "values": {"title": hidden.text, "symptoms": hidden.text},
        "to": "network",
        "key": "x",
        "sets": {},
        "category": "general",
        "states": ("filed",),
        "told": None,
        "merges": True,
        "folder": folder / "site",
        "file": folder / "pack.html",
    }
    return known.get(of, Parameter.empty)


def _questions(desk: Desk) -> Iterator[tuple[str, Callable[..., object]]]:
    """Give (name, method) of every read of the program."""
    for service, kind in services_of(desk):
        holder = desk.means if service.startswith("means.") else desk
        of = getattr(holder, service.removeprefix("means."))
        for one in dir(kind):
            name = f"{service}.{one}"
            read = not one.startswith("_") and is_read(getattr_static(kind, one))
            if read and not {service, name} & NO_READ:
                yield name, getattr(of, one)


def _both(
    name: str, method: Callable[..., object], hidden: Hidden, folder: Path
) -> tuple[str, str]:
    """Give what is answered about what is hidden, and about what never was."""
    never, known = _never(hidden), dict[str, str]()
    said, asked = (_asked(name, method, one, folder, known) for one in (hidden, never))
    return _plain(said, hidden), _plain(asked, never)


def _asked(
    name: str, method: Callable[..., object], hidden: Hidden, folder: Path, known: dict[str, str]
) -> str:
    """Ask with what must be said, and with all that can be; gives what was answered, or why not.

    `known` keeps what was answered: a question that names nothing hidden is the same for both.
    """
    said = []
    for whole in (False, True):
        given = {}
        for parameter in signature(method).parameters.values():
            value = _given(name, parameter.name, hidden, folder)
            if parameter.default is Parameter.empty or (whole and value is not Parameter.empty):
                given[parameter.name] = value
                if given.get(parameter.name) is Parameter.empty and parameter.annotation in PLAIN:
                    given[parameter.name] = PLAIN[parameter.annotation](hidden)
        missing = [of for of, value in given.items() if value is Parameter.empty]
        assert not missing, f"{name}: what is asked for? {missing}"
        question = repr(given)
        if question not in known:
            known[question] = _answer(method, given)
        said.append(known[question])
    return "\n".join(said)


def _answer(method: Callable[..., object], given: Mapping[str, object]) -> str:
    try:
        return repr(method(**given))
    except DeskError as error:
        return f"{type(error).__name__}: {error}"


def _plain(said: str, hidden: Hidden) -> str:
    """Give an answer without what was asked for: a number or a word comes back with it."""
    for one in sorted(map(str, hidden), key=len, reverse=True):
        said = said.replace(one, "…")
    return re.sub(r"datetime\([^)]*\)|0x[0-9a-f]+", "…", said)


@pytest.mark.parametrize("login", ["kept", "outside"])
def test_no_read_tells_what_is_hidden_from_what_never_was(
    looking: Looking, login: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`kept` is kept to another client, `outside` does not belong to the restricted group."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    hidden = looking.hidden if login == "kept" else looking.secret
    word = WORD if login == "kept" else SECRET
    found: dict[str, tuple[str, str]] = {}
    with closing(open_desk(settings.load({"db": looking.url(login)}))) as desk:
        for name, method in _questions(desk):
            one, other = _both(name, method, hidden, tmp_path)
            if one != other or word.casefold() in one.casefold():
                found[name] = (one, other)
    assert not found, "\n\n".join(f"{name}: {_apart(*both)}" for name, both in found.items())


def test_the_walk_would_see_what_is_there(looking: Looking, tmp_path: Path) -> None:
    """Whoever sees everything is told of it by most of the same questions."""
    with closing(open_desk(settings.load({"db": looking.owner}))) as desk:
        both = {
            name: _both(name, method, looking.hidden, tmp_path) for name, method in _questions(desk)
        }
    told = {name for name, (hidden, never) in both.items() if hidden != never}
    assert len(told) > 60, sorted(told)


def _apart(one: str, other: str) -> str:
    """Give both answers from where they differ."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return f"\n  {one[max(0, at - 200) : at + 300]}\n  {other[max(0, at - 200) : at + 300]}"
