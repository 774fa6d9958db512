"""How a guide run hangs on a ticket: its status and owner, so that undo puts them back."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deskterm.storage.spine import Hold


def read_run(held: "Hold", name: str) -> Any:
    """Give [status, owner] of a run."""
    row = held.work.spine.one("SELECT status, owner FROM guide_run WHERE id = :id", id=int(name))
    return [row["status"], row["owner"]] if row else None


def write_run(held: "Hold", name: str, value: Any) -> None:
    """Set status and owner of a run; a run is never taken away."""
    if value is not None:
        held.work.spine.run(
            "UPDATE guide_run SET status = :status, owner = :owner, updated_at = :at, "
            "version = version + 1 WHERE id = :id",
            status=value[0],
            owner=value[1],
            at=held.work.at,
            id=int(name),
        )
