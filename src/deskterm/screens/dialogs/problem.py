"""The forms of problems: an incident out of many tickets, its facts, its end."""

from functools import partial

from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.problems import (
    MEASURES,
    SEVERITIES,
    ProblemState,
    ProblemView,
    check,
    check_facts,
    measured,
    number_of,
    state_words,
)
from deskterm.screens.dialogs.ask import CountedDialog
from deskterm.screens.dialogs.form import Field, FormDialog, Values, as_given
from deskterm.screens.dialogs.verb import Targets

MANY = 10
"""From so many tickets on an incident is proposed as urgent (as with the asked facts)."""


def incident_form(targets: Targets, limit: int, title: str) -> FormDialog[Values]:
    """Give the form that makes tickets one incident: title, what is announced."""
    fields = (
        Field("title", "What it is", value=title, required="Say in a few words what it is."),
        Field(
            "urgent",
            "All urgent",
            "choice",
            ("no", "yes"),
            "yes" if len(targets.ids) >= MANY else "no",
        ),
        Field(
            "announcement",
            "Announce on every board",
            value=f"{title}: {len(targets.ids)} reports, we are on it",
            hint="empty: nothing is announced",
        ),
    )
    return IncidentForm("One incident", targets, limit, fields, as_given, tells=True)


class IncidentForm(FormDialog[Values]):
    """Says how many people the incident keeps from work; none of them is written to by it."""

    def people_words(self, people: int) -> str:
        """Say how many people reported it."""
        return "1 person waits" if people == 1 else f"{people} people wait"


def facts_form(view: ProblemView, limit: int) -> FormDialog[Values]:
    """Give the form with all that is known of a problem."""
    fields = (
        Field("title", "What it is", value=view.title, required="A problem needs a title."),
        Field("state", "State", "choice", tuple(_STATES), state_words(view.state)),
        Field("severity", "Severity", "choice", SEVERITIES, view.severity),
        Field("workaround", "Workaround, also told to customers", value=view.workaround),
        Field("cause", "Cause, internal", value=view.cause),
        Field("reproduction", "Steps that lead to it", value=view.reproduction),
        Field("product", "A fault of the product", value=view.product, hint="Router"),
        Field("found", "Found in versions", value=view.found, hint="2.3, 3.0.0"),
        Field("fixed", "Fixed in versions", value=view.fixed, hint="shipping a release says so"),
        Field("effort", "Hours that ending it takes", value=view.effort),
        Field("reason", "Why not fixed, or why verified", value=view.reason),
        Field("model", "Affected models", value=view.model, hint="ThinkPad T14*, X1 Carbon"),
        Field("os", "Affected systems", value=view.os, hint="Windows 11*"),
        Field("site", "Affected site", value=view.site or ""),
        Field("owner", "Who takes care of it", value=view.owner),
    )
    form = FactsForm("Change", Targets((view.id,)), limit, fields, partial(_facts, view))
    form.named(f"P{view.id}: {view.title}")
    return form


_STATES = {state_words(state): str(state) for state in ProblemState}
"""State in words → state."""


def _facts(view: ProblemView, values: Values) -> Values:
    """Give the facts, or raise UsageError for what would be refused: nothing typed is lost.

    Whether it is in a release that is planned or shipped is asked when it is written.
    """
    values = {**values, "state": _STATES[values["state"]]}
    try:
        check({**view._asdict(), **values}, planned=True, shipped=True)
    except RefusedError as refused:
        raise UsageError(str(refused)) from None
    return values


class FactsForm(FormDialog[Values]):
    """Begins with the state; its title is the problem's."""

    BEGIN = "state"


def measure_form(view: ProblemView, limit: int) -> FormDialog[Values]:
    """Give the form that says how a problem ends."""
    fields = (
        Field("kind", "It ends by", "choice", _KINDS, view.measure or "configuration"),
        Field("taken", "Carried out", "choice", ("no", "yes"), "no"),
        Field("owner", "Who carries it out", value=view.measure_owner),
        Field("on", "On the day", value=view.measure_on, hint="2026-12-24"),
        Field("cost", "What it costs", value=view.measure_cost, hint="in the desk's money"),
        Field("because", "Why it will not be fixed", value=view.reason, hint="told to those hurt"),
    )
    form = MeasureForm("Measure", Targets((view.id,)), limit, fields, _checked)
    form.named(f"How P{view.id} ends")
    return form


_NOT = state_words(ProblemState.WONT_FIX)
_KINDS = (*MEASURES, _NOT)


def _checked(values: Values) -> Values:
    """Give the values of a measure, or raise UsageError where they are none."""
    kind = str(ProblemState.WONT_FIX) if values["kind"] == _NOT else values["kind"]
    values = {**values, "kind": kind}
    measured(ProblemState.OPEN, values, taken=values["taken"] == "yes")
    named = {"measure": "", "effort": "", "measure_on": values["on"].strip()}
    check_facts({**named, "measure_cost": values["cost"].strip()})
    if values["kind"] == ProblemState.WONT_FIX and not values["because"]:
        raise UsageError("Say why it will not be fixed: those who were hurt are told.")
    return values


class MeasureForm(FormDialog[Values]):
    """Begins with the kind of measure."""

    BEGIN = "kind"


def merge_form(view: ProblemView, limit: int) -> FormDialog[Values]:
    """Give the form that lets two problems be one."""
    field = Field("into", "Into which problem, which stays", hint="P7", required="Name it: P7.")

    def checked(values: Values) -> Values:
        number_of(values["into"])
        return values

    form = FormDialog[Values]("Merge", Targets((view.id,)), limit, (field,), checked)
    form.named(f"Merge P{view.id} into another")
    return form


def split_form(view: ProblemView, limit: int) -> FormDialog[Values]:
    """Give the form that parts a problem."""
    fields = (
        Field("tickets", "Which of its tickets", hint="#12, #14", required="Name them: #12, #14."),
        Field("title", "What the other problem is", required="Say in a few words what it is."),
    )

    def checked(values: Values) -> Values:
        numbers_of(values["tickets"])
        return values

    form = FormDialog[Values]("Split", Targets((view.id,)), limit, fields, checked)
    form.named(f"Part P{view.id}")
    return form


def numbers_of(text: str) -> list[int]:
    """Give the tickets of `#12, #14`; raises UsageError."""
    words = text.replace(",", " ").replace("#", " ").split()
    if not words or not all(one.isascii() and one.isdigit() and len(one) < 10 for one in words):
        raise UsageError(f"{text[:40]!r} are no tickets: write them like #12, #14.")
    return [int(one) for one in words]


ENDS = {
    "as mended": ProblemState.VERIFIED,
    "will not be fixed": ProblemState.WONT_FIX,
}
"""How a problem ends, in words."""


def end_form(view: ProblemView, limit: int) -> FormDialog[Values]:
    """Give the form that ends a problem and solves its open tickets."""
    fields = (
        Field("state", "Ends", "choice", tuple(ENDS)),
        Field(
            "resolution",
            f"What solved its {len(view.open_tickets)} open tickets",
            hint="told to each requester; empty: they stay open",
        ),
        Field(
            "reason",
            "Closed, the customers' word is not needed because",
            hint="empty: solved, and each customer is asked",
        ),
    )
    return EndForm(
        f"End P{view.id}", Targets(view.open_tickets or (view.id,)), limit, fields, as_given
    )


class EndForm(FormDialog[Values]):
    """Says how many people a resolution is told to."""

    TELLS = True
    BEGIN = "resolution"


class TellDialog(CountedDialog):
    """Shows the letter before many get it."""

    HINT = "Enter writes them · Esc leaves everything as it is"
    WHY = "so many people get a letter."

    def __init__(self, letter: str, many: int, limit: int) -> None:
        people = "1 person" if many == 1 else f"{many} people"
        super().__init__(f"Tell {people}, one letter each", letter, many, limit)
