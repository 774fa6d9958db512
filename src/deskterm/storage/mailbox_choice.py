"""Which mailbox a mail belongs to that is handed over. Loads nothing: `mail receive` asks it."""

from collections.abc import Sequence

from deskterm.storage.driver import Database

INBOX = "inbox"
"""The mailbox of mail that is handed over for no mailbox of its own."""


def mailbox_for(database: Database, recipients: Sequence[str]) -> str:
    """Give the name of the mailbox that mail to these addresses belongs to.

    The first recipient that is the address of an active mailbox, with or without a token, decides.
    """
    rows = database.all("SELECT name, address FROM mailbox WHERE active AND address <> ''")
    names = {str(row["address"]): str(row["name"]) for row in rows}
    for one in recipients if names else ():
        plain = without_token(one)
        if plain in names:
            return names[plain]
    return INBOX


def without_token(address: str) -> str:
    """Give an address in lower case without what stands after a plus sign."""
    local, _, domain = address.strip(" <>").lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
