"""The desk's own records: technicians, groups, categories, fields, organisations, views.

Every change is one operation with an entry in the ledger, and can be undone.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from deskterm.domain import clock
from deskterm.domain.address import normal_address
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.records import CategoryRow, FieldRow, GroupRow, TechnicianRow, ViewRow
from deskterm.domain.rows import Done
from deskterm.domain.text import header_safe, storable
from deskterm.domain.vocabulary import Event
from deskterm.storage.held_row import HeldNames, HeldRow
from deskterm.storage.names import id_of, number_of, paths_below, view_of
from deskterm.storage.reads import records
from deskterm.storage.work import RepeatedError
from deskterm.triage.query import parse

if TYPE_CHECKING:
    from deskterm.services.acting import Acting


class Admin:
    """Use cases on the desk's own records; each write takes `op_id` and `dry`."""

    def __init__(self, desk: "Acting") -> None:
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
        wanted = _name(name, "group")
        with self._desk.work("set group", **how) as work:
            group = HeldRow(work, "group", id_of(work.spine, "group", wanted))
            if level is not None or not group.exists:
                group.set(level=level or 1)
            group.set(name=wanted)
            group.write(Event.EDITED, wanted)

    def set_member(self, group: str, login: str, *, member: bool = True, **how: Any) -> None:
        """Put a technician into a group, or take them out; an unknown login is made known."""
        with self._desk.work("set group", **how) as work:
            row = HeldRow(work, "group", number_of(work.spine, "group", group))
            technicians = HeldNames(work, "technician")
            if not technicians.row(login).exists:
                technicians.row(_login(login)).set(name="", email="", level=1, active=True)
                technicians.write(Event.EDITED, login)
            row.put(f"member.{login}", member or None)
            row.write(Event.EDITED, row["name"])

    def set_technician(self, login: str, values: dict[str, Any], **how: Any) -> None:
        """Set a technician's name, email, level or active; an unknown login is made known."""
        if values.get("email"):
            values = {**values, "email": normal_address(values["email"])}
        with self._desk.work("set technician", **how) as work:
            technicians = HeldNames(work, "technician")
            one = technicians.row(login)
            if not one.exists:
                _login(login)
                one.set(name="", email="", level=1, active=True)
            one.set(**values)
            technicians.write(Event.EDITED, login)

    # --- categories, fields ----------------------------------------------------------

    def set_category(self, path: str, *, group: str | None = None, **how: Any) -> None:
        """Make a category (and those above it), or name the group its tickets go to first."""
        parts = [_name(part, "category") for part in path.strip("/").split("/")]
        if len(parts) > 8:
            raise UsageError("a category lies at most 8 levels deep.")
        with self._desk.work("set category", **how) as work:
            for depth in range(1, len(parts) + 1):
                here = "/".join(parts[:depth])
                one = HeldRow(work, "category", id_of(work.spine, "category", here))
                one.set(path=here, active=True)
                if depth == len(parts) and group is not None:
                    one.set(group_id=number_of(work.spine, "group", group) if group else None)
                if one.changed:
                    one.write(Event.EDITED, here)

    def rename_category(self, path: str, new: str, **how: Any) -> None:
        """Rename a category and all that lies below it."""
        with self._desk.work("rename category", **how) as work:
            old = HeldRow(work, "category", number_of(work.spine, "category", path))["path"]
            for number, here in paths_below(work.spine, old):
                one = HeldRow(work, "category", number)
                one.set(path=new.strip("/") + here[len(old) :])
                one.write(Event.EDITED, one["path"])

    def remove_category(self, path: str, **how: Any) -> None:
        """Retire a category; tickets keep it. Refused while open tickets are in it."""
        from deskterm.services.tickets.board import Board

        board = Board(self._desk.store, self._desk.me)
        if board.count(f'is:open category:"{path}"'):
            raise RefusedError(f"open tickets are in {path}; move them first.")
        with self._desk.work("remove category", **how) as work:
            one = HeldRow(work, "category", number_of(work.spine, "category", path))
            one.set(active=False)
            one.write(Event.EDITED, one["path"])

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
        if not name.replace("_", "").replace("-", "").isalnum():
            raise UsageError(f"field {name!r}: a name is letters, digits, - and _.")
        with self._desk.work("set field", **how) as work:
            fields = HeldNames(work, "field")
            one = fields.row(name)
            one.set(
                label=label or one["label"] or name,
                choices=[storable(choice) for choice in choices] or one["choices"] or [],
                required_for=required_for or one["required_for"] or "",
                position=one["position"] or 0,
            )
            fields.write(Event.EDITED, name)

    def remove_field(self, name: str, **how: Any) -> None:
        """Forget a field's definition; values on tickets stay."""
        with self._desk.work("remove field", **how) as work:
            fields = HeldNames(work, "field")
            if not fields.row(name).exists:
                raise NotFoundError(f"there is no field {name!r}; see `deskterm field list`.")
            fields.row(name).remove()
            fields.write(Event.EDITED, name)

    # --- views ----------------------------------------------------------------------

    def save_view(self, name: str, query: str, *, everyone: bool = False, **how: Any) -> Done:
        """Save a query under a name, one's own or for everyone; the query is checked first."""
        from deskterm.services.tickets.operation import done

        parse(query)
        owner = "" if everyone else self._desk.me
        wanted = _name(name, "view")
        try:
            with self._desk.work("save view", **how) as work:
                view = HeldRow(work, "view", view_of(work.spine, wanted, (owner,)))
                view.set(name=wanted, owner=owner, query=query, position=view["position"] or 0)
                view.write(Event.EDITED, wanted)
        except RepeatedError as repeated:
            return Done(repeated.operation_id, "save view", (), repeated=True)
        return done("save view", work, (), [])

    def remove_view(self, name: str, **how: Any) -> None:
        """Delete a saved view, one's own or everyone's."""
        with self._desk.work("delete view", **how) as work:
            view = HeldRow(work, "view", view_of(work.spine, name, (self._desk.me, "")))
            if not view.exists:
                raise NotFoundError(f"there is no view {name!r}; see `deskterm view list`.")
            view.remove()
            view.write(Event.EDITED, name)


def _name(text: str, what: str) -> str:
    name = header_safe(storable(text))
    if not name or len(name) > 80:
        raise UsageError(f"a {what}'s name has 1 to 80 characters, not {text[:60]!r}.")
    return name


def _login(text: str) -> str:
    if not text.isascii() or not text.replace(".", "").replace("-", "").replace("_", "").isalnum():
        raise UsageError(f"{text[:60]!r} is no login: use letters, digits and . _ -.")
    return text
