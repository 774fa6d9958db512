"""Where imported tickets belong: requesters and categories, found or made, a chunk at a time."""

from collections.abc import Iterable

from deskterm.domain.clock import to_text
from deskterm.domain.text import header_safe
from deskterm.services.importing.foreign import who
from deskterm.storage import bulk, imported
from deskterm.storage.bulk import json_object
from deskterm.storage.work import Work

_PERSON = ("id", "name", "phone", "department", "location", "title", "segment", "notes", "active")
_ENTRY = (
    "operation_id",
    "at",
    "actor",
    "kind",
    "subject_id",
    "version",
    "event",
    "public",
    "text",
    "changes",
    "data",
)
_LONGEST = 200
DEEPEST = 8
"""A category lies at most this deep; what a path names below that is left out."""


class Places:
    """What the desk knows already, and what this import adds to it."""

    def __init__(self, work: Work) -> None:
        self._work = work
        spine = work.spine
        self._by_address = imported.people_by_address(spine)
        self._by_name = imported.people_by_name(spine)
        self._paths = imported.categories(spine)
        self._people: dict[str, int] = {}
        self.new_people = 0
        self.new_categories = 0

    def people(self, requesters: Iterable[str]) -> dict[str, int]:
        """Give the person of each requester as written; unknown ones are made."""
        wanted: dict[str, tuple[str, str | None]] = {}
        for requester in dict.fromkeys(requesters):
            if requester and requester not in self._people:
                name, address = who(requester)
                known = self._known(name, address)
                if known is None:
                    wanted[requester] = (name, address)
                else:
                    self._people[requester] = known
        self._make_people(wanted)
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

    def _known(self, name: str, address: str | None) -> int | None:
        """Give the person of that address, or the only one of that name."""
        if address is not None:
            return self._by_address.get(address)
        same = self._by_name.get(name.casefold(), [])
        return same[0] if len(same) == 1 else None

    def _make_people(self, wanted: dict[str, tuple[str, str | None]]) -> None:
        keys: dict[str, list[str]] = {}
        for requester, (name, address) in wanted.items():
            keys.setdefault(address or f"\n{name.casefold()}", []).append(requester)
        people, addresses, entries = [], [], []
        stamp = to_text(self._work.at)
        for number, same in zip(
            bulk.reserve(self._work.spine, "person", len(keys)), keys.values(), strict=True
        ):
            name, address = wanted[same[0]]
            shown = name or (address or "").partition("@")[0]
            people.append((number, shown, "", "", "", "", "", "", True))
            if address is not None:
                addresses.append((address, number, 0))
                self._by_address[address] = number
            self._by_name.setdefault(shown.casefold(), []).append(number)
            self._people |= dict.fromkeys(same, number)
            data = json_object({"name": name, "address": address or ""})
            entries.append(
                (
                    *(self._work.id, stamp, self._work.actor, "person", number, 0),
                    *("opened", False, "", "{}", data),
                )
            )
        spine = self._work.spine
        bulk.insert(spine, "person", _PERSON, people)
        bulk.insert(spine, "person_address", ("address", "person_id", "position"), addresses)
        bulk.insert(spine, "ledger", _ENTRY, entries)
        self.new_people += len(people)

    def _category(self, path: str) -> int:
        known = self._paths.get(path.casefold())
        if known is not None:
            return known
        number = imported.add_category(self._work.spine, path)
        self._paths[path.casefold()] = number
        self._work.record(("category", number), "opened", data={"path": path})
        self.new_categories += 1
        return number
