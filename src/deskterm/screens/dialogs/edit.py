"""Change the facts of tickets: only what was altered in the form is written."""

from collections.abc import Iterable, Sequence
from typing import Any

from deskterm.domain.asking import Request
from deskterm.domain.text import clean
from deskterm.domain.verbs import Change
from deskterm.domain.vocabulary import Needs
from deskterm.screens.dialogs.form import Field, FormDialog
from deskterm.screens.dialogs.verb import Targets
from deskterm.widgets.picker import Pick

KEEP = "as it is"


class EditDialog(FormDialog[Request]):
    """Subject, category and what it needs. Of several tickets all get what is filled in."""

    BEGIN = "subject"

    def __init__(self, targets: Targets, limit: int) -> None:
        one = targets.rows[0] if len(targets.ids) == 1 and targets.rows else None
        self._before = {
            "subject": clean(one.subject, one_line=True) if one else "",
            "category": one.category or "" if one else "",
        }
        fields: Sequence[Field] = (
            Field("subject", "Subject", value=one.subject if one else ""),
            Field("problem", "The problem, as the desk sees it", hint="empty: as it is"),
            Field("category", f"Category (now: {self._before['category'] or 'none'})", "pick",
                  hint="empty: as it is"),
            Field("needs", "Needs", "choice", (KEEP, *Needs), KEEP),
        )  # fmt: skip
        super().__init__("Edit", targets, limit, fields)

    def on_mount(self) -> None:
        """Ask for the categories."""
        self.load(lambda desk: desk.admin.categories(), self._offer_categories, "categories")

    def _offer_categories(self, categories: Iterable[Any]) -> None:
        self.offer(
            "category", [Pick(KEEP, KEEP), *(Pick(one.path, one.path) for one in categories)]
        )

    def answer(self) -> Request | None:
        """Give the altered facts."""
        changed = {
            name: value
            for name, value in self.values().items()
            if value and value not in (KEEP, self._before.get(name))
        }
        if not changed:
            self.refuse("Nothing is altered; leave with Esc.")
            return None
        return Change(
            subject=changed.get("subject"),
            problem=changed.get("problem"),
            category=changed.get("category"),
            needs=changed.get("needs"),
        )
