"""The desk's groups, technicians, categories, fields and views, as screens and commands ask."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.records import CategoryRow, FieldRow, GroupRow, TechnicianRow, ViewRow
from deskterm.domain.rows import Done
from deskterm.domain.vocabulary import Event
from deskterm.services.records import Records
from deskterm.storage.held_row import HeldRow
from deskterm.storage.names import number_of
from deskterm.storage.reads import records
from deskterm.storage.reads.clients import of_person

if TYPE_CHECKING:
    from deskterm.services.acting import Acting
    from deskterm.storage.work import Work


class Admin:
    """Reads of the desk's own records, and what is asked of them by name."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk
        self._records = Records(desk)

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

    def fields_for(self, person: int | None) -> list[FieldRow]:
        """Give those that a ticket of somebody has: None where nobody is known yet."""
        with self._desk.store.reading() as database:
            return records.fields(database, [of_person(database, person)])

    def views(self) -> list[ViewRow]:
        """Give the saved views that this technician sees."""
        with self._desk.store.reading() as database:
            return records.views(database, self._desk.me)

    # --- writes: each a request to the records ------------------------------------

    def set_group(self, name: str, *, level: int | None = None, how: How = NOW) -> Done:
        """Make a group, or change its level."""
        values = {} if level is None else {"level": str(level)}
        return self._records.set("group", name, values, how)

    def set_member(self, group: str, login: str, *, member: bool = True, how: How = NOW) -> Done:
        """Put a technician into a group, or take them out; an unknown login is made known."""
        from deskterm.services.records.people import set_member

        def change(work: "Work") -> None:
            row = HeldRow(work, "group", number_of(work.spine, "group", group))
            set_member(row, login, member=member)
            row.write(Event.EDITED, row["name"])

        return self._desk.do("set group", how, change)

    def set_technician(self, login: str, values: Mapping[str, object], how: How = NOW) -> Done:
        """Set a technician's name, email, level or active; an unknown login is made known."""
        typed = {name: _typed(value) for name, value in values.items()}
        if "name" in typed:
            typed["full_name"] = typed.pop("name")
        return self._records.set("technician", login, typed, how)

    def set_category(self, path: str, *, group: str | None = None, how: How = NOW) -> Done:
        """Make a category (and those above it), or name the group its tickets go to first."""
        values = {"active": "yes"} | ({} if group is None else {"group": group})
        return self._records.set("category", path.strip("/"), values, how)

    def rename_category(self, path: str, new: str, how: How = NOW) -> Done:
        """Rename a category and all that lies below it."""
        return self._records.rename("category", path, new, how)

    def remove_category(self, path: str, how: How = NOW) -> Done:
        """Take a category away, or retire it where something names it."""
        return self._records.remove("category", path, how)

    def set_field(
        self,
        name: str,
        *,
        label: str = "",
        choices: Sequence[str] = (),
        required_for: str = "",
        how: How = NOW,
    ) -> Done:
        """Define a drop-down field; without choices any text is allowed."""
        given = {
            "label": label,
            "choices": "".join(f"{choice}\n" for choice in choices),
            "required_for": required_for,
        }
        values = {key: value for key, value in given.items() if value}
        return self._records.set("field", name, values, how)

    def remove_field(self, name: str, how: How = NOW) -> Done:
        """Forget a field's definition; values on tickets stay."""
        return self._records.remove("field", name, how)

    def save_view(self, name: str, query: str, *, everyone: bool = False, how: How = NOW) -> Done:
        """Save a query under a name, one's own or for everyone; the query is checked first."""
        values = {"query": query, "everyone": "yes" if everyone else "no"}
        return self._records.set("view", name, values, how)

    def remove_view(self, name: str, how: How = NOW) -> Done:
        """Delete a saved view, one's own or everyone's."""
        return self._records.remove("view", name, how)


def _typed(value: object) -> str:
    """Give a value as a person types it."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
