"""How a problem is written down in a tracker, and what of it the desk knows again."""

from collections.abc import Iterable, Mapping

from deskterm.domain.patterns import pattern

_MARK = pattern(r"<!-- deskterm ([0-9a-v-]{18,36}) -->")
_FENCE = pattern(r"`{3,}")
_PARTS = (
    ("Cause", "cause"),
    ("Workaround", "workaround"),
    ("Steps to reproduce", "steps"),
)
_FACTS = (
    ("Severity", "severity"),
    ("State at the help desk", "state"),
    ("Product", "product"),
    ("Found in", "found"),
    ("Fixed in", "fixed"),
    ("Models", "models"),
    ("Systems", "systems"),
)


def title(problem: Mapping[str, object]) -> str:
    """Give its title as one line."""
    return " ".join(str(problem["title"]).split())[:250] or str(problem["id"])


def body(problem: Mapping[str, object], operation: str) -> str:
    """Give its words as Markdown, ours around those of the desk, which act on nothing."""
    facts = [f"{label}: {_plain(problem.get(name))}" for label, name in _FACTS if problem.get(name)]
    often = f"{problem.get('tickets', 0)} tickets of {problem.get('people', 0)} people"
    lines = [f"From a help desk, {problem['id']}: {often}.", "", quoted("\n".join(facts))]
    for label, name in _PARTS:
        if str(problem.get(name) or "").strip():
            lines += ["", f"**{label}**", "", quoted(str(problem[name]))]
    return "\n".join([*lines, "", mark(operation)])


def quoted(text: str) -> str:
    """Give words in a fence that nothing in them can end: no link, mention or picture acts."""
    longest = max((len(run) for run in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}text\n{text.strip()}\n{fence}"


def mark(operation: str) -> str:
    """Give the line by which what was sent is known again, though the answer was lost."""
    return f"<!-- deskterm {operation} -->"


def operation_in(text: object) -> str:
    """Give the operation that a text of ours was sent under; empty: it is somebody else's."""
    found = _MARK.findall(text) if isinstance(text, str) else []
    return str(found[-1]) if found else ""


def ours(
    found: Iterable[Mapping[str, object]], operation: str, *names: str
) -> Mapping[str, object] | None:
    """Give what was made under an operation, of what a server lists; None: nothing was."""
    for one in found:
        if any(operation_in(one.get(name)) == operation for name in names):
            return one
    return None


def _plain(value: object) -> str:
    words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return " ".join(words.split())


def part(whole: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Give an object within an object; an empty one where there is none."""
    found = whole.get(name)
    return found if isinstance(found, Mapping) else {}
