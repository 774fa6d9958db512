"""The questions of the solutions screen: the form of its fields, and review with publishing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from deskterm.domain.records import CategoryRow
from deskterm.domain.solutions import AFTER, LABELS, TEXTS, WIDER, SolutionRow
from deskterm.domain.text import clean
from deskterm.domain.vocabulary import Audience, Confidence
from deskterm.screens.dialogs.base import Dialog
from deskterm.screens.dialogs.form import Field, FormDialog, Values, as_given
from deskterm.screens.dialogs.verb import Targets
from deskterm.widgets.choice import Choice
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from deskterm.triage.leaks import Leak

KEEP = "as it is"
DRAFT = "solution"
"""The kind of draft in which a form that was begun is kept."""
NEW = 0
"""The number under which the draft of a new solution is kept."""


@dataclass(frozen=True)
class Named(Targets):
    """A solution in the place of a ticket: what the form's box is called."""

    called: str = ""

    @property
    def title(self) -> str:
        """`S12 VPN has no route`."""
        return self.called


class SolutionForm(FormDialog[Values]):
    """All that is written by people. Esc keeps what was begun; only altered fields are given."""

    HINT = "^s stores · Tab next field · Esc leaves, what you wrote is kept"

    def __init__(self, row: SolutionRow | None) -> None:
        self._number = row.id if row else NEW
        self._before = {name: clean(getattr(row, name) or "") if row else "" for name in TEXTS}
        self._category = (row.category or "") if row else ""
        called = clean(f"{row.name} {row.title}", one_line=True)[:60] if row else "a solution"
        fields = [
            Field(
                name,
                LABELS[name],
                "text" if name == "title" else "long",
                value=self._before[name],
                required="A solution needs a title." if name == "title" else "",
            )
            for name in TEXTS
        ]
        now = clean(self._category, one_line=True) or "none"
        fields.append(Field("category", f"Category (now: {now})", "pick", hint="empty: as it is"))
        verb = "Edit" if row else "Write"
        super().__init__(verb, Named((self._number,), called=called), 1, fields, as_given)

    def on_mount(self) -> None:
        """Ask for the categories, and for what was begun before."""
        number = self._number
        self.load(lambda desk: desk.admin.categories(), self._offer_categories, "categories")
        self.load(lambda desk: desk.drafts.get(DRAFT, number), self._bring_back, "draft")

    def _focus_next(self, after: str | None) -> bool:
        if after is not None:
            return super()._focus_next(after)
        self.query_one("#field-title", Input).focus()
        return True

    def _offer_categories(self, categories: Iterable[CategoryRow]) -> None:
        self.offer(
            "category", [Pick(KEEP, KEEP), *(Pick(one.path, one.path) for one in categories)]
        )

    def _bring_back(self, draft: str) -> None:
        for name, text in read_draft(draft).items():
            widget = self.query_one(f"#field-{name}")
            if isinstance(widget, Input):
                widget.value = clean(text, one_line=True)
            elif isinstance(widget, TextArea):
                widget.load_text(clean(text))
        if draft:
            self.refuse("What you began before was brought back.")

    def altered(self) -> Values:
        """Give the fields that differ from what was read."""
        values = self.values()
        changed = {
            name: value
            for name, value in values.items()
            if name != "category" and value != self._before[name].strip()
        }
        category = values["category"]
        if category not in ("", KEEP, self._category):
            changed["category"] = category
        return changed

    def answer(self) -> Values | None:
        """Give the altered fields."""
        if super().answer() is None:
            return None
        changed = self.altered()
        if not changed:
            self.refuse("Nothing is altered; leave with Esc.")
            return None
        return changed

    def action_dismiss_dialog(self) -> None:
        """Leave; what was written is kept."""
        number, changed = self._number, self.altered()
        text = json.dumps(changed) if changed else ""
        self.desk_app.keep(lambda desk: desk.drafts.put(DRAFT, number, text))
        super().action_dismiss_dialog()


def read_draft(text: str) -> Mapping[str, str]:
    """Give the fields of a kept form; nothing where it cannot be read."""
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: str(value) for name, value in found.items() if name in TEXTS}


class Publishing(TypedDict):
    """What was decided."""

    confidence: str
    audience: str
    yes: bool


class PublishDialog(Dialog[Publishing]):
    """How far it is trusted and who may read it; Enter takes the next step."""

    HINT = "Enter does it · Tab, ←→ choose · Esc leaves"

    def __init__(self, row: SolutionRow) -> None:
        super().__init__(f"Review and publish {row.name}", _stand(row))
        self._row = row
        self._leaks: Sequence[Leak] = ()
        self._warned = False

    def fields(self) -> Iterable[Widget]:
        """Give both choices and the place for what the leak check finds."""
        trust = tuple(word for word in Confidence if word != Confidence.ARCHIVED)
        yield Static(Content("How far it can be trusted"), classes="label")
        yield Choice(trust, AFTER[Confidence(self._row.confidence)], id="confidence")
        yield Static(Content("Who may read it"), classes="label")
        yield Choice(tuple(Audience), next_audience(self._row), id="audience")
        yield Static(id="leaks")

    def on_mount(self) -> None:
        """Ask for leaks; Enter is enough."""
        self.query_one("#confidence", Choice).focus()
        number = self._row.id
        self.load(lambda desk: desk.solutions.leaks(number), self._show_leaks, "leaks")

    def _show_leaks(self, leaks: "Sequence[Leak]") -> None:
        self._leaks = leaks
        self._draw()

    @on(Choice.Changed)
    def _changed(self) -> None:
        self._warned = False
        self._draw()

    def _draw(self) -> None:
        if not self._leaks:
            words = Content.styled("Nothing in it looks internal.", "$text-muted")
        else:
            found = [f"  {leak.field}: {leak.kind} {leak.found}" for leak in self._leaks[:8]]
            more = [f"  … {len(self._leaks) - 8} more"] if len(self._leaks) > 8 else []
            head = "Outsiders should not read:"
            style = "$warning" if self._is_outside else "$text-muted"
            lines = [clean(line, one_line=False).replace("\n", " ") for line in found + more]
            words = Content.styled("\n".join([head, *lines]), style)
        self.query_one("#leaks", Static).update(words)

    @property
    def _is_outside(self) -> bool:
        return self.query_one("#audience", Choice).value != Audience.TECHNICIANS

    def key_enter(self) -> None:
        """Accept from a choice."""
        self.action_accept()

    def answer(self) -> Publishing | None:
        """Give what was chosen; what leaks wants a second Enter."""
        leaking = bool(self._leaks) and self._is_outside
        if leaking and not self._warned:
            self._warned = True
            self.refuse("Enter again publishes it all the same; Esc leaves, e mends it.")
            return None
        return Publishing(
            confidence=self.query_one("#confidence", Choice).value,
            audience=self.query_one("#audience", Choice).value,
            yes=leaking,
        )


def next_audience(row: SolutionRow) -> str:
    """Give whom the next step is for: technicians first; a validated one goes to a wider circle."""
    audience = Audience(row.audience) if row.audience else None
    if audience is not None and row.confidence != Confidence.VALIDATED:
        return audience
    return WIDER[audience]


def _stand(row: SolutionRow) -> str:
    who = f"for {row.audience}" if row.audience else "not published"
    return clean(f"{row.title}\nNow {row.confidence}, {who}.")
