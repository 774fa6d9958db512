"""The forms of problems: an incident out of many tickets, its facts, its end."""

from deskterm.domain.problems import SEVERITIES, ProblemState, ProblemView
from deskterm.screens.dialogs.form import Field, FormDialog
from deskterm.screens.dialogs.verb import Targets


def incident_form(targets: Targets, limit: int, title: str) -> FormDialog:
    """Give the form that makes tickets one incident: title, what is announced."""
    fields = (
        Field("title", "What it is", value=title, required="Say in a few words what it is."),
        Field(
            "announcement",
            "Announce on every board",
            value=f"{title}: {len(targets.ids)} reports, we are on it",
            hint="empty: nothing is announced",
        ),
    )
    return FormDialog("One incident", targets, limit, fields)


def facts_form(view: ProblemView, limit: int) -> FormDialog:
    """Give the form with all that is known of a problem."""
    states = tuple(ProblemState)
    fields = (
        Field("title", "What it is", value=view.title, required="A problem needs a title."),
        Field("state", "State", "choice", states, view.state),
        Field("severity", "Severity", "choice", SEVERITIES, view.severity),
        Field("workaround", "Workaround, also told to customers", value=view.workaround),
        Field("cause", "Cause, internal", value=view.cause),
        Field("model", "Affected models", value=view.model, hint="ThinkPad T14*, X1 Carbon"),
        Field("os", "Affected systems", value=view.os, hint="Windows 11*"),
        Field("site", "Affected site", value=view.site or ""),
        Field("owner", "Who takes care of it", value=view.owner),
    )
    return FactsForm(f"P{view.id}", Targets((view.id,)), limit, fields)


class FactsForm(FormDialog):
    """Begins with the state."""

    BEGIN = "state"


def end_form(view: ProblemView, limit: int) -> FormDialog:
    """Give the form that ends a problem and solves its open tickets."""
    fields = (
        Field("state", "Ends as", "choice", (ProblemState.VERIFIED, ProblemState.WONT_FIX)),
        Field(
            "resolution",
            f"What solved its {len(view.open_tickets)} open tickets",
            hint="told to each requester; empty: they stay open",
        ),
    )
    return EndForm(f"End P{view.id}", Targets(view.open_tickets or (view.id,)), limit, fields)


class EndForm(FormDialog):
    """Says how many people a resolution is told to."""

    TELLS = True
    BEGIN = "resolution"
