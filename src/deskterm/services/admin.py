"""The desk's own records: technicians, groups, categories, fields, organisations, views.

Reads are plain SQL, because screens ask for them at start; writes use SQLModel sessions. Every
change is one operation with an entry in the ledger.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from deskterm.domain import clock
from deskterm.domain.address import normal_address
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.records import CategoryRow, FieldRow, GroupRow, TechnicianRow, ViewRow
from deskterm.domain.text import header_safe, storable
from deskterm.domain.vocabulary import Event
from deskterm.storage.names import number_of
from deskterm.storage.reads import records
from deskterm.triage.query import parse

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk
    from deskterm.storage.work import Work


class Admin:
    """Use cases on the desk's own records; each write takes `op_id` and `dry`."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    # --- reads ------------------------------------------------------------------

    def technicians(self) -> list[TechnicianRow]:
        """Give every technician."""
        with self._desk.store.reading() as database:
            return records.technicians(database, clock.now())

    def groups(self) -> list[GroupRow]:
        """Give every group with its members."""
        with self._desk.store.reading() as database:
            return records.groups(database)

    def categories(self, *, counted: bool = False) -> list[CategoryRow]:
        """Give the tree of categories."""
        with self._desk.store.reading() as database:
            return records.categories(database, counted=counted)

    def fields(self) -> list[FieldRow]:
        """Give the desk's own fields."""
        with self._desk.store.reading() as database:
            return records.fields(database)

    def views(self) -> list[ViewRow]:
        """Give the saved views that this technician sees."""
        with self._desk.store.reading() as database:
            return records.views(database, self._desk.me)

    # --- groups and technicians ---------------------------------------------------

    def set_group(self, name: str, *, level: int | None = None, **how: Any) -> None:
        """Make a group, or change its level."""
        from sqlmodel import select

        from deskterm.models import Group

        wanted = _name(name, "group")
        with self._desk.work("group set", models=True, **how) as work:
            found = work.session.exec(
                select(Group).where(Group.name == wanted).with_for_update()
            ).first()
            group = found or Group(name=wanted, level=level or 1)
            before = None if found is None else found.level
            group.level = group.level if level is None else level
            work.session.add(group)
            _record(work, "group", group, {"level": (before, group.level), "name": (None, wanted)})

    def set_member(self, group: str, login: str, *, member: bool = True, **how: Any) -> None:
        """Put a technician into a group, or take them out; an unknown login is made known."""
        from deskterm.models import Membership, Technician

        with self._desk.work("group member", models=True, **how) as work:
            number = number_of(work.spine, "group", group)
            if work.session.get(Technician, login) is None:
                work.session.add(Technician(login=_login(login), since=work.at))
                work.session.flush()
            there = work.session.get(Membership, (number, login))
            if member and there is None:
                work.session.add(Membership(group_id=number, login=login))
            elif not member and there is not None:
                work.session.delete(there)
            work.record(
                ("group", number),
                Event.EDITED,
                changes={f"member.{login}": (there is not None or None, member or None)},
            )

    def set_technician(self, login: str, values: dict[str, Any], **how: Any) -> None:
        """Set a technician's name, email, level or active; an unknown login is made known."""
        from deskterm.models import Technician

        if values.get("email"):
            values = {**values, "email": normal_address(values["email"])}
        with self._desk.work("technician set", models=True, **how) as work:
            one = work.session.get(Technician, login, with_for_update=True)
            if one is None:
                one = Technician(login=_login(login), since=work.at)
            changes = {}
            for name, value in values.items():
                changes[name] = (getattr(one, name), value)
                setattr(one, name, storable(value) if isinstance(value, str) else value)
            work.session.add(one)
            work.record(("technician", 0), Event.EDITED, login, changes=changes)

    # --- categories, fields, organisations ----------------------------------------

    def set_category(self, path: str, *, group: str | None = None, **how: Any) -> None:
        """Make a category (and those above it), or name the group its tickets go to first."""
        from sqlmodel import select

        from deskterm.models import Category

        parts = [_name(part, "category") for part in path.strip("/").split("/")]
        if len(parts) > 8:
            raise UsageError("a category lies at most 8 levels deep.")
        with self._desk.work("category set", models=True, **how) as work:
            number = number_of(work.spine, "group", group) if group else None
            for depth in range(1, len(parts) + 1):
                here = "/".join(parts[:depth])
                found = work.session.exec(select(Category).where(Category.path == here)).first()
                one = found or Category(path=here)
                one.active = True
                work.session.add(one)
            before, one.group_id = one.group_id, number if group is not None else one.group_id
            _record(work, "category", one, {"path": (None, path), "group": (before, one.group_id)})

    def rename_category(self, path: str, new: str, **how: Any) -> None:
        """Rename a category and all that lies below it."""
        from sqlmodel import select

        from deskterm.models import Category

        with self._desk.work("category rename", models=True, **how) as work:
            number = number_of(work.spine, "category", path)
            old = work.session.get_one(Category, number).path
            for one in work.session.exec(select(Category)):
                if one.path == old or one.path.startswith(old + "/"):
                    one.path = new.strip("/") + one.path[len(old) :]
            work.record(("category", number), Event.EDITED, changes={"path": (old, new)})

    def remove_category(self, path: str, **how: Any) -> None:
        """Retire a category; tickets keep it. Refused while open tickets are in it."""
        from deskterm.models import Category

        if self._desk.tickets.count(f'is:open category:"{path}"'):
            raise RefusedError(f"open tickets are in {path}; move them first.")
        with self._desk.work("category remove", models=True, **how) as work:
            number = number_of(work.spine, "category", path)
            work.session.get_one(Category, number).active = False
            work.record(("category", number), Event.EDITED, changes={"active": (True, False)})

    def set_field(
        self,
        name: str,
        *,
        label: str = "",
        choices: Sequence[str] = (),
        required_for: str = "",
        **how: Any,
    ) -> None:
        """Define a drop-down field; without choices any text is allowed."""
        from deskterm.models import FieldDefinition

        if not name.replace("_", "").replace("-", "").isalnum():
            raise UsageError(f"field {name!r}: a name is letters, digits, - and _.")
        with self._desk.work("field set", models=True, **how) as work:
            one = work.session.get(FieldDefinition, name, with_for_update=True)
            one = one or FieldDefinition(name=name)
            before = json.loads(one.choices)
            one.label = label or one.label or name
            one.choices = json.dumps([storable(choice) for choice in choices] or before)
            one.required_for = required_for or one.required_for
            work.session.add(one)
            changes = {"choices": (before, json.loads(one.choices))}
            work.record(("field", 0), Event.EDITED, name, changes=changes)

    def remove_field(self, name: str, **how: Any) -> None:
        """Forget a field's definition; values on tickets stay."""
        from deskterm.models import FieldDefinition

        with self._desk.work("field remove", models=True, **how) as work:
            one = work.session.get(FieldDefinition, name)
            if one is None:
                raise NotFoundError(f"there is no field {name!r}; see `deskterm field list`.")
            work.session.delete(one)
            work.record(("field", 0), Event.EDITED, name, changes={"defined": (True, None)})

    # --- views ----------------------------------------------------------------------

    def save_view(self, name: str, query: str, *, everyone: bool = False, **how: Any) -> None:
        """Save a query under a name, one's own or for everyone; the query is checked first."""
        from sqlmodel import select

        from deskterm.models import SavedView

        parse(query)
        owner = "" if everyone else self._desk.me
        wanted = _name(name, "view")
        with self._desk.work("view save", models=True, **how) as work:
            text = select(SavedView).where(SavedView.name == wanted, SavedView.owner == owner)
            found = work.session.exec(text).first()
            view = found or SavedView(name=wanted, owner=owner, query="")
            before, view.query = view.query, storable(query)
            work.session.add(view)
            _record(work, "view", view, {"query": (before or None, query)})

    def remove_view(self, name: str, **how: Any) -> None:
        """Delete a saved view, one's own or everyone's."""
        from sqlmodel import col, select

        from deskterm.models import SavedView

        with self._desk.work("view delete", models=True, **how) as work:
            text = (
                select(SavedView)
                .where(SavedView.name == name, col(SavedView.owner).in_(("", self._desk.me)))
                .order_by(col(SavedView.owner).desc())
            )
            view = work.session.exec(text).first()
            if view is None:
                raise NotFoundError(f"there is no view {name!r}; see `deskterm view list`.")
            number = view.id or 0
            work.record(("view", number), Event.EDITED, name, changes={"query": (view.query, None)})
            work.session.delete(view)


def _record(work: "Work", kind: str, one: Any, changes: dict[str, tuple[Any, Any]]) -> None:
    """Write the ledger entry of a record that the session holds."""
    work.session.flush()
    real = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    work.record((kind, one.id or 0), Event.EDITED, changes=real)


def _name(text: str, what: str) -> str:
    name = header_safe(storable(text))
    if not name or len(name) > 80:
        raise UsageError(f"a {what}'s name has 1 to 80 characters, not {text[:60]!r}.")
    return name


def _login(text: str) -> str:
    if not text.isascii() or not text.replace(".", "").replace("-", "").replace("_", "").isalnum():
        raise UsageError(f"{text[:60]!r} is no login: use letters, digits and . _ -.")
    return text
