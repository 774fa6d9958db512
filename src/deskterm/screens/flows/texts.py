"""A canned text by key: chosen from those that fit, put where the cursor is."""

from typing import TYPE_CHECKING

from deskterm.domain.means import MARK
from deskterm.domain.text import clean
from deskterm.screens.dialogs.ask import PickDialog
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from deskterm.domain.means import Canned
    from deskterm.screens.flows.owner import Owner
    from deskterm.widgets.typed import WordsArea

_LONGEST = 120


def pick(
    owner: "Owner",
    area: "WordsArea",
    found: "Sequence[Canned]",
    others: "Sequence[Pick]" = (),
    take: "Callable[[str], None] | None" = None,
) -> None:
    """Offer the texts after the other picks; a text goes into the area, of others tells `take`."""
    texts = {f"{MARK}{one.short}": one for one in found}
    picks = [
        *others,
        *(
            Pick(name, name, clean(one.words, one_line=True)[:_LONGEST])
            for name, one in texts.items()
        ),
    ]
    if not picks:
        owner.desk_app.say("Nothing fits yet: s searches solutions, `deskterm text add` makes one.")
        return

    def chosen(value: str | None) -> None:
        if value in texts:
            area.put_in(texts[value])
            area.focus()
        elif value and take is not None:
            take(value)

    owner.app.push_screen(PickDialog("Put in", picks), chosen)
