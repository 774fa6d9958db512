"""The desk's own rules: added, changed, moved, taken away, and tried on what is there."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deskterm.domain import clock
from deskterm.domain.address import normal_address
from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.domain.rows import Done
from deskterm.domain.rules import DeskRule, RuleHit, RuleTest
from deskterm.domain.text import storable
from deskterm.services.records import Records
from deskterm.storage import rules
from deskterm.storage.names import number_of
from deskterm.triage.query import parse

if TYPE_CHECKING:
    from deskterm.services.acting import Acting
    from deskterm.storage.driver import Database, Row

TESTED = 2_000
"""The newest tickets that a test looks at."""
SETS = ("category", "service", "group", "urgent", "fields", "watchers")
"""The fields of a rule that say what it sets."""


class Rules:
    """Use cases on rules; a rule is a record."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk
        self._records = Records(desk)

    def all(self) -> list[DeskRule]:
        """Give every rule in its order."""
        with self._desk.store.reading() as database:
            return rules.all_rules(database)

    def add(
        self,
        name: str,
        query: str,
        sets: Mapping[str, object],
        *,
        stops: bool = False,
        how: How = NOW,
    ) -> Done:
        """Add a rule after the others; `sets` are names as people write them."""
        values = {"query": query, "stops": "yes" if stops else "no", **typed_sets(sets)}
        return self._records.add("rule", name, values, how)

    def change(self, name: str, values: Mapping[str, Any], how: How = NOW) -> Done:
        """Change a rule: name, query, sets (all of them anew), stops, active."""
        given = {
            key: ("yes" if one else "no") if isinstance(one, bool) else one
            for key, one in values.items()
            if key != "sets"
        }
        if "sets" in values:
            given |= dict.fromkeys(SETS, "") | typed_sets(values["sets"])
        return self._records.set("rule", name, given, how)

    def move(self, name: str, place: int, how: How = NOW) -> Done:
        """Put a rule at a place, 1 first; the others make room."""
        return self._records.set("rule", name, {"position": str(place)}, how)

    def remove(self, name: str, how: How = NOW) -> Done:
        """Take a rule away; what it filled in stays."""
        return self._records.remove("rule", name, how)

    # --- trying it ------------------------------------------------------------------------

    def test(self, name: str, history: str = "is:any") -> RuleTest:
        """Tell what a rule would have said of tickets that are there; nothing is changed."""
        one = _named(self.all(), name)
        return self._test(one.query, one.sets, history)

    def try_out(self, query: str, sets: Mapping[str, object], history: str = "is:any") -> RuleTest:
        """Tell what a rule would say that is not added yet."""
        with self._desk.store.reading() as database:
            meant = _meant(database, sets)
        return self._test(_checked(query), meant, history)

    def _test(self, query: str, sets: Mapping[str, object], history: str) -> RuleTest:
        from deskterm.triage.query import narrow

        text = narrow(history, query)
        with self._desk.store.reading() as database, database.snapshot():
            rows = rules.matching(database, text, clock.now(), TESTED)
            words = rules.words_of(database, sets)
            hits = [
                hit
                for row in rows
                for field, value in words.items()
                if (hit := _hit(database, row, field, value)) is not None
            ]
        verdicts = Counter(hit.verdict for hit in hits)
        return RuleTest(tuple(hits), len(rows), verdicts["same"], verdicts["other"])


def _hit(database: "Database", row: "Row", field: str, says: str) -> RuleHit | None:
    """Give what stands on a ticket where the rule would say something."""
    if field == "watcher":
        now = ", ".join(rules.watchers_of(database, row["id"]))
        verdict = "same" if says in now else "sets"
    elif field == "urgent":
        now = "yes" if row["urgent"] else "no"
        verdict = "same" if row["urgent"] else "other"
    else:
        if field in rules.TABLES:
            number = row[f"{field}_id"]
            now = rules.name_of(database, field, number) if number is not None else ""
        else:
            now = rules.field_of(database, row["id"], field.removeprefix("field."))
        verdict = "sets" if not now else "same" if now == says else "other"
    return RuleHit(row["id"], row["subject"], field, now, says, verdict)


def _checked(query: str) -> str:
    if not query.strip():
        raise UsageError("which tickets? Give a query (--when); 'is:any' means every new one.")
    parse(query)
    return storable(query.strip())


def _meant(database: "Database", sets: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is set by numbers, so that a renamed category is still the same one."""
    if not sets:
        raise UsageError("what shall it set? Give --category, --group, --urgent or another.")
    found: dict[str, object] = {}
    for field, value in sets.items():
        if field in rules.TABLES:
            found[field] = number_of(database, field, value)
        elif field == "watcher":
            found[field] = [normal_address(one) for one in value]
        else:
            found[field] = storable(value) if isinstance(value, str) else value
    return found


def _named(known: Sequence[DeskRule], name: str) -> DeskRule:
    wanted = name.strip().casefold()
    for one in known:
        if one.name.casefold() == wanted:
            return one
    raise NotFoundError(f"there is no rule {name[:60]!r}; see `deskterm rule list`.")


def typed_sets(sets: Mapping[str, Any]) -> dict[str, str]:
    """Give what a rule is to set as the fields of its record are typed."""
    found = {key: str(sets[key]) for key in rules.TABLES if key in sets}
    if sets.get("urgent"):
        found["urgent"] = "yes"
    own = [f"{key.partition('.')[2]}={value}\n" for key, value in sets.items() if "." in key]
    if own:
        found["fields"] = "".join(own)
    if sets.get("watcher"):
        found["watchers"] = "".join(f"{one}\n" for one in sets["watcher"])
    return found
