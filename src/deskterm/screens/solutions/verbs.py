"""What can be done on the solutions screen; each verb is one order, one operation, one undo."""

import os
from functools import partial
from typing import TYPE_CHECKING, cast

from deskterm.domain.asking import How
from deskterm.domain.errors import DeskError
from deskterm.domain.solution_sheet import read_sheet, sheet
from deskterm.domain.solutions import FIELDS, SolutionRow
from deskterm.domain.text import clean
from deskterm.domain.verbs import Reply
from deskterm.screens.dialogs.verb import Targets
from deskterm.screens.solutions.forms import DRAFT, NEW, PublishDialog, SolutionForm
from deskterm.screens.work import Order, Seen, Working

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.domain.rows import Done
    from deskterm.screens.desk import Desk
    from deskterm.screens.dialogs.form import Values
    from deskterm.screens.solutions.forms import Publishing
    from deskterm.screens.solutions.screen import SolutionsScreen
    from deskterm.services.solutions import Solutions

SHEET = "solution-sheet"
"""The kind of draft in which an editor's text that could not be read is kept."""


class SolutionVerbs(Working):
    """Actions on the solution in hand."""

    @property
    def _here(self) -> "SolutionsScreen":
        return cast("SolutionsScreen", self)

    def _order(
        self,
        said: str,
        call: "Callable[[Solutions, How], Done]",
        seen: dict[int, int] | None = None,
        then: "Callable[[Done], None] | None" = None,
    ) -> None:
        """Place an order: `call(solutions, how)` runs in a thread."""

        def run(desk: "Desk", operation: str, given: Seen) -> "Done":
            return call(desk.solutions, How(operation, seen=given))

        self.desk_app.write(Order(said, run, seen, then))

    # --- on the ticket ---------------------------------------------------------------

    def _with_ticket(self) -> tuple[int, SolutionRow] | None:
        """Give ticket and solution, or say that there is none."""
        row, ticket = self._here.solution, self._here.ticket
        if ticket is None and row is not None:
            self._here.say("No ticket is open here: press s on the ticket.", "warning")
        return None if row is None or ticket is None else (ticket, row)

    def action_solution_use(self) -> None:
        """Use it on the ticket and put its words into the reply."""
        both = self._with_ticket()
        if both is None:
            return
        ticket, row = both

        def used(done: "Done") -> None:
            del done
            self._begin_reply(ticket, row)

        self._order(
            f"Used {row.name} on",
            lambda solutions, how: solutions.use(ticket, row.id, how),
            then=used,
        )

    def action_solution_send(self) -> None:
        """Answer the ticket with it at once."""
        both = self._with_ticket()
        if both is None:
            return
        ticket, row = both

        def answered(done: "Done") -> None:
            del done
            if self._here.is_current:
                self._here.action_back()

        self._order(
            f"Sent {row.name} to the requester of",
            lambda solutions, how: solutions.send(ticket, row.id, how),
            then=answered,
        )

    def _begin_reply(self, ticket: int, row: SolutionRow) -> None:
        """Keep the solution's words in the draft of the reply, then open that."""
        words = clean(row.resolution + (f"\n\n{row.tip}" if row.tip else "")).strip()

        def keep(desk: "Desk") -> "Targets":
            draft = desk.drafts.get("reply", ticket)
            if words not in draft:
                draft = f"{draft.rstrip()}\n\n{words}".strip()
                desk.drafts.put("reply", ticket, draft)
            return Targets.of((ticket,), desk.tickets.rows([ticket]))

        self.load(keep, self._open_reply, "reply")

    def _open_reply(self, targets: Targets) -> None:
        from deskterm.screens.dialogs.text import TextDialog

        def sent(text: str | None) -> None:
            if text:
                self._send(targets.ids[0], text)

        dialog = TextDialog("reply", "Reply", targets, int(self.desk_app.settings["confirm_over"]))
        self.app.push_screen(dialog, sent)

    def _send(self, ticket: int, text: str) -> None:
        def run(desk: "Desk", operation: str, seen: Seen) -> "Done":
            del seen
            done: Done = desk.tickets.do([ticket], Reply(text), How(operation))
            desk.drafts.drop("reply", ticket)
            return done

        def answered(done: "Done") -> None:
            del done
            if self._here.is_current:
                self._here.action_back()

        self.desk_app.write(Order("Answered", run, None, answered))

    def action_solution_worked(self) -> None:
        """It worked."""
        self._rate(True, "{name} worked on")

    def action_solution_failed(self) -> None:
        """It did not work."""
        self._rate(False, "{name} flagged: it did not work on")

    def _rate(self, worked: bool, said: str) -> None:
        both = self._with_ticket()
        if both is not None:
            ticket, row = both
            self._order(
                said.replace("{name}", row.name),
                lambda solutions, how: solutions.rate(ticket, row.id, worked, how=how),
            )

    # --- writing -------------------------------------------------------------------------

    def action_solution_new(self) -> None:
        """Draft from the ticket where it is resolved; else write one."""
        ticket = self._here.ticket
        if ticket is None:
            self._write_new()
            return

        def resolved(desk: "Desk") -> bool:
            return bool(desk.tickets.show(ticket).resolution.strip())

        self.load(resolved, partial(self._new_from, ticket), "new")

    def _new_from(self, ticket: int, resolved: bool) -> None:
        if not resolved:
            self._write_new()
            return
        self._order(
            "Drafted a solution from",
            lambda solutions, how: solutions.draft(ticket, how=how),
            then=self._show_new,
        )

    def _write_new(self) -> None:
        def filled(values: "Values | None") -> None:
            if values is not None:
                self._here.ask_twins(NEW, values, lambda: self._store(NEW, values, None))

        self.app.push_screen(SolutionForm(None), filled)

    def _show_new(self, done: "Done") -> None:
        self._here.go_to(done.solutions[0])

    def action_solution_edit(self) -> None:
        """Change it in a form."""
        row = self._here.solution
        if row is None:
            return

        def filled(values: "Values | None") -> None:
            if values is not None:
                seen = {row.id: row.version}
                self._here.ask_twins(row.id, values, lambda: self._store(row.id, values, seen))

        self.app.push_screen(SolutionForm(row), filled)

    def _store(self, number: int, values: "Values", seen: dict[int, int] | None) -> None:
        """Write the fields; they are kept as a draft until they are in the ledger."""
        import json

        def run(desk: "Desk", operation: str, given: Seen) -> "Done":
            desk.drafts.put(DRAFT, number, json.dumps(values))
            if number == NEW:
                done: Done = desk.solutions.new(values, How(operation))
            else:
                done = desk.solutions.edit(number, values, How(operation, seen=given))
            desk.drafts.drop(DRAFT, number)
            desk.drafts.drop(SHEET, number)
            return done

        said = "Drafted a solution" if number == NEW else f"Edited S{number}"
        self.desk_app.write(Order(said, run, seen, self._show_new))

    def action_solution_editor(self) -> None:
        """Change all of it in the technician's own editor."""
        row = self._here.solution
        if row is not None:
            self.load(
                lambda desk: desk.drafts.get(SHEET, row.id), partial(self._edit_sheet, row), "sheet"
            )

    def _edit_sheet(self, row: SolutionRow, begun: str) -> None:
        from deskterm.screens.editing import edit_text, editor_command

        before = {name: getattr(row, name) or "" for name in FIELDS}
        try:
            command = editor_command(str(self.desk_app.settings["editor"]), os.environ)
            text = edit_text(self.desk_app, command, begun or sheet(before))
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        try:
            found = read_sheet(text)
        except DeskError as error:
            self.desk_app.say(f"{error} Your text is kept: E goes on with it.", "warning")
            self.load(lambda desk: desk.drafts.put(SHEET, row.id, text), lambda _: None, "sheet")
            return
        changed = {name: value for name, value in found.items() if value != before[name]}
        if changed:
            self._store(row.id, changed, {row.id: row.version})
        else:
            self._here.say("Nothing was altered.")

    # --- reviewing ----------------------------------------------------------------------------

    def action_solution_publish(self) -> None:
        """Say how far it is trusted and who may read it."""
        row = self._here.solution
        if row is None:
            return

        def decided(chosen: "Publishing | None") -> None:
            if chosen is not None:
                self._order(
                    f"{row.name} is {chosen['confidence']}, for {chosen['audience']}",
                    lambda solutions, how: solutions.publish(row.id, **chosen, how=how),
                    {row.id: row.version},
                )

        self.app.push_screen(PublishDialog(row), decided)

    def action_solution_retire(self) -> None:
        """Archive it, with a reason."""
        from deskterm.screens.dialogs.ask import LineDialog

        row = self._here.solution
        if row is None:
            return

        def retire(reason: str | None) -> None:
            if reason is not None:
                self._order(
                    f"Retired {row.name}",
                    lambda solutions, how: solutions.retire(row.id, reason, how),
                    {row.id: row.version},
                )

        title = f"Retire {row.name}"
        self.app.push_screen(LineDialog(title, clean(row.title), needed="Say why."), retire)
