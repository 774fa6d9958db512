"""What a technician says when taking a call, and what to ask (A5)."""

from typing import NamedTuple

MISSION = "We get people back to work, and we tell them where their trouble stands."
"""The desk's mission until the desk setting `desk.mission` names its own."""

HELLO = "Good {part}, service desk, you speak with {name}. How can I help?"
"""The first sentence unless `desk.greeting` names its own; {part} and {name} are filled in."""

ASK = ("Who, and where?", "What, since when?", "Can you work? Who else cannot?")
"""What to find out, in this order."""

MISSION_SETTING = "desk.mission"
VALUES_SETTING = "desk.values"
GREETING_SETTING = "desk.greeting"


class Script(NamedTuple):
    """The words for the beginning of a call."""

    hello: str
    mission: str
    """With the values, where the desk has some."""
    ask: tuple[str, ...]


def script(name: str, hour: int, mission: str = "", greeting: str = "", values: str = "") -> Script:
    """Give the script for a technician at an hour (0 to 23) of their day."""
    part = "morning" if 4 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"
    hello = (greeting or HELLO).replace("{part}", part).replace("{name}", name)
    said = (mission or MISSION, *(one.strip() for one in values.splitlines()))
    return Script(hello, " · ".join(one for one in said if one), ASK)
