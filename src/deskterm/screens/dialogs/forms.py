"""The forms of the verbs, declared field by field; who gets tickets; which facts to change."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from textual import on
from textual.widget import Widget

from deskterm.domain.asking import Request
from deskterm.domain.errors import UsageError
from deskterm.domain.text import clean
from deskterm.domain.verbs import (
    Change,
    Close,
    Confirm,
    Decide,
    Escalate,
    Finish,
    Solve,
    Verify,
    Wait,
    Watch,
)
from deskterm.domain.vocabulary import Needs, Outcome, Proof, State, WaitingFor
from deskterm.screens.dialogs.form import Field, FormDialog, RequestForm, TellingForm, Values
from deskterm.screens.dialogs.verb import Targets, VerbDialog
from deskterm.widgets.picker import Pick, Picker


class EscalateForm(TellingForm):
    """Group, summary and suggested actions; the groups come from the desk."""

    def on_mount(self) -> None:
        """Ask for the groups."""
        self.load(lambda desk: desk.admin.groups(), self._offer_groups, "groups")

    def _offer_groups(self, groups: Iterable[Any]) -> None:
        higher = sorted(groups, key=lambda group: (group.level == 1, group.name))
        self.offer("group", [Pick(one.name, one.name, f"level {one.level}") for one in higher])


def escalate_form(targets: Targets, limit: int) -> RequestForm:
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


def wait_form(targets: Targets, limit: int) -> RequestForm:
    """Give the form to let tickets wait."""
    fields = (
        Field("for", "Waits for", "choice", tuple(WaitingFor)),
        Field("until", "Until", hint="3d, tomorrow, 2026-12-24; empty: until they answer"),
        Field("reason", "Why"),
    )
    return TellingForm("Wait", targets, limit, fields, _wait)


def _wait(values: Values) -> Request:
    if values["for"] == WaitingFor.OTHER and not values["reason"]:
        raise UsageError("Say what it waits for.")
    return Wait(values["for"], values["until"], values["reason"])


def solve_form(targets: Targets, limit: int) -> RequestForm:
    """Give the form for the resolution."""
    field = Field("resolution", "What solved it", "long", required="Say what solved it.")
    return TellingForm("Solve", targets, limit, (field,), lambda said: Solve(said["resolution"]))


class VerifyForm(RequestForm):
    """Whose word it is comes first."""

    BEGIN = "by"


def verify_form(targets: Targets, limit: int) -> RequestForm:
    """Give the form to verify work."""
    fields = (
        Field("by", "Whose word", "choice", ("craft", "customer")),
        Field("result", "Result", "choice", tuple(Proof)),
        Field("reason", "Reason", hint="needed where it failed or is waived"),
    )
    return VerifyForm("Verify", targets, limit, fields, _verify)


def _verify(values: Values) -> Request:
    if values["result"] != Proof.OK and not values["reason"]:
        raise UsageError("Say why.")
    return Verify(values["by"], values["result"], values["reason"])


def close_form(targets: Targets, limit: int) -> RequestForm:
    """Give the form to close; a resolution is asked for where some are not solved yet."""
    unsolved = [row for row in targets.rows if row.state != State.SOLVED]
    all_solved = not unsolved and len(targets.rows) == len(targets.ids)
    fields = [Field("outcome", "Close as", "choice", tuple(Outcome))]
    if not all_solved:
        fields.append(Field("resolution", "What solved it"))
    hint = "why without the customer's word" if all_solved else "e.g. told by broadcast"
    fields.append(Field("reason", "Reason to close without the customer's word", hint=hint))

    return TellingForm("Close", targets, limit, fields, _close)


def _close(values: Values) -> Request:
    """Close; where a resolution is asked for, all that is still missing is done in one go."""
    outcome, reason = values["outcome"], values["reason"]
    if outcome == Outcome.SOLVED and "resolution" in values:
        if not values["resolution"]:
            raise UsageError("Say what solved it, or close it as something else.")
        if not reason:
            raise UsageError("Say why the customer's word is not needed.")
        return Finish(values["resolution"], reason)
    if outcome == Outcome.UNSOLVED and not reason:
        raise UsageError("Say why.")
    return Close(outcome, reason)


def approval_form(targets: Targets, limit: int) -> RequestForm:
    """Give the form to ask for an approval, or to write down what its approver decided."""
    fields = (
        Field("what", "Approval", "choice", ("ask", "granted", "refused")),
        Field("who", "Whose", hint="name or address; they get a letter"),
        Field("needs", "It needs", "choice", (Needs.APPROVAL, Needs.BUDGET)),
        Field("reason", "What was said", hint="the requester reads it"),
    )
    return TellingForm("Approval", targets, limit, fields, _approval)


def _approval(values: Values) -> Request:
    if values["what"] == "ask":
        if not values["who"]:
            raise UsageError("Say whose approval it needs.")
        return Change(needs=values["needs"], approver=values["who"])
    return Decide(values["what"] == "granted", values["reason"], values["who"])


def reason_form(
    verb: str, targets: Targets, limit: int, asked: Callable[[str], Request]
) -> RequestForm:
    """Give the form of a verb that needs a reason."""
    field = Field("reason", "Why", required="Say why.")
    return TellingForm(verb, targets, limit, (field,), lambda said: asked(said["reason"]))


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


def watchers_form(targets: Targets, limit: int) -> RequestForm:
    """Give the form for who hears of tickets."""
    fields = (
        Field("add", "Hears of it from now on", hint="an address, or Name <address>"),
        Field("drop", "Hears of it no more", hint="an address or a name"),
    )
    return RequestForm("Watchers", targets, limit, fields, _watch)


def _watch(values: Values) -> Request:
    add, drop = ((values[name],) if values[name] else () for name in ("add", "drop"))
    return Watch(add, drop)


def requester_form(targets: Targets, limit: int, who: str) -> RequestForm:
    """Give the form for whose a forwarded ticket is; as it stands it confirms `who`."""
    field = Field("who", "The requester, who is then written to", value=who,
                  required="Name the requester.")  # fmt: skip
    return TellingForm(
        "Requester",
        targets,
        limit,
        (field,),
        lambda said: Confirm() if said["who"] == who else Change(requester=said["who"]),
    )
