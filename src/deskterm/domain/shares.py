"""A share of a number of cases, with the interval it lies in: no rate stands alone."""

from math import sqrt
from typing import NamedTuple

_Z = 1.959964
"""Standard deviations of 95 %."""


class Share(NamedTuple):
    """How many of how many (semantics.md §5: n and a 95 % Wilson interval on every rate)."""

    hits: int
    of: int

    @property
    def rate(self) -> float | None:
        """The share from 0 to 1; None where there is no case."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """The lower and upper end of the 95 % Wilson interval; 0 to 1 where nothing is known."""
        if not self.of:
            return 0.0, 1.0
        rate = self.hits / self.of
        scale = 1 + _Z * _Z / self.of
        middle = (rate + _Z * _Z / (2 * self.of)) / scale
        half = _Z * sqrt(rate * (1 - rate) / self.of + _Z * _Z / (4 * self.of**2)) / scale
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def text(self) -> str:
        """`86 % (n 118, 79–91)`, or `no case yet`."""
        if not self.of:
            return "no case yet"
        low, high = self.interval
        return f"{self.hits / self.of:.0%} (n {self.of}, {low * 100:.0f}–{high * 100:.0f})".replace(
            "%", " %", 1
        )

    @property
    def record(self) -> dict[str, float | int | None]:
        """The share as JSON holds it."""
        low, high = self.interval
        return {"hits": self.hits, "n": self.of, "rate": self.rate, "low": low, "high": high}
