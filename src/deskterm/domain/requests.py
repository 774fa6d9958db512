"""What a technician, a script or a mail asks for: plain values with defaults."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

AFFECTED_FIELD = "affected"
"""The desk's own field of a call: how many have the trouble, in the words that were asked."""


class NewFile(NamedTuple):
    """A file to keep with a ticket; `name` is foreign and made safe only when shown or saved."""

    name: str
    media_type: str
    content: bytes
    inline: bool = False


_NOTHING: Mapping[str, str] = MappingProxyType({})


class NewTicket(NamedTuple):
    """A ticket to be opened. `requester` is an address, `Name <address>`, or a name."""

    requester: str = ""
    subject: str = ""
    body: str = ""
    urgent: bool = False
    channel: str = "phone"
    category: str | None = None
    service: str | None = None
    group: str | None = None
    device: str | None = None
    problem: str = ""
    people: int | None = None
    """How many people it touches, as asked; None: not asked."""
    cannot_work: bool | None = None
    needed_by: datetime | None = None
    take: bool = False
    """The technician who opens it also takes it."""
    fields: Mapping[str, str] = _NOTHING
    files: tuple[NewFile, ...] = ()
    checklist: str = ""
    """A checklist of the desk's own that is put on it."""
    watchers: tuple[str, ...] = ()
    watcher_ids: tuple[int, ...] = ()
    """More of them, where already known."""
    actor: str | None = None
    """`customer` where a mail opened it; the technician otherwise."""
    person_id: int | None = None
    """The requester where already known; wins over `requester`."""
    new_person: bool = False
    """A name that is no address means somebody new, whoever else it fits."""
    message_ids: tuple[str, ...] = ()
    """Message-IDs of the mail that opened it."""
    acknowledge: bool = True
    """Whether the requester is told; never for machine mail and imports."""
    data: Mapping[str, object] = _NOTHING
    at: datetime | None = None
    op_id: str | None = None
