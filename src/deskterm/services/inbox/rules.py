"""The desk's rules for mail, read once a run: addresses, limits, how long a reply reopens."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from deskterm.domain.mailboxes import MailboxRow
from deskterm.mail.desk_view import OwnDesk
from deskterm.mail.structure import MailLimits
from deskterm.storage.desk_settings import values
from deskterm.storage.driver import Database
from deskterm.storage.mailboxes import mailboxes
from deskterm.storage.reads import clients
from deskterm.storage.reads.recipients import staff_addresses
from deskterm.storage.secrets import token_secrets


class MailRules(NamedTuple):
    """What the desk has settled about its mail."""

    addresses: frozenset[str]
    """The desk's own, in lower case, without tokens."""
    secrets: Sequence[str]
    """Newest first."""
    limits: MailLimits
    reopen_days: int
    """A reply within so many days of the last closing reopens; later it is a new ticket."""
    mailboxes: Mapping[str, MailboxRow]
    """By name: what tickets of their mail begin with."""
    watchers: int
    """Of one mail's Cc so many hear of the ticket (semantics.md §1.8)."""
    bounces: int
    """Letters that come back for good, until an address is given up."""
    staff: Mapping[str, str]
    """Login → mail address in lower case, of everybody who works here now; empty where unknown."""

    def is_own(self, address: str) -> bool:
        """Tell whether an address is the desk's, with or without a token."""
        return self.desk.is_own(address)

    @property
    def desk(self) -> OwnDesk:
        """What tells the desk's own mail, lists and letters from others'."""
        return OwnDesk(self.addresses, self.secrets)

    def technician_of(self, address: str) -> str | None:
        """Give the login an address is set down for; it proves nothing about who wrote."""
        if not address:
            return None
        return next((login for login, email in self.staff.items() if email == address), None)


def read_rules(database: Database) -> MailRules:
    """Read the desk's mail settings; what is not set has its default."""
    known = values(database)
    names = [known["mail.address"], *known["mail.aliases"], *clients.addresses(database)]
    boxes = {row.name: row for row in mailboxes(database)}
    names += [row.address for row in boxes.values() if row.address]
    return MailRules(
        addresses=frozenset(str(name).lower() for name in names),
        secrets=token_secrets(database),
        limits=MailLimits(
            size=known["mail.max_bytes"],
            parts=known["mail.max_parts"],
            depth=known["mail.max_depth"],
        ),
        reopen_days=known["mail.reopen_days"],
        mailboxes=boxes,
        watchers=known["mail.max_watchers"],
        bounces=known["mail.max_bounces"],
        staff=staff_addresses(database),
    )
