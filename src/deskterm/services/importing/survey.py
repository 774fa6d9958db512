"""What an export holds, counted: shown before anything is written, and again when it is."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain.vocabulary import State
from deskterm.services.importing.foreign import NO_OPENING
from deskterm.services.importing.history import (
    HAS_CLOSING,
    HAS_RESOLUTION,
    NO_TIME,
    UNKNOWN,
    Past,
    standing,
)
from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.places import Known
from deskterm.services.importing.wide import Foreign, Json, Someone, Standing
from deskterm.services.importing.words import NOT_URGENT, OURS, is_urgent, plain_word

if TYPE_CHECKING:
    from datetime import datetime

TWICE = "twice in the export"
FLAGS = {
    NO_TIME: "closed without a closing time: they close at their last known moment",
    HAS_RESOLUTION: "open, but with a resolution: they stay open",
    HAS_CLOSING: "open, but with a closing time: they stay open",
    NO_OPENING: "without a time of opening: they open at their first known moment",
    TWICE: "twice in the export with other content: the newer one counts",
    UNKNOWN: "with a state that nobody here knows: they stay open",
}

DERIVED = frozenset(("type", "version", "outcome", "urgency", "status", "tags"))
"""Fields that keep the old desk's word for what has a meaning here; a map cannot rename them."""


class Word(NamedTuple):
    """A foreign word and what becomes of it."""

    word: str
    becomes: str
    tickets: int
    sure: bool
    """Whether a table or the mapping says so; else it is a guess."""


class Survey:
    """Counts what arrives."""

    def __init__(self, known: Known, mapping: ColumnMap) -> None:
        self._known = known
        self._mapping = mapping
        self.tickets = 0
        self.ends: Counter[str] = Counter()
        self.public = 0
        self.internal = 0
        self.files = 0
        self.lost_files = 0
        self.oldest: datetime | None = None
        self.newest: datetime | None = None
        self.flags: Counter[str] = Counter()
        self._states: Counter[tuple[str, Standing | None]] = Counter()
        self._urgencies: Counter[str] = Counter()
        self._owners: Counter[Someone] = Counter()
        self._groups: Counter[str] = Counter()
        self._fields: Counter[str] = Counter()
        self._people: set[Someone] = set()

    def note(self, ticket: Foreign) -> None:
        """Count a ticket."""
        self.tickets += 1
        ends = standing(ticket, sorted(ticket.happened, key=lambda one: one.at))
        self.ends[ends.state.value] += 1
        if ticket.status:
            self._states[ticket.status, ticket.standing] += 1
        if ticket.fields.get("urgency"):
            self._urgencies[ticket.fields["urgency"]] += 1
        if ticket.owner.shown:
            self._owners[ticket.owner] += 1
        if ticket.group:
            self._groups[ticket.group] += 1
        self._fields.update(ticket.fields.keys())
        self._people.update(one for one in (ticket.requester, *ticket.watchers) if one.shown)
        files = ticket.files
        for one in ticket.happened:
            files += one.files
            if one.public:
                self.public += 1
            else:
                self.internal += 1
        self.files += sum(one.read is not None for one in files)
        self.lost_files += sum(one.read is None for one in files)
        self.oldest = min(self.oldest or ticket.opened, ticket.opened)
        self.newest = max(self.newest or ticket.opened, ticket.opened)

    def look(self, ticket: Foreign) -> None:
        """Count a ticket that is not written, with what is odd about it."""
        self.note(ticket)
        past = Past("", 0, {})
        past.tell(ticket, ticket.happened, ())
        self.flags.update(past.flags)

    def states(self) -> list[Word]:
        """Give each state word and where it leaves its tickets."""
        said = self._mapping.values.get("status", {})
        return [
            Word(word, _ours(meant) if meant else "open", many, meant is not None or word in said)
            for (word, meant), many in self._states.most_common()
        ]

    def urgencies(self) -> list[Word]:
        """Give each word for urgency and whether it is urgent here."""
        found = []
        for word, many in self._urgencies.most_common():
            urgent = is_urgent(word)
            sure = urgent or plain_word(word) in NOT_URGENT
            found.append(Word(word, "urgent" if urgent else "not urgent", many, sure))
        return found

    def owners(self) -> list[Word]:
        """Give each owner and the login that their tickets get."""
        found = []
        for owner, many in self._owners.most_common():
            login, here = self._known.login(owner, self._mapping.owners)
            name = owner.addresses[0] if owner.addresses else owner.name
            becomes = login if here or not login else f"{login} (new)"
            found.append(Word(name, becomes or "nobody", many, here or not login))
        return found

    def groups(self) -> list[Word]:
        """Give each group; those that are not here are made."""
        return [
            Word(name, name if here else f"{name} (new)", many, here)
            for name, many in self._groups.most_common()
            for here in (name.casefold() in self._known.groups,)
        ]

    def fields(self) -> list[Word]:
        """Give each field and how many tickets have it."""
        return [
            Word(name, f"field {name}", many, True) for name, many in self._fields.most_common()
        ]

    def people(self) -> tuple[int, int]:
        """Give (known here, new) people."""
        named: dict[object, Someone] = {}
        for one in self._people:
            named.setdefault(one.addresses[:1] or one.name.casefold(), one)
        here = sum(self._known.person(one) is not None for one in named.values())
        return here, len(named) - here

    def is_open(self) -> int:
        """Give how many tickets arrive as work to do."""
        return sum(self.ends[one.value] for one in (State.NEW, State.OPEN, State.WAITING))

    def told(self) -> dict[str, Json]:
        """Give the whole survey as plain values."""
        here, new = self.people()
        return {
            "tickets": self.tickets,
            "open": self.is_open(),
            "states": dict(self.ends),
            "public_words": self.public,
            "internal_words": self.internal,
            "files": self.files,
            "files_not_in_the_export": self.lost_files,
            "people_here": here,
            "people_new": new,
            "flags": dict(self.flags),
            "words": {
                name: [one._asdict() for one in words]
                for name, words in (
                    ("status", self.states()),
                    ("urgency", self.urgencies()),
                    ("owners", self.owners()),
                    ("groups", self.groups()),
                    ("fields", self.fields()),
                )
            },
        }


def _ours(meant: Standing) -> str:
    return next((word for word, one in OURS.items() if one == meant), meant.state.value)


def map_of(survey: Survey, columns: Mapping[str, str], mapping: ColumnMap) -> str:
    """Give a mapping to edit, as TOML: what was found, with what it would become."""
    import tomlkit

    document = tomlkit.document()
    document.add(tomlkit.comment("What to change stands on the right; then: --map THIS FILE"))
    document["zone"] = mapping.zone or "UTC"
    if columns:
        document["columns"] = _table(
            {
                head: mapping.columns.get(head, "" if not meaning else _bare(head, meaning))
                for head, meaning in columns.items()
            }
        )
    values = tomlkit.table(is_super_table=True)
    for name, words in (("status", survey.states()), ("urgency", survey.urgencies())):
        if words:
            values[name] = _words(words)
    if len(values):
        document["values"] = values
    for name, words in (("owners", survey.owners()), ("groups", survey.groups())):
        if words:
            document[name] = _words(words)
    own = {one.word: one.word for one in survey.fields() if one.word not in DERIVED}
    if own and not columns:
        document["fields"] = _table(own)
    return tomlkit.dumps(document)


def _bare(head: str, meaning: str) -> str:
    return head if meaning == f"field {head}" else meaning


def _table(found: Mapping[str, str]) -> Json:
    import tomlkit

    table = tomlkit.table()
    for name, value in found.items():
        table[name] = value
    return table


def _words(words: list[Word]) -> Json:
    """Give a table of words; guesses are marked and the number of tickets stands beside."""
    table = _table({})
    for one in words:
        value = one.becomes.removesuffix(" (new)")
        table[one.word] = {"nobody": "", "urgent": "urgent", "not urgent": "low"}.get(value, value)
        guess = "" if one.sure else "a guess, "
        new = "new here, " if one.becomes.endswith(" (new)") else ""
        table[one.word].comment(f"{new or guess}{one.tickets} tickets")
    return table
