"""What is done every day by one key: canned texts, macros, templates, as others see them (C8)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from deskterm.domain.errors import NotFoundError

MARK = "::"
"""What stands before the short name of a canned text while somebody types."""


class TextRow(NamedTuple):
    """A canned text as it is kept."""

    id: int
    name: str
    short: str
    words: str
    language: str
    organisation: str
    uses: int

    @property
    def typed(self) -> str:
        """What is typed to insert it, after `::`."""
        return self.short or self.name


class Canned(NamedTuple):
    """A canned text that fits a ticket, with what is known filled in."""

    id: int
    short: str
    name: str
    words: str
    missing: tuple[str, ...]
    """Placeholders that nothing is known for; they stand in the words as they are."""
    uses: int = 0

    @property
    def holes(self) -> str:
        """Say what nothing is known for; empty where nothing is missing."""
        names = ", ".join(f"{{{one}}}" for one in self.missing)
        return f"Nothing is known for {names}: write it yourself." if names else ""


def fitting(rows: Iterable[TextRow], languages: Sequence[str], organisation: str) -> list[TextRow]:
    """Give the texts for these people, the most used first; of one short name the closest.

    A text fits where it is for everybody, or for their organisation; in their language (the first
    of `languages`), else in the desk's, else in none of its own.
    """
    order = {language: place for place, language in enumerate(("", *reversed(languages)))}
    best: dict[str, tuple[tuple[bool, int], TextRow]] = {}
    for row in rows:
        if row.organisation not in ("", organisation) or row.language not in order:
            continue
        rank = (bool(row.organisation), order[row.language])
        short = row.typed.casefold()
        if short not in best or rank > best[short][0]:
            best[short] = (rank, row)
    return sorted((row for _, row in best.values()), key=lambda row: (-row.uses, row.typed))


def named(texts: Sequence[Canned], name: str) -> Canned:
    """Give the text of that short name or name; raises NotFoundError with what fits."""
    wanted = name.strip().removeprefix(MARK).casefold()
    for one in texts:
        if wanted in (one.short.casefold(), one.name.casefold()):
            return one
    known = ", ".join(one.short for one in texts[:8]) or "none"
    raise NotFoundError(f"no text {name[:40]!r} fits here; those that fit: {known}.")
