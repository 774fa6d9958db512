"""What others changed since somebody looked, and the refusal to write over it."""

from deskterm.domain.errors import Clash, ConflictError
from deskterm.storage.driver import Database
from deskterm.storage.reads.ledger import changes_since
from deskterm.storage.ticket.hold import Hold


def clashes_since(database: Database, number: int, version: int) -> tuple[Clash, ...]:
    """Give the fields of a ticket that were changed after the version somebody saw."""
    found: dict[str, Clash] = {}
    for actor, changes in changes_since(database, ("ticket", number), version):
        for field, (before, after) in changes.items():
            seen = found[field].seen if field in found else before
            found[field] = Clash(field, seen, after, actor)
    return tuple(found.values())


def check_seen(held: Hold, seen: int, strict: bool) -> None:
    """Refuse where somebody changed the ticket since `seen`; raises ConflictError.

    A note changes no field: it clashes only for `strict`, which scripts ask for by `--if-version`.
    """
    now = held.version - 1
    if seen == now:
        return
    clashes = clashes_since(held.work.spine, held.id, seen)
    if clashes or strict:
        fields = ", ".join(f"{one.field} by {one.by}" for one in clashes) or "no field"
        raise ConflictError(
            f"#{held.id} was changed meanwhile: {fields} "
            f"(version {seen} was seen, now it is {now}). Look at it again, then decide.",
            clashes,
        )
