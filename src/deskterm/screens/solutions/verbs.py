"""What can be done on the solutions screen; each verb is one order, one operation, one undo."""

import os
from functools import partial
from typing import TYPE_CHECKING

from deskterm.domain.asking import How
from deskterm.domain.errors import DeskError
from deskterm.domain.solutions import FIELDS, SolutionRow, read_sheet, sheet
from deskterm.domain.text import clean
from deskterm.domain.verbs import Reply
from deskterm.domain.vocabulary import Confidence
from deskterm.screens.dialogs.verb import Targets
from deskterm.screens.order import Order
from deskterm.screens.solutions.forms import DRAFT, NEW, PublishDialog, SolutionForm
from deskterm.screens.solutions.tending import ask_twins, tip
from deskterm.screens.work import look_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deskterm.domain.rows import Done
    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk
    from deskterm.screens.dialogs.form import Values
    from deskterm.screens.solutions.forms import Publishing
    from deskterm.screens.solutions.tending import SolutionOwner
    from deskterm.services.solutions import Solutions

SHEET = "solution-sheet"
"""The kind of draft in which an editor's text that could not be read is kept."""


def _order(
    owner: "SolutionOwner",
    said: str,
    call: "Callable[[Solutions, How], Done]",
    seen: dict[int, int] | None = None,
    then: "Callable[[Done], None] | None" = None,
) -> None:
    """Place an order: `call(solutions, how)` runs in a thread."""

    def run(desk: "Desk", how: How) -> "Done":
        return call(desk.solutions, how)

    owner.desk_app.write(Order(said, run, seen, then))


# --- on the ticket ---------------------------------------------------------------


def _with_ticket(owner: "SolutionOwner") -> tuple[int, SolutionRow] | None:
    """Give ticket and solution, or say that there is none."""
    row, ticket = owner.solution, owner.ticket
    if ticket is None and row is not None:
        owner.desk_app.say("No ticket is open here: press s on the ticket.", "warning")
    return None if row is None or ticket is None else (ticket, row)


def use(owner: "SolutionOwner") -> None:
    """Use it on the ticket and put its words into the reply."""
    both = _with_ticket(owner)
    if both is None:
        return
    ticket, row = both

    def used(done: "Done") -> None:
        del done
        _begin_reply(owner, ticket, row)

    _order(
        owner,
        f"Used {row.name} on",
        lambda solutions, how: solutions.use(ticket, row.id, how),
        then=used,
    )


def send(owner: "SolutionOwner") -> None:
    """Answer the ticket with it at once."""
    both = _with_ticket(owner)
    if both is None:
        return
    ticket, row = both
    _order(
        owner,
        f"Sent {row.name} to the requester of",
        lambda solutions, how: solutions.send(ticket, row.id, how),
        then=partial(_answered, owner),
    )


def _begin_reply(owner: "SolutionOwner", ticket: int, row: SolutionRow) -> None:
    """Keep the solution's words in the draft of the reply, then open that."""
    words = clean(row.resolution + (f"\n\n{row.tip}" if row.tip else "")).strip()

    def keep(desk: "Desk") -> "Targets":
        draft = desk.drafts.get("reply", ticket)
        if words not in draft:
            draft = f"{draft.rstrip()}\n\n{words}".strip()
            desk.drafts.put("reply", ticket, draft)
        return Targets.of((ticket,), desk.board.rows([ticket]))

    owner.keep(keep, partial(_open_reply, owner))


def _open_reply(owner: "SolutionOwner", targets: Targets) -> None:
    from deskterm.screens.dialogs.text import TextDialog

    def sent(text: str | None) -> None:
        if text:
            _send(owner, targets.ids[0], text)

    dialog = TextDialog("reply", "Reply", targets, int(owner.desk_app.settings["confirm_over"]))
    owner.app.push_screen(dialog, sent)


def _send(owner: "SolutionOwner", ticket: int, text: str) -> None:
    def run(desk: "Desk", how: How) -> "Done":
        done: Done = desk.tickets.do([ticket], Reply(text), how)
        desk.drafts.drop("reply", ticket)
        return done

    owner.desk_app.write(Order("Answered", run, None, partial(_answered, owner)))


def _answered(owner: "SolutionOwner", done: "Done") -> None:
    """Go back to the ticket, unless somebody went on already."""
    del done
    if owner.is_current:
        owner.action_back()


def worked(owner: "SolutionOwner") -> None:
    """It worked."""
    _rate(owner, True, "{name} worked on")


def failed(owner: "SolutionOwner") -> None:
    """It did not work."""
    _rate(owner, False, "{name} flagged: it did not work on")


def _rate(owner: "SolutionOwner", worked: bool, said: str) -> None:
    both = _with_ticket(owner)
    if both is not None:
        ticket, row = both
        _order(
            owner,
            said.replace("{name}", row.name),
            lambda solutions, how: solutions.rate(ticket, row.id, worked, how=how),
        )


# --- writing -------------------------------------------------------------------------


def new(owner: "SolutionOwner") -> None:
    """Draft from the ticket where it is resolved; else write one."""
    ticket = owner.ticket
    if ticket is None:
        _write_new(owner)
        return

    def resolved(desk: "Desk") -> bool:
        return bool(desk.tickets.show(ticket).resolution.strip())

    look_up(owner, resolved, partial(_new_from, owner, ticket), "new")


def _new_from(owner: "SolutionOwner", ticket: int, resolved: bool) -> None:
    if not resolved:
        _write_new(owner)
        return
    _order(
        owner,
        "Drafted a solution from",
        lambda solutions, how: solutions.draft(ticket, how=how),
        then=partial(_show_new, owner),
    )


def _write_new(owner: "SolutionOwner") -> None:
    def filled(values: "Values | None") -> None:
        if values is not None:
            ask_twins(owner, NEW, values, lambda: _store(owner, NEW, values, None))

    owner.app.push_screen(SolutionForm(None), filled)


def _show_new(owner: "SolutionOwner", done: "Done") -> None:
    owner.go_to(done.of("solution")[0])


def edit(owner: "SolutionOwner") -> None:
    """Change it in a form."""
    row = owner.solution
    if row is None:
        return

    def filled(values: "Values | None") -> None:
        if values is not None:
            seen = {row.id: row.version}
            ask_twins(owner, row.id, values, lambda: _store(owner, row.id, values, seen))

    owner.app.push_screen(SolutionForm(row), filled)


def _store(
    owner: "SolutionOwner", number: int, values: "Values", seen: dict[int, int] | None
) -> None:
    """Write the fields; they are kept as a draft until they are in the ledger."""
    import json

    def run(desk: "Desk", how: How) -> "Done":
        desk.drafts.put(DRAFT, number, json.dumps(values))
        if number == NEW:
            done: Done = desk.solutions.new(values, how)
        else:
            done = desk.solutions.edit(number, values, how)
        desk.drafts.drop(DRAFT, number)
        desk.drafts.drop(SHEET, number)
        return done

    said = "Drafted a solution" if number == NEW else f"Edited S{number}"
    owner.desk_app.write(Order(said, run, seen, partial(_show_new, owner)))


def editor(owner: "SolutionOwner") -> None:
    """Change all of it in the technician's own editor."""
    row = owner.solution
    if row is not None:
        look_up(
            owner,
            lambda desk: desk.drafts.get(SHEET, row.id),
            partial(_edit_sheet, owner, row),
            "sheet",
        )


def _edit_sheet(owner: "SolutionOwner", row: SolutionRow, begun: str) -> None:
    from deskterm.screens.editing import edit_text, editor_command

    before = {name: getattr(row, name) or "" for name in FIELDS}
    try:
        command = editor_command(str(owner.desk_app.settings["editor"]), os.environ)
        text = edit_text(owner.app, command, begun or sheet(before))
    except DeskError as error:
        owner.desk_app.say_error(error)
        return
    try:
        found = read_sheet(text)
    except DeskError as error:
        owner.desk_app.say(f"{error} Your text is kept: E goes on with it.", "warning")
        owner.keep(lambda desk: desk.drafts.put(SHEET, row.id, text))
        return
    changed = {name: value for name, value in found.items() if value != before[name]}
    if changed:
        _store(owner, row.id, changed, {row.id: row.version})
    else:
        owner.desk_app.say("Nothing was altered.")


# --- reviewing ----------------------------------------------------------------------------


def publish(owner: "SolutionOwner") -> None:
    """Say how far it is trusted and who may read it."""
    row = owner.solution
    if row is None:
        return

    def decided(chosen: "Publishing | None") -> None:
        if chosen is not None:
            _order(
                owner,
                _published(row.name, chosen),
                lambda solutions, how: solutions.publish(row.id, **chosen, how=how),
                {row.id: row.version},
            )

    owner.app.push_screen(PublishDialog(row), decided)


def _published(name: str, chosen: "Publishing") -> str:
    """Say what publishing did; that it is not validated yet is no failure."""
    trusted = chosen["confidence"]
    yet = f"{trusted} yet" if trusted == Confidence.NOT_VALIDATED else trusted
    return f"Published {name} for {chosen['audience']} ({yet})"


def retire(owner: "SolutionOwner") -> None:
    """Archive it, with a reason."""
    from deskterm.screens.dialogs.ask import LineDialog

    row = owner.solution
    if row is None:
        return

    def retire(reason: str | None) -> None:
        if reason is not None:
            _order(
                owner,
                f"Retired {row.name}",
                lambda solutions, how: solutions.retire(row.id, reason, how),
                {row.id: row.version},
            )

    title = f"Retire {row.name}"
    owner.app.push_screen(LineDialog(title, clean(row.title), needed="Say why."), retire)


FLOWS: "Mapping[str, Flow]" = {
    "solution_use": use,
    "solution_send": send,
    "solution_tip": tip,
    "solution_worked": worked,
    "solution_failed": failed,
    "solution_new": new,
    "solution_edit": edit,
    "solution_editor": editor,
    "solution_publish": publish,
    "solution_retire": retire,
}
