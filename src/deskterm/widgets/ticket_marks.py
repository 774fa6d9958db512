"""Which tickets are marked, singly or as a range that follows the cursor."""

from collections.abc import Iterable, Sequence


class Marks:
    """Marked ticket numbers, and the range being drawn."""

    def __init__(self) -> None:
        self.ids: set[int] = set()
        self._anchor: int | None = None
        self._before: set[int] = set()

    @property
    def ranging(self) -> bool:
        """True while a range follows the cursor."""
        return self._anchor is not None

    def toggle(self, number: int) -> None:
        """Mark it, or take the mark away."""
        self.ids ^= {number}

    def add(self, numbers: Iterable[int]) -> None:
        """Mark these too."""
        self.ids.update(numbers)

    def clear(self) -> None:
        """Forget all marks and the range."""
        self.ids = set()
        self.end()

    def start(self, place: int) -> None:
        """Start a range at this place of the table."""
        self._anchor = place
        self._before = set(self.ids)

    def extend(self, order: Sequence[int], place: int) -> None:
        """Mark everything between the start of the range and this place."""
        if self._anchor is not None:
            first, last = sorted((self._anchor, place))
            self.ids = self._before | set(order[first : last + 1])

    def end(self) -> None:
        """End the range; its marks stay."""
        self._anchor = None
        self._before = set()
