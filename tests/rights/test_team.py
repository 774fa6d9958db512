"""Logins and roles: made, moved, taken out and proven by `deskterm team`."""

import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.errors import DatabaseError, NotFoundError, RefusedError, UsageError
from deskterm.domain.requests import NewTicket
from deskterm.domain.team import Role
from deskterm.domain.verbs import Take
from deskterm.services.team import Team as Roles
from deskterm.storage.driver import Database, connect
from deskterm.storage.migrate import upgrade
from deskterm.storage.rights.laying import lay
from deskterm.storage.schema import HEAD
from deskterm.storage.secrets import token_secrets
from deskterm.storage.soundness import trouble
from tests.postgres import Cluster, cluster
from tests.rights.conftest import LOGINS, Team


@pytest.fixture
def roles(team: Team) -> Iterator[Roles]:
    """The owner's hand on roles; logins that a test makes are taken away again."""
    yield Roles(team.desk())
    with closing(team.connected()) as owner:
        for row in owner.all("SELECT rolname FROM pg_roles WHERE rolname LIKE 'new\\_%'"):
            owner.run(f"DROP OWNED BY {row['rolname']}")
            owner.run(f"DROP ROLE {row['rolname']}")
        owner.run("UPDATE technician SET active = FALSE WHERE login LIKE 'new\\_%'")


def _role(roles: Roles, login: str) -> str:
    return next((one.role for one in roles.members() if one.login == login), "")


def test_the_grants_as_laid_are_proven(roles: Roles) -> None:
    about = ("should", "trigger", "by hand", "no groups", "several roles")
    assert [one for one in roles.check() if any(word in one for word in about)] == []


def test_a_login_is_made_with_one_role_moved_and_taken_out(team: Team, roles: Roles) -> None:
    assert roles.add("new_eve", "technician")
    assert not roles.add("new_eve", "manager")
    assert _role(roles, "new_eve") == "manager"
    number = team.desk("ann").tickets.new(NewTicket("Ada <ada@example.org>", "x", "y")).tickets[0]
    with closing(team.connected("new_eve")):
        pass
    with closing(open_desk(settings.load({"db": team.url("new_eve")}))) as desk:
        assert desk.me == "new_eve"
        desk.tickets.do([number], Take())
    assert roles.remove("new_eve").tickets == 1
    assert _role(roles, "new_eve") == ""
    with closing(team.connected()) as owner:
        row = owner.returned("SELECT active FROM technician WHERE login = 'new_eve'")
        assert not row["active"]
    with closing(connect(team.url("new_eve"))) as database, pytest.raises(RefusedError):
        database.all("SELECT id FROM ticket")


def test_a_password_never_goes_to_the_server_as_it_is(team: Team, roles: Roles) -> None:
    kept = roles.kept("new_pat", "secret word")
    assert kept.startswith("SCRAM-SHA-256$")
    roles.add("new_pat", "auditor", kept)
    with closing(team.connected()) as owner:
        row = owner.returned("SELECT rolpassword FROM pg_authid WHERE rolname = 'new_pat'")
    assert row["rolpassword"] == kept


def test_only_whoever_owns_the_desk_changes_roles(team: Team) -> None:
    for login in LOGINS.values():
        with pytest.raises(RefusedError, match="postgres, who owns the desk"):
            Roles(team.desk(login)).add("new_mal", "manager")


def test_what_is_no_role_or_no_login_is_said(roles: Roles) -> None:
    with pytest.raises(UsageError, match="role 'king'"):
        roles.add("new_eve", "king")
    with pytest.raises(NotFoundError, match="no login 'new_nobody'"):
        roles.role("new_nobody", "manager")
    with pytest.raises(RefusedError, match="is a group on this server"):
        roles.add("pg_monitor", "manager")
    with pytest.raises(RefusedError, match="is you"):
        roles.remove("postgres")


def test_what_was_done_by_hand_is_found(team: Team, roles: Roles) -> None:
    with closing(team.connected()) as owner:
        owner.run("CREATE ROLE new_root LOGIN SUPERUSER")
        owner.run("CREATE ROLE new_hand LOGIN")
        owner.run("GRANT SELECT, DELETE ON ticket TO new_hand")
        roles.add("new_old", "technician")
        owner.run("ALTER ROLE new_old RENAME TO new_name")
        group = owner.returned("SELECT deskterm_role('auditor') AS name")["name"]
        owner.run(f"GRANT {group} TO new_name")
        owner.run(f"GRANT UPDATE ON ticket TO {group}")
        owner.run("ALTER TABLE ledger DISABLE TRIGGER deskterm_entry")
    found = "\n".join(roles.check())
    for said in (
        "trigger deskterm_entry is missing or switched off",
        "auditors may change ticket, and should not",
        "new_hand has rights given by hand: delete on ticket; select on ticket",
        "new_name has several roles (auditor, technician)",
        "technician new_old is active here, and no login of that name",
    ):
        assert said in found, found
    with closing(team.connected()) as owner:
        owner.run("ALTER TABLE ledger ENABLE TRIGGER deskterm_entry")
    roles.add("new_root", "technician")
    assert any("new_root owns the desk and works on tickets" in one for one in roles.check())


def _without_groups(owner: Database) -> None:
    """Leave the desk as on a server it was restored into; another test may have given it groups."""
    for role in Role:
        name = str(owner.returned("SELECT deskterm_role(:kind) AS name", kind=role)["name"])
        if owner.one("SELECT 1 AS n FROM pg_roles WHERE rolname = :name", name=name):
            owner.run(f'DROP OWNED BY "{name}"')
            owner.run(f'DROP ROLE "{name}"')


def test_a_desk_whose_groups_are_gone_says_so_and_gets_them_again(
    postgres_url: str, roles: Roles
) -> None:
    with closing(connect(postgres_url)) as owner:
        _without_groups(owner)
    with closing(open_desk(settings.load({"db": postgres_url}))) as desk:
        restored = Roles(desk)
        assert any("no groups for technician" in one for one in restored.check())
        restored.add("new_eve", "technician")
        assert not any("no groups" in one for one in restored.check())
        restored.remove("new_eve")


def test_the_whole_cluster_is_restored_from_what_the_backup_login_reads(team: Team) -> None:
    """The drill of docs/team.md: roles, grants, policies, every row; secrets are made anew."""
    number = team.desk("ann").tickets.new(NewTicket("Ada <ada@example.org>", "x", "y")).tickets[0]
    backup = team.url("basil")
    with closing(team.connected("ann")) as colleague:  # nobody else may read it
        colleague.all("SELECT lo_create(0)")
    with cluster() as other, closing(connect(other.url("postgres"))) as admin:
        roles, copy = other.data / "roles.sql", other.data / "desk.dump"
        other.call("pg_dumpall", "-d", backup, "--roles-only", "--no-role-passwords", "-f", roles)
        own = ("--enable-row-security", "--exclude-table=secret", "-B", "-Fc", "-f", copy)
        other.call("pg_dump", "-d", backup, *own)
        said = roles.read_text() + copy.read_bytes().decode("latin-1")
        assert "SCRAM" not in said
        assert "CREATE TABLE public.secret" not in said
        other.call("psql", "-q", "-d", other.url("postgres"), "-f", roles)
        name = backup.partition("?")[0].rpartition("/")[2]
        admin.run(f"CREATE DATABASE {name}")
        other.call("pg_restore", "-d", other.url(name), copy)
        with closing(connect(other.url(name))) as owner, closing(team.connected()) as before:
            upgrade(owner)
            assert trouble(owner) == []
            for asked in ("SELECT count(*) AS n FROM ledger", "SELECT max(id) AS n FROM ticket"):
                assert owner.one(asked) == before.one(asked)
            asked = (
                "SELECT o.known_as FROM operation o JOIN ledger l ON l.operation_id = o.id "
                "WHERE l.kind = 'ticket' AND l.subject_id = :id"
            )
            assert owner.returned(asked, id=number)["known_as"] == "ann"
            assert not {*token_secrets(owner)} & {*token_secrets(before)}
        with closing(_opened(other.url(name))) as desk:
            assert [one for one in Roles(desk).check() if "should" in one or "missing" in one] == []
        with closing(_opened(other.url(name, "ann"))) as desk:
            desk.tickets.do([number], Take())
            with pytest.raises(RefusedError):
                Roles(desk).add("new_mal", "manager")
        with closing(_opened(other.url(name, "basil"))) as desk, pytest.raises(RefusedError):
            desk.tickets.do([number], Take())


def _opened(url: str) -> Desk:
    return open_desk(settings.load({"db": url}))


def test_on_a_file_the_file_is_the_right(sqlite_desk: object) -> None:
    with pytest.raises(RefusedError, match="the file is the right"):
        Roles(sqlite_desk).members()  # type: ignore[arg-type]


def test_what_is_laid_already_is_not_laid_again_and_what_was_changed_by_hand_is(team: Team) -> None:
    with closing(team.connected()) as owner:

        def laid() -> bool:
            owner.begin()
            done = lay(owner)
            owner.commit()
            return done

        laid()
        assert not laid()
        for by_hand in (
            "GRANT DELETE ON ledger TO PUBLIC",
            "ALTER TABLE ledger DISABLE TRIGGER deskterm_entry",
            "GRANT UPDATE (text) ON ledger TO PUBLIC",
        ):
            owner.run(by_hand)
            assert laid(), by_hand
            assert not laid()
            owner.run("ALTER TABLE ledger ENABLE TRIGGER deskterm_entry")


def test_two_administrators_upgrade_at_once_while_somebody_works(team: Team) -> None:
    """Nothing has changed: neither waits for whoever writes, nor does one of them fail."""

    def upgrading() -> str:
        with closing(team.connected()) as owner:
            return upgrade(owner)

    upgrading()
    ann = team.desk("ann")
    with ThreadPoolExecutor(2) as pool, ann.store.work("ann") as work:
        work.claim("note")
        work.spine.run("UPDATE counter SET value = value + 1 WHERE name = 'ticket'")
        both = [pool.submit(upgrading) for _ in range(2)]
        assert [one.result(timeout=60) for one in both] == [HEAD, HEAD]
        work.spine.run("UPDATE counter SET value = value + 1 WHERE name = 'ticket'")


def test_whoever_leaves_hands_over_first_and_two_administrators_may_say_it_at_once(
    team: Team, roles: Roles
) -> None:
    """Their session ends, what they had is another's, and the login may be gone by then."""
    roles.add("new_liv", "technician")
    number = team.desk("ann").tickets.new(NewTicket("Ada <ada@example.org>", "x", "y")).tickets[0]
    eve = open_desk(settings.load({"db": team.url("new_liv")}))
    eve.tickets.do([number], Take())
    owner = team.desk()
    with pytest.raises(RefusedError, match="new_liv still has 1 ticket: name who"):
        roles.let_go("new_liv", None, owner.staff.leaving)
    assert _role(roles, "new_liv") == "technician"

    def going(_: int) -> str:
        with closing(_opened(team.url())) as desk:
            return Roles(desk).let_go("new_liv", "ann", desk.staff.leaving).kind

    with ThreadPoolExecutor(2) as pool:
        assert {*pool.map(going, range(2))} <= {"remove technician", "team remove"}
    assert _role(roles, "new_liv") == ""
    assert owner.tickets.show(number).assignee == "ann"
    with closing(eve), pytest.raises((DatabaseError, RefusedError)):
        eve.tickets.do([number], Take())
    owner.ledger.undo(_newest(team, "remove technician"))
    assert owner.tickets.show(number).assignee == "new_liv"
    with closing(team.connected()) as server:
        server.run("DROP OWNED BY new_liv")
        server.run("DROP ROLE new_liv")
    done = roles.let_go("new_liv", "nobody", owner.staff.leaving)
    assert done.notes[-1] == "There is no login new_liv on the server any more."
    assert owner.tickets.show(number).assignee is None
    with pytest.raises(NotFoundError, match="no login 'new_nobody'"):
        roles.let_go("new_nobody", None, owner.staff.leaving)


def _newest(team: Team, kind: str) -> str:
    with closing(team.connected()) as owner:
        text = "SELECT id FROM operation WHERE kind = :kind ORDER BY at DESC LIMIT 1"
        return str(owner.returned(text, kind=kind)["id"])


def test_a_manager_lets_a_technician_go_and_a_technician_may_not(team: Team, roles: Roles) -> None:
    roles.add("new_max", "technician")
    team.desk("ann").admin.set_technician("ann", {"name": "Ann"})
    with closing(_opened(team.url("new_max"))) as eve:
        number = eve.tickets.new(NewTicket("Ada <ada@example.org>", "x", "y")).tickets[0]
        eve.tickets.do([number], Take())
        eve.drafts.put("note", number, "The toner is")
        eve.drafts.put("call", 0, '{"what": "A beep", "affected": "?"}')
        eve.admin.save_view("red", "urgent:yes")
        eve.admin.set_technician("new_max", {"name": "Eve"})
    with pytest.raises(RefusedError, match="managers may"):
        team.desk("ann").staff.leaving.leave("new_max", "ann")
    mona = team.desk("mona")
    assert mona.staff.leaving.holds("new_max").words == "1 ticket, 2 drafts, 1 view"
    mona.staff.leaving.leave("new_max", "ann")
    assert mona.staff.leaving.holds("new_max").words == ""
    said = mona.tickets.show(number)
    assert said.assignee == "ann"
    assert "new_max had begun a note:\n\nThe toner is" in [one.text for one in said.timeline]
    (left,) = team.desk("ann").staff.handovers.unread()
    assert left.words == "new_max had begun a call:\nwhat: A beep"
    mona.ledger.undo()
    assert mona.staff.leaving.holds("new_max").words == "1 ticket, 2 drafts, 1 view"


def test_a_login_renamed_moved_or_dropped_at_work_is_told_what_to_do(
    team: Team, roles: Roles
) -> None:
    """Each on a session that is open meanwhile, and at the door afterwards."""
    number = team.desk("ann").tickets.new(NewTicket("Ada <ada@example.org>", "x", "y")).tickets[0]
    roles.add("new_ren", "manager")
    with closing(_opened(team.url("new_ren"))) as desk, closing(team.connected()) as owner:
        desk.admin.set_group("dock", level=2)
        roles.role("new_ren", "technician")
        with pytest.raises(RefusedError, match="desk_group is for managers alone"):
            desk.admin.set_group("dock", level=3)
        roles.role("new_ren", "auditor")
        with pytest.raises(RefusedError, match="may look at this desk and change nothing"):
            desk.tickets.do([number], Take())
        roles.role("new_ren", "technician")
        desk.tickets.do([number], Take())
        owner.run("ALTER ROLE new_ren RENAME TO new_ned")
        with pytest.raises(
            RefusedError, match=r"as new_ned, not as new_ren; .*start deskterm anew"
        ):
            desk.tickets.do([number], Take())
    with pytest.raises(DatabaseError, match=r"does not exist\. The login was dropped, renamed or"):
        _opened(team.url("new_ren"))
    assert any("`technician merge` gives a new login" in one for one in roles.check())
    team.desk("mona").admin.set_technician("new_ned", {"name": "Ned"})
    team.desk("mona").records.merge("technician", "new_ren", "new_ned")
    with closing(_opened(team.url("new_ned"))) as desk:
        assert desk.tickets.show(number).assignee == "new_ned"
    roles.remove("new_ned")
    with pytest.raises((RefusedError, DatabaseError), match="has no role at th"):
        _opened(team.url("new_ned"))


_PAGE = Path(__file__).parents[2] / "docs" / "team.md"
_BLOCKS = re.compile(r"^```(sql|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_page_leads_from_an_empty_server_to_three_colleagues(tmp_path: Path) -> None:
    """Every command as it stands, each login with its password; only place and terminal differ."""
    blocks = _BLOCKS.findall(_PAGE.read_text("utf-8"))
    logins = ("desk_owner", "ann", "mona", "jobs")
    (tmp_path / "word").write_text("secret word\n")
    kept = tmp_path / "pgpass"
    kept.write_text("".join(f"*:*:*:{login}:secret word\n" for login in logins))
    kept.chmod(0o600)
    with cluster() as server:
        _emptied(server)
        with closing(connect(server.url("postgres"))) as admin:
            for kind, text in blocks:
                for statement in text.split(";\n") if kind == "sql" else ():
                    admin.run(statement.replace("…", "secret word"))
            own = "host all postgres 127.0.0.1/32 trust"
            server.let_in(own, "host all all 127.0.0.1/32 scram-sha-256")
            server.reload()
        script = "".join(text for kind, text in blocks if kind == "sh")
        for line, as_it_runs in {
            "@server": f"@{server.place}",
            "deskterm\n": "deskterm ticket new --from ada@example.org --subject VPN --take\n",
            "deskterm work\n": "deskterm work --once\n",
            "technician\n": f"technician --password-file {tmp_path}/word\n",
            "manager\n": f"manager --password-file {tmp_path}/word\n",
            "worker\n": f"worker --password-file {tmp_path}/word\n",
            "--to mona\n": "--to mona --yes\n",
        }.items():
            assert line in script, line
            script = script.replace(line, as_it_runs)
        environment = {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "PGPASSFILE": str(kept),
        }
        home = {"HOME": str(tmp_path), "LANG": "C.UTF-8"}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            env=environment | home,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "Every role may do what it should, and nothing else." in done.stderr
        with closing(connect(server.url())) as database:
            row = database.returned("SELECT assignee, opened_at FROM ticket")
            assert row["assignee"] == "mona"
        with pytest.raises(DatabaseError):
            connect(server.url(user="ann:secret%20word")).close()


def _emptied(server: Cluster) -> None:
    """Leave a server as it is when nobody has made a desk on it."""
    with closing(connect(server.url("postgres"))) as admin:
        admin.run("DROP DATABASE desk")
        for row in admin.all("SELECT rolname FROM pg_roles WHERE rolname LIKE 'deskterm%'"):
            admin.run(f'DROP ROLE "{row["rolname"]}"')
