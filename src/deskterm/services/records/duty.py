"""Records that steer the desk's work: categories, views, rules, absences."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.address import normal_address
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.record_table import Field
from deskterm.domain.text import header_safe, storable
from deskterm.domain.vocabulary import Event
from deskterm.services.records.keeper import Keeper
from deskterm.services.records.listed import Given, Key, Shown
from deskterm.services.records.readers import flag, lines, pairs
from deskterm.services.written import Written
from deskterm.storage.held_row import HeldRow
from deskterm.storage.names import id_of, login_of, number_of, paths_below, view_of
from deskterm.storage.reads import in_hand, rows
from deskterm.storage.retention_rules import twin_of
from deskterm.storage.rules import TABLES, all_rules, name_of

if TYPE_CHECKING:
    from deskterm.storage.driver import Database
    from deskterm.storage.work import Work

_DEEPEST = 8
_MOST_RULES = 200


class Categories(Keeper):
    """The tree of categories: those above are made too, those below follow a new name."""

    def name(self, text: str) -> str:
        """Give a path as it is kept."""
        parts = [super(Categories, self).name(part) for part in text.strip("/ ").split("/")]
        if len(parts) > _DEEPEST:
            raise UsageError(f"a category lies at most {_DEEPEST} levels deep.")
        return "/".join(parts)

    def find(self, database: "Database", name: str) -> Key:
        """Give the category of a path, or of its end where only one ends so."""
        return number_of(database, self.kind, name)

    def create(self, work: "Work", name: str, given: Given) -> HeldRow:
        """Make a category and those above it."""
        above = ""
        *parts, own = self.name(name).split("/")
        for part in parts:
            above = f"{above}/{part}" if above else part
            known = id_of(work.spine, self.kind, above)
            if known is None:
                super().create(work, above, {})
            else:
                above = name_of(work.spine, self.kind, known)
        return super().create(work, f"{above}/{own}" if above else own, given)

    def rename(self, work: "Work", name: str, new: str, version: int | None = None) -> None:
        """Give it, and all that lies below it, another path."""
        row = self.held(work, name, version)
        old, fresh = str(row["path"]), self.name(new)
        if self.known(work.spine, fresh, {}) not in (None, row.key):
            raise RefusedError(f"there is a category {new!r} already: merge {name!r} into it.")
        for number, here in paths_below(work.spine, old):
            one = HeldRow(work, self.kind, number)
            one.set(path=fresh + here[len(old) :])
            self.keep(one)

    def remove(self, work: "Work", name: str, version: int | None = None) -> None:
        """Take a category away; one that closed tickets or solutions name is retired."""
        row = self.held(work, name, version)
        path = str(row["path"])
        if rows.open_below(work.spine, path):
            raise RefusedError(f"open tickets are in {path}; move them first.")
        if any(number != row.key for number, _ in paths_below(work.spine, path)):
            raise RefusedError(f"categories lie below {path}; remove or rename those first.")
        if self.uses(work.spine, row.number):
            row.set(active=False)
            self.keep(row)
        else:
            row.remove()
            row.write(Event.EDITED, path)

    def merge(self, work: "Work", name: str, into: str) -> None:
        """Merge a category that nothing lies below."""
        gone = self.held(work, name)
        if len(paths_below(work.spine, gone["path"])) > 1:
            raise RefusedError(f"categories lie below {name!r}: merge or rename those first.")
        _merge_competences(work, gone.number, int(self.find(work.spine, into)))
        super().merge(work, name, into)


def _merge_competences(work: "Work", gone: int, stays: int) -> None:
    """Of whoever knows both categories the higher level stays."""
    from deskterm.storage.reads.competences import of_category  # with the figures, for a merge only

    there = of_category(work.spine, stays)
    for login, (number, level) in of_category(work.spine, gone).items():
        if login not in there or gone == stays:
            continue
        row = HeldRow(work, "competence", number)
        source = row["source"]
        row.remove()
        row.write(Event.EDITED, login)
        kept = HeldRow(work, "competence", there[login][0])
        if level > there[login][1]:
            kept.set(level=level, source=source)
            kept.write(Event.EDITED, login)


class Views(Keeper):
    """Saved queries, one's own and everyone's."""

    def listed(self, database: "Database", words: str = "", most: int = 100_000) -> list[Shown]:
        """Give one's own and everyone's."""
        found = rows.records(database, self.kind, None, words, most)
        return [self.shown(database, row) for row in found if row["owner"] in ("", self.me)]

    def shown(self, database: "Database", row: Shown) -> Shown:
        """Give a view with whether it is everyone's."""
        found = super().shown(database, row)
        return found | {"everyone": row["owner"] == ""}

    def known(self, database: "Database", name: str, given: Given) -> Key | None:
        """Give one's own, else everyone's; with `everyone` given exactly that one."""
        wanted = header_safe(storable(name))
        if "everyone" in given:
            return view_of(database, wanted, ("" if flag(given["everyone"]) else self.me,))
        return view_of(database, wanted, (self.me, ""))

    def find(self, database: "Database", name: str) -> Key:
        """Give one's own, else everyone's; raises NotFoundError."""
        found = self.known(database, name, {})
        if found is None:
            raise NotFoundError(f"there is no view {name[:60]!r}; see `deskterm view list`.")
        return found

    def begin(self, row: HeldRow, name: str) -> None:
        """A new one is one's own."""
        super().begin(row, name)
        row.set(owner=self.me, query="")

    def set_field(self, row: HeldRow, field: Field, text: str) -> None:
        """Set one field."""
        if field.name == "everyone":
            row.set(owner="" if flag(text) else self.me)
        else:
            super().set_field(row, field, text)

    def check(self, row: HeldRow) -> None:
        """A view has a query."""
        if not row["query"]:
            error = UsageError("which tickets? Give a query; 'is:any' means every one.")
            error.field = "query"
            raise error


class Rules(Keeper):
    """The desk's own rules; what they set is kept by number, so that a new name is the same."""

    def listed(self, database: "Database", words: str = "", most: int = 100_000) -> list[Shown]:
        """Give the rules in the order in which they are asked."""
        found = super().listed(database, words, most)
        return sorted(found, key=lambda one: (one["position"], one["id"]))

    def shown(self, database: "Database", row: Shown) -> Shown:
        """Give a rule with what it sets in words."""
        found = super().shown(database, row)
        sets = row["sets"]
        for kind in TABLES:
            found[kind] = name_of(database, kind, sets[kind]) if kind in sets else None
        found["urgent"] = "yes" if sets.get("urgent") else "no"
        found["watchers"] = list(sets.get("watcher", ()))
        own = {name.partition(".")[2]: one for name, one in sets.items() if "." in name}
        return found | {"fields": own}

    def makes(self, name: str) -> bool:
        """A rule is added with what it asks for and sets."""
        del name
        return False

    def add(self, work: "Work", name: str, given: Given) -> None:
        """Add a rule; raises UsageError where there is one of that name."""
        if self.known(work.spine, name, given) is not None:
            raise UsageError(
                f"there is a rule {name[:60]!r} already; change it with `deskterm rule set`."
            )
        super().add(work, name, given)

    def begin(self, row: HeldRow, name: str) -> None:
        """A new one is asked after the others."""
        known = all_rules(row.work.spine)
        if len(known) >= _MOST_RULES:
            raise UsageError(f"there are {_MOST_RULES} rules already; take one away first.")
        super().begin(row, name)
        row.set(query="", position=1 + max((one.position for one in known), default=0))

    def set_field(self, row: HeldRow, field: Field, text: str) -> None:
        """Set one field, or one of what the rule sets."""
        if field.name == "name":
            if self.known(row.work.spine, text, {}) not in (None, row.key):
                raise RefusedError(f"there is a rule {text[:60]!r} already: change that one.")
            row.set(name=self.name(text))
        elif field.name == "position":
            self._move(row, int(text.strip()) if text.strip().isdigit() else 0)
        elif field.kind == "sets":
            row.set(sets=_sets(row.work.spine, row["sets"] or {}, field.name, text))
        else:
            super().set_field(row, field, text)

    def _move(self, row: HeldRow, place: int) -> None:
        """Put a rule at a place, 1 first; the others make room."""
        order = [one.id for one in all_rules(row.work.spine) if one.id != row.key]
        order.insert(max(0, min(place - 1, len(order))), row.number)
        for position, number in enumerate(order, 1):
            if number == row.number:
                row.set(position=position)
                continue
            other = HeldRow(row.work, self.kind, number)
            if other["position"] != position:
                other.set(position=position)
                self.keep(other)

    def check(self, row: HeldRow) -> None:
        """A rule asks for something and sets something."""
        if not row["query"]:
            raise UsageError("which tickets? Give a query (--when); 'is:any' means every new one.")
        if not row["sets"]:
            raise UsageError("what shall it set? Give --category, --group, --urgent or another.")


def _sets(
    database: "Database", sets: Mapping[str, object], name: str, text: str
) -> dict[str, object]:
    """Give what a rule sets, with one thing of it as it was typed."""
    if name in TABLES:
        kept = {key: one for key, one in sets.items() if key != name}
        return kept | ({name: number_of(database, name, text)} if text.strip() else {})
    if name == "urgent":
        kept = {key: one for key, one in sets.items() if key != "urgent"}
        return kept | ({"urgent": True} if text.strip() and flag(text) else {})
    if name == "watchers":
        kept = {key: one for key, one in sets.items() if key != "watcher"}
        found = [normal_address(one) for one in lines(text)]
        return kept | ({"watcher": found} if found else {})
    kept = {key: one for key, one in sets.items() if "." not in key}
    return kept | {f"field.{key}": storable(one) for key, one in pairs(text).items()}


class Absences(Keeper):
    """Who is off; one that is there goes by its number, or by the login of who is off."""

    def listed(self, database: "Database", words: str = "", most: int = 100_000) -> list[Shown]:
        """Give absences that last or come, the earliest first."""
        open_ = [one.id for one in in_hand.absences(database, clock.now())]
        found = {one["id"]: one for one in super().listed(database, words, most)}
        return [found[number] for number in open_ if number in found]

    def shown(self, database: "Database", row: Shown) -> Shown:
        """Give an absence under its number, with whose it is."""
        found = super().shown(database, row)
        return {"id": row["key"], "name": str(row["key"]), "login": row["login"], **found} | {
            "name": str(row["key"])
        }

    def known(self, database: "Database", name: str, given: Given) -> Key | None:
        """Give an absence that is meant by its number; a login is a new one."""
        del given
        wanted = name.strip().removeprefix("#")
        return (
            int(wanted) if wanted.isdigit() and rows.records(database, self.kind, wanted) else None
        )

    def makes(self, name: str) -> bool:
        """An absence is added."""
        del name
        return False

    def find(self, database: "Database", name: str) -> Key:
        """Give the absence of that number, or the first of that login that lasts or comes."""
        wanted = name.strip().removeprefix("#")
        for one in in_hand.absences(database, clock.now()):
            if wanted in (str(one.id), one.login):
                return one.id
        raise NotFoundError(f"{name[:60]} is not off; see `deskterm absence list`.")

    def rename(self, work: "Work", name: str, new: str, version: int | None = None) -> None:
        """Say that it is somebody else who is off."""
        row = self.held(work, name, version)
        row.set(login=login_of(work.spine, new))
        self.check(row)
        self.keep(row)

    def merge(self, work: "Work", name: str, into: str) -> None:
        """Make two absences of one technician one, from the first day of both to the last."""
        gone, stays = self.held(work, name), self.held(work, into)
        if gone.number == stays.number:
            raise RefusedError(f"{name!r} cannot be merged into itself.")
        if gone["login"] != stays["login"]:
            raise RefusedError(f"{name} is {gone['login']}'s, {into} is {stays['login']}'s.")
        stays.set(
            from_at=min(gone["from_at"], stays["from_at"]),
            until_at=max(gone["until_at"], stays["until_at"]),
            deputy=stays["deputy"] or gone["deputy"],
            reason=stays["reason"] or gone["reason"],
        )
        gone.remove()
        self.keep(gone)
        self.keep(stays)

    def begin(self, row: HeldRow, name: str) -> None:
        """A new one begins now."""
        row.set(
            login=self.me if name in ("", "me") else login_of(row.work.spine, name),
            from_at=clock.now(),
            until_at=None,
            deputy=None,
            reason="",
        )

    def set_field(self, row: HeldRow, field: Field, text: str) -> None:
        """Set one field; without a beginning it is now."""
        if field.name == "from" and not text.strip():
            text = "now"
        super().set_field(row, field, text[:200] if field.name == "reason" else text)
        if field.name == "until" and text.strip() == "now":
            row.set(until_at=max(clock.now(), row["from_at"]))

    def check(self, row: HeldRow) -> None:
        """It ends after it began, and nobody stands in for themselves."""
        begin, end = row["from_at"], row["until_at"]
        if not isinstance(end, datetime):
            raise UsageError("until when? Say 3d, friday or 2026-12-24.")
        if end < begin or (end == begin and not row.number):
            raise UsageError("it ends before it begins: check --from and --until.")
        if row["deputy"] == row["login"]:
            raise UsageError(f"{row['login']} cannot stand in for themselves.")
        if row.changed:
            self._name_visits(row)

    def _name_visits(self, row: HeldRow) -> None:
        """Say which visits lie in it: whoever was promised one waits for somebody who is off."""
        from deskterm.services.visits import covered_words

        database = row.work.spine
        said = covered_words(database, row["login"], row["from_at"], row["until_at"])
        row.work.state(Written).notes |= {said: None} if said else {}


class Retentions(Keeper):
    """Keeps rules of retention: of two for the same tickets one would never be asked."""

    def check(self, row: HeldRow) -> None:
        """Refuse a rule without an age, and a second one for the same."""
        if not row["days"]:
            raise _wrong("after", "how long after a ticket was closed? Say 2y, 18mo or 90d.")
        twin = twin_of(row.work.spine, row["category_id"], row["what"], row.number)
        if twin:
            raise _wrong("category", f"{twin!r} is for {row['what']} there already: change it.")


def _wrong(field: str, sentence: str) -> UsageError:
    error = UsageError(sentence)
    error.field = field
    return error
