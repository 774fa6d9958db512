"""An audience: the people that something is said to, and why some of them get no letter (§13)."""

from collections.abc import Sequence
from typing import NamedTuple


class Member(NamedTuple):
    """Somebody of an audience."""

    person_id: int
    name: str
    address: str
    status: str = ""
    """Why they are not written to: opted out, no address …; empty: they are."""

    @property
    def called(self) -> str:
        """The name, else the address."""
        return self.name or self.address or f"#{self.person_id}"


class Audience(NamedTuple):
    """Who a query means, before anything leaves."""

    query: str
    members: Sequence[Member]

    @property
    def told(self) -> Sequence[Member]:
        """Who gets a letter."""
        return [one for one in self.members if not one.status]

    def words(self, names: int = 3) -> str:
        """Give `12 people (Ada Moss, Bo Lind, Cy Field …); 2 not written to: 1 no address, …`."""
        many = len(self.members)
        some = ", ".join(one.called for one in self.members[:names])
        named = f" ({some}{' …' if many > names else ''})" if some else ""
        whom = f"1 person{named}" if many == 1 else f"{many} people{named}"
        left: dict[str, int] = {}
        for one in self.members:
            if one.status:
                left[one.status] = left.get(one.status, 0) + 1
        if not left:
            return whom
        why = ", ".join(f"{n} {status}" for status, n in left.items())
        return f"{whom}; {sum(left.values())} not written to: {why}"


def why_not(*, news: bool, address: str | None, broken: object) -> str:
    """Give why somebody gets no letter; empty: they get one."""
    if not news:
        return "opted out"
    if not address:
        return "no address"
    return "letters come back" if broken else ""
