"""How a promised call-back hangs on a ticket: [time, owner, note, state], so that undo works."""

from typing import TYPE_CHECKING, Any

from deskterm.domain.clock import to_text
from deskterm.domain.text import storable
from deskterm.storage.driver import moment

if TYPE_CHECKING:
    from deskterm.storage.spine import Hold


def read_callback(held: "Hold", name: str) -> Any:
    """Give [time, owner, note, state] of a ticket's call-back, or None."""
    row = held.work.spine.one(
        "SELECT at, owner, note, state FROM callback WHERE ticket_id = :id AND number = :number",
        id=held.id,
        number=int(name),
    )
    return [to_text(moment(row["at"])), row["owner"], row["note"], row["state"]] if row else None


def write_callback(held: "Hold", name: str, value: Any) -> None:
    """Set a ticket's call-back; None takes it away."""
    spine = held.work.spine
    spine.run(
        "DELETE FROM callback WHERE ticket_id = :id AND number = :number",
        id=held.id,
        number=int(name),
    )
    if value is not None:
        at, owner, note, state = value
        spine.run(
            "INSERT INTO callback (ticket_id, number, at, owner, note, state) "
            "VALUES (:id, :number, :at, :owner, :note, :state)",
            id=held.id,
            number=int(name),
            at=moment(at),
            owner=owner,
            note=storable(note),
            state=state,
        )
