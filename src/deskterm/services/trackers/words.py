"""What leaves for a tracker: the words of a problem, checked for people and machines (§8, §9)."""

import hashlib
import json
from collections.abc import Mapping

from deskterm.domain.clock import to_text
from deskterm.domain.problems import LIVE, ProblemState, ProblemView, state_words
from deskterm.domain.trackers import CLOSE, FIXED, REOPEN, WONT_FIX, Kind, Tracked
from deskterm.domain.versions import versions
from deskterm.services.leaking import LeaksError, found_leaks
from deskterm.storage import errands
from deskterm.storage.driver import Database
from deskterm.storage.errands import Errand
from deskterm.triage.leaks import Leak, sentence

_CHECKED = ("title", "cause", "workaround", "steps", "models", "systems", "product")


def told(view: ProblemView) -> dict[str, object]:
    """Give what a tracker is told of a problem; neither people nor places are in it."""
    return {
        "id": f"P{view.id}",
        "title": view.title,
        "state": state_words(view.state),
        "ended": _ended(view),
        "severity": view.severity,
        "cause": view.cause,
        "workaround": view.workaround,
        "steps": view.reproduction,
        "models": view.model,
        "systems": view.os,
        "product": view.product,
        "found": list(versions(view.found)),
        "fixed": list(versions(view.fixed)),
    }


def digest(view: ProblemView) -> str:
    """Give the hash of what a tracker is told; how often it comes up is none of it."""
    return hashlib.sha256(json.dumps(told(view), sort_keys=True).encode()).hexdigest()


def request(errand: Errand, view: ProblemView, tracked: Tracked, before: str = "") -> str:
    """Give the line that asks a tracker for this errand; `before`: the last one it took.

    Only where the problem has ended, or goes on again, since then is anything said of the entry's
    own end: what developers closed or left open there is theirs.
    """
    problem = told(view) | {
        "ref": tracked.ref,
        "url": tracked.url,
        "tickets": len(view.tickets),
        "people": view.people,
    }
    asked: dict[str, object] = {
        "do": errand.kind,
        "op": errand.operation_id,
        "at": to_text(errand.created_at),
        "problem": problem,
    }
    was = str(json.loads(before)["problem"].get("ended", "")) if before else ""
    if errand.kind == Kind.UPDATE and bool(was) != bool(problem["ended"]):
        asked["turn"] = CLOSE if problem["ended"] else REOPEN
    if errand.kind == Kind.COMMENT:
        asked["comment"] = {"text": errand.words}
    return json.dumps(asked, sort_keys=True)


def _ended(view: ProblemView) -> str:
    """Give how a problem has ended: `fixed`, `wont_fix`; empty: it has not."""
    if view.state in LIVE:
        return ""
    return WONT_FIX if view.state == ProblemState.WONT_FIX else FIXED


def leaks_of(database: Database, view: ProblemView, words: str = "") -> tuple[Leak, ...]:
    """Give what of a problem, or in a comment on it, names people or machines."""
    said = {"comment": words} if words else _texts(told(view))
    return tuple(found_leaks(database, said, view.tickets))


def fresh_leaks(database: Database, view: ProblemView, tracker: str) -> tuple[Leak, ...]:
    """Give those that the tracker has not been told already, for a person said yes to those."""
    found = leaks_of(database, view)
    line = errands.last_request(database, view.id, tracker) if found else ""
    before = _texts(json.loads(line)["problem"]) if line else {}
    return tuple(one for one in found if one.found not in before.get(one.field, ""))


def refuse(view: ProblemView, tracker: str, found: tuple[Leak, ...]) -> None:
    """Refuse what names people or machines; raises LeaksError."""
    if found:
        raise LeaksError(
            f"P{view.id} is not told to {tracker}: it names {sentence(found)}. "
            "Edit it, or say yes to send it all the same.",
            found,
        )


def _texts(problem: Mapping[str, object]) -> dict[str, str]:
    return {name: str(problem.get(name, "")) for name in _CHECKED}
