"""Who can be named by `@login` in a note or an answer."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk


def nameable(desk: "Desk") -> list[str]:
    """Give the logins of one's colleagues who work here."""
    return [one.login for one in desk.admin.technicians() if one.active and one.login != desk.me]
