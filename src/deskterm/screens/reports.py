"""Sentences that report what was done."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deskterm.domain.rows import Done
    from deskterm.widgets.key_bar import Severity


def tickets_words(numbers: "tuple[int, ...] | list[int]") -> str:
    """Give `#12` for one ticket, `40 tickets` for several."""
    return f"#{numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} tickets"


def _next(done: "Done") -> str:
    """Say what the same key would take next, and which key takes this back."""
    key, other = ("U", "u undoes") if done.kind == "redo" else ("u", "U redoes")
    return f"{key} next: {done.next} · {other}" if done.next else other


def sentence(said: str, done: "Done") -> "tuple[str, Severity]":
    """Say what a finished write did, and how bad it is; names what was refused."""
    parts = []
    if done.repeated:
        parts.append("Done before; nothing was done twice.")
    elif done.back:
        parts.append(f"{said}: {done.back} · {_next(done)}")
    elif done.tickets:
        letters = {0: "", 1: " · 1 letter"}.get(done.letters, f" · {done.letters} letters")
        undoes = "" if done.gone else " · u undoes"
        parts.append(f"{said} {tickets_words(done.tickets)}{letters}{undoes}")
    elif not done.failed:
        parts.append(f"{said} · u undoes" if done.operation_id else said)
    parts += [why for _, why, _ in done.failed[:3]]
    if len(done.failed) > 3:
        parts.append(f"… and {len(done.failed) - 3} more were refused.")
    parts += done.notes[:2]
    return "\n".join(parts), "warning" if done.failed or done.notes else "information"
