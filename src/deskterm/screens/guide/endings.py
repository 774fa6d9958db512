"""How a walk is left: finished, ended early, handed over, put aside, abandoned."""

from typing import TYPE_CHECKING, Any

from textual.reactive import var

from deskterm.guides.model import Ending
from deskterm.screens.work import Order, Working
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.domain.rows import Done
    from deskterm.guides.view import RunView
    from deskterm.screens.desk import Desk
    from deskterm.screens.work import Seen


class Endings(Working):
    """The part of the guide screen that ends runs; each ending is one order, undone by `u`."""

    view: var["RunView | None"]

    def leave(self, *_: Any) -> None:
        """Leave the screen."""
        raise NotImplementedError

    def finish_reached(self) -> None:
        """Do what the ending that was reached says."""
        view = self.view
        if view is None or view.conclusion is None:
            return
        said = "Solved" if view.conclusion.ending is Ending.SOLVED else "Escalated"
        self._finish(said, view, {})

    def action_end_solved(self) -> None:
        """Say how it was solved."""
        from deskterm.screens.dialogs.ask import LineDialog

        view = self.view
        if view is None:
            return
        if view.conclusion is not None and view.conclusion.ending is Ending.SOLVED:
            self.finish_reached()
            return

        def said(text: str | None) -> None:
            if text:
                self._finish("Solved", view, {"ending": "solved", "words": text})

        dialog = LineDialog("Solved", "What solved it?", needed="Say what solved it.")
        self.app.push_screen(dialog, said)

    def action_end_escalated(self) -> None:
        """Hand over now: choose the group, read what it gets."""
        view = self.view
        if view is not None:
            run = view.id
            self.load(lambda desk: _escalation(desk, run), self._offer_groups, "groups")

    def _offer_groups(self, found: "tuple[str, list[Pick]]") -> None:
        from deskterm.screens.dialogs.pick import PickDialog

        summary, offered = found
        view = self.view

        def chosen(group: str | None) -> None:
            if group and view is not None:
                self._finish("Escalated", view, {"ending": "escalate", "group": group})

        self.app.push_screen(PickDialog("Escalate to", offered, summary), chosen)

    def _finish(self, said: str, view: "RunView", how: dict[str, Any]) -> None:
        run = view.id

        def finish(desk: "Desk", operation: str, seen: "Seen") -> "Done":
            del seen
            done: Done = desk.guides.finish(run, op_id=operation, **how)
            return done

        if view.ticket is None:
            self.load(lambda desk: desk.guides.finish(run, **how), self._rehearsed, "end")
        else:
            self.desk_app.write(Order(said, finish, None, self.leave))

    def _rehearsed(self, done: "Done") -> None:
        del done
        self.desk_app.say("The rehearsal is over; no ticket was changed.")
        self.leave()

    def action_abandon(self) -> None:
        """Leave for good."""
        self._ask_line("Abandon this run", "Why?", lambda desk, run, text: desk.abandon(run, text))

    def _ask_line(self, title: str, question: str, act: "Callable[[Any, int, str], Any]") -> None:
        from deskterm.screens.dialogs.ask import LineDialog

        view = self.view
        if view is None:
            return
        run = view.id

        def said(text: str | None) -> None:
            if text:
                self.load(lambda desk: act(desk.guides, run, text), self.leave, "end")

        self.app.push_screen(LineDialog(title, question, needed="Say why."), said)

    def action_hand_over(self) -> None:
        """Choose who goes on."""
        if self.view is not None:
            self.load(_technicians, self._offer_technicians, "technicians")

    def _offer_technicians(self, offered: list[Pick]) -> None:
        from deskterm.screens.dialogs.pick import PickDialog

        view = self.view

        def chosen(login: str | None) -> None:
            if login and view is not None:
                run = view.id
                self.load(lambda desk: desk.guides.hand_over(run, login), self._handed, "end")

        self.app.push_screen(PickDialog("Hand this run over to", offered), chosen)

    def _handed(self, view: "RunView") -> None:
        self.desk_app.say(f"Handed over to {view.owner}.")
        self.leave()

    def action_transcript(self) -> None:
        """Read everything that was answered."""
        if self.view is not None:
            run = self.view.id
            self.load(lambda desk: desk.guides.transcript(run), self._show_transcript, "text")

    def _show_transcript(self, text: str) -> None:
        from deskterm.screens.dialogs.output import OutputDialog

        self.app.push_screen(OutputDialog("So far", text))

    def pause_behind(self, view: "RunView") -> None:
        """Put the run aside while the screen is left."""
        run = view.id

        def paused(_: Any) -> None:
            self.desk_app.say("Paused; w takes it up again.")
            self.desk_app.desk_changed()

        self.desk_app.load(lambda desk: desk.guides.pause(run), paused, "pause")


def _escalation(desk: "Desk", run: int) -> tuple[str, list[Pick]]:
    """Give the summary that would be handed over, and the groups, the likeliest first."""
    end = desk.guides.conclude(run, "escalate")
    names = [group.name for group in desk.admin.groups()]
    names.sort(key=lambda name: name != end.group)
    return end.summary, [Pick(name, name) for name in names]


def _technicians(desk: "Desk") -> list[Pick]:
    return [
        Pick(one.login, one.login, one.name)
        for one in desk.admin.technicians()
        if one.login != desk.me
    ]
