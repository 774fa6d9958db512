"""The forms of the verbs, declared field by field; who gets tickets; which facts to change."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static, TextArea

from deskterm.domain.asking import Request
from deskterm.domain.errors import UsageError
from deskterm.domain.text import clean
from deskterm.domain.verbs import (
    Change,
    Confirm,
    Decide,
    Escalate,
    Solve,
    Verify,
    Wait,
    Watch,
)
from deskterm.domain.vocabulary import Needs, Proof, WaitingFor
from deskterm.screens.dialogs.form import Field, FormDialog, Values
from deskterm.screens.dialogs.verb import Targets, VerbDialog
from deskterm.widgets.choice import Choice
from deskterm.widgets.picker import Pick, Picker, Told

if TYPE_CHECKING:
    from deskterm.domain.records import GroupRow
    from deskterm.domain.rows import Ending
    from deskterm.guides.handing_over import Handing
    from deskterm.screens.desk import Desk

    _Found = tuple[Iterable[GroupRow], Handing | None, Mapping[str, str]]


class EscalateForm(FormDialog[Request]):
    """Group, summary and suggested actions: the group that something names, the summary written.

    Where the chosen group is restricted it says who will see the tickets, before they are sent.
    """

    TELLS = True
    _unseen: Mapping[str, str] = {}

    def verb_fields(self) -> Iterable[Widget]:
        """Give the fields, and room for who will see it."""
        yield from super().verb_fields()
        warned = Static("", id="unseen")
        warned.display = False
        yield warned

    def on_mount(self) -> None:
        """Ask for the groups, and for what is proposed where it is one ticket."""
        ids = self.targets.ids
        picker = self.query_one("#field-group", Picker)
        picker.guesses = False

        def ask(desk: "Desk") -> "_Found":
            proposed = desk.handing_over.proposed(ids[0]) if len(ids) == 1 else None
            return desk.admin.groups(), proposed, desk.handing_over.unseen()

        self.load(ask, self._offer_groups, "groups")

    @on(Picker.Highlighted)
    @on(Picker.Picked)
    @on(Picker.Settled)
    def _warn(self, event: Told) -> None:
        """Say who will see what goes to the group that would be taken now."""
        del event
        said = self._unseen.get(self.query_one("#field-group", Picker).value, "")
        warned = self.query_one("#unseen", Static)
        warned.display = bool(said)
        warned.update(Content(f"! {clean(said, one_line=True)}."))

    def _offer_groups(self, found: "_Found") -> None:
        groups, proposed, self._unseen = found
        picks = [
            Pick(one.name, one.name, f"level {one.level}")
            for one in sorted(groups, key=lambda group: (group.level == 1, group.name))
        ]
        if proposed is not None:
            self._write(proposed.summary)
            picks.sort(key=lambda pick: pick.value != proposed.group)
        if proposed is not None and proposed.group:
            first = picks[0]
            picks[0] = Pick(first.value, first.line, f"{first.detail} · {proposed.why}")
            self.query_one("#field-group", Picker).guesses = True
        self.offer("group", picks)

    def _write(self, summary: str) -> None:
        """Put the summary in, before anything that was typed meanwhile."""
        area = self.query_one("#field-summary", TextArea)
        area.load_text("\n".join(part for part in (clean(summary), area.text) if part))
        area.move_cursor(area.document.end)

    def _focus_next(self, after: str | None) -> bool:
        """From the group to the end of the summary, which is written already."""
        if after != "group":
            return super()._focus_next(after)
        self.query_one("#field-summary").focus()
        return True


def escalate_form(targets: Targets, limit: int) -> FormDialog[Request]:
    """Give the form to escalate: `>`, group Enter, summary ^s."""
    fields = (
        Field("group", "To the group", "pick", required="Choose the group that takes over."),
        Field("summary", "Summary: what it is, what was tried", "long",
              required="Say in a sentence what it is and what was tried."),
        Field("actions", "Suggested next actions, one a line", "long"),
    )  # fmt: skip
    return EscalateForm("Escalate", targets, limit, fields, _escalate)


def _escalate(values: Values) -> Request:
    actions = tuple(line.strip() for line in values["actions"].splitlines() if line.strip())
    return Escalate(values["group"], values["summary"], actions)


WAITS = {
    "put off": WaitingFor.OTHER,
    "for the customer": WaitingFor.CUSTOMER,
    "for an approval": WaitingFor.APPROVAL,
}
"""How something waits, in words; what is put off is nobody's business but the desk's."""


class WaitForm(FormDialog[Request]):
    """Put off, of which nobody is told and the promise runs on; or waiting, said on purpose."""

    TELLS = True
    BEGIN = "until"
    _people = ""

    def _show_people(self, people: int) -> None:
        self._people = f"{people} people" if people != 1 else "1 person"
        self._show_scope()

    @on(Choice.Changed)
    def _show_scope(self) -> None:
        off = WAITS[self.query_one("#field-for", Choice).value] == WaitingFor.OTHER
        told = "nobody is told, the promise runs on" if off else self._told_words()
        self.query_one("#scope", Static).update(Content(f"{self._scope('')} · {told}"))

    def _told_words(self) -> str:
        return f"{self._people or 'the customers'} will be told; the promise stands still"


def wait_form(targets: Targets, limit: int) -> FormDialog[Request]:
    """Give the form to put tickets off, or let them wait: `z`, until when, Enter, Enter."""
    fields = (
        Field("until", "Until", hint="tomorrow, 3d, 14:00, 2026-12-24"),
        Field("for", "How", "choice", tuple(WAITS)),
        Field("reason", "Why; may be empty"),
    )
    return WaitForm("Put off, or wait", targets, limit, fields, _wait)


def _wait(values: Values) -> Request:
    whom = WAITS[values["for"]]
    if whom == WaitingFor.OTHER and not values["until"]:
        raise UsageError("Until when is it put off? Say tomorrow, 3d, 14:00.")
    return Wait(whom, values["until"], values["reason"])


def solve_form(targets: Targets, limit: int) -> FormDialog[Request]:
    """Give the form for the resolution."""
    field = Field("resolution", "What solved it", "long", required="Say what solved it.")
    return FormDialog(
        "Solve", targets, limit, (field,), lambda said: Solve(said["resolution"]), tells=True
    )


WORDS = {"I tested it": "craft", "the customer says": "customer"}
"""Whose word it is → who verifies."""
RESULTS = {
    "it works": Proof.OK,
    "it does not work": Proof.FAILED,
    "skipped because": Proof.WAIVED,
}


class VerifyForm(FormDialog[Request]):
    """Whose word it is comes first; how the trouble was reproduced is the test."""

    BEGIN = "by"

    def verb_fields(self) -> Iterable[Widget]:
        """Give the test above the fields."""
        yield Static(id="pair")
        yield from super().verb_fields()

    def on_mount(self) -> None:
        """Ask for the test."""
        ids = self.targets.ids
        self.load(lambda desk: desk.tickets.ending(ids), self._show_test, "ending")

    def _show_test(self, known: "Ending") -> None:
        test = f"The test, as it was reproduced: {known.test}" if known.test else ""
        self.query_one("#pair", Static).update(Content(clean(test)))


def verify_form(targets: Targets, limit: int) -> FormDialog[Request]:
    """Give the form to verify work."""
    fields = (
        Field("by", "Whose word", "choice", tuple(WORDS)),
        Field("result", "Result", "choice", tuple(RESULTS)),
        Field("reason", "Because", hint="where it does not work or is skipped"),
    )
    return VerifyForm("Verify", targets, limit, fields, _verify)


def _verify(values: Values) -> Request:
    result = RESULTS[values["result"]]
    if result != Proof.OK and not values["reason"]:
        raise UsageError("Say why.")
    return Verify(WORDS[values["by"]], result, values["reason"])


def approval_form(targets: Targets, limit: int) -> FormDialog[Request]:
    """Give the form to ask for an approval, or to write down what its approver decided."""
    fields = (
        Field("what", "Approval", "choice", ("ask", "granted", "refused")),
        Field("who", "Whose", hint="name or address; they get a letter"),
        Field("needs", "It needs", "choice", (Needs.APPROVAL, Needs.BUDGET)),
        Field("reason", "What was said", hint="the requester reads it"),
    )
    return FormDialog("Approval", targets, limit, fields, _approval, tells=True)


def _approval(values: Values) -> Request:
    if values["what"] == "ask":
        if not values["who"]:
            raise UsageError("Say whose approval it needs.")
        return Change(needs=values["needs"], approver=values["who"])
    return Decide(values["what"] == "granted", values["reason"], values["who"])


def reason_form(
    verb: str, targets: Targets, limit: int, asked: Callable[[str], Request]
) -> FormDialog[Request]:
    """Give the form of a verb that needs a reason."""
    field = Field("reason", "Why", required="Say why.")
    return FormDialog(
        verb, targets, limit, (field,), lambda said: asked(said["reason"]), tells=True
    )


ME = Pick("me", "me", "take it yourself")
NOBODY = Pick("none", "nobody", "back to the common heap")


class AssignDialog(VerbDialog[str]):
    """Type a few letters of a login or name; Enter gives it to the first shown."""

    HINT = "type to find · ↑↓ choose · Enter gives · Esc leaves"

    def __init__(self, targets: Targets, limit: int) -> None:
        super().__init__("Assign", targets, limit)

    def verb_fields(self) -> Iterable[Widget]:
        """Give the finder."""
        yield Picker(coming=True, placeholder="technician", id="who")

    def on_mount(self) -> None:
        """Ask for the technicians."""
        self.load(lambda desk: desk.admin.technicians(), self._offer, "technicians")

    def _offer(self, technicians: Iterable[Any]) -> None:
        here = sorted(technicians, key=lambda one: one.off_until is not None)
        people = [Pick(one.login, one.login, _words(one)) for one in here]
        self.query_one(Picker).offer([ME, *people, NOBODY])

    @on(Picker.Picked)
    def _give(self) -> None:
        self.action_accept()

    def answer(self) -> str | None:
        """Give the login, `me` or `none`."""
        if not self.query_one(Picker).value:
            self.refuse("Nobody of that name works here.")
            return None
        return self.query_one(Picker).value


def _words(one: Any) -> str:
    """Give the name, and that somebody is off or wants to be left in peace."""
    if one.off_until is not None:
        deputy = f", deputy {one.deputy}" if one.deputy else ""
        return f"{one.name}  off until {one.off_until.astimezone():%d %b}{deputy}".strip()
    if one.focus_until is None:
        return str(one.name)
    reason = f" ({one.focus_reason})" if one.focus_reason else ""
    return f"{one.name}  focus until {one.focus_until.astimezone():%H:%M}{reason}".strip()


def watchers_form(targets: Targets, limit: int) -> FormDialog[Request]:
    """Give the form for who hears of tickets."""
    fields = (
        Field("add", "Hears of it from now on", hint="an address, or Name <address>"),
        Field("drop", "Hears of it no more", hint="an address or a name"),
    )
    return FormDialog("Watchers", targets, limit, fields, _watch)


def _watch(values: Values) -> Request:
    add, drop = ((values[name],) if values[name] else () for name in ("add", "drop"))
    return Watch(add, drop)


def requester_form(targets: Targets, limit: int, who: str) -> FormDialog[Request]:
    """Give the form for whose a forwarded ticket is; as it stands it confirms `who`."""
    field = Field("who", "The requester, who is then written to", value=who,
                  required="Name the requester.")  # fmt: skip
    return FormDialog(
        "Requester",
        targets,
        limit,
        (field,),
        lambda said: Confirm() if said["who"] == who else Change(requester=said["who"]),
        tells=True,
    )
