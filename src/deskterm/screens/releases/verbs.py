"""What is done with the release in hand: made, changed, shipped, withdrawn, taken away."""

from typing import TYPE_CHECKING, Protocol

from deskterm.domain.errors import DeskError
from deskterm.domain.record_table import RECORDS
from deskterm.domain.releases import Plan, ReleaseRow, ReleaseState, check_shipping
from deskterm.screens.dialogs.ask import AskDialog, CountedDialog, LineDialog
from deskterm.screens.flows import lists
from deskterm.screens.flows.asking import limit, place
from deskterm.screens.order import Order
from deskterm.screens.records.verbs import open_form
from deskterm.screens.releases.lines import preview
from deskterm.screens.work import look_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deskterm.screens.action import Flow

_RECORD = RECORDS["release"]


class ReleaseOwner(lists.ListOwner, Protocol):
    """A screen with a release in hand."""

    @property
    def release(self) -> ReleaseRow | None:
        """The release that a verb acts on."""


class ShipDialog(CountedDialog):
    """Shows who will be told of what before it is done."""

    HINT = "Enter ships it · Esc leaves everything as it is"
    WHY = "so many people are told or tickets solved."


def new(owner: ReleaseOwner) -> None:
    """Make one in the form."""
    open_form(owner, _RECORD, "")


def edit(owner: ReleaseOwner) -> None:
    """Change the one in hand in the form."""
    if owner.release is not None:
        open_form(owner, _RECORD, owner.release.name)


def ship(owner: ReleaseOwner) -> None:
    """Ship it, after a look at who will be told; without words its draft is proposed first."""
    if owner.release is None:
        return
    name = str(owner.release.id)

    def ask(plan: Plan) -> None:
        ready = plan.release._replace(words=plan.words)
        try:
            check_shipping(ready)
        except DeskError as error:
            owner.desk_app.say_error(error)
            return
        if not plan.release.words.strip():
            _draft(owner, plan)
            return
        many = max(len(plan.told), len(plan.solves))
        title = f"Ship {plan.release.name}"
        owner.app.push_screen(ShipDialog(title, preview(plan), many, limit(owner)), agreed)

    def agreed(yes: bool | None) -> None:
        if yes:
            owner.desk_app.write(
                Order(
                    "Shipped",
                    lambda desk, how: desk.releases.ship(name, how, _progress(owner)),
                )
            )

    look_up(owner, lambda desk: desk.releases.plan(name), ask, "plan")


def _progress(owner: ReleaseOwner) -> "Callable[[int, int], None]":
    """Say from the thread that writes how far it is."""
    app = owner.desk_app

    def show(done: int, of: int) -> None:
        owner.app.call_later(app.say, f"Shipping: {done} of {of} tickets solved …")

    return show


def _draft(owner: ReleaseOwner, plan: Plan) -> None:
    """Take the draft of what it says, or leave it: customers read these words."""
    release = plan.release

    def keep(yes: bool | None) -> None:
        if yes:
            values = {"words": plan.words}
            owner.desk_app.write(
                Order(
                    "The draft is taken: s ships it",
                    lambda desk, how: desk.records.set(
                        "release", release.name, values, how, release.version
                    ),
                )
            )

    question = f"It says nothing yet to customers. This draft?\n\n{plan.words}\n\ne changes it."
    owner.app.push_screen(AskDialog(f"Words of {release.name}", question), keep)


def _in_state(
    owner: ReleaseOwner, state: ReleaseState, else_: "Callable[[ReleaseRow], str]"
) -> ReleaseRow | None:
    """Give the release in hand where it is in this state; else say why it cannot be done."""
    row = owner.release
    if row is not None and row.state != state:
        owner.desk_app.say(else_(row), "warning")
        return None
    return row


def withdraw(owner: ReleaseOwner) -> None:
    """Take a shipped release back: those who were told are told why."""
    row = _in_state(
        owner,
        ReleaseState.SHIPPED,
        lambda row: f"{row.name} is {row.state}: nobody was told of it.",
    )
    if row is None:
        return
    name = str(row.id)

    def said(reason: str | None) -> None:
        if reason:
            place(owner, "Withdrawn", lambda desk, how: desk.releases.withdraw(name, reason, how))

    told = "1 person" if row.told == 1 else f"{row.told} people"
    question = f"{told} who were told of it will be told why. Its problems are open again."
    needed = "Say why: they are told it."
    owner.app.push_screen(LineDialog(f"Withdraw {row.name}", question, "", needed), said)


def remove(owner: ReleaseOwner) -> None:
    """Take one away that was never shipped."""
    row = _in_state(
        owner, ReleaseState.PLANNED, lambda row: f"{row.name} was shipped: x withdraws it."
    )
    if row is None:
        return
    name, version = row.name, row.version

    def decided(yes: bool | None) -> None:
        if yes:
            place(
                owner,
                f"{name} is gone",
                lambda desk, how: desk.records.remove("release", name, how, version),
            )

    owner.app.push_screen(AskDialog(f"Remove {name}", "Nobody was told of it."), decided)


FLOWS: "Mapping[str, Flow]" = {
    **lists.FILTERED,
    "release_new": new,
    "release_edit": edit,
    "release_ship": ship,
    "release_withdraw": withdraw,
    "release_remove": remove,
}
"""Action → what it does, in the list and on the page of one."""
