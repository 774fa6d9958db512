"""What somebody answered: a number key, y or n, the words, or something typed."""

from deskterm.domain.errors import UsageError
from deskterm.guides.lint import in_range
from deskterm.guides.model import Choice, Kind, Node, Target
from deskterm.guides.run import TYPED

DONE = "Done"
LONGEST = 2000
"""Characters of a typed answer."""


def options(node: Node) -> tuple[Choice, ...]:
    """Give the choices of a node; an instruction with one way on offers "Done"."""
    if not node.choices and node.kind is Kind.DO and node.to is not None:
        return (Choice(DONE, node.to),)
    return node.choices


def usual(node: Node) -> int:
    """Give the place of the choice that Enter takes."""
    return next((place for place, choice in enumerate(options(node)) if choice.usual), 0)


def understand(node: Node, reply: str) -> tuple[int, str]:
    """Give (place of the choice or TYPED, the answer's words); raises UsageError.

    The words win over numbers, so that an answer that is itself a number can be given.
    """
    text = _plain(reply)
    if not text:
        raise UsageError(f"An answer is needed; {possible(node)}.")
    choices = options(node)
    folded = [_plain(choice.answer) for choice in choices]
    place = folded.index(text) if text in folded else _by_key(text, folded, node)
    if place is not None:
        return place, choices[place].answer
    if node.input == "number":
        return TYPED, _number(node, reply)
    if node.input == "text":
        return TYPED, reply.strip()[:LONGEST]
    raise UsageError(f"{reply.strip()[:60]!r} is no answer here; {possible(node)}.")


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


def _by_key(text: str, folded: list[str], node: Node) -> int | None:
    """Give the choice meant by its number, by y or n, or by the start of its words."""
    if node.input == "text":
        return None
    if text.isdecimal():
        place = int(text) if len(text) < 4 else 0
        return place - 1 if not node.input and 0 < place <= len(folded) else None
    whole = {"y": "yes", "n": "no"}.get(text, "")
    if whole in folded:
        return folded.index(whole)
    starts = [place for place, answer in enumerate(folded) if answer.startswith(text)]
    return starts[0] if len(starts) == 1 else None


def _number(node: Node, reply: str) -> str:
    text = reply.strip().removesuffix(node.unit).strip().replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if value != value or len(text) > 20:
        raise UsageError(f"{reply.strip()[:60]!r} is no number; {possible(node)}.")
    if range_for(node, value) is None:
        raise UsageError(f"{text} is out of range; {possible(node)}.")
    return text


def range_for(node: Node, value: float) -> Target | None:
    """Give where a number leads; None where it is outside of what is asked."""
    if (node.low is not None and value < node.low) or (node.high is not None and value > node.high):
        return None
    return next((r.to for r in node.rules if in_range(value, r.least, r.below)), None)


def possible(node: Node) -> str:
    """Give what can be answered, for a prompt or an error."""
    words = [f"{place} {choice.answer}" for place, choice in enumerate(options(node), 1)]
    if node.input == "number":
        low = f" from {node.low:g}" if node.low is not None else ""
        high = f" to {node.high:g}" if node.high is not None else ""
        words = [f"a number{low}{high}{' ' + node.unit if node.unit else ''}", *words]
        words[1:] = [choice.answer for choice in node.choices]
    elif node.input == "text":
        words = ["any text", *(choice.answer for choice in node.choices)]
    return "possible: " + ", ".join(words)
