"""Closing is one dialog: what solved it, your test, the customer's word, and as what it ends."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from deskterm.domain.asking import Request
from deskterm.domain.text import clean
from deskterm.domain.verbs import Close, Finish
from deskterm.domain.vocabulary import Outcome, State
from deskterm.screens.dialogs.other import TicketFinder
from deskterm.screens.dialogs.verb import Targets, VerbDialog
from deskterm.widgets.choice import Choice
from deskterm.widgets.picker import Picker
from deskterm.widgets.typed import PlainInput

if TYPE_CHECKING:
    from deskterm.domain.rows import Ending, Pairing

TESTED, UNTESTED = "tested, it works", "untested because"
NOT_ASKED, SAID_YES, NO_WORD = "not asked", "said yes by phone", "not needed because"
_LINKED = "linked"
_NO_DAY = "friday, 2026-12-24 · empty: no day is named"
ONCE_MORE = "Enter again does it; Esc leaves everything as it is."


class CloseDialog(VerbDialog[Request]):
    """Asks only what nobody has answered yet; arrows choose, so that typed text never does."""

    TELLS = True
    AUTO_FOCUS = ""
    HINT = "←→ chooses · Enter goes on, at last closes · ^s closes · Esc leaves"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "go_on", "Go on")]

    def __init__(self, targets: Targets, limit: int) -> None:
        super().__init__("Close", targets, limit)
        self._known: Ending | None = None
        self._agreed = ""
        """What was said once more before it is done."""
        self._visits: Sequence[str] = ()
        """What is still to be said of visits that stay agreed on."""

    def verb_fields(self) -> Iterable[Widget]:
        """Give the fields; those that are answered already are hidden."""
        solved = bool(self.targets.rows) and all(
            row.state == State.SOLVED for row in self.targets.rows
        )
        yield _line("Solved by", PlainInput(id="resolution"), hidden=solved)
        yield _line("Your test", Choice((TESTED, UNTESTED), typed=False, id="tested"))
        word = NOT_ASKED if len(self.targets.ids) == 1 else NO_WORD
        words = Choice((NOT_ASKED, SAID_YES, NO_WORD), word, typed=False, id="word")
        yield _line("Customer", words)
        yield _line("Because", PlainInput(id="reason"), hidden=word == NOT_ASKED)
        yield _line("Of", TicketFinder(self.targets.ids, id="original"), hidden=True)
        finder = TicketFinder((), signs={"problem": "P"}, placeholder="P7, or words", id="cause")
        yield _line("Problem", finder, hidden=True)
        yield _line("Fixed by", PlainInput(id="until", placeholder=_NO_DAY), hidden=True)
        yield Static(id="pair")
        yield _line("Close as", Choice(tuple(Outcome), typed=False, id="outcome"))

    def on_mount(self) -> None:
        """Ask what is answered already; begin where the first answer is missing."""
        ids = self.targets.ids
        self._begin()
        self.load(
            lambda desk: (desk.tickets.ending(ids), desk.visits.left(ids)),
            self._show_known,
            "ending",
        )

    def _show_known(self, read: "tuple[Ending, Sequence[str]]") -> None:
        self._known, self._visits = read
        known = read[0]
        self.query_one("#line-resolution").display = not known.solved
        self._show_lines()
        if not self._given("resolution"):
            self._begin()
        self.accept_if_wanted()

    def _begin(self) -> None:
        """Let keys go to the first field without an answer."""
        (self._missing() or self.query_one("#outcome")).focus()

    # --- what is shown --------------------------------------------------------------------

    @on(Choice.Changed)
    def _show_lines(self) -> None:
        """Show the lines that matter for what is chosen."""
        outcome, known = self._choice("outcome"), self._known
        solves = outcome == Outcome.SOLVED
        shown = {
            "resolution": solves and not (known and known.solved),
            "tested": solves and not (known and known.tested),
            "word": solves and not (known and known.said),
            "reason": self._needs_reason(),
            "original": outcome == Outcome.DUPLICATE,
            "cause": outcome == Outcome.RECORDED and self._found("cause") != _LINKED,
            "until": outcome == Outcome.RECORDED,
        }
        for name, wanted in shown.items():
            self.query_one(f"#line-{name}").display = wanted
        self._agreed = ""
        said = _said(known) if solves and known else ""
        if outcome == Outcome.RECORDED:
            said = _recorded(known)
        self.query_one("#pair", Static).update(Content(clean(said)))

    def _found(self, name: str) -> str:
        """Give what was found: `12`, `P7`; `LINKED` where it belongs to just one problem."""
        if name == "cause" and self._known is not None and len(self._known.problems) == 1:
            return _LINKED
        return self.query_one(f"#{name}", TicketFinder).value

    def _needs_reason(self) -> bool:
        outcome = self._choice("outcome")
        because = {self._choice("tested"), self._choice("word")} & {UNTESTED, NO_WORD}
        return outcome == Outcome.UNSOLVED or (outcome == Outcome.SOLVED and bool(because))

    def _choice(self, name: str) -> str:
        """Give what is chosen; where it is answered already there is nothing to choose."""
        known = self._known
        if known and ((name == "tested" and known.tested) or (name == "word" and known.said)):
            return ""
        return self.query_one(f"#{name}", Choice).value

    def _given(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    # --- going on ---------------------------------------------------------------------------

    def _missing(self) -> Widget | None:
        """Give the first field that still needs an answer."""
        outcome = self._choice("outcome")
        if outcome == Outcome.SOLVED:
            shown = self.query_one("#line-resolution").display
            if shown and not self._given("resolution"):
                return self.query_one("#resolution")
            if self._choice("word") == NOT_ASKED:
                return self.query_one("#word")
        if self._needs_reason() and not self._given("reason"):
            return self.query_one("#reason")
        if outcome == Outcome.DUPLICATE and not self._found("original"):
            return self.query_one("#original Input")
        if outcome == Outcome.RECORDED and not self._found("cause"):
            return self.query_one("#cause Input")
        return None

    def action_go_on(self) -> None:
        """Go to the next answer that is missing; where none is, close."""
        missing = self._missing()
        if missing is None or missing is self.focused or self._known is None:
            self.action_accept()
        else:
            missing.focus()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        event.prevent_default()
        self.action_go_on()

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        self.action_accept()

    def ready(self) -> bool:
        """Wait until it is known what is answered already."""
        if self._known is None:
            self.accept_later()
            return False
        return super().ready()

    def answer(self) -> Request | None:
        """Give the request; visits that stay agreed on are named once before."""
        asked, visits = self._asked(), self._visits
        if asked is None or not visits:
            return asked
        self._visits = ()
        more = f" And {len(visits) - 3} more." if len(visits) > 3 else ""
        self.query_one("#pair", Static).update(Content(clean(" ".join(visits[:3]) + more)))
        self.refuse(ONCE_MORE)
        return None

    def _asked(self) -> Request | None:
        """Give the request, or say what is missing, in the field it is about."""
        missing, outcome = self._missing(), self._choice("outcome")
        if missing is not None:
            missing.focus()
            self.refuse(_WANTED[missing.id or str(outcome)])
            return None
        if outcome == Outcome.SOLVED:
            return self._solved()
        if outcome == Outcome.UNSOLVED:
            return Close(outcome, self._given("reason"))
        if outcome == Outcome.RECORDED:
            found = self._found("cause").removeprefix("P")
            number = 0 if found == _LINKED else int(found)
            return Close(outcome, problem=number, until=self._given("until"))
        return self._once_more(outcome)

    def _solved(self) -> Request:
        untested, unasked = self._choice("tested") == UNTESTED, self._choice("word") == NO_WORD
        reason = self._given("reason")
        return Finish(
            self._given("resolution"),
            reason if unasked else "",
            said_yes=self._choice("word") == SAID_YES,
            untested=reason if untested else "",
        )

    def _once_more(self, outcome: str) -> Request | None:
        """Spam and duplicates are asked about once, for nothing about them is written down."""
        value = self._found("original") if outcome == Outcome.DUPLICATE else ""
        if self._agreed == f"{outcome} {value}":
            return Close(outcome, of=int(value or 0))
        if outcome == Outcome.SPAM:
            self._agree("spam ", f"{self.targets.words}: spam, nobody is told")
            return None
        ids, other = self.targets.ids, int(value)

        def say(found: "Pairing") -> None:
            words = found.words(self.targets.words, "is a duplicate of")
            self._agree(f"{outcome} {value}", words)

        self.load(
            lambda desk: desk.tickets.pairing(ids, other, merges=False),
            say,
            "pairing",
            lambda error: self.refuse(str(error)),
        )
        return None

    def _agree(self, what: str, words: str) -> None:
        self._agreed = what
        self.query_one("#pair", Static).update(Content(clean(words)))
        self.refuse(ONCE_MORE)


_WANTED = {
    "resolution": "Say what solved it, or close it as something else.",
    "word": "Does it work for the customer? Choose with ←→; S solves it and asks them by letter.",
    "reason": "Say why.",
    str(Outcome.RECORDED): "In which problem is it recorded? Type P and its number, or words.",
    str(Outcome.DUPLICATE): "Of which ticket is it a duplicate? Type its number, or words.",
}


def _recorded(known: "Ending | None") -> str:
    """Say what they are told of what is recorded, and in which problem it is."""
    linked = known.problems if known and len(known.problems) == 1 else ()
    where = f"Recorded in P{linked[0]}: they" if linked else "They"
    return f"{where} are told that it will be fixed, and hear from us again."


def _said(known: "Ending") -> str:
    """Say what is answered already."""
    parts = [known.tested and "you tested it", known.said and "the customer said that it works"]
    return " · ".join(part for part in parts if part)


def _line(label: str, widget: Widget, *, hidden: bool = False) -> Horizontal:
    line = Horizontal(
        Static(Content(f"{label}:"), classes="label"),
        widget,
        id=f"line-{widget.id}",
        classes="line answer",
    )
    line.display = not hidden
    return line
