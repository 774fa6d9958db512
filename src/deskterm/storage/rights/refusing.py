"""What the server refuses for want of a right, in one sentence that names who may."""

import re

from deskterm.domain.errors import RefusedError
from deskterm.storage.rights.grants import who_may

_OURS = "deskterm: "
"""Begins what the desk's own functions refuse: whole sentences."""
_TABLE = re.compile(r"permission denied for (?:table|relation|sequence) (\w{1,63})")

_UNSEEN = re.compile(r"row-level security policy .{0,80}for table \"(\w{1,63})\"")


def refused(said: str, login: str) -> RefusedError:
    """Give the refusal for the server's words to a login."""
    if said.startswith(_OURS):
        return RefusedError(said.removeprefix(_OURS))
    unseen = _UNSEEN.search(said)
    if unseen is not None:
        return RefusedError(
            f"{login} may not write that: it belongs to a group or a client that {login} does not "
            f"see ({unseen[1].replace('_', ' ')}). Whoever sees it can; `deskterm team list` names "
            "the clients of each login."
        )
    match = _TABLE.search(said)
    if match is None:
        return RefusedError(
            f"the server refuses that to {login} ({said}): see `deskterm team check`, or ask "
            "whoever owns the desk's database."
        )
    if match[1] == "alembic_version":  # every role reads it
        return RefusedError(
            f"{login} has no role at this desk, or none any more: whoever owns the desk gives one "
            f"(deskterm team add {login} --role …); a desk that was restored or renamed gets its "
            "roles by `deskterm db upgrade` first."
        )
    *some, last = [f"{role}s" for role in who_may(match[1])] or [""]
    who = f"{', '.join(some)} and {last}" if some else last
    if match[1] == "operation":
        return RefusedError(
            f"{login} may look at this desk and change nothing: {who} may. `deskterm team list` "
            "shows who is what."
        )
    return RefusedError(
        f"{login} may not do that: {match[1]} is for {who or 'the owner of the desk'} alone. "
        "`deskterm team list` shows who is what."
    )


_SET_WRONGLY = (
    ("statement timeout", "statement_timeout", "0"),
    ("no schema has been selected", "search_path", "public"),
    ("query would be affected by row-level security", "row_security", "on"),
    ("read-only transaction", "default_transaction_read_only", "off"),
)
"""What a server says that is set to what deskterm cannot work with: setting, what it needs."""


def set_wrongly(said: str) -> str:
    """Name the server's setting that made it refuse, and what makes that right; or nothing."""
    for words, setting, wanted in _SET_WRONGLY:
        if words in said:
            return (
                f"The server is set so ({setting}): ALTER ROLE … SET {setting} = {wanted} makes it "
                "right, or ALTER DATABASE … where the database is set to it."
            )
    return ""
