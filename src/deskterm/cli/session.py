"""What one call of the program knows: the flags before the noun, and the desk once opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deskterm import known, paths, settings

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk


class Flags:
    """The flags given before the noun."""

    def __init__(self) -> None:
        self.db: str | None = None
        self.as_login: str | None = None

    def settings(self) -> settings.Settings:
        """Give the settings in force; raises UsageError for a malformed file."""
        found = settings.load({"db": self.db}, self.as_login, paths.config_file())
        found.own_database = paths.default_database
        return found


flags = Flags()
"""Of this process; set once by the root command."""


@contextmanager
def opened() -> Iterator["Desk"]:
    """Open the desk for one command and close it after."""
    from deskterm.bootstrap import open_desk

    found = flags.settings()
    if known.begins(found):
        _say(f"Making a new desk: {found.database_url} (some seconds, once).")
    desk = open_desk(found)
    desk.store.told_waiting = _waiting
    if desk.replaced:
        _say(f"deskterm: {desk.REPLACED}")
    try:
        yield desk
    finally:
        desk.close()


def _waiting(who: str) -> None:
    _say(f"deskterm: {who} is writing to the desk; waiting for it …")


def _say(sentence: str) -> None:
    from deskterm.cli.errors import say

    say(sentence)
