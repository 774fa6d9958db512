"""Requesters and organisations as records; groups and their members."""

import shlex
from typing import TYPE_CHECKING

from deskterm.domain.address import normal_address
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.record_table import RECORDS, Field
from deskterm.domain.rows import PersonRow
from deskterm.domain.vocabulary import Event
from deskterm.services import crossing
from deskterm.services.records.keeper import Keeper, leave_only
from deskterm.services.records.listed import Given, Key, Shown
from deskterm.services.records.merging import leave_tickets, move_person
from deskterm.services.records.readers import flag, lines
from deskterm.storage.desk_settings import LETTER, read_all
from deskterm.storage.held_row import HeldRow
from deskterm.storage.names import place_meant, place_named
from deskterm.storage.people import (
    Introduced,
    addresses_of,
    device_named,
    find_person,
    known_address,
    people_named,
    person_of_address,
    split_who,
)
from deskterm.storage.reads import records as reads
from deskterm.storage.reads import rows
from deskterm.storage.reads.clients import kept_to
from deskterm.storage.reads.people import people, people_like, person
from deskterm.storage.subjects import HeldSettings

if TYPE_CHECKING:
    from deskterm.storage.driver import Database
    from deskterm.storage.work import Work

_FOUND = 200
"""So many people are given for words, the best first."""
TEXTS = ("name", "phone", "department", "location", "title", "segment", "notes", "language")


class People(Keeper):
    """Requesters: found by address, name or #number; never called by a name of their own."""

    asks = True
    """Whether a place of a name near another's is refused: what is typed may be a slip."""

    def listed(self, database: "Database", words: str = "", most: int = 100_000) -> list[Shown]:
        """Give the people that fit the words best, or all by name."""
        if not words:
            found = rows.records(database, self.kind, most=most)
        else:
            numbers = [one.id for one in people_like(database, words, min(most, _FOUND))]
            found = [rows.records(database, self.kind, number)[0] for number in numbers]
        about = {one.id: one for one in people(database, [row["key"] for row in found])}
        return [self._with(row, about[row["key"]]) for row in found]

    def shown(self, database: "Database", row: Shown) -> Shown:
        """Give a person with their addresses and devices."""
        return self._with(row, person(database, row["key"]))

    def _with(self, row: Shown, about: PersonRow) -> Shown:
        own = {
            "id": row["key"],
            "name": row["name"],
            "addresses": list(about.addresses),
            "devices": [one.name for one in about.devices],
        }
        values = {
            field.name: row[field.place]
            for field in self.record.fields
            if field.place in row and field.name != "name"
        }
        return own | values | {"used": row["used"], "version": row["version"]}

    def texts(self, database: "Database", shown: Shown) -> dict[str, str]:
        """Give every field; whether addresses work is asked where one does not."""
        texts = super().texts(database, shown)
        if "id" not in shown or not person(database, shown["id"]).broken:
            texts.pop("address_works")
        return texts

    def known(self, database: "Database", name: str, given: Given) -> Key | None:
        """Give who is meant by an address, a name or #number; None: it would be somebody new."""
        del given
        called, address = ("", None) if name.strip().startswith("#") else split_who(name)
        if address is not None:
            return person_of_address(database, address)
        if called and not people_named(database, called):
            return None
        return find_person(database, name)

    def makes(self, name: str) -> bool:
        """An address makes somebody new, an unknown name does not."""
        return "@" in name

    def find(self, database: "Database", name: str) -> Key:
        """Give the one person meant; raises NotFoundError."""
        return find_person(database, name)

    def begin(self, row: HeldRow, name: str) -> None:
        """Fill in what is known of somebody new: name and address."""
        called, address = split_who(name)
        row.set(**dict.fromkeys(TEXTS, ""), active=True)
        row.set(name=called or (address or "").partition("@")[0])
        if address:
            row.put(f"address.{address}", 0)

    def set_field(self, row: HeldRow, field: Field, text: str) -> None:
        """Set one field: places are made where unknown, addresses and devices are added."""
        if field.kind == "place":
            row.set(
                **{
                    field.place: _place(row.work, field.of, text.strip(), asks=self.asks)
                    if text.strip()
                    else None
                }
            )
        elif field.name == "email":
            _add_address(row, text)
        elif field.name == "address_works":
            if flag(text):
                _works(row)
        elif field.name != "device":
            super().set_field(row, field, text)

    def change(self, row: HeldRow, given: Given) -> None:
        """Set what was typed; a device is theirs once they have a number.

        What they said as somebody of a client stays that client's when they leave it.
        """
        before = row["organisation_id"]
        super().change(row, given)
        if row.number and before not in (None, row["organisation_id"]):
            leave_tickets(row.work, row.number, before)
        if given.get("device"):
            self.keep(row)
            _give(row, given["device"])

    def rename(self, work: "Work", name: str, new: str, version: int | None = None) -> None:
        """Call somebody otherwise; two people may have the same name."""
        row = self.held(work, name, version)
        row.set(name=self.name(new))
        self.keep(row)

    def merge(self, work: "Work", name: str, into: str) -> None:
        """Merge one person into another; what they said as another client's stays that client's."""
        gone, stays = self.held(work, name), self.held(work, into)
        if gone.number == stays.number:
            raise RefusedError(f"{name!r} cannot be merged into themselves.")
        whose = (gone["organisation_id"], stays["organisation_id"])
        crossing.apart(work, f"{name} into {into}", *whose, across=self.across)
        if whose[1] is not None and whose[0] != whose[1]:
            leave_tickets(work, gone.number, whose[0])
        move_person(work, gone, stays)

    def take(self, work: "Work", values: Given) -> None:
        """Take a person from a file's row, known by their address, else new."""
        given = {key: value for key, value in values.items() if value}
        address, name = given.pop("email", "").strip(), given.get("name", "").strip()
        if not address and not name:
            raise UsageError("neither a name nor an email is given")
        self.check_fields(given)
        self.asks = False
        known = person_of_address(work.spine, normal_address(address)) if address else None
        if known is None:
            self.create(work, f"{name} <{address}>" if address else name, given)
        else:
            self.settle(HeldRow(work, self.kind, known), given)


def _place(work: "Work", kind: str, name: str, *, asks: bool) -> int:
    """Give the organisation or site of that name, made where unknown; raises UsageError.

    One that is near another is refused with `asks`: it is made on purpose, by a command of its own.
    """
    known = place_named(work.spine, kind, name)
    if known is not None:
        return known
    if asks and (near := place_meant(work.spine, kind, name)):
        add = f"`deskterm {RECORDS[kind].command} add {shlex.quote(name)}`"
        raise UsageError(
            f"there is no {kind} {name[:60]!r}; do you mean {near!r}? If it is another one: {add}."
        )
    work.state(Introduced).things.append(f"{kind} {name}")
    row = HeldRow(work, kind, None)
    row.set(**{field.place: field.fresh for field in RECORDS[kind].fields}, name=name)
    row.write(Event.EDITED, name)
    return row.number


def _add_address(row: HeldRow, text: str) -> None:
    if not text.strip():
        return
    address = normal_address(text)
    owner = person_of_address(row.work.spine, address)
    if owner is None:
        row.put(f"address.{address}", addresses_of(row.work.spine, row.number))
    elif owner != row.number:
        raise RefusedError(f"{address} already belongs to person #{owner}.")


def _give(row: HeldRow, name: str) -> None:
    """Make a device theirs; one that is not known is made."""
    known = device_named(row.work.spine, name)
    device = HeldRow(row.work, "device", known)
    if known is None:
        row.work.state(Introduced).things.append(f"device {name}")
        fields = RECORDS["device"].fields
        device.set(**{field.place: field.fresh for field in fields}, name=name)
    device.set(person_id=row.number)
    device.write(Event.EDITED, device["name"])


def _works(row: HeldRow) -> None:
    """Forget what came back from their addresses: letters go to them again."""
    from deskterm.services.inbox.broken import forget_failures

    broken = person(row.work.spine, row.number).broken
    if not broken:
        raise RefusedError(f"letters to {row['name']} do not come back: all their addresses work.")
    for one in broken:
        known = known_address(row.work.spine, one.address)
        if known is not None:
            forget_failures(row.work, known)


class Organisations(Keeper):
    """Client organisations: two of them are one only where that is meant."""

    def check_merge(self, gone: HeldRow, stays: HeldRow) -> None:
        """Refuse unless it was said that one client's words are another's from now on.

        Whoever is kept to the one that goes would see nothing, or more: the owner says which.
        """
        kept = kept_to(gone.work.spine, gone.number)
        if kept:
            raise RefusedError(
                f"{', '.join(kept)} may see {gone['name']} alone: whoever owns the desk says what "
                f"they see instead, e.g. deskterm team restrict {kept[0]} --client NAME."
            )
        what = f"{gone['name']} into {stays['name']}"
        crossing.apart(gone.work, what, gone.number, stays.number, across=self.across)

    def merge(self, work: "Work", name: str, into: str) -> None:
        """Let its own words of letters go along where the other has none."""
        gone, stays = self.find(work.spine, name), self.find(work.spine, into)
        super().merge(work, name, into)
        _letters_go(work, gone, stays)

    def remove(self, work: "Work", name: str, version: int | None = None) -> None:
        """Take it away with its own words of letters."""
        number = self.find(work.spine, name)
        super().remove(work, name, version)
        _letters_go(work, number)


def _letters_go(work: "Work", gone: Key, stays: Key | None = None) -> None:
    """Take a client's own words of letters away; to another they go where it has none."""
    settings, own = HeldSettings(work), f"{LETTER}{gone}/"
    theirs = {key: text for key, text in read_all(work.spine).items() if key.startswith(own)}
    for key, text in theirs.items():
        other = f"{LETTER}{stays}/{key.removeprefix(own)}"
        if stays is not None and settings.get(other) is None:
            settings.restore(other, text)
        settings.restore(key, None)
    if theirs:
        settings.write(Event.EDITED)


class Groups(Keeper):
    """Groups, with the technicians in them."""

    def shown(self, database: "Database", row: Shown) -> Shown:
        """Give a group with its members."""
        found = super().shown(database, row)
        members = next((one.members for one in reads.groups(database) if one.id == row["key"]), ())
        return found | {"members": list(members)}

    def set_field(self, row: HeldRow, field: Field, text: str) -> None:
        """Set one field; members are all of them, an unknown login is made known."""
        if field.name != "members":
            super().set_field(row, field, text)
            return
        wanted = [login(one) for one in lines(text)]
        if not row.number:
            self.keep(row)
        leave_only(row, "member", wanted)
        for one in wanted:
            set_member(row, one)


def set_member(group: HeldRow, who: str, *, member: bool = True) -> None:
    """Put a technician into a held group, or take them out; an unknown one is made known."""
    technician = HeldRow(group.work, "technician", who)
    if not technician.exists:
        technician.set(name="", email="", level=1, active=True)
        technician.write(Event.EDITED, login(who))
    group.put(f"member.{who}", member or None)


def login(text: str) -> str:
    """Give a login as it is kept; raises UsageError."""
    if not text.isascii() or not text.replace(".", "").replace("-", "").replace("_", "").isalnum():
        raise UsageError(f"{text[:60]!r} is no login: use letters, digits and . _ -.")
    return text
