"""How a problem ends: by a release, another measure, or not at all (F6, semantics.md §9)."""

from collections.abc import Mapping

from deskterm.domain.errors import UsageError
from deskterm.domain.problems import MEASURES, TAKEN, ProblemState


def measured(
    state: str, given: Mapping[str, str], *, taken: bool = False
) -> tuple[dict[str, str], bool]:
    """Give the facts of a problem that has this measure, and whether it will not be fixed.

    `given`: kind, owner, on, cost, because. A measure of a problem that is open plans its end; one
    that was taken releases it. Raises UsageError.
    """
    kind = given.get("kind", "").strip().replace("-", "_")
    if kind == ProblemState.WONT_FIX:
        return {"reason": given.get("because", "").strip()}, True
    if kind not in MEASURES:
        raise UsageError(f"measure {kind[:40]!r}? Use {', '.join(MEASURES)} or wont_fix.")
    if taken and kind not in TAKEN:
        raise UsageError("a release is shipped, not taken: `deskterm release ship NAME`.")
    names = {"owner": "measure_owner", "on": "measure_on", "cost": "measure_cost"}
    values = {"measure": kind} | {names[k]: v.strip() for k, v in given.items() if k in names}
    if taken:
        values["state"] = str(ProblemState.RELEASED)
    elif kind in TAKEN and state in (ProblemState.OPEN, ProblemState.KNOWN_ERROR):
        values["state"] = str(ProblemState.FIX_PLANNED)
    return values, False
