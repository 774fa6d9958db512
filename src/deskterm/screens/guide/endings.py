"""How a walk is left: finished, ended early, handed over, put aside, abandoned.

Each ending of a run on a ticket is one order, undone by `u`; functions with the screen as owner.
"""

from typing import TYPE_CHECKING

from deskterm.domain.asking import How
from deskterm.guides.model import ENDED_WORDS, Ending
from deskterm.screens.order import Order
from deskterm.screens.work import look_up
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.domain.problems import ProblemFit
    from deskterm.domain.rows import Done
    from deskterm.guides.view import RunView
    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk
    from deskterm.screens.guide.walking import Walking


_NEW = "new"


def finish_reached(owner: "Walking") -> None:
    """Do what the ending that was reached says."""
    view = owner.view
    if view is not None and view.conclusion is not None:
        ending = view.conclusion.ending
        if ending is Ending.PROBLEM and view.ticket is not None:
            _choose_problem(owner, view, view.ticket)
        else:
            _finish(owner, view, ENDED_WORDS[ending])


def _choose_problem(owner: "Walking", view: "RunView", ticket: int) -> None:
    """Ask which problem it is, where it may be one that is known; else it is a new one."""
    from deskterm.screens.dialogs.ask import PickDialog

    def finish(which: str | None) -> None:
        if which is not None:
            _finish(owner, view, "Put under a problem", group=which.removeprefix(_NEW))

    def offer(found: "list[ProblemFit]") -> None:
        if not found:
            finish(_NEW)
            return
        picks = [Pick(f"P{one.id}", f"P{one.id} {one.title} · {one.reason}") for one in found]
        picks.append(Pick(_NEW, "a new problem"))
        owner.app.push_screen(PickDialog("Which problem is it?", picks), finish)

    look_up(owner, lambda desk: desk.problems.fitting(ticket), offer, "problems")


def end_solved(owner: "Walking") -> None:
    """Say how it was solved."""
    from deskterm.screens.dialogs.ask import LineDialog

    view = owner.view
    if view is None:
        return
    if view.conclusion is not None and view.conclusion.ending is Ending.SOLVED:
        finish_reached(owner)
        return

    def said(text: str | None) -> None:
        if text:
            _finish(owner, view, "Solved", "solved", words=text)

    dialog = LineDialog("Solved", "What solved it?", needed="Say what solved it.")
    owner.app.push_screen(dialog, said)


def end_escalated(owner: "Walking") -> None:
    """Hand over now: choose the group, read what it gets."""
    from deskterm.screens.dialogs.ask import PickDialog

    view = owner.view
    if view is None:
        return

    def ask(desk: "Desk") -> tuple[str, list[Pick]]:
        """Give the summary that would be handed over, and the groups, the likeliest first."""
        end = owner.keeper(desk).conclude(view.id, "escalate")
        names = sorted(
            (group.name for group in desk.admin.groups()), key=lambda one: one != end.group
        )
        return end.summary, [Pick(name, name) for name in names]

    def chosen(group: str | None) -> None:
        if group:
            _finish(owner, view, "Escalated", "escalate", group=group)

    def offer(found: tuple[str, list[Pick]]) -> None:
        summary, offered = found
        owner.app.push_screen(PickDialog("Escalate to", offered, summary), chosen)

    look_up(owner, ask, offer, "groups")


def _finish(
    owner: "Walking",
    view: "RunView",
    said: str,
    ending: str | None = None,
    *,
    words: str = "",
    group: str = "",
) -> None:
    run = view.id

    def finish(desk: "Desk", how: How) -> "Done":
        return desk.runs.finish(run, ending=ending, words=words, group=group, how=how)

    def rehearsed(done: "Done") -> None:
        del done
        owner.say("The rehearsal is over; no ticket was changed.")
        owner.leave()

    if view.ticket is None:
        owner.change(
            lambda walks: walks.finish(run, ending=ending, words=words, group=group), rehearsed
        )
    else:
        owner.desk_app.write(Order(said, finish, None, owner.leave))


def abandon(owner: "Walking") -> None:
    """Leave for good, with a reason."""
    from deskterm.screens.dialogs.ask import LineDialog

    view = owner.view
    if view is None:
        return

    def said(text: str | None) -> None:
        if text:
            owner.change(lambda walks: walks.abandon(view.id, text), owner.leave)

    owner.app.push_screen(LineDialog("Abandon this run", "Why?", needed="Say why."), said)


def hand_over(owner: "Walking") -> None:
    """Choose who goes on."""
    from deskterm.screens.dialogs.ask import PickDialog

    view = owner.view
    if view is None:
        return

    def chosen(login: str | None) -> None:
        if login:
            owner.change(lambda walks: walks.hand_over(view.id, login), handed)

    def handed(view: "RunView") -> None:
        owner.say(f"Handed over to {view.owner}.")
        owner.leave()

    def offer(offered: list[Pick]) -> None:
        owner.app.push_screen(PickDialog("Hand this run over to", offered), chosen)

    look_up(owner, _technicians, offer, "technicians")


def transcript(owner: "Walking") -> None:
    """Read everything that was answered."""
    from deskterm.screens.dialogs.ask import OutputDialog

    if owner.view is not None:
        run = owner.view.id
        owner.ask(
            lambda walks: walks.transcript(run),
            lambda text: owner.app.push_screen(OutputDialog("So far", text)),
            "text",
        )


def pause_behind(owner: "Walking", view: "RunView") -> None:
    """Put the run aside while the screen is left."""
    app, keeper = owner.desk_app, owner.keeper

    def paused(view: "RunView") -> None:
        if view.ticket is not None or view.id:
            where = f"#{view.ticket}: " if view.ticket is not None else ""
            app.say(f"{where}paused “{view.title}”; w goes on there.")
            app.desk_changed()

    app.keep(lambda desk: keeper(desk).pause(view.id), paused)


def _technicians(desk: "Desk") -> list[Pick]:
    return [
        Pick(one.login, one.login, one.name)
        for one in desk.admin.technicians()
        if one.login != desk.me
    ]


FLOWS: "Mapping[str, Flow]" = {
    "end_solved": end_solved,
    "end_escalated": end_escalated,
    "hand_over": hand_over,
    "transcript": transcript,
    "abandon": abandon,
}
