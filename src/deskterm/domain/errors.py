"""What can go wrong: each error has an exit code and a sentence that says what to do."""

from typing import NamedTuple


class DeskError(Exception):
    """A refusal a person can act on: `str(error)` is one sentence, `exit_code` is for scripts."""

    exit_code = 5
    field = ""
    """The field of a form that it is about, where it is about one."""


class UsageError(DeskError):
    """The request itself is wrong: an unknown word, a malformed file, a missing value."""

    exit_code = 2


class NotFoundError(DeskError):
    """Nothing has that number, name or address."""

    exit_code = 3


class RefusedError(DeskError):
    """The lifecycle, a permission or a missing confirmation forbids it."""

    exit_code = 5


class AcrossClientsError(RefusedError):
    """It would go from one client to another: whoever means it says so (`How.across`)."""


class DatabaseError(DeskError):
    """The database cannot be reached, is damaged, read-only, full, too new or too old."""

    exit_code = 6


class BusyError(DatabaseError):
    """Somebody else has what is needed: nothing was done, and it may be tried again as a whole."""


class HeldError(BusyError):
    """Somebody has had it in hand for as long as is waited for: trying at once again is no use."""


class UpgradedError(DatabaseError):
    """Another version has changed the schema while this program ran: it must be started again."""


class UnclearError(DatabaseError):
    """Whether an operation was kept is not known; under the same id it may be asked for again."""


class TemporaryError(DeskError):
    """The mail could not be taken now; the sender should try again (EX_TEMPFAIL)."""

    exit_code = 75


class Clash(NamedTuple):
    """One field that somebody else changed since it was read."""

    field: str
    seen: object
    now: object
    by: str


class ConflictError(DeskError):
    """Somebody else changed the ticket since it was read; `clashes` names the fields."""

    exit_code = 4

    def __init__(self, message: str, clashes: tuple[Clash, ...] = ()) -> None:
        super().__init__(message)
        self.clashes = clashes
