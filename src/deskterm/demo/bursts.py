"""Many tickets with one cause: an outage of the past, worked on as one, and one under way now."""

from collections.abc import Iterator

from deskterm.demo import times
from deskterm.demo.scene import Scene
from deskterm.demo.story import Operation, UntoldError
from deskterm.demo.teller import Teller
from deskterm.demo.texts import Plot
from deskterm.domain.vocabulary import LinkKind, Outcome, Proof

SIZE = 40
SINCE = 135
"""The present outage began so many minutes ago."""
_BACK = "The service is back for everyone; it was announced on the intranet."
_VPN = (
    "VPN says 'no route' since about an hour.",
    "The VPN is down, I cannot reach the CRM.",
    "No VPN from home. My colleagues have the same.",
    "VPN connects and drops at once, again and again.",
    "Cannot work: VPN. Is it only me?",
)
_VPN_SUBJECTS = (
    "VPN down",
    "VPN: no route",
    "No VPN from home",
    "VPN drops at once",
    "Cannot reach anything over VPN",
    "VPN not working since this morning",
)
_ERP = (
    "The ERP does not start for anybody here.",
    "ERP: connection to the database lost.",
    "No orders can be saved since ten minutes.",
    "ERP stands still, trucks are waiting.",
)
_ERP_SUBJECTS = ("ERP down", "ERP: no connection", "ERP stands still", "Nobody can work in the ERP")


def past(teller: Teller, numbers: Iterator[int], at: int) -> list[Scene]:
    """Tell an outage that was solved, verified and closed for all its tickets at once."""
    plot = _plot(teller, "software/erp", _ERP, _ERP_SUBJECTS)
    scenes = [_report(teller, plot, next(numbers), at + n * 97, n) for n in range(SIZE)]
    first = scenes[0]
    for scene in scenes[1:]:
        scene.technician = first.technician
        scene.at = at + times.HOUR + scene.story.number % 40 * 20
        scene.link(LinkKind.CHILD, first.story.number)
    end = times.in_hours(at + 4 * times.HOUR, teller.chance)
    for kind, when in (("solve", end), ("verify", end + 900), ("close", end + 3 * times.DAY)):
        operation = Operation(teller.chance, kind, first.technician, when)
        for scene in scenes:
            _together(scene, kind, operation)
    return scenes


def present(teller: Teller, numbers: Iterator[int], now: int) -> list[Scene]:
    """Tell an outage of the last two hours: nobody has linked it together yet."""
    plot = _plot(teller, "network/vpn", _VPN, _VPN_SUBJECTS)
    begin = now - SINCE * times.MINUTE
    scenes = []
    for place, number in zip(range(SIZE), numbers, strict=False):
        scene = _report(teller, plot, number, begin + place * 175 + place % 3 * 31, place)
        scenes.append(scene)
    scenes[0].note("Gateway answers, but hands out no routes. Lukas is looking at it.", 5, 20)
    return scenes


def _plot(teller: Teller, category: str, said: tuple[str, ...], subjects: tuple[str, ...]) -> Plot:
    known = next(plot for plot in teller.plots if plot.category == category)
    return known._replace(said=said, subject=subjects, problem=said, about=range(len(said)))


def _report(teller: Teller, plot: Plot, number: int, at: int, place: int) -> Scene:
    scene = teller.scene(number, at, plot, live=True)
    scene.kind = place % len(plot.said)
    try:
        channel = "phone" if place % 3 == 0 else "email"
        teller.open(scene, channel, urgent=place % 5 == 0, take=False)
        if channel == "email":
            scene.classify()
    except UntoldError:
        raise ValueError("an outage must lie before now") from None
    return scene


def _together(scene: Scene, kind: str, operation: Operation) -> None:
    """Do one deed on a ticket as a part of an operation on all of them."""
    if kind == "solve":
        scene.solve("Storage of the ERP database was full; room made, alarm set.", None, operation)
    elif kind == "verify":
        scene.verify("craft", Proof.OK, "", shared=operation)
    else:
        scene.close(Outcome.SOLVED, _BACK, shared=operation)
