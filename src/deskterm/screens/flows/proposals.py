"""Accepting what triage proposes (C2), and how proposals are shown."""

from typing import TYPE_CHECKING

from deskterm.domain.verbs import Accept
from deskterm.screens.flows.asking import limit, order
from deskterm.screens.work import look_up

LOOKED_AT = 300
"""Of more marked tickets the first are looked at."""
SHOWN = 10
"""Values named in the dialog."""

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deskterm.domain.proposals import Proposal
    from deskterm.screens.action import Flow
    from deskterm.screens.dialogs.verb import Targets
    from deskterm.screens.flows.owner import TicketOwner


def accept(owner: "TicketOwner") -> None:
    """Set what is seen as proposed; of several marked tickets each gets its own, shown before."""
    targets, shown = owner.targets(), owner.proposed()
    if len(targets.ids) == 1 and targets.ids[0] in shown and not shown[targets.ids[0]]:
        owner.desk_app.say("Nothing is proposed that it lacks.")
        return

    if len(targets.ids) == 1:
        order(owner, "Accepted on", targets, Accept(shown))
        return
    ids = targets.ids[:LOOKED_AT]
    look_up(
        owner,
        lambda desk: desk.triage.lacking_of(ids),
        lambda found: _accept_many(owner, targets, found),
        "proposals",
    )


def _accept_many(
    owner: "TicketOwner", targets: "Targets", found: "Mapping[int, Sequence[Proposal]]"
) -> None:
    """Say what would be set on how many of the marked tickets; exactly that is set."""
    from deskterm.screens.dialogs.verb import ConfirmDialog

    shown = {number: to_accept(proposals) for number, proposals in found.items()}
    shown = {number: values for number, values in shown.items() if values}
    if not shown:
        owner.desk_app.say(f"Nothing is proposed that the {len(targets.ids)} marked ones lack.")
        return
    lacking = tuple(number for number in targets.ids if number in shown)
    chosen = targets.only(lacking)

    def answered(yes: bool | None) -> None:
        if yes:
            order(owner, "Accepted on", chosen, Accept(shown))

    question = "\n".join(what_is_set(found, len(targets.ids)))
    owner.app.push_screen(ConfirmDialog("Accept", chosen, limit(owner), question), answered)


def what_is_set(found: "Mapping[int, Sequence[Proposal]]", many: int) -> list[str]:
    """Give a line for each value: `4 → category network/vpn, 88 to 92 %`, and who lacks nothing."""
    groups: dict[tuple[str, str], list[float]] = {}
    lacking = 0
    for proposals in found.values():
        values = [one for one in proposals if one.kind != "urgent"]
        lacking += bool(values)
        for one in values:
            groups.setdefault((one.kind, one.value), []).append(one.confidence)
    by_size = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    lines = [
        f"{len(sure):>4} → {kind} {value}{_sure(sure)}" for (kind, value), sure in by_size[:SHOWN]
    ]
    lines += [f"     … and {len(by_size) - SHOWN} more values"] if len(by_size) > SHOWN else []
    rest = many - lacking
    return [*lines, f"{rest:>4} of the marked lack nothing"] if rest else lines


def _sure(sure: "Sequence[float]") -> str:
    low, high = round(100 * min(sure)), round(100 * max(sure))
    if not high:
        return ""
    return f", {low} %" if low == high else f", {low} to {high} %"


def to_accept(proposals: "Iterable[Proposal]") -> dict[str, str]:
    """Give what one key sets: everything but the hint at urgency."""
    return {one.kind: one.value for one in proposals if one.kind != "urgent"}


def proposal_lines(proposals: "Iterable[Proposal]") -> list[tuple[str, str, str]]:
    """Give (label, words, key) of each proposal; the key stands at the first that it sets."""
    lines, key = [], "= accept"
    for one in proposals:
        if one.kind == "urgent":
            lines.append(("Urgent?", f"rather yes, {one.percent} ({one.reason})", "!"))
        else:
            lines.append((one.kind.capitalize(), one.line, key))
            key = ""
    return lines


FLOWS: "Mapping[str, Flow]" = {
    "accept": accept,
}
"""Action → what it does."""
