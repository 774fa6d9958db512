"""The forms of the verbs, declared field by field."""

from collections.abc import Iterable, Mapping
from typing import Any

from deskterm.domain.vocabulary import Needs, Outcome, Proof, State, WaitingFor
from deskterm.screens.dialogs.form import Field, FormDialog, TellingForm
from deskterm.screens.dialogs.verb import Targets
from deskterm.widgets.picker import Pick


class EscalateForm(TellingForm):
    """Group, summary and suggested actions; the groups come from the desk."""

    def on_mount(self) -> None:
        """Ask for the groups."""
        self.load(lambda desk: desk.admin.groups(), self._offer_groups, "groups")

    def _offer_groups(self, groups: Iterable[Any]) -> None:
        higher = sorted(groups, key=lambda group: (group.level == 1, group.name))
        self.offer("group", [Pick(one.name, one.name, f"level {one.level}") for one in higher])


def escalate_form(targets: Targets, limit: int) -> FormDialog:
    """Give the form to escalate: `>`, group Enter, summary ^s."""
    fields = (
        Field("group", "To the group", "pick", required="Choose the group that takes over."),
        Field("summary", "Summary: what it is, what was tried", "long",
              required="Say in a sentence what it is and what was tried."),
        Field("actions", "Suggested next actions, one a line", "long"),
    )  # fmt: skip
    return EscalateForm("Escalate", targets, limit, fields)


def wait_form(targets: Targets, limit: int) -> FormDialog:
    """Give the form to let tickets wait."""
    fields = (
        Field("for", "Waits for", "choice", tuple(WaitingFor)),
        Field("until", "Until", hint="3d, tomorrow, 2026-12-24; empty: until they answer"),
        Field("reason", "Why"),
    )
    return TellingForm("Wait", targets, limit, fields, _reason_for_other)


def _reason_for_other(values: Mapping[str, str]) -> str:
    if values["for"] == WaitingFor.OTHER and not values["reason"]:
        return "Say what it waits for."
    return ""


def solve_form(targets: Targets, limit: int) -> FormDialog:
    """Give the form for the resolution."""
    field = Field("resolution", "What solved it", "long", required="Say what solved it.")
    return TellingForm("Solve", targets, limit, (field,))


class VerifyForm(FormDialog):
    """Whose word it is comes first."""

    BEGIN = "by"


def verify_form(targets: Targets, limit: int) -> FormDialog:
    """Give the form to verify work."""
    fields = (
        Field("by", "Whose word", "choice", ("craft", "customer")),
        Field("result", "Result", "choice", tuple(Proof)),
        Field("reason", "Reason", hint="needed where it failed or is waived"),
    )
    return VerifyForm("Verify", targets, limit, fields, _reason_unless_ok)


def _reason_unless_ok(values: Mapping[str, str]) -> str:
    return "" if values["result"] == Proof.OK or values["reason"] else "Say why."


def close_form(targets: Targets, limit: int) -> FormDialog:
    """Give the form to close; a resolution is asked for where some are not solved yet."""
    unsolved = [row for row in targets.rows if row.state != State.SOLVED]
    all_solved = not unsolved and len(targets.rows) == len(targets.ids)
    fields = [Field("outcome", "Close as", "choice", tuple(Outcome))]
    if not all_solved:
        fields.append(Field("resolution", "What solved it"))
    hint = "why without the customer's word" if all_solved else "e.g. told by broadcast"
    fields.append(Field("reason", "Reason to close without the customer's word", hint=hint))

    def check(values: Mapping[str, str]) -> str:
        if values["outcome"] == Outcome.SOLVED and not all_solved:
            if not values["resolution"]:
                return "Say what solved it, or close it as something else."
            return "" if values["reason"] else "Say why the customer's word is not needed."
        return "" if values["reason"] or values["outcome"] != Outcome.UNSOLVED else "Say why."

    return CloseForm("Close", targets, limit, fields, check)


class CloseForm(TellingForm):
    """The form to close; `resolution` is empty where it is not asked for."""

    def values(self) -> dict[str, str]:
        """Give the values, with an empty resolution where all are solved."""
        return {"resolution": "", **super().values()}


def approval_form(targets: Targets, limit: int) -> FormDialog:
    """Give the form to ask for an approval, or to write down what its approver decided."""
    fields = (
        Field("what", "Approval", "choice", ("ask", "granted", "refused")),
        Field("who", "Whose", hint="name or address; they get a letter"),
        Field("needs", "It needs", "choice", (Needs.APPROVAL, Needs.BUDGET)),
        Field("reason", "What was said", hint="the requester reads it"),
    )
    return TellingForm("Approval", targets, limit, fields, _who_is_asked)


def _who_is_asked(values: Mapping[str, str]) -> str:
    return "" if values["what"] != "ask" or values["who"] else "Say whose approval it needs."


def reason_form(verb: str, targets: Targets, limit: int) -> FormDialog:
    """Give the form of a verb that needs a reason."""
    field = Field("reason", "Why", required="Say why.")
    return TellingForm(verb, targets, limit, (field,))
