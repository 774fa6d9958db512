"""What a login may not see is not there for it: by number, count or error (semantics §14)."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from textual.widgets import Static

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain import clock
from deskterm.domain.asking import How, Request
from deskterm.domain.errors import DeskError, NotFoundError, RefusedError
from deskterm.domain.proposals import Proposal
from deskterm.domain.requests import NewTicket
from deskterm.domain.times import StartClock
from deskterm.domain.verbs import Change, Escalate, Link, Note, Reply
from deskterm.services.exporting import export
from deskterm.services.team import Team as Roles
from deskterm.services.triage.learning import Learning
from deskterm.storage.driver import Database
from deskterm.storage.rights.laying import lay
from deskterm.storage.rights.sight import COUNTED, NOT_HIDDEN, SEEN, WORDY
from deskterm.storage.targets import links
from tests.cli.conftest import Cli
from tests.rights.conftest import Team
from tests.rights.row_attacks import OUTWARD, READS, WORDS, WRITES
from tests.rights.test_daily import DESK, TICKETS, run_script
from tests.screens.conftest import running, settled, shown


class Apart(NamedTuple):
    """A ticket of a restricted group, one of Harbour, and one of the clinic, which ann sees."""

    team: Team
    secret: int
    harbour: int
    clinic: int


def _open(desk: Desk, who: str, subject: str) -> int:
    asked = NewTicket(subject=subject, body=f"{subject}, please help.", requester=who)
    return desk.tickets.new(asked).tickets[0]


@pytest.fixture(scope="module")
def apart(team: Team) -> Iterator[Apart]:
    """What is kept apart at the desk of the team: Ann sees the clinic's alone, Bea no secrets."""
    desk = team.desk("mona")
    for name, address in (("Harbour", "ada@harbour.example"), ("Clinic", "bo@clinic.example")):
        desk.records.set("organisation", name, {})
        desk.records.set("person", f"{name} <{address}>", {"organisation": name})
    desk.records.set("group", "secrets", {"restricted": "yes"})
    secret = _open(desk, "bo@clinic.example", f"Salary {WORDS['bea']}")
    desk.tickets.do([secret], Change(group="secrets"))
    harbour = _open(desk, "ada@harbour.example", f"Plotter {WORDS['clara']}")
    clinic = _open(desk, "bo@clinic.example", "Plotter smears every drawing")
    with closing(team.connected()) as owner:
        group = owner.returned("SELECT deskterm_role('technician') AS name")["name"]
        for login in ("clara", "bea"):
            owner.run(f"DROP ROLE IF EXISTS {login}")
            owner.run(f"CREATE ROLE {login} LOGIN IN ROLE {group}")
    Roles(team.desk()).restrict("clara", ["clinic"])
    yield Apart(team, secret, harbour, clinic)
    with closing(team.connected()) as owner:
        owner.run("DELETE FROM allowed_client")
    desk.records.set("group", "secrets", {"restricted": "no"})


def _numbers(apart: Apart, login: str) -> set[int]:
    with closing(apart.team.connected(login)) as database:
        rows = database.all("SELECT id FROM ticket WHERE id IN :ids", ids=[*apart[1:]])
    return {row["id"] for row in rows}


def test_a_restricted_groups_tickets_are_its_members(apart: Apart) -> None:
    assert _numbers(apart, "bea") == {apart.harbour, apart.clinic}
    assert _numbers(apart, "clara") == {apart.clinic}
    for login in ("mona", "wanda", "audrey", "basil", "postgres"):
        assert _numbers(apart, login) == {*apart[1:]}, login


def test_who_sees_what_is_told_and_taken_back(apart: Apart) -> None:
    roles = Roles(apart.team.desk())
    assert {one.login: one.clients for one in roles.members()}["clara"] == ("Clinic",)
    roles.restrict("clara", [])
    assert _numbers(apart, "clara") == {apart.harbour, apart.clinic}
    assert roles.restrict("clara", ["Harbour", "Clinic"]) == ("Clinic", "Harbour")
    assert _numbers(apart, "clara") == {apart.harbour, apart.clinic}
    roles.restrict("clara", ["Clinic"])
    with pytest.raises(NotFoundError, match="no client 'Nowhere'"):
        roles.restrict("clara", ["Nowhere"])
    with pytest.raises(NotFoundError, match="no login 'nobody'"):
        roles.restrict("nobody", ["Clinic"])
    with pytest.raises(RefusedError, match="audrey is auditor, and sees everything"):
        roles.restrict("audrey", ["Clinic"])
    with pytest.raises(RefusedError, match="may not change roles"):
        Roles(apart.team.desk("mona")).restrict("clara", [])


def test_a_contract_of_several_is_seen_by_whom_it_names_who_else_has_it_is_not(
    apart: Apart,
) -> None:
    put = apart.team.desk("mona").records.set
    put("offer", "Shared", {"organisation": "Harbour\nClinic", "site": ""})
    put("offer", "Theirs", {"organisation": "Harbour", "segment": "gold"})
    put("offer", "For all", {"pickup": "3h"})
    with closing(apart.team.connected("clara")) as database:
        seen = {row["name"]: row["clients"] for row in database.all("SELECT * FROM offer")}
        named = {one.name for one in links(database)}
    assert (seen, named) == ({"Shared": 2, "For all": 0}, {"Clinic"})
    with closing(apart.team.connected("bea")) as database:
        assert {one.name for one in links(database)} == {"Harbour", "Clinic", "gold"}
    for name in ("Shared", "Theirs", "For all"):
        apart.team.desk("mona").records.remove("offer", name)


def test_a_client_that_somebody_is_kept_to_is_merged_into_none(apart: Apart) -> None:
    desk = apart.team.desk("mona")
    with pytest.raises(RefusedError, match="clara may see Clinic alone: whoever owns"):
        desk.records.merge("organisation", "Clinic", "Harbour", How(across=True))


def test_a_login_renamed_on_the_server_sees_nothing_and_the_check_says_why(apart: Apart) -> None:
    with closing(apart.team.connected()) as owner:
        owner.run("ALTER ROLE clara RENAME TO klara")
        try:
            assert _numbers(apart, "klara") == set()
            found = Roles(apart.team.desk()).check()
            assert any("clara is kept to Clinic, and no login of that name" in one for one in found)
        finally:
            owner.run("ALTER ROLE klara RENAME TO clara")
    assert _numbers(apart, "clara") == {apart.clinic}


def test_row_security_that_is_off_is_found(apart: Apart) -> None:
    with closing(apart.team.connected()) as owner:
        owner.run("ALTER TABLE ticket DISABLE ROW LEVEL SECURITY")
        assert any("row security of ticket" in one for one in Roles(apart.team.desk()).check())
        owner.run("ALTER TABLE ticket ENABLE ROW LEVEL SECURITY")
    assert not any("row security" in one for one in Roles(apart.team.desk()).check())


def _known(apart: Apart, login: str) -> dict[str, object]:
    """Give what the statements about what is hidden from a login are filled in with."""
    hidden = apart.secret if login == "bea" else apart.harbour
    with closing(apart.team.connected()) as owner:
        row = owner.returned(
            "SELECT t.requester_id AS person, t.whose AS client, (SELECT id FROM desk_group "
            "WHERE name = 'secrets') AS kept FROM ticket t WHERE t.id = :id",
            id=apart.harbour,
        )
    ids = {"id": hidden, "own": apart.clinic, "group": row["kept"]}
    return {**ids, "word": WORDS[login], "person": row["person"], "client": row["client"]}


def test_the_attacks_would_find_what_is_there(apart: Apart) -> None:
    """The same statements as somebody who sees everything: most of them find it."""
    known = _known(apart, "bea")
    with closing(apart.team.connected("mona")) as database:
        database.connection.execute("BEGIN")
        found = [sql for sql in READS if "rows" in _tried(database, sql.format(**known))]
        database.connection.execute("ROLLBACK")
    assert len(found) > 25, found


def _tried(database: Database, sql: str) -> str:
    """Try a statement up to its commit; gives `nothing`, `refused` or what came."""
    connection = database.connection
    connection.execute("SAVEPOINT attack")
    try:
        cursor = connection.cursor()
        if sql.startswith("COPY"):
            with cursor.copy(sql.encode()) as copy:
                many = sum(len(bytes(part)) for part in copy)
        else:
            cursor.execute(sql.encode())
            while cursor.nextset():
                pass
            many = cursor.rowcount
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except psycopg.Error as error:
        return "refused" if error.sqlstate in ("42501", "22012") else f"wrong: {error}"
    finally:
        connection.execute("ROLLBACK TO SAVEPOINT attack")
    return "nothing" if many in (0, -1) else f"{many} rows"


@pytest.mark.parametrize("login", ["bea", "clara"])
def test_whoever_may_not_see_a_ticket_finds_and_touches_nothing_of_it(
    apart: Apart, login: str
) -> None:
    known = _known(apart, login)
    found: dict[str, str] = {}
    with closing(apart.team.connected(login)) as database:
        database.connection.execute("BEGIN")
        database.connection.execute(
            "INSERT INTO operation (id, kind, actor, at) "
            "VALUES ('of rows', 'x', session_user, clock_timestamp())"
        )
        for sql in READS:
            said = _tried(database, sql.format(**known))
            if said != "nothing":
                found[sql] = said
        for sql in (*WRITES, *OUTWARD[login]):
            said = _tried(database, sql.format(**known))
            if said not in ("nothing", "refused"):
                found[sql] = said
        database.connection.execute("ROLLBACK")
    assert found == {}


INDEXED = {
    "SELECT subject FROM ticket WHERE id = 1": "ticket_pkey",
    "SELECT id FROM ticket WHERE id = ANY ('{1,2}')": "ticket_pkey",
    "SELECT id FROM ticket WHERE state = 'new' ORDER BY opened_at LIMIT 50": "ticket_state",
    "SELECT id FROM ticket WHERE assignee = 'ann'": "ticket_assignee",
    "SELECT id FROM ticket WHERE requester_id = 1": "ix_ticket_requester_id",
    "SELECT id FROM ticket ORDER BY is_open DESC, line, rank_at, impact DESC, opened_at, id "
    "LIMIT 50": "ticket_board",
    "SELECT count(*) FROM ticket WHERE is_open": "deskterm_open",
    "SELECT text FROM ledger WHERE kind = 'ticket' AND subject_id = 1": "ledger_subject",
    "SELECT actor FROM operation WHERE id = 'x'": "operation_pkey",
    "SELECT person_id FROM person_address WHERE address = 'x@y.example'": "person_address_pkey",
    "SELECT name FROM person WHERE id = 1": "person_pkey",
    "SELECT status FROM step WHERE ticket_id = 1": "step_pkey",
    "SELECT person_id FROM watcher WHERE ticket_id = 1": "watcher_pkey",
    "SELECT name FROM attachment WHERE ticket_id = 1": "ix_attachment_ticket_id",
    "SELECT bytes FROM blob WHERE sha256 = 'x'": "blob_pkey",
    "SELECT state FROM outbox WHERE ticket_id = 1": "ix_outbox_ticket_id",
    "SELECT ticket_id FROM mail_reference WHERE message_id = '<x@y>'": "mail_reference_pkey",
}
"""What a day's reads ask → the index that leads to it, where a table is large."""


@pytest.mark.parametrize("login", ["bea", "clara"])
def test_indexes_lead_under_row_security_and_who_asks_is_asked_once(
    apart: Apart, login: str
) -> None:
    with closing(apart.team.connected(login)) as database:
        database.all("SELECT set_config('enable_seqscan', 'off', false)")
        for sql, index in INDEXED.items():
            plan = [row["QUERY PLAN"] for row in database.all(f"EXPLAIN {sql}")]
            first = [line for line in plan if "Scan" in line][0:3]
            assert any(index in line for line in first), (sql, plan)
            lines = [line.replace("deskterm_tells(", "") for line in plan]
            asked = [line for line in lines if "deskterm_" in line]
            assert not any("Filter" in line or "Cond" in line for line in asked), (sql, plan)
            assert any("InitPlan" in line for line in plan), (sql, plan)


def test_the_search_of_whoever_sees_a_part_uses_its_index(apart: Apart) -> None:
    with closing(apart.team.connected()) as owner:
        owner.all("SELECT set_config('enable_seqscan', 'off', false)")
        found = "SELECT id FROM ticket WHERE search @@ to_tsquery('deskterm_search', 'vpn')"
        rows = owner.all(f"EXPLAIN {found} AND {NOT_HIDDEN}")
        plan = "\n".join(row["QUERY PLAN"] for row in rows)
    assert "ticket_search" in plan
    assert apart.team.desk("mona").search.find("drawing")
    with closing(open_desk(settings.load({"db": apart.team.url("clara")}))) as desk:
        assert str(apart.clinic) in repr(desk.search.find("drawing"))
        assert str(apart.harbour) not in repr(desk.search.find("plotter"))


def _estimates(database: Database) -> set[str]:
    """Give what the server expects of tickets whose subject comes before each letter."""
    return {
        database.all(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM ticket WHERE {what} < '{letter}'")[0][
            "QUERY PLAN"
        ][0]["Plan"]["Plan Rows"]
        for what in ("subject", "body")
        for letter in "AGMPSTZagmpz"
    }


def test_estimates_of_the_server_spell_no_hidden_word(apart: Apart) -> None:
    """What was gathered before the rights were laid is forgotten with it, and none comes anew."""
    bea, owner = apart.team.desk("bea"), apart.team.desk("mona")
    owner.tickets.new_many([NewTicket("x@y.example", f"{one} x") for one in "AHNRTUbhnq" * 4])
    with (
        closing(apart.team.connected()) as server,
        closing(apart.team.connected("bea")) as database,
    ):
        for word in ("subject", "body"):
            server.run(f"ALTER TABLE ticket ALTER COLUMN {word} SET STATISTICS -1")
        server.run("ANALYZE ticket")
        assert len(_estimates(database)) > 2, "else the server keeps none of its own accord"
        server.begin()
        assert lay(server)
        server.commit()
        for _ in range(2):
            assert len(_estimates(database)) == 1
            kept = server.all(
                "SELECT c.relname || '.' || a.attname AS name FROM pg_statistic s "
                "JOIN pg_attribute a ON a.attrelid = s.starelid AND a.attnum = s.staattnum "
                "JOIN pg_class c ON c.oid = a.attrelid WHERE c.relname IN :seen "
                "AND a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'bytea'::regtype)",
                seen=[*SEEN],
            )
            named = {row["name"] for row in kept}
            assert {
                one for one in named if one.split(".")[1] not in COUNTED
            } | named & WORDY == set()
            server.run("ANALYZE")
    assert bea.board.count("is:open") > 0


def test_what_a_part_seer_cannot_do_is_said_in_a_sentence(apart: Apart, tmp_path: Path) -> None:
    for login, hidden in (("bea", apart.secret), ("clara", apart.harbour)):
        with closing(open_desk(settings.load({"db": apart.team.url(login)}))) as desk:
            with pytest.raises(NotFoundError, match=f"no ticket #{hidden}"):
                desk.tickets.do([hidden], Note("x"))
            with pytest.raises(NotFoundError, match=f"#{hidden}"):
                desk.tickets.do([apart.clinic], Link(hidden))
            with pytest.raises(RefusedError, match="a copy of a part"):
                export(desk.store, tmp_path / login)
            with pytest.raises(RefusedError, match="you see a part"):
                desk.figures.rebuild()
            desk.tickets.do([apart.clinic], Note("Looked at it."))
            desk.tickets.do([apart.clinic], Reply("We look at it."))
    with closing(open_desk(settings.load({"db": apart.team.url("clara")}))) as desk:
        with pytest.raises(RefusedError, match="somebody's whom you do not see"):
            _open(desk, "ada@harbour.example", "VPN")
        with pytest.raises(DeskError):
            desk.tickets.do([apart.clinic], Change(requester="ada@harbour.example"))


@pytest.fixture
def bea(apart: Apart) -> Iterator[Desk]:
    """The desk as Bea has it, who is in no restricted group."""
    with closing(open_desk(settings.load({"db": apart.team.url("bea")}))) as desk:
        yield desk


@pytest.mark.parametrize(
    "asked", [Escalate("secrets", "It is about pay."), Change(group="secrets")], ids=["up", "facts"]
)
def test_a_ticket_goes_into_a_group_that_one_is_not_in(
    apart: Apart, bea: Desk, asked: Request
) -> None:
    mona = apart.team.desk("mona")
    number = _open(bea, "ada@harbour.example", "Pay slip is wrong")
    bea.tickets.do([number], StartClock())
    done = bea.tickets.do([number], asked)
    assert done.gone == (number,)
    assert done.notes[0] == f"#{number}: handed to secrets; you no longer see it."
    assert f"Your clock on #{number} was stopped" in done.notes[1]
    with pytest.raises(NotFoundError, match=f"no ticket #{number}"):
        bea.tickets.show(number)
    seen = mona.tickets.show(number)
    assert (seen.group, seen.timeline[-1].actor) == ("secrets", "bea")
    with closing(apart.team.connected()) as owner:
        row = owner.returned(
            "SELECT m.group_id = t.group_id AS measured, (SELECT count(*) FROM outbox o WHERE "
            "o.ticket_id = t.id AND o.operation_id = :op AND o.state = 'queued') AS letters "
            "FROM ticket t JOIN measure m ON m.ticket_id = t.id WHERE t.id = :id",
            id=number,
            op=done.operation_id,
        )
    assert (row["measured"], row["letters"]) == (True, done.letters)
    again = bea.tickets.do([number], asked, How(done.operation_id))
    assert (again.repeated, again.gone) == (True, (number,))
    found = mona.ledger.undo(done.operation_id)
    assert found.tickets == (number,)
    assert bea.tickets.show(number).group is None


def test_whoever_handed_it_over_takes_nothing_back_and_is_told_who_can(
    apart: Apart, bea: Desk
) -> None:
    mona = apart.team.desk("mona")
    mona.records.set("group", "secrets", {"members": "mona"})
    kept, gone = (_open(bea, "ada@harbour.example", words) for words in ("Mouse", "Pay"))
    bea.tickets.do([kept], Note("It squeaks."))
    both = bea.tickets.do([kept, gone], Note("Asked."))
    over = bea.tickets.do([gone], Escalate("secrets", "It is about pay."))
    who = f"mona of secrets, or a manager, can take that back .`deskterm undo {over.operation_id}`."
    with pytest.raises(RefusedError, match=f"#{gone} was handed to secrets.*{who}"):
        bea.ledger.undo(over.operation_id)
    with pytest.raises(RefusedError, match=f"#{gone} went to a group or client"):
        bea.ledger.undo(both.operation_id)
    found = bea.ledger.undo()
    assert (found.back, found.tickets) == (f"note #{kept}", (kept,))
    assert f"escalate #{gone}: #{gone} was handed to secrets" in found.notes[0]
    mona.ledger.undo(over.operation_id)
    assert bea.tickets.show(gone).group is None


def test_a_ticket_opened_for_a_group_that_one_is_not_in_is_theirs_at_once(
    apart: Apart, call: Callable[[str], Cli]
) -> None:
    bea = call("bea")
    asked = ("--from", "ada@harbour.example", "--subject", "Pay", "--group", "secrets")
    made = bea("ticket", "new", *asked, "--no-input")
    assert (made.code, made.err.count("handed to secrets; you no longer see it.")) == (0, 1)
    number = int(re.findall(r"#(\d+)", made.err)[0])
    assert apart.team.desk("mona").tickets.show(number).group == "secrets"
    steps = "escalate group=secrets summary='About pay.'\nnote text='For {name}.'"
    apart.team.desk("mona").records.add("macro", "up", {"steps": steps})
    number = _open(apart.team.desk("mona"), "ada@harbour.example", "Salary")
    done = call("bea")("ticket", "do", str(number), "up")
    assert (done.code, f"#{number}: handed to secrets" in done.err) == (0, True), done.err
    assert call("bea")("ticket", "show", str(number)).code != 0


def test_an_action_of_the_register_is_seen_by_whoever_sees_its_client(apart: Apart) -> None:
    mona = apart.team.desk("mona")
    for name, client in (("Ward round", "Clinic"), ("Dock round", "Harbour"), ("Ours", "")):
        mona.records.set("improvement", name, {"figure": "reopened", "client": client})
    mona.records.set("improvement", "Dock round", {"words": "Walk along the docks."})
    clara = apart.team.desk("clara")
    assert [one.name for one in clara.figures.register.list()] == ["Ward round"]
    assert {row["name"] for row in clara.records.list("improvement")} == {"Ward round"}
    with closing(apart.team.connected("clara")) as database:
        told = database.all("SELECT text FROM ledger WHERE kind = 'improvement'")
        assert {row["text"] for row in told} == {"Ward round"}
        with pytest.raises(RefusedError), closing(apart.team.connected("clara")) as own:
            own.run(
                "INSERT INTO improvement (name, words, figure, query, target, first_day, last_day, "
                "reason, baseline, result, organisation_id) SELECT 'x', '', 'reopened', '', '', "
                "'2026-01-01', '2026-01-02', '', '', '', min(id) FROM desk_group"
            )
    assert len(apart.team.desk("bea").figures.register.list()) >= 3
    for name in ("Ward round", "Dock round", "Ours"):
        mona.records.remove("improvement", name)


def test_whoever_sees_a_part_is_proposed_what_like_tickets_in_it_were(apart: Apart) -> None:
    """Fails where tickets of others, or what was learned of them, say anything."""
    mona, clara = apart.team.desk("mona"), apart.team.desk("clara")
    for path in ("plotters", "secretplotters"):
        mona.records.set("category", path, {})
    words = "The banner plotter eats its foil"
    bo = clara.people.page("bo@clinic.example").person.id
    seen = [_open(mona, "bo@clinic.example", f"{words}, {n}") for n in range(3)]
    mona.tickets.do(seen, Change(category="plotters"))

    def proposed() -> list[Proposal]:
        kinds = ("category", "service", "group")
        return clara.triage.suggest_for(words, "", bo, kinds=kinds, near=False)

    before = proposed()
    (category,) = [one for one in before if one.kind == "category"]
    assert (category.value, category.words[0][:6]) == ("plotters", "like #")
    assert {int(word.removeprefix("like #")) for word in category.words} == {*seen}
    assert category.is_worth_showing
    hidden = [_open(mona, "ada@harbour.example", f"{words} again {n}") for n in range(5)]
    mona.tickets.do(hidden, Change(category="secretplotters"))
    wanda = apart.team.desk("wanda")
    Learning(wanda.store).run(clock.now(), 30)
    assert proposed() == before
    own = mona.triage.suggest_for(words, "", None, kinds=("category",), near=False)
    assert not any(word.startswith("like #") for one in own for word in one.words)


UNSEEN = (
    "secrets is restricted: only mona and managers see its tickets; you will not see it any more"
)


def test_who_will_not_see_it_any_more_is_said_before_it_is_handed_over(
    apart: Apart, call: Callable[[str], Cli]
) -> None:
    mona = apart.team.desk("mona")
    mona.records.set("group", "secrets", {"members": "mona"})
    bea = apart.team.desk("bea")
    assert bea.handing_over.unseen()["secrets"] == UNSEEN
    assert mona.handing_over.unseen()["secrets"].endswith("see its tickets; you will see it")
    number = _open(bea, "ada@harbour.example", "Pay slip")
    asked = ("ticket", "escalate", str(number), "--group", "Secrets", "--summary", "About pay.")
    dry = call("bea")(*asked, "--dry-run")
    assert (dry.code, dry.err.count(UNSEEN)) == (0, 1), dry.err
    assert bea.tickets.show(number).group is None
    done = call("bea")(*asked)
    assert (done.code, done.err.index(UNSEEN) < done.err.index("handed to secrets")) == (0, True)


async def test_the_form_says_who_will_not_see_it_before_it_is_sent(apart: Apart) -> None:
    for name in ("secrets", "network"):
        apart.team.desk("mona").records.set("group", name, {"members": "mona"})
    number = _open(apart.team.desk("bea"), "ada@harbour.example", "Umbrella stand wobbles")
    async with running(apart.team.desk("bea"), (80, 24), login="bea") as pilot:
        await shown(pilot, f"id:{number}")
        await pilot.press("greater_than_sign")
        await settled(pilot)
        warned = pilot.app.screen.query_one("#unseen", Static)
        assert not warned.display
        await pilot.press(*"netw")
        await settled(pilot)
        assert not warned.display
        await pilot.press(*["backspace"] * 4, *"secr")
        await settled(pilot)
        assert warned.display
        assert str(warned.content) == f"! {UNSEEN}."
        assert warned.region in pilot.app.screen.region
        await pilot.press("escape")


def test_whoever_sees_a_part_is_told_what_triage_proposes_from(
    apart: Apart, call: Callable[[str], Cli]
) -> None:
    for login, part in (("bea", True), ("clara", True), ("mona", False)):
        said = call(login)("doctor").out
        assert ("you see a part: proposed are rules, names" in said) is part, said


@pytest.mark.parametrize("script", [TICKETS, DESK], ids=["tickets", "desk"])
@pytest.mark.parametrize("login", ["bea", "clara"])
def test_whoever_sees_a_part_works_a_day_on_it(
    apart: Apart, call: Callable[[str], Cli], login: str, script: str
) -> None:
    asked = [NewTicket(f"Ada <ada{n}@{login}.example>", f"VPN {n}", "Broken.") for n in range(3)]
    with closing(open_desk(settings.load({"db": apart.team.url(login)}))) as desk:
        made = desk.tickets.new_many(asked).tickets
    numbers = dict(zip(("one", "two", "three"), made, strict=True))
    boss = f"{login}-boss"
    script = script.replace("boss@", f"{boss}@").replace("--by Boss", f"--by {boss}")
    script = script.replace("@example.org", f"@{login}.example")
    assert run_script(call(login), script, numbers) == {}
