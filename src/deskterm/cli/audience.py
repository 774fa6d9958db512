"""Before anything leaves for an audience: how many it is, who, and who is left out and why."""

from typing import TYPE_CHECKING

from deskterm.cli import output
from deskterm.cli.change import Call
from deskterm.cli.errors import say
from deskterm.cli.targets import agree, asked_first
from deskterm.domain.errors import RefusedError

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk
    from deskterm.domain.audience import Audience
    from deskterm.domain.rows import Done


def written(done: "Done", call: Call) -> None:
    """Tell how many letters were written, and what takes them back."""
    if output.chosen(call.output) in ("json", "jsonl"):
        record = {"operation": done.operation_id, "letters": done.letters, "dry_run": done.dry}
        output.one(record, call.output)
    if done.dry:
        say(f"Nothing was changed; {done.letters} letters would be written.")
    elif done.repeated:
        say("It was done before; nothing was done again.")
    else:
        say(f"{done.letters} letter(s); `deskterm undo` takes back those that still wait.")


def shown_first(desk: "Desk", found: "Audience", call: Call) -> None:
    """Say who an audience is and ask; raises RefusedError where it is nobody, or nobody agrees."""
    many = len(found.told)
    if not many:
        raise RefusedError(
            f"nobody of {found.query!r} can be told: it is {found.words()}. "
            "`deskterm person list` tries a query."
        )
    asks = many > int(desk.settings["confirm_over"])
    if call.dry_run or asks:
        say(f"{found.words(8)}.")
    asked_first(desk, many, call, f"writing to {many} people")
    some = f"{many} of " if many < len(found.members) else ""
    agree(f"Writing to {some}{found.words(8)}", call, needed=not asks)
