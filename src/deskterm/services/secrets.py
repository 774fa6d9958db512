"""The secrets that sign Message-IDs and addresses: the newest signs, all of them open (§1.3)."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from deskterm.domain.vocabulary import Event
from deskterm.storage.driver import moment

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk


class SecretRow(NamedTuple):
    """One secret, without what it is."""

    id: int
    since: datetime
    signs: bool
    """Whether new letters are signed with it; the others only open old ones."""


class Secrets:
    """Use cases on the secrets that sign letters."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    def list(self) -> list[SecretRow]:
        """Give the secrets, newest first."""
        with self._desk.store.reading() as database:
            rows = database.all(
                "SELECT id, created_at FROM secret WHERE name = 'token' ORDER BY id DESC"
            )
        return [
            SecretRow(row["id"], moment(row["created_at"]), place == 0)
            for place, row in enumerate(rows)
        ]

    def rotate(self, **how: Any) -> int:
        """Let a new secret sign from now on; gives its number. It cannot be undone."""
        import secrets

        with self._desk.work("mail secret", **how) as work:
            row = work.spine.one(
                "INSERT INTO secret (name, value, created_at) VALUES ('token', :value, :at) "
                "RETURNING id",
                value=secrets.token_hex(32),
                at=work.at,
            )
            number = int(row["id"])  # type: ignore[index]  # RETURNING always gives the row
            work.record(("secret", number), Event.EDITED, changes={"signs": (False, True)})
        self._desk.letters.forget()
        return number
