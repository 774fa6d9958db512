"""What can be done to the problem in hand."""

from typing import TYPE_CHECKING

from deskterm.screens.dialogs.problem import TellDialog, end_form, facts_form
from deskterm.screens.work import Order, Seen, Working

if TYPE_CHECKING:
    from deskterm.domain.rows import Done
    from deskterm.screens.desk import Desk
    from deskterm.screens.dialogs.form import Values
    from deskterm.screens.problems.lines import ProblemPage


class ProblemVerbs(Working):
    """Actions on a problem; each asks what it must, then places one order."""

    page: "ProblemPage | None" = None
    """The problem in hand, with all that is known of it."""

    @property
    def _most(self) -> int:
        return int(self.desk_app.settings["confirm_over"])

    def action_problem_mark(self) -> None:
        """Show its open tickets on the board, marked."""
        page = self.page
        if page is None or not page.view.open_tickets:
            self.desk_app.say("It has no open tickets.")
            return
        query = f"is:open problem:P{page.view.id}"
        self.desk_app.show_tickets(query)
        self.desk_app.mark_tickets(page.view.open_tickets)

    def action_problem_edit(self) -> None:
        """Change its facts."""
        page = self.page
        if page is None:
            return
        view = page.view

        def filled(values: "Values | None") -> None:
            if values is not None:
                self._order(
                    "Changed",
                    lambda desk, op: desk.problems.set(
                        view.id, values, seen=view.version, op_id=op
                    ),
                )

        self.app.push_screen(facts_form(view, self._most), filled)

    def action_problem_end(self) -> None:
        """End it, and solve its tickets."""
        page = self.page
        if page is None:
            return
        view = page.view

        def filled(values: "Values | None") -> None:
            if values is not None:
                self._order(
                    "Ended; solved",
                    lambda desk, op: desk.problems.close(
                        view.id, values["state"], values["resolution"], op_id=op
                    ),
                )

        self.app.push_screen(end_form(view, self._most), filled)

    def action_problem_announce(self) -> None:
        """Announce it, or end what is announced."""
        page = self.page
        if page is None:
            return
        view = page.view
        running = view.announcement
        if running is not None:
            self._order(
                "Announcement ended",
                lambda desk, op: desk.problems.end_announcement(running, op_id=op),
            )
            return
        from deskterm.screens.dialogs.ask import LineDialog

        def said(text: str | None) -> None:
            if text:
                self._order(
                    "Announced",
                    lambda desk, op: desk.problems.announce(text, problem=view.id, op_id=op),
                )

        question = "One sentence on every board until it ends."
        self.app.push_screen(LineDialog("Announce", question, f"{view.title}: ", "Say it."), said)

    def action_problem_tell(self) -> None:
        """Tell the owners who were not told, after a look at the letter."""
        page = self.page
        if page is None:
            return
        number = page.view.id
        many = sum(1 for one in page.owners if not one.status and one.address)
        if not many:
            self.desk_app.say("Nobody is to be told: e names the model, system or site affected.")
            return

        def agreed(yes: bool | None) -> None:
            if yes:
                self._order("Told", lambda desk, op: desk.problems.tell(number, op_id=op))

        def ask(letter: str) -> None:
            self.app.push_screen(TellDialog(letter, many, self._most), agreed)

        self.load(lambda desk: desk.problems.letter(number), ask, "letter")

    def _order(self, said: str, call: "Call") -> None:
        def run(desk: "Desk", operation: str, seen: Seen) -> "Done":
            del seen
            return call(desk, operation)

        self.desk_app.write(Order(said, run))


if TYPE_CHECKING:
    from collections.abc import Callable

    Call = Callable[[Desk, str], Done]
