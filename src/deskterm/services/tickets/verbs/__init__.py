"""What the verbs of `domain/verbs` do: one function each over a held ticket, its letters included.

A function gets the held ticket in the state the lifecycle leads to, the request, and the act with
which it writes entries and letters; it gives the id of its last ledger entry.
"""

from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from deskterm.domain import questions
from deskterm.domain import verbs as ask
from deskterm.domain.asking import Request

if TYPE_CHECKING:
    from collections.abc import Callable

Does: TypeAlias = "Callable[..., int]"
"""(held ticket, request, act) → ledger entry."""

VERBS: dict[type[Request], str] = {
    ask.Take: "whose.take",
    ask.Assign: "whose.assign",
    ask.Escalate: "whose.escalate",
    ask.HandBack: "whose.hand_back",
    ask.Note: "talk.note",
    ask.Reply: "talk.reply",
    ask.Offer: "remedies.offer",
    ask.Choose: "remedies.choose",
    ask.SendSolution: "solutions.send",
    ask.Wait: "way.wait",
    ask.Resume: "way.resume",
    ask.Solve: "way.solve",
    ask.Verify: "way.verify",
    ask.Close: "way.close",
    ask.Finish: "way.finish",
    ask.Reopen: "way.reopen",
    ask.Cancel: "way.cancel",
    ask.Change: "facts.change",
    ask.Accept: "proposals.accept",
    ask.Confirm: "facts.confirm",
    ask.Watch: "facts.watch",
    questions.Allow: "questions.allow",
    questions.Decline: "questions.decline",
    ask.Mark: "facts.mark_step",
    ask.Decide: "approvals.decide",
    ask.Use: "solutions.use",
    ask.Rate: "solutions.rate",
    ask.Link: "ties.link",
    ask.Unlink: "ties.unlink",
    ask.Join: "ties.join",
    ask.Merge: "ties.merge",
    ask.Split: "ties.split",
    ask.CallBack: "calls.call_back",
    ask.MoveCall: "calls.move",
    ask.EndCall: "calls.end",
    ask.MoveFix: "calls.move_fix",
    ask.KeepFix: "calls.keep_fix",
}
"""Request → the function of this package that does it, loaded when it is first asked for."""

LATER: dict[str, str] = {
    "offer-visit": "visits.offer",
    "choose-visit": "visits.choose",
    "set-visit": "visits.set_",
    "end-visit": "visits.end",
    "add-time": "times.add",
    "start-clock": "times.start",
    "stop-clock": "times.stop",
    "judge-time": "times.judge",
    "put-list": "checklists.put_list",
    "tick": "checklists.tick",
}
"""Name of a request → the same, where few commands load what it is (`domain/visits`, `times`)."""

_LOADED: dict[type[Request], Does] = {}


def function_of(kind: type[Request]) -> Does:
    """Give what does requests of that kind."""
    if kind not in _LOADED:
        module, _, name = (VERBS.get(kind) or LATER[kind.name]).partition(".")
        found: Does = getattr(import_module(f"{__name__}.{module}"), name)
        _LOADED[kind] = found
    return _LOADED[kind]
