"""The desk's own records as screens and commands see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from deskterm.domain.choices import NO_WEB


class TechnicianRow(NamedTuple):
    """A technician."""

    login: str
    name: str
    email: str
    level: int
    active: bool
    groups: tuple[str, ...]
    focus_until: datetime | None = None
    """Until then news that is not urgent waits for them; None where the door is open."""
    focus_reason: str = ""
    off_until: datetime | None = None
    """Until then they are off; None while they are here."""
    deputy: str | None = None


class GroupRow(NamedTuple):
    """A group of technicians."""

    id: int
    name: str
    level: int
    members: tuple[str, ...]
    restricted: bool = False
    """On PostgreSQL its members alone see its tickets, and managers."""


class CategoryRow(NamedTuple):
    """A category, with the group its tickets go to first."""

    id: int
    path: str
    group: str | None
    tickets: int


class OrganisationRow(NamedTuple):
    """A client organisation."""

    id: int
    name: str
    language: str
    """Of the letters to its people; empty: the desk's."""
    client: bool
    """Whether it is kept apart from others."""
    people: int


class FieldRow(NamedTuple):
    """A drop-down field of the desk's own; without choices any text is allowed."""

    name: str
    label: str
    choices: tuple[str, ...]
    required_for: str
    client: str | None = None
    """Only tickets of this one have it; None: all."""
    web: str = NO_WEB
    """What web pages do with it: one of `choices.WEB_USES`."""
    labels: Mapping[str, str] = MappingProxyType({})
    """Language → what people read; `language:choice` → what they read for a choice."""

    def said(self, language: str) -> str:
        """Give what people read in a language."""
        return self.labels.get(language) or self.label or self.name

    def said_of(self, choice: str, language: str) -> str:
        """Give what people read in a language for one of its choices."""
        return self.labels.get(f"{language}:{choice}") or choice


class ViewRow(NamedTuple):
    """A saved view; everyone's where the owner is empty."""

    name: str
    query: str
    owner: str


class TicketSheet(NamedTuple):
    """What the form of a ticket's facts needs; of several tickets, what all of them have."""

    texts: Mapping[str, str]
    """Name of `columns.EDITED` → its value as a person would type it."""
    options: Mapping[str, tuple[str, ...]]
    """Name → the names it may take; a requester's own devices come first."""
    fields: Sequence[FieldRow]
    """The desk's own fields."""
    values: Mapping[str, str]
    """Field → its value."""


class RecordSheet(NamedTuple):
    """What the form of a record needs."""

    name: str
    """Its name; empty for a new one."""
    texts: Mapping[str, str]
    """Field → its value as a person would type it."""
    options: Mapping[str, tuple[str, ...]]
    """Field → the names it may take; none where there are too many."""
    version: int | None
    """How often it was changed before; None for a new one."""
