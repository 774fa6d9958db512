"""Where imported tickets belong: people, organisations, groups, owners, categories.

Each is found as it is here or made, a chunk at a time; what is here already is never changed.
"""

from collections.abc import Iterable, Mapping

from deskterm.domain.clock import to_text
from deskterm.domain.patterns import pattern
from deskterm.domain.text import header_safe, storable
from deskterm.services.importing.wide import Foreign, Someone
from deskterm.storage import bulk, imported
from deskterm.storage.bulk import json_object
from deskterm.storage.driver import Database
from deskterm.storage.work import Work

_PERSON = (
    *("id", "name", "phone", "department", "location", "title", "segment", "notes"),
    *("organisation_id", "active"),
)
_LONGEST = 200
DEEPEST = 8
"""A category lies at most this deep; what a path names below that is left out."""
_NO_LOGIN = pattern(r"[^a-z0-9._-]+")


class Known:
    """Who and what is on the desk already, by name; also what an import has added since."""

    def __init__(self, database: Database) -> None:
        self.by_address = imported.people_by_address(database)
        self.by_name = imported.people_by_name(database)
        self.categories = imported.categories(database)
        self.groups = imported.named(database, "desk_group")
        self.organisations = imported.named(database, "organisation")
        self.technicians = imported.technicians(database)

    def person(self, someone: Someone) -> int | None:
        """Give the person of one of the addresses, or the only one of that name."""
        for address in someone.addresses:
            if address in self.by_address:
                return self.by_address[address]
        if someone.addresses or not someone.name:
            return None
        same = self.by_name.get(someone.name.casefold(), [])
        return same[0] if len(same) == 1 else None

    def login(self, owner: Someone, owners: Mapping[str, str]) -> tuple[str, bool]:
        """Give (login, whether that technician is here already); empty: nobody's."""
        for said in (owner.name, *owner.addresses):
            if said in owners:
                login = owners[said].strip()
                return login, login in self.technicians.values()
        for said in (*owner.addresses, owner.name):
            known = self.technicians.get(said.casefold()) if said else None
            if known is not None:
                return known, True
        login = login_for(owner)
        return login, login in self.technicians.values()


def login_for(owner: Someone) -> str:
    """Give the login that somebody gets who is no technician here yet."""
    source = owner.addresses[0].partition("@")[0] if owner.addresses else owner.name
    return _NO_LOGIN.sub(".", source.casefold()).strip(".")[:60]


class Places:
    """What the desk knows already, and what this import adds to it."""

    def __init__(self, work: Work, owners: Mapping[str, str]) -> None:
        self._work = work
        self._owners = owners
        self.known = Known(work.spine)
        self._people: dict[Someone, int] = {}
        self.new: dict[str, int] = {
            "people": 0,
            "categories": 0,
            "groups": 0,
            "organisations": 0,
            "technicians": 0,
        }

    def begin(self, work: Work) -> None:
        """Go on in another transaction of the same import."""
        self._work = work

    def people(self, wanted: Iterable[Someone]) -> dict[Someone, int]:
        """Give the person of each; unknown ones are made."""
        fresh: list[Someone] = []
        for someone in dict.fromkeys(wanted):
            if someone.shown and someone not in self._people:
                known = self.known.person(someone)
                if known is None:
                    fresh.append(someone)
                else:
                    self._people[someone] = known
        if fresh:
            self._make_people(fresh)
        return self._people

    def categories(self, names: Iterable[str]) -> dict[str, int]:
        """Give the category of each name as written; unknown ones are made, with those above."""
        found: dict[str, int] = {}
        for name in dict.fromkeys(names):
            levels = name.split("/", DEEPEST)[:DEEPEST]
            parts = [header_safe(part)[:_LONGEST] for part in levels]
            path = ""
            for part in filter(None, parts):
                path = f"{path}/{part}" if path else part
                found[name] = self._category(path)
        return found

    def groups(self, names: Iterable[str]) -> dict[str, int]:
        """Give the group of each name; unknown ones are made at level 1."""
        return self._named("groups", "desk_group", "group", names)

    def owners(self, tickets: Iterable[Foreign]) -> dict[Someone, str]:
        """Give the login of each owner; whoever is no technician here yet becomes one."""
        found: dict[Someone, str] = {}
        for ticket in tickets:
            owner = ticket.owner
            if owner.shown and owner not in found:
                login, here = self.known.login(owner, self._owners)
                if login and not here:
                    self._make_technician(login, owner)
                found[owner] = login
        return found

    def _make_technician(self, login: str, owner: Someone) -> None:
        email = owner.addresses[0] if owner.addresses else ""
        imported.add_technician(self._work.spine, login, owner.name, email, self._work.at)
        self.known.technicians |= dict.fromkeys(
            (one.casefold() for one in (login, owner.name, *owner.addresses) if one), login
        )
        self.new["technicians"] += 1

    def _named(self, counted: str, table: str, kind: str, names: Iterable[str]) -> dict[str, int]:
        known = self.known.groups if table == "desk_group" else self.known.organisations
        found: dict[str, int] = {}
        for name in dict.fromkeys(filter(None, names)):
            short = header_safe(storable(name))[:_LONGEST]
            if not short:
                continue
            if short.casefold() not in known:
                number = imported.add_named(self._work.spine, table, short)
                known[short.casefold()] = number
                self._work.record((kind, number), "opened", data={"name": short})
                self.new[counted] += 1
            found[name] = known[short.casefold()]
        return found

    def _make_people(self, fresh: list[Someone]) -> None:
        """Make people; those who share an address or, without one, a name are one."""
        same: dict[str, list[Someone]] = {}
        keys: dict[str, str] = {}
        for someone in fresh:
            named = someone.addresses or (f"\n{someone.name.casefold()}",)
            key = next((keys[one] for one in named if one in keys), named[0])
            keys |= dict.fromkeys(named, key)
            same.setdefault(key, []).append(someone)
        spine = self._work.spine
        organisations = self._named(
            "organisations", "organisation", "org", (one.organisation for one in fresh)
        )
        people, addresses, entries = [], [], []
        stamp = to_text(self._work.at)
        for number, group in zip(
            bulk.reserve(spine, "person", len(same)), same.values(), strict=True
        ):
            one = _joined(group)
            shown = one.name or one.addresses[0].partition("@")[0]
            where = organisations.get(one.organisation)
            facts = (one.phone, one.department, "", one.title, "", one.notes)
            people.append((number, shown, *facts, where, True))
            addresses += [(a, number, place) for place, a in enumerate(one.addresses)]
            self.known.by_address |= dict.fromkeys(one.addresses, number)
            self.known.by_name.setdefault(shown.casefold(), []).append(number)
            self._people |= dict.fromkeys(group, number)
            data = json_object({"name": one.name, "address": "".join(one.addresses[:1])})
            entries.append(
                (
                    *(self._work.id, stamp, self._work.actor, "person", number, 0),
                    *("opened", False, "", "{}", data),
                )
            )
        bulk.insert(spine, "person", _PERSON, people)
        bulk.insert(spine, "person_address", ("address", "person_id", "position"), addresses)
        bulk.insert(spine, "ledger", bulk.LEDGER, entries)
        self.new["people"] += len(people)

    def _category(self, path: str) -> int:
        known = self.known.categories.get(path.casefold())
        if known is not None:
            return known
        number = imported.add_category(self._work.spine, path)
        self.known.categories[path.casefold()] = number
        self._work.record(("category", number), "opened", data={"path": path})
        self.new["categories"] += 1
        return number


def _joined(group: list[Someone]) -> Someone:
    """Give one person of what several records say: the first word of each kind counts."""
    first = next((one for one in group if one.name), group[0])
    texts = {
        name: next((value for one in group if (value := getattr(one, name))), "")
        for name in ("organisation", "phone", "title", "department", "notes")
    }
    addresses = tuple(dict.fromkeys(a for one in group for a in one.addresses))
    return first._replace(addresses=addresses, **texts)
