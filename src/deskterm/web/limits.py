"""What a request may cost before anything of it is read: how large it is, how often it comes."""

import time
from collections import OrderedDict
from ipaddress import ip_address, ip_network
from typing import Final

_CLIENTS: Final = 20_000
"""Machines that are remembered; the one that was quiet for longest is forgotten first."""
_GUESSES: Final = 30
"""Links that open nothing, a minute and machine."""


class Rates:
    """Counts what each machine sends: so many a minute, saved up for one minute at most."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def lets(self, machine: str) -> bool:
        """Tell whether one more is taken now, and count it; without a limit (0) always."""
        if not self.most:
            return True
        left, now = self._now(machine)
        if left < 1:
            return False
        self._left[machine] = (left - 1, now)
        return True

    def has_room(self, machine: str) -> bool:
        """Tell whether one more would be taken now; counts nothing."""
        return not self.most or self._now(machine)[0] >= 1

    def _now(self, machine: str) -> tuple[float, float]:
        now = time.monotonic()
        left, at = self._left.get(machine, (float(self.most), now))
        left = min(float(self.most), left + (now - at) * self.most / 60)
        self._left[machine] = (left, now)
        self._left.move_to_end(machine)
        while len(self._left) > _CLIENTS:
            self._left.popitem(last=False)
        return left, now


def guesses() -> Rates:
    """Give what counts links that open nothing."""
    return Rates(_GUESSES)


def machine_of(peer: str, forwarded: str, proxies: tuple[str, ...]) -> str:
    """Give what stands for the machine that asks: behind a trusted proxy the one it names last.

    Of an IPv6 address its network counts: one machine has all of it.
    """
    named = forwarded.rpartition(",")[2].strip() if is_trusted(peer, proxies) else ""
    try:
        address = ip_address(named or peer)
    except ValueError:
        return peer or "local"
    if address.version == 6:
        return str(ip_network((address, 64), strict=False))
    return str(address)


def is_trusted(peer: str, proxies: tuple[str, ...]) -> bool:
    """Tell whether a machine is one of the proxies that are believed."""
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in ip_network(one) for one in proxies)
