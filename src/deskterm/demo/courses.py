"""The courses that tickets take in the demo: from the first word to the end, or to now."""

from collections.abc import Callable
from random import Random

from deskterm.demo.scene import SILENT, STILL, THANKS, Scene
from deskterm.demo.texts import pick
from deskterm.domain.vocabulary import Event, Outcome, Proof, Step

Course = Callable[[Scene, int | None], None]
"""What happens on a ticket, with the solution that may be used."""

_ACTIONS: tuple[list[str], ...] = (
    ["Look at the logs of the last two hours"],
    ["Repeat the test in the ticket", "Tell the customer when to expect news"],
    ["Check the device on site"],
    [],
)
_CANCELLED = (
    "The customer found the cause: it was switched off.",
    "Not needed any more, says the customer.",
    "Reported twice by phone; the customer withdrew this one.",
)
_UNSOLVED = (
    "The maker will not mend it in this version.",
    "Old device, not worth a repair; it is replaced next month.",
    "Could not be seen again in three attempts; the customer knows.",
)


_UNPROVEN, _FORGOTTEN, _LATELY = 0.02, 0.01, 5
"""How often nobody tries whether it works, how often what was chosen is forgotten, and how many
times as often of late: the last month shows it, too."""
_WEEKS = 21 * 86_400
"""Seconds for which it is: whole weeks, so that the hours of all that follows stay."""


def first_contact(scene: Scene, solution: int | None) -> None:
    """Solved, tried and confirmed before the call ends."""
    if scene.luck(0.35):
        scene.reproduce()
    if scene.luck(0.3):
        scene.note(scene.words(scene.plot.note, scene.cause), 1, 8)
    scene.at += 60
    scene.solve(scene.words(scene.plot.fix, scene.cause), solution)
    scene.verify("craft", Proof.OK, minutes=2)
    scene.verify("customer", Proof.OK, minutes=3)
    scene.close(Outcome.SOLVED)


def desk_work(scene: Scene, solution: int | None) -> None:
    """Worked on at the desk: asked, noted, solved, confirmed later."""
    if scene.luck(0.45):
        scene.ask()
    if scene.luck(0.4):
        scene.reproduce()
    if scene.luck(0.5):
        scene.note(scene.words(scene.plot.note, scene.cause))
    if scene.luck(0.06):
        scene.wait("other", "A part is on order.", 60)
        scene.resume("The part is here.", 1500, 9000)
    ending(scene, solution)


def escalated(scene: Scene, solution: int | None) -> None:
    """The desk cannot solve it alone."""
    scene.note(scene.words(scene.plot.note, scene.cause))
    scene.escalate(pick_actions(scene))
    upstairs(scene, solution)


def upstairs(scene: Scene, solution: int | None) -> None:
    """The next level works on it."""
    scene.take(10, 900)
    scene.note(scene.words(scene.plot.expert), 20, 900)
    if scene.luck(0.18):
        scene.hand_back("Done on our side; please check with the customer and close.")
    ending(scene, solution)


def pick_actions(scene: Scene) -> list[str]:
    """Give what is suggested to the next level."""
    return list(_ACTIONS[int(scene.chance.random() * len(_ACTIONS))])


def approval(scene: Scene, solution: int | None) -> None:
    """Somebody has to agree first, or a budget is needed (A7)."""
    scene.needs(scene.plot.needs)
    scene.wait("approval", f"Asked {scene.slots['lead']}.", 5)
    scene.resume(f"Approved by {scene.slots['lead']}.", 120, 6000)
    ending(scene, solution)


def _apart(scene: Scene, what: str) -> float:
    """Give a chance of the ticket's own, so that nothing else in the year depends on it."""
    return Random(f"{scene.story.number} {what}").random()


def ending(scene: Scene, solution: int | None) -> None:
    """Solved, verified by whoever did it, then by the customer, then closed; seldom what was
    chosen lies for weeks."""
    long_ago = scene.at + 2 * _WEEKS < scene.story.now
    lately = scene.story.now < scene.at + 3 * _WEEKS
    share = _FORGOTTEN * (_LATELY if lately else 1)
    if long_ago and not scene.live and _apart(scene, "forgotten") < share:
        scene.story.begin("step", scene.technician, scene.at)
        scene.story.mark(Step.SELECT)
        scene.story.write(Event.STEPPED)
        scene.at += _WEEKS
    scene.solve(scene.words(scene.plot.fix, scene.cause), solution)
    proving(scene)


def proving(scene: Scene) -> None:
    """Verified by whoever did it, then by the customer, then closed; sometimes it comes back."""
    if scene.luck(0.04):
        scene.verify("craft", Proof.FAILED, "The test from the ticket still fails.")
        scene.solve(scene.words(scene.plot.fix, scene.cause + 1), None)
    if _apart(scene, "unproven") < _UNPROVEN:
        scene.verify("craft", Proof.WAIVED, "The device is on its way out of the house.")
    else:
        scene.verify("craft", Proof.OK)
    if scene.luck(0.08):
        scene.answer(pick(scene.chance, STILL), 60, 1500)
        scene.verify("customer", Proof.FAILED, "Still the same, says the customer.")
        scene.classify()
        scene.solve(scene.words(scene.plot.fix, scene.cause + 1), None)
        scene.verify("craft", Proof.OK)
    if scene.luck(0.66):
        scene.answer(pick(scene.chance, THANKS), 30, 2200)
        scene.verify("customer", Proof.OK, minutes=90)
        scene.close(Outcome.SOLVED)
    else:
        scene.close(Outcome.SOLVED, SILENT, (5 * 1440, 7 * 1440))
    if scene.luck(0.035):
        scene.reopen(pick(scene.chance, STILL))
        scene.solve(scene.words(scene.plot.fix, scene.cause + 1), None)
        scene.verify("craft", Proof.OK)
        scene.close(Outcome.SOLVED, SILENT, (4 * 1440, 8 * 1440))


def unsolved(scene: Scene, _solution: int | None) -> None:
    """It stays as it is, with a reason."""
    scene.note(scene.words(scene.plot.note, scene.cause))
    scene.reply(f"Hello {scene.person.name.split(' ')[0]},\n\n{pick(scene.chance, _UNSOLVED)}")
    scene.close(Outcome.UNSOLVED, pick(scene.chance, _UNSOLVED), (60, 3000))


def cancelled(scene: Scene, _solution: int | None) -> None:
    """Withdrawn."""
    scene.cancel(pick(scene.chance, _CANCELLED))
