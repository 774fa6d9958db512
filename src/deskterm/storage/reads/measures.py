"""What figures are made of: counts and lengths of a period, whole or in parts, and the tickets.

Every statement asks `measure m` by the index of its anchor; `ticket t` is joined only where a query
of the desk's own narrows it. A figure's number and its list come from the same condition.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.domain.stopping import check
from deskterm.reports.figures import (
    CLOSED,
    COUNT,
    MERGED,
    OF_FIELD,
    OPENED,
    PICKUP,
    RATE,
    RESPONSE,
    SOLUTION,
    SPLITS,
    STANDING,
    WORKED,
    Figure,
    Part,
    part_name,
)
from deskterm.reports.periods import period
from deskterm.reports.shown import FigureTerm, Voice
from deskterm.storage.driver import Database, moment

_ANCHORS: dict[str, str] = {
    OPENED: "m.opened_at >= :low AND m.opened_at < :high",
    CLOSED: "m.closed_at >= :low AND m.closed_at < :high",
    MERGED: "m.merged_at >= :low AND m.merged_at < :high",
    STANDING: "m.opened_at < :high AND (m.ended_at IS NULL OR m.ended_at >= :high)",
}
_ENDED = "r.kind = '{0}' AND r.ended_at >= :low AND r.ended_at < :high"
_LAST = (
    " AND NOT EXISTS (SELECT 1 FROM result q WHERE q.ticket_id = r.ticket_id "
    "AND q.kind = r.kind AND q.number > r.number)"
)
_ANCHORS |= {kind: _ENDED.format(kind) for kind in (PICKUP, RESPONSE)}
_ANCHORS[SOLUTION] = _ENDED.format(SOLUTION) + _LAST
"""By the ending of a clock, the last one where a ticket came back."""
_ANCHORS[WORKED] = "e.started_at >= :low AND e.started_at < :high AND e.state = 'booked'"
_COLUMNS = {"elapsed": "r.elapsed", "seconds": "r.seconds", "met": "CAST(r.met AS INTEGER)"}
_COLUMNS |= {"worked": "e.seconds", "merged": "1"}
"""What is kept of the ending of a clock and of time; all else is kept of the ticket."""
_CASES = {"worked": "DISTINCT e.ticket_id"}
"""What is counted as cases where it is not the column itself."""
_PERSON = "LEFT JOIN person p ON p.id = m.requester_id"
_AT_AN_END = "{0}.leaf <> '' AND {0}.status NOT IN ('running', 'paused', 'abandoned')"
"""A run that came to an end and was not taken up again."""
_SPLITS: Mapping[str, tuple[str, str]] = {
    "service": ("m.service_id", ""),
    "category": ("m.category_id", ""),
    "group": ("m.group_id", ""),
    "channel": ("m.channel", ""),
    "urgency": ("m.urgent", ""),
    "segment": ("NULLIF(p.segment, '')", _PERSON),
    "department": ("NULLIF(p.department, '')", _PERSON),
    "site": ("p.site_id", _PERSON),
    "organisation": ("p.organisation_id", _PERSON),
    "guide": (
        "g.slug",
        "LEFT JOIN guide_run w ON w.ticket_id = m.ticket_id AND NOT EXISTS "
        "(SELECT 1 FROM guide_run v JOIN guide x ON x.id = v.guide_id "
        "WHERE v.ticket_id = w.ticket_id AND v.id < w.id "
        "AND x.slug = (SELECT slug FROM guide WHERE id = w.guide_id)) "
        "LEFT JOIN guide g ON g.id = w.guide_id",
    ),
    "end": (
        "g.slug || '/' || w.leaf",
        f"LEFT JOIN guide_run w ON w.ticket_id = m.ticket_id AND {_AT_AN_END.format('w')} "  # noqa: S608 - constants
        "AND NOT EXISTS (SELECT 1 FROM guide_run v JOIN guide x ON x.id = v.guide_id "
        f"WHERE v.ticket_id = w.ticket_id AND v.id < w.id AND {_AT_AN_END.format('v')} "
        "AND v.leaf = w.leaf AND x.slug = (SELECT slug FROM guide WHERE id = w.guide_id)) "
        "LEFT JOIN guide g ON g.id = w.guide_id",
    ),
    "solution": ("o.solution_id", "JOIN ticket o ON o.id = m.ticket_id"),
    "model": (
        "NULLIF(d.model, '')",
        "JOIN ticket o ON o.id = m.ticket_id LEFT JOIN device d ON d.id = o.device_id",
    ),
    "device": ("o.device_id", "JOIN ticket o ON o.id = m.ticket_id"),
    "problem": ("y.problem_id", "LEFT JOIN problem_ticket y ON y.ticket_id = m.ticket_id"),
}
"""Split → the expression that names the part, and what is joined for it."""
_OF_FIELD = (
    "NULLIF(f.value, '')",
    "LEFT JOIN field_value f ON f.ticket_id = m.ticket_id AND f.name = :own_field",
)
_NAMES = {
    "service": "SELECT id, name FROM service",
    "category": "SELECT id, path AS name FROM category",
    "group": "SELECT id, name FROM desk_group",
    "site": "SELECT id, name FROM site",
    "organisation": "SELECT id, name FROM organisation",
    "device": "SELECT id, name FROM device",
    "problem": "SELECT id, title AS name FROM problem",
    "guide": "SELECT slug AS id, title AS name FROM guide g "
    "WHERE version = (SELECT max(x.version) FROM guide x WHERE x.slug = g.slug)",
    "solution": "SELECT id, title AS name FROM solution",
}


_COUNTS = " AND m.counted = 1"
_TABLES = dict.fromkeys((OPENED, CLOSED, STANDING), ("measure m", _COUNTS)) | {
    WORKED: ("time_entry e JOIN measure m ON m.ticket_id = e.ticket_id", ""),
    MERGED: ("measure m", ""),
}
"""Anchor → what is read, and which of it counts: all work does, also that on spam."""
_OF_RESULTS = "result r JOIN measure m ON m.ticket_id = r.ticket_id", _COUNTS


def _column(name: str) -> str:
    return _COLUMNS.get(name, f"m.{name}")


def _parted(split: str) -> tuple[str, str]:
    """Give the expression that names the part, and what is joined for it."""
    return _SPLITS.get(split, _OF_FIELD)


def splits(database: Database) -> list[str]:
    """Give every split, fields of the desk's own last."""
    rows = database.all("SELECT name FROM field_definition ORDER BY name")
    return [*SPLITS, *(f"{OF_FIELD}{row['name']}" for row in rows)]


def split_named(database: Database, name: str) -> str:
    """Give a split by its name, capitals aside; raises UsageError with those there are."""
    known = {one.casefold(): one for one in splits(database)}
    found = known.get(name.strip().casefold())
    if found is None:
        raise UsageError(f"by {name[:40]!r}? Say one of {', '.join(known.values())}.")
    return found


class Which(NamedTuple):
    """Which tickets are counted: from, to, and what a query says of `t`."""

    low: datetime
    high: datetime
    condition: str = ""
    params: Mapping[str, object] = {}
    split: str = ""

    @property
    def whole(self) -> bool:
        """Whether it is every ticket of the time, in no parts."""
        return not (self.split or self.condition)

    @property
    def part(self) -> str:
        """The expression of the part."""
        return _parted(self.split)[0] if self.split else "NULL"

    def source(self, anchor: str) -> str:
        """Give FROM and WHERE."""
        joins = [_parted(self.split)[1]] if self.split else []
        joins += ["JOIN ticket t ON t.id = m.ticket_id"] if self.condition else []
        only = f" AND {self.condition}" if self.condition else ""
        table, counts = _TABLES.get(anchor, _OF_RESULTS)
        return f"FROM {table} {' '.join(joins)} WHERE {_ANCHORS[anchor]}{counts}{only}"

    def given(self, anchor: str) -> dict[str, object]:
        """Give the parameters of `source`."""
        times: dict[str, object] = {"high": self.high}
        return times | self.bound | ({} if anchor == STANDING else {"low": self.low})

    @property
    def bound(self) -> dict[str, object]:
        """What the query binds, and the field of the desk's own that it is split by."""
        field = self.split.removeprefix(OF_FIELD)
        return dict(self.params) | ({} if field == self.split else {"own_field": field})


Counts = dict[str, tuple[int, int]]
"""Column → hits and cases; the column `counted` gives tickets twice."""


def counts(
    database: Database, anchor: str, columns: Sequence[str], which: Which
) -> dict[Part, Counts]:
    """Give what is counted of each part; a part without any ticket is left out."""
    return lines(database, anchor, columns, which, [(which.low, which.high)])[0]


def seconds(
    database: Database, anchor: str, columns: Sequence[str], which: Which
) -> dict[Part, dict[str, list[int]]]:
    """Give part → column → every length; `opened_at` gives the age at the end."""
    names = ", ".join(
        f"group_concat({_column(one)}) AS s{n}"
        if database.dialect == "sqlite"
        else f"string_agg(CAST({_column(one)} AS text), ',') AS s{n}"
        for n, one in enumerate(columns)
    )
    group = f" GROUP BY {which.part}" if which.split else ""
    rows = database.all(
        f"SELECT {which.part} AS part, {names} {which.source(anchor)}{group}",
        **which.given(anchor),
    )
    check()
    return {
        row["part"]: {
            one: _values(one, row[f"s{n}"] or "", which.high) for n, one in enumerate(columns)
        }
        for row in rows
    }


def _values(column: str, joined: str, at: datetime) -> list[int]:
    """Read numbers that came as one text: a row each takes ten times as long."""
    each = joined.split(",") if joined else []
    return [_age(one, at) for one in each] if column == "opened_at" else list(map(int, each))


def _age(opened: str, at: datetime) -> int:
    return max(int((at - moment(opened)).total_seconds()), 0)


def tickets(
    database: Database, figure: Figure, which: Which, part: Part = None, *, cases: bool = False
) -> list[int]:
    """Give the tickets behind a figure, the newest first: the hits of a rate, or all its cases."""
    text, given = behind(figure, which, part, CASES if cases else HITS)
    rows = database.all(
        f"SELECT DISTINCT x.ticket_id FROM ({text}) x ORDER BY x.ticket_id DESC",  # noqa: S608 - constants and bound
        **given,
    )
    return [row["ticket_id"] for row in rows]


HITS, CASES, MISSED = "", "of", "missed"
"""Of the tickets behind a rate: those that count, all it is of, those that do not count."""


def behind(
    figure: Figure, which: Which, part: Part = None, ones: str = HITS
) -> tuple[str, dict[str, object]]:
    """Give what selects the tickets behind a figure, some several times, and its parameters."""
    column = _column(figure.column)
    if figure.kind == RATE and ones != CASES:
        fits = [f"{column} = {int(ones == HITS)}"]
    else:
        fits = [] if figure.kind == COUNT else [f"{column} IS NOT NULL"]
    given = which.given(figure.anchor)
    if which.split:
        given |= {} if part is None else {"part": part}
        fits.append(f"{which.part} IS NULL" if part is None else f"{which.part} = :part")
    more = "".join(f" AND {one}" for one in fits)
    return f"SELECT m.ticket_id {which.source(figure.anchor)}{more}", given


def selected(
    database: Database, asked: FigureTerm, now: datetime, zone: tzinfo
) -> tuple[str, dict[str, object]]:
    """Give what selects the tickets that a term asks for; raises UsageError."""
    when = period(asked.period, now.astimezone(zone).date(), zone)
    by = split_named(database, asked.by) if asked.by else ""
    which = Which(when.start, min(when.end, now + timedelta(microseconds=1)), split=by)
    try:
        part = part_of(database, by, asked.part) if by else None
    except KeyError:
        raise UsageError(f"there is no {asked.by} '{asked.part[:60]}' among the parts") from None
    return behind(asked.figure, which, part, asked.ones)


def part_of(database: Database, split: str, name: str) -> Part:
    """Give the part of a split that is called so, or has that number: `#12`; KeyError: none has.

    A guide is known by its id, too.
    """
    if split == "urgency":
        return {"urgent": 1, "not urgent": 0}[name.casefold()]
    if split not in _NAMES:
        return None if name == "none" else name
    known = names(database, split)
    called = {part_name(split, part, known).casefold(): part for part in (*known, None)}
    called |= {f"#{part}": part for part in known}
    return called.get(name.casefold(), name) if split == "guide" else called[name.casefold()]


def lines(
    database: Database,
    anchor: str,
    columns: Sequence[str],
    which: Which,
    spans: Sequence[tuple[datetime, datetime]],
) -> list[dict[Part, Counts]]:
    """Give what is counted of each part in each of some times: one statement for all."""
    if not spans:
        return []
    pieces = list(_pieces(anchor, columns, which, len(spans)))
    given = {f"l{n}": low for n, (low, _) in enumerate(spans)}
    given |= {f"h{n}": high for n, (_, high) in enumerate(spans)}
    found: list[dict[Part, Counts]] = [{} for _ in spans]
    for row in database.all(" UNION ALL ".join(pieces), **which.bound, **given):
        found[row["n"]][row["part"]] = {
            one: (int(row[f"h{n}"] or 0), int(row[f"c{n}"])) for n, one in enumerate(columns)
        }
    check()
    return found


def _pieces(anchor: str, columns: Sequence[str], which: Which, many: int) -> Iterator[str]:
    source, sums = which.source(anchor), _sums(columns)
    group = f" GROUP BY {which.part}" if which.split else ""
    for n in range(many):
        own = source.replace(":low", f":l{n}").replace(":high", f":h{n}")
        yield f"SELECT {n} AS n, {which.part} AS part, {sums} {own}{group}"


def _sums(columns: Sequence[str]) -> str:
    return ", ".join(
        f"SUM({_column(one)}) AS h{n}, COUNT({_CASES.get(one) or _column(one)}) AS c{n}"
        for n, one in enumerate(columns)
    )


def names(database: Database, split: str) -> Mapping[Part, str]:
    """Give what the parts of a split are called, those that are known by a number or an id."""
    if split not in _NAMES:
        return {}
    return {row["id"]: row["name"] for row in database.all(_NAMES[split])}


def stars(database: Database, which: Which) -> tuple[int, int]:
    """Give the sum of the ratings of tickets first closed in a time, and how many there are."""
    only = f" AND {which.condition}" if which.condition else ""
    row = database.returned(
        "SELECT sum(t.rating) AS stars, count(t.rating) AS n FROM measure m "  # noqa: S608 - constants and bound
        "JOIN ticket t ON t.id = m.ticket_id "
        f"WHERE {_ANCHORS[CLOSED]} AND m.satisfied IS NOT NULL{only}",
        low=which.low,
        high=which.high,
        **which.params,
    )
    return int(row["stars"] or 0), int(row["n"])


def voices(database: Database, which: Which, most: int) -> list[Voice]:
    """Give the ratings of tickets first closed in a time, the poorest and newest first."""
    only = f" AND {which.condition}" if which.condition else ""
    rows = database.all(
        "SELECT m.ticket_id, t.rating, t.rating_comment, p.name FROM measure m "  # noqa: S608 - constants and bound
        "JOIN ticket t ON t.id = m.ticket_id LEFT JOIN person p ON p.id = m.requester_id "
        f"WHERE {_ANCHORS[CLOSED]} AND m.satisfied IS NOT NULL{only} "
        "ORDER BY t.rating, m.closed_at DESC LIMIT :most",
        low=which.low,
        high=which.high,
        most=most,
        **which.params,
    )
    return [
        Voice(row["ticket_id"], row["rating"], row["rating_comment"], row["name"] or "")
        for row in rows
    ]
