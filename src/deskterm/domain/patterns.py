"""Regular expressions that are compiled when they are first used.

A command uses few of those that its modules name; compiling them all took a tenth of its time.
"""

import re
from collections.abc import Callable
from typing import AnyStr

_CALLED = ("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer")


class Later:
    """Stands for a pattern until it is asked for something."""

    def __init__(self, compiled: Callable[[], object]) -> None:
        self._compiled = compiled

    def __getattr__(self, name: str) -> object:
        """Compile; what is called often is kept, so that it costs nothing the next time."""
        compiled = self._compiled()
        self.__dict__.update({one: getattr(compiled, one) for one in _CALLED})
        return getattr(compiled, name)


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Give a regular expression as `re.compile` does, compiled at its first use.

    It is called by its methods; the functions of `re` do not know it.
    """
    return Later(lambda: re.compile(text, flags))  # type: ignore[return-value]  # stands for one
