"""The team of a desk on PostgreSQL: who is what, made and taken away in one transaction each."""

from collections.abc import Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from uuid import uuid5

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.in_hand import Holding
from deskterm.domain.rows import Done
from deskterm.domain.team import OWNER, SEES_EVERYTHING, Member, Role
from deskterm.domain.vocabulary import Event
from deskterm.services.rhythm import OPERATIONS
from deskterm.storage.held_row import HeldRow
from deskterm.storage.names import place_named
from deskterm.storage.people import ensure_technician
from deskterm.storage.reads import in_hand
from deskterm.storage.rights import laying, members, proof
from deskterm.storage.work import RepeatedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deskterm.services.acting import Acting
    from deskterm.services.records.technicians import Leaving
    from deskterm.storage.driver import Database
    from deskterm.storage.work import Work

_PEOPLE = (Role.TECHNICIAN, Role.MANAGER)
"""Roles of people who work on tickets."""


class Team:
    """Use cases on logins and their roles; where the desk is a file there are none."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def members(self) -> list[Member]:
        """Give every login that has a role here or owns the desk."""
        with self._server() as database:
            return members.members(database)

    def check(self) -> list[str]:
        """Give what is not as it should be, a sentence each; nothing: the rights are proven."""
        with self._server() as database:
            return list(proof.troubles(database, proof.laid_triggers()))

    def add(self, login: str, role: str, verifier: str = "", how: How = NOW) -> bool:
        """Give a login its role, made where it is missing; gives whether it was made.

        `verifier` is what the server keeps of a password: empty where it needs none (peer,
        certificate) or keeps the one it has.
        """
        kind = role_of(role)
        self._refuse_own(login)
        with self._changing("team add", how) as work:
            laying.lay(work.spine)
            made = members.make_login(work.spine, login, verifier)
            members.give_role(work.spine, login, kind)
            _works(work, login, kind in _PEOPLE)
            _record(work, login, str(kind))
        return made

    def role(self, login: str, role: str, how: How = NOW) -> None:
        """Give a login another role instead of the one it has; raises NotFoundError."""
        kind = role_of(role)
        self._refuse_own(login)
        with self._changing("team role", how) as work:
            laying.lay(work.spine)
            members.give_role(work.spine, login, kind)
            _works(work, login, kind in _PEOPLE)
            _record(work, login, str(kind))

    def restrict(self, login: str, clients: Sequence[str], how: How = NOW) -> tuple[str, ...]:
        """Let a login see what belongs to some clients alone; none: everything again.

        Gives the clients as they are called. Raises NotFoundError for a login that the server does
        not have, and for a client that the desk does not; RefusedError for whoever sees everything.
        """
        with self._changing("team restrict", how) as work:
            spine = work.spine
            if not members.knows(spine, login):
                raise NotFoundError(
                    f"there is no login {login!r} on this server; see `deskterm team list`."
                )
            has = next((one.role for one in members.members(spine) if one.login == login), "")
            if clients and has in (OWNER, *SEES_EVERYTHING):
                raise RefusedError(
                    f"{login} is {has}, and sees everything: technicians and managers can be "
                    "kept to clients."
                )
            before = members.clients_of(spine).get(login, [])
            members.keep_to(spine, login, {_client(spine, one) for one in clients})
            after = members.clients_of(spine).get(login, [])
            changes = {f"clients.{login}": (before, after)}
            work.record(("team", 0), Event.EDITED, f"{login}: {_named(after)}", changes=changes)
        return tuple(after)

    def let_go(
        self, login: str, to: str | None = None, leaving: "Leaving | None" = None, how: How = NOW
    ) -> Done:
        """Hand over what a login has, then take its role: two operations, the first can be undone.

        `leaving` and `to`: see there; without it what they have stays theirs, and is told. A login
        that is gone from the server already leaves what its technician has. Raises NotFoundError
        where there is neither.
        """
        self._may_change()
        self._refuse_own(login)
        done, notes = Done("", "team remove", (), dry=how.dry), []
        known = leaving is not None and leaving.is_known(login)
        if leaving is not None and known:
            try:
                done = leaving.leave(login, to, how)
            except NotFoundError:
                if leaving.is_known(login):  # else another administrator was quicker
                    raise
        if self.knows(login) or not known:
            again = str(uuid5(OPERATIONS, f"team remove {how.op_id}")) if how.op_id else None
            has = self.remove(login, how._replace(op_id=again))
            if has.words and not how.dry:
                notes.append(
                    f"{login} still has {has.words}: deskterm technician remove {login} --to LOGIN."
                )
        else:
            notes.append(f"There is no login {login} on the server any more.")
        return done._replace(notes=(*done.notes, *notes))

    def remove(self, login: str, how: How = NOW) -> Holding:
        """Take a login's role and end its sessions; gives what they still have in hand.

        The login itself stays on the server: other databases may know it.
        """
        self._refuse_own(login)
        with suppress(RepeatedError), self._changing("team remove", how) as work:
            members.give_role(work.spine, login, None)
            _works(work, login, False)
            _record(work, login, "none")
        with self._server() as database:
            if not how.dry:
                members.end_sessions(database, login)
            return in_hand.holding_of(database, login, clock.now())

    def knows(self, login: str) -> bool:
        """Tell whether the server has such a login, with whatever password it has."""
        with self._server() as database:
            return members.knows(database, login)

    def kept(self, login: str, password: str) -> str:
        """Give what the server keeps of a password; the password itself never goes there."""
        with self._server() as database:
            return members.verifier(database, login, password)

    def _refuse_own(self, login: str) -> None:
        if login == self._desk.me:
            raise RefusedError(
                f"{login} is you, who owns the desk: whoever works on tickets has another login."
            )

    @contextmanager
    def _server(self) -> "Iterator[Database]":
        with self._desk.store.reading() as database:
            if database.dialect == "sqlite":
                raise RefusedError(
                    "this desk is a file, and the file is the right: whoever can read it can read "
                    "all of it. Roles need PostgreSQL (docs/team.md)."
                )
            yield database

    def _may_change(self) -> None:
        with self._server() as database:
            if not laying.owns(database) or not laying.may_make_roles(database):
                raise RefusedError(
                    f"{self._desk.me} may not change roles: {members.owners(database)}, who owns "
                    "the desk, may, with CREATEROLE on the server."
                )

    @contextmanager
    def _changing(self, kind: str, how: How) -> "Iterator[Work]":
        self._may_change()
        with self._desk.store.work(self._desk.me, how.op_id, dry=how.dry) as work:
            work.claim(kind)
            yield work


def _client(database: "Database", name: str) -> int:
    number = place_named(database, "organisation", name)
    if number is None:
        raise NotFoundError(f"there is no client {name[:60]!r}; see `deskterm org list`.")
    return number


def _named(clients: Sequence[str]) -> str:
    return ", ".join(clients) if clients else "all clients"


def _record(work: "Work", login: str, role: str) -> None:
    """Let the ledger tell that a login has a role from now on."""
    changes = {f"role.{login}": (None, role)}
    work.record(("team", 0), Event.EDITED, f"{login}: {role}", changes=changes)


def _works(work: "Work", login: str, works: bool) -> None:
    """Let somebody be a technician who can be assigned to, or be one no more."""
    if works:
        ensure_technician(work.spine, login, work.at)
    row = HeldRow(work, "technician", login)
    if row.exists and row["active"] != works:
        row.set(active=works)
        row.write(Event.EDITED, login)


def role_of(word: str) -> Role:
    """Give the role that a word names; raises UsageError."""
    if word not in tuple(Role):
        raise UsageError(f"role {word[:40]!r}? Use {', '.join(Role)}.")
    return Role(word)
