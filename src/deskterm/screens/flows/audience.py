"""Before anything leaves for an audience: who is told, how many, and who is left out and why."""

from typing import TYPE_CHECKING

from deskterm.domain.audience import Audience
from deskterm.domain.text import clean
from deskterm.screens.dialogs.ask import CountedDialog
from deskterm.screens.flows.asking import limit
from deskterm.screens.flows.owner import AnyScreen
from deskterm.screens.work import look_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.screens.desk import Desk
    from deskterm.screens.order import Order


class AudienceDialog(CountedDialog):
    """Shows who will be told before anything leaves."""

    HINT = "Enter tells them · Esc leaves everything as it is"
    WHY = "so many people get a letter."


def shown_first(
    owner: AnyScreen, read: "Callable[[Desk], Audience]", text: str, write: "Order"
) -> None:
    """Show who is told, how many and who not, and do it once that is agreed to."""

    def ask(found: Audience) -> None:
        many = len(found.told)
        if not many:
            said = f"Nobody of {found.query} can be told: {found.words()}."
            owner.desk_app.say(said, "warning")
            return
        people = "1 person" if many == 1 else f"{many} people"
        dialog = AudienceDialog(f"Tell {people}", audience_words(found, text), many, limit(owner))
        owner.app.push_screen(dialog, agreed)

    def agreed(yes: bool | None) -> None:
        if yes:
            owner.desk_app.write(write)

    look_up(owner, read, ask, "audience")


def audience_words(found: Audience, text: str) -> str:
    """Give who will be told, in plain words, for whoever is asked whether to do it."""
    listed = [f"  {one.called}" for one in found.told[:8]]
    more = len(found.told) - len(listed)
    if more > 0:
        listed.append(f"  … and {more} more: `deskterm person list` names all")
    return "\n".join([clean(text), "", f"{found.words(0)}:", *listed])
