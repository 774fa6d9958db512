"""How many people a ticket touches: asked, or told by all who report the same (C4)."""


def impact(asked: int | None, together: int) -> int:
    """Give how many people a ticket touches.

    `asked` is what its requester said; `together` how many people the tickets of its open problems
    touch: their requesters, or the most that any of them named. The larger counts; adding them up
    would count a floor twice where two of it report.
    """
    return max(asked or 0, together if together > 1 else 0)


def reason(asked: int | None, together: int, problem: str = "") -> str:
    """Give why, in words: `39 people, as many as P7 touches`; nothing where only one is touched."""
    value = impact(asked, together)
    if value < 2:
        return ""
    if asked == value or not problem:
        return f"{value} people"
    return f"{value} people, as many as {problem} touches"
