"""The forms of problems: an incident out of many tickets, its facts, its end."""

from deskterm.domain.problems import SEVERITIES, ProblemState, ProblemView
from deskterm.domain.text import clean
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
    form = FactsForm("Change", Targets((view.id,)), limit, fields, as_given)
    form.named(f"P{view.id}: {view.title}")
    return form


class FactsForm(FormDialog[Values]):
    """Begins with the state; its title is the problem's."""

    BEGIN = "state"

    def named(self, title: str) -> None:
        """Take a title."""
        self._title = clean(title, one_line=True)[:60]


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
