"""Full-text search over tickets: the index on both databases, and words → search expressions.

SQLite: FTS5 with its own copy of nothing (external content), kept by triggers. PostgreSQL: a
generated tsvector under GIN. Both fold accents, stem by Porter's rules and keep stop words, so that
the same words find the same tickets on both. Triggers and the generated column make it impossible
to store a ticket that cannot be found.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from deskterm.domain.patterns import pattern
from deskterm.domain.text import storable

WORDS = ("subject", "problem", "body", "resolution")
"""The columns of a ticket that hold what people wrote."""
FOLDED = "folded"
"""The column that holds those lines of them, folded, that are written otherwise than folded."""
COLUMNS = (*WORDS, FOLDED)
WEIGHTS = (8.0, 6.0, 1.0, 2.0, 1.0)
"""How much a hit in each of `COLUMNS` counts."""

RANKED = 2_000
"""Only this many of the newest matches are ranked: scoring every match of a common word is slow."""

_INDEXED = 100_000
"""Characters of a column that PostgreSQL indexes; a tsvector holds 1 MB at most."""

TYPED = 200
"""Characters of a typed search that are looked at."""

_PHRASE = 32
"""Words of one phrase; PostgreSQL's parser has a stack."""

_TOKEN = pattern(r"[^\W_]+")
_UNSPACED = "[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
"""Scripts that put no space between words; compiled when first met."""


def create(dialect: str, columns: Sequence[str] = COLUMNS) -> list[str]:
    """Give the statements that make the index on a schema that has the table `ticket`.

    On an SQLite without FTS5 there are none: the search then reads with LIKE. `columns` are fewer
    for the schema as it first was.
    """
    if dialect == "postgresql":
        return [*_words_postgresql(), *_index_postgresql(columns)]
    return _sqlite(columns) if fts5_available() else []


def anew(dialect: str) -> list[str]:
    """Give the statements that make the index anew where it was made of other columns."""
    if dialect == "postgresql":
        return ["ALTER TABLE ticket DROP COLUMN search", *_index_postgresql(COLUMNS)]
    if not fts5_available():
        return []
    triggers = [f"DROP TRIGGER IF EXISTS ticket_search_{on}" for on in _TRIGGERS]
    return [*triggers, "DROP TABLE IF EXISTS ticket_search", *_sqlite(COLUMNS)]


@lru_cache(maxsize=1)
def fts5_available() -> bool:
    """Tell whether this SQLite was built with FTS5."""
    probe = sqlite3.connect(":memory:")
    try:
        probe.execute("CREATE VIRTUAL TABLE probe USING fts5(a)")
    except sqlite3.OperationalError:
        return False
    finally:
        probe.close()
    return True


_TRIGGERS = ("insert", "delete", "update")


def _sqlite(columns: Sequence[str]) -> list[str]:
    names = ", ".join(columns)
    new = ", ".join(f"new.{name}" for name in columns)
    old = ", ".join(f"old.{name}" for name in columns)
    changed = " OR ".join(f"old.{name} IS NOT new.{name}" for name in columns)
    add = f"INSERT INTO ticket_search(rowid, {names}) VALUES (new.id, {new});"  # noqa: S608 - constants
    remove = (
        f"INSERT INTO ticket_search(ticket_search, rowid, {names}) "  # noqa: S608 - constants
        f"VALUES ('delete', old.id, {old});"
    )
    return [
        f"CREATE VIRTUAL TABLE ticket_search USING fts5({names}, "
        "content='ticket', content_rowid='id', tokenize='porter unicode61')",
        f"CREATE TRIGGER ticket_search_insert AFTER INSERT ON ticket BEGIN {add} END",
        f"CREATE TRIGGER ticket_search_delete AFTER DELETE ON ticket BEGIN {remove} END",
        f"CREATE TRIGGER ticket_search_update AFTER UPDATE OF id, {names} ON ticket "
        f"WHEN {changed} OR old.id IS NOT new.id BEGIN {remove} {add} END",
        "INSERT INTO ticket_search(ticket_search) VALUES ('rebuild')",
    ]


_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


@lru_cache(maxsize=1)
def _accents() -> tuple[str, str]:
    """Latin letters with an accent, and the same without."""
    pairs = [
        (chr(code), apart[0].lower())
        for code in range(0xC0, 0x180)
        if len(apart := unicodedata.normalize("NFD", chr(code))) == 2 and apart[0].isascii()
    ]
    return "".join(one for one, _ in pairs), "".join(plain for _, plain in pairs)


def _folded(column: str) -> str:
    """SQL: punctuation becomes a space (no host, path or version tokens), accents go."""
    accented, plain = _accents()
    source = _PUNCTUATION.replace("'", "''") + accented
    target = " " * len(_PUNCTUATION) + plain
    return f"translate(left({column}, {_INDEXED}), '{source}', '{target}')"


_LABELS = dict(zip(COLUMNS, "ABDCD", strict=True))


def _words_postgresql() -> list[str]:
    kinds = "asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part"
    return [
        "CREATE TEXT SEARCH DICTIONARY deskterm_stem (TEMPLATE = snowball, LANGUAGE = porter)",
        "CREATE TEXT SEARCH CONFIGURATION deskterm_search (COPY = pg_catalog.simple)",
        "ALTER TEXT SEARCH CONFIGURATION deskterm_search "
        f"ALTER MAPPING FOR {kinds} WITH deskterm_stem",
    ]


def _index_postgresql(columns: Sequence[str]) -> list[str]:
    weighted = " || ".join(
        f"setweight(to_tsvector('deskterm_search', {_folded(column)}), '{_LABELS[column]}')"
        for column in columns
    )
    return [
        f"ALTER TABLE ticket ADD COLUMN search tsvector GENERATED ALWAYS AS ({weighted}) STORED",
        "CREATE INDEX ticket_search ON ticket USING gin (search)",
    ]


_JOINERS = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_MOST_FOLDED = 50_000
"""Characters of folded lines that are kept."""


def fold(text: str) -> str:
    """Give the text as it is compared: capitals, width, ligatures, joiners and accents aside.

    `Hauptstraße` and `HAUPTSTRASSE` are one; accents of scripts that are not Latin stay.
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", text).translate(_JOINERS).casefold()
    parts = unicodedata.normalize("NFD", plain)
    return unicodedata.normalize("NFC", "".join(c for c in parts if not "\u0300" <= c <= "\u036f"))


def folded_lines(*texts: str) -> str:
    """Give the lines that are written otherwise than they are asked for, as they are asked for."""
    found = [
        folded
        for text in texts
        if not text.isascii()
        for line in text.splitlines()
        if not line.isascii() and (folded := fold(line)) != line.lower()
    ]
    return "\n".join(found)[:_MOST_FOLDED]


def tokens(text: str) -> list[str]:
    """Give the searchable words of a text, folded, in order."""
    return _TOKEN.findall(fold(text))


def indexable(text: str) -> bool:
    """Tell whether the index can answer for this text.

    Without a letter or digit, and in scripts that put no space between words, only LIKE can.
    """
    if not _TOKEN.search(text):
        return False
    return text.isascii() or not re.search(_UNSPACED, text)


def fts5_phrase(text: str, prefix: bool = False) -> str:
    """Give a text as one FTS5 phrase; every token quoted, so that no operator can be meant."""
    return '"' + " ".join(tokens(text)[:_PHRASE]) + ('"*' if prefix else '"')


def tsquery_phrase(text: str, prefix: bool = False) -> str:
    """Give a text as one tsquery phrase; tokens hold letters and digits only, each quoted.

    A phrase stays within one column, as on SQLite: it is asked for once with each column's label.
    """
    words = [f"'{token}'" for token in tokens(text)[:_PHRASE]]
    star = "*" if prefix else ""
    if len(words) == 1:
        return words[0] + (":" + star if star else "")
    phrases = [
        " <-> ".join([*(f"{word}:{label}" for word in words[:-1]), f"{words[-1]}:{star}{label}"])
        for label in "ABCD"
    ]
    return " | ".join(f"({phrase})" for phrase in phrases)


def like_pattern(text: str) -> str:
    """Give a LIKE pattern (ESCAPE '!') that finds the text literally, anywhere."""
    return "%" + re.sub("([!%_])", r"!\1", storable(text)) + "%"
