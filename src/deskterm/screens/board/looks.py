"""How the board looks and where its rows go: order, columns, preview, menu, views, a command."""

from functools import partial
from typing import TYPE_CHECKING, Protocol

from deskterm.screens.actions import fitting, key_label, keys_of
from deskterm.screens.base import barred
from deskterm.screens.board.views import sorted_by
from deskterm.screens.flows.owner import AnyScreen, TicketOwner
from deskterm.screens.order import Order
from deskterm.screens.work import look_up
from deskterm.triage.query import narrow, parse
from deskterm.triage.terms import SORTS
from deskterm.widgets.picker import Pick
from deskterm.widgets.ticket_columns import column_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.domain.rows import Counted, Done
    from deskterm.screens.action import Flow
    from deskterm.screens.board.callout import Callout
    from deskterm.screens.board.preview import TicketPreview
    from deskterm.screens.board.tickets import TicketList


class BoardOwner(AnyScreen, TicketOwner, Protocol):
    """The board with its parts."""

    tickets: "TicketList"
    preview: "TicketPreview"
    callout: "Callout"


def open_ticket(owner: "BoardOwner") -> None:
    """Open the ticket under the cursor."""
    number = owner.tickets.table.cursor_id
    if number is not None:
        owner.desk_app.go("ticket", number)
    elif owner.tickets.reader.outside is not None:
        owner.tickets.show_query(owner.tickets.reader.outside.query)


def preview(owner: "BoardOwner") -> None:
    """Show or hide the preview."""
    owner.preview.toggle()


def sort(owner: "BoardOwner") -> None:
    """Choose the order."""
    from deskterm.screens.dialogs.ask import PickDialog

    def chosen(order: str | None) -> None:
        if order:
            key, _, down = order.partition("-")
            sort_by(owner, key, bool(down))

    picks = []
    for key, words in SORTS.items():
        picks.append(Pick(key, key, words))
        if key != "board":
            picks.append(Pick(f"{key}-desc", f"{key} ↓", f"{words}, the other way"))
    owner.app.push_screen(PickDialog("Sort by", picks), chosen)


def sort_by(owner: "BoardOwner", key: str, down: bool) -> None:
    """Show the same tickets in another order."""
    query = sorted_by(owner.tickets.reader.query, key, down)
    owner.tickets.line.show_query(query)
    owner.tickets.reader.begin(query)


def sort_by_head(owner: "BoardOwner", key: str) -> None:
    """Sort by the column whose head was clicked; a second click turns it round."""
    now = parse(owner.tickets.reader.query).sort
    again = len(now) == 1 and now[0].key == key
    sort_by(owner, key, again and not now[0].descending)


def counts(owner: "BoardOwner") -> None:
    """Say what most of these tickets have in common; a choice narrows the filter to it."""
    from deskterm.screens.dialogs.ask import PickDialog

    table = owner.tickets.table
    ids = table.chosen_ids() if table.marks.ids else list(table.ids)

    def chosen(term: str | None) -> None:
        if term:
            owner.tickets.show_query(narrow(owner.tickets.reader.query, term))

    def counted(found: "Counted") -> None:
        picks = [
            Pick(one.term, f"{one.title:<14} {one.value}", f"{one.tickets} of {found.of}")
            for one in found.values
        ]
        if picks:
            owner.app.push_screen(PickDialog(f"Most of these {found.of}", picks), chosen)
        else:
            owner.desk_app.say("These tickets have nothing in common.")

    look_up(owner, lambda desk: desk.board.counted(ids), counted, "counts")


def columns(owner: "BoardOwner") -> None:
    """Choose the columns."""
    from deskterm.screens.dialogs.menu import ColumnsDialog

    table = owner.tickets.table

    def chosen(keys: tuple[str, ...] | None) -> None:
        if keys:
            table.columns = keys

    def known(keys: list[str]) -> None:
        every = [column for column in map(column_of, keys) if column is not None]
        dialog = ColumnsDialog(every, table.columns, table.paint.columns())
        owner.app.push_screen(dialog, chosen)

    look_up(owner, lambda desk: desk.board.columns(), known, "columns")


def menu(owner: "BoardOwner") -> None:
    """Open the menu of the ticket at the cursor."""
    table = owner.tickets.table
    line = table.cursor - round(table.scroll_y) + 1
    open_menu(owner, table.region.x + 8, table.region.y + line)


def open_menu(owner: "BoardOwner", x: int, y: int) -> None:
    """Open the menu of what can be done here, at a place of the window."""
    from deskterm.screens.dialogs.menu import MenuDialog

    keymap = owner.desk_app.keys
    items = [
        Pick(action.id, f"{key_label(keys_of(action, keymap)[0]):>5}  {action.label}")
        for action in fitting(owner.NAME, owner.chosen(), partial(barred, owner.app.screen))
        if action.needs and action.palette
    ]
    owner.app.push_screen(MenuDialog(items, x, y), owner.run_named)


def save_view(owner: "BoardOwner") -> None:
    """Keep the filter as a view of one's own."""
    from deskterm.screens.dialogs.ask import NameDialog

    query = owner.tickets.reader.query

    def named(name: str | None) -> None:
        if name:
            order = Order(
                f"Saved the view {name}",
                lambda desk, how: desk.admin.save_view(name, query, how=how),
                then=saved,
            )
            owner.desk_app.write(order)

    def saved(done: "Done") -> None:
        del done
        owner.tickets.tabs.read()

    owner.app.push_screen(NameDialog("Save this view as", query), named)


def pipe(owner: "BoardOwner") -> None:
    """Send the chosen rows, or all in the filter, to a command."""
    from deskterm.screens.board.views import pipe as run
    from deskterm.screens.dialogs.ask import NameDialog, OutputDialog

    table = owner.tickets.table
    ids = table.chosen_ids() if table.marks.ids else list(table.ids)

    def show(command: str, text: str) -> None:
        owner.app.push_screen(OutputDialog(command, text))

    def named(command: str | None) -> None:
        if command:
            owner.load(lambda desk: run(desk, ids, command), partial(show, command), "pipe")

    question = f"{len(ids)} tickets as JSON lines on its standard input; no shell is used."
    owner.app.push_screen(NameDialog("Pipe into the command", question), named)


def filter_tickets(owner: "BoardOwner") -> None:
    """Let keys go into the filter line."""
    owner.tickets.line.begin()


def step_back(owner: "BoardOwner") -> None:
    """Take back: typing, marks, filter; never leave by it."""
    owner.tickets.step_back()


FLOWS: "Mapping[str, Flow]" = {
    "filter": filter_tickets,
    "escape": step_back,
    "open": open_ticket,
    "preview": preview,
    "sort": sort,
    "columns": columns,
    "counts": counts,
    "menu": menu,
    "save_view": save_view,
    "pipe": pipe,
}
