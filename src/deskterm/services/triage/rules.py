"""The desk's own rules: added, changed, moved, taken away, and tried on what is there."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deskterm.domain import clock
from deskterm.domain.address import normal_address
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.domain.rules import DeskRule, RuleHit, RuleTest
from deskterm.domain.text import header_safe, storable
from deskterm.domain.vocabulary import Event
from deskterm.storage import rules
from deskterm.storage.held_row import HeldRow
from deskterm.storage.names import number_of
from deskterm.triage.query import parse

if TYPE_CHECKING:
    from deskterm.services.acting import Acting
    from deskterm.storage.driver import Database, Row

TESTED = 2_000
"""The newest tickets that a test looks at."""
_MOST = 200


class Rules:
    """Use cases on rules; each write takes `op_id` and `dry`."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def all(self) -> list[DeskRule]:
        """Give every rule in its order."""
        with self._desk.store.reading() as database:
            return rules.all_rules(database)

    def add(
        self, name: str, query: str, sets: Mapping[str, Any], *, stops: bool = False, **how: Any
    ) -> None:
        """Add a rule after the others; `sets` are names as people write them."""
        with self._desk.work("rule add", **how) as work:
            known = rules.all_rules(work.spine)
            if len(known) >= _MOST:
                raise UsageError(f"there are {_MOST} rules already; take one away first.")
            row = HeldRow(work, "rule", None)
            row.set(
                position=1 + max((one.position for one in known), default=0),
                name=_free_name(known, name),
                query=_checked(query),
                sets=_meant(work.spine, sets),
                stops=stops,
                active=True,
            )
            row.write(Event.EDITED, row["name"])

    def change(self, name: str, values: Mapping[str, Any], **how: Any) -> None:
        """Change a rule: name, query, sets (all of them anew), stops, active."""
        with self._desk.work("rule set", **how) as work:
            known = rules.all_rules(work.spine)
            one = _named(known, name)
            row = HeldRow(work, "rule", one.id)
            new = dict(values)
            if "name" in new:
                new["name"] = _free_name([o for o in known if o.id != one.id], new["name"])
            if "query" in new:
                new["query"] = _checked(new["query"])
            if "sets" in new:
                new["sets"] = _meant(work.spine, new["sets"])
            row.set(**new)
            row.write(Event.EDITED, row["name"])

    def move(self, name: str, place: int, **how: Any) -> None:
        """Put a rule at a place, 1 first; the others make room."""
        with self._desk.work("rule move", **how) as work:
            known = rules.all_rules(work.spine)
            one = _named(known, name)
            order = [other.id for other in known if other.id != one.id]
            order.insert(max(0, min(place - 1, len(order))), one.id)
            for position, number in enumerate(order, 1):
                row = HeldRow(work, "rule", number)
                if row["position"] != position:
                    row.set(position=position)
                    row.write(Event.EDITED, row["name"])

    def remove(self, name: str, **how: Any) -> None:
        """Take a rule away; what it filled in stays."""
        with self._desk.work("rule remove", **how) as work:
            one = _named(rules.all_rules(work.spine), name)
            row = HeldRow(work, "rule", one.id)
            row.remove()
            row.write(Event.EDITED, one.name)

    # --- trying it ------------------------------------------------------------------------

    def test(self, name: str, history: str = "is:any") -> RuleTest:
        """Tell what a rule would have said of tickets that are there; nothing is changed."""
        one = _named(self.all(), name)
        return self._test(one.query, one.sets, history)

    def try_out(self, query: str, sets: Mapping[str, Any], history: str = "is:any") -> RuleTest:
        """Tell what a rule would say that is not added yet."""
        with self._desk.store.reading() as database:
            meant = _meant(database, sets)
        return self._test(_checked(query), meant, history)

    def _test(self, query: str, sets: Mapping[str, Any], history: str) -> RuleTest:
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
    found: dict[str, Any] = {}
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


def _free_name(known: Sequence[DeskRule], text: str) -> str:
    name = header_safe(storable(text)).strip()
    if not name or len(name) > 80:
        raise UsageError(f"a rule's name has 1 to 80 characters, not {text[:60]!r}.")
    if any(one.name.casefold() == name.casefold() for one in known):
        raise UsageError(f"there is a rule {name!r} already; change it with `deskterm rule set`.")
    return name
