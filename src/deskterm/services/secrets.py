"""The secrets that sign Message-IDs and addresses: the newest signs, all of them open (§1.3)."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain.asking import NOW, How
from deskterm.domain.vocabulary import Event
from deskterm.storage.secrets import add_token, token_times

if TYPE_CHECKING:
    from deskterm.services.acting import Acting
    from deskterm.services.letters import Letters


class SecretRow(NamedTuple):
    """One secret, without what it is."""

    id: int
    since: datetime
    signs: bool
    """Whether new letters are signed with it; the others only open old ones."""


class Secrets:
    """Use cases on the secrets that sign letters."""

    def __init__(self, desk: "Acting", letters: "Letters") -> None:
        self._desk = desk
        self._letters = letters

    def list(self) -> list[SecretRow]:
        """Give the secrets, newest first."""
        with self._desk.store.reading() as database:
            known = token_times(database)
        return [SecretRow(number, at, place == 0) for place, (number, at) in enumerate(known)]

    def rotate(self, how: How = NOW) -> int:
        """Let a new secret sign from now on; gives its number. It cannot be undone."""
        import secrets

        with self._desk.work("mail secret", how) as work:
            number = add_token(work.spine, secrets.token_hex(32), work.at)
            work.record(("secret", number), Event.EDITED, changes={"signs": (False, True)})
        self._letters.forget()
        return number
