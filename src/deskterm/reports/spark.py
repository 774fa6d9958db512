"""Numbers as a line of blocks, a bar, a band: charts of a terminal, readable without colour."""

from collections.abc import Sequence

_BLOCKS = "▁▂▃▄▅▆▇█"


def spark(values: Sequence[float | None], most: int = 62) -> str:
    """Give a block a value, the highest full, a blank where nothing is known.

    Of more than `most` several share a block: their mean.
    """
    each = -(-len(values) // most) or 1
    drawn = [_mean(values[at : at + each]) for at in range(0, len(values), each)]
    top = max((one for one in drawn if one is not None), default=0.0)
    return "".join(_block(one, top) for one in drawn)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return sum(known) / len(known) if known else None


def _block(value: float | None, top: float) -> str:
    if value is None:
        return " "
    return _BLOCKS[min(int(value / top * 7.999), 7)] if value > 0 else _BLOCKS[0]


def bar(value: float, top: float, cells: int) -> str:
    """Give a bar of so many cells where `value` is `top`."""
    full = round(min(value / top, 1.0) * cells) if top > 0 else 0
    return ("█" * full).ljust(cells)


def band(low: float, high: float, rate: float, cells: int) -> str:
    """Give where a rate lies between 0 and 1 with its interval: `──╌╌█╌──`."""
    place = min(int(rate * cells), cells - 1)
    first, last = min(int(low * cells), place), max(min(int(high * cells), cells - 1), place)
    return "".join(
        "█" if cell == place else "─" if first <= cell <= last else "·" for cell in range(cells)
    )
