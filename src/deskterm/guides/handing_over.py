"""What goes along when a ticket is handed to a group: the summary, written from what is known."""

from datetime import tzinfo
from typing import NamedTuple

from deskterm.domain.rows import DeviceRow, EntryRow, TicketView
from deskterm.domain.vocabulary import Event
from deskterm.guides.model import Ending, Guide

SAID, NOTE, NOTES = 600, 300, 6
"""Characters of what was said and of a note, and how many notes go along: the newest."""


class Handing(NamedTuple):
    """To whom a ticket is proposed to go, why, and with which words."""

    group: str = ""
    """Empty: nothing speaks for any group."""
    why: str = ""
    summary: str = ""


def groups_of(guide: Guide) -> list[str]:
    """Give the groups that a guide's endings escalate to, each once."""
    named = [node.group for node in guide.nodes.values() if node.ending is Ending.ESCALATE]
    return list(dict.fromkeys(name for name in named if name))


def summary(view: TicketView, walked: str, zone: tzinfo) -> str:
    """Give problem, words, device, reproduction, steps, notes and the guide walked, as text."""
    lines = [view.problem.strip() or view.subject.strip()]
    if view.body.strip() and view.body.strip() != lines[0]:
        lines.append(f"They said: {_short(view.body, SAID)}")
    if view.device is not None:
        lines.append(f"Device: {device_words(view.device)}")
    if view.reproduction.strip():
        seen = {True: "reproduced", False: "not reproduced", None: "how to reproduce"}
        lines.append(f"{seen[view.reproduced].capitalize()}: {_short(view.reproduction, SAID)}")
    done = [step.step for step in view.steps if step.status == "done"]
    skipped = [f"{step.step} ({step.reason})" for step in view.steps if step.status == "skipped"]
    for label, steps in (("Steps done", done), ("Skipped", skipped)):
        if steps:
            lines.append(f"{label}: {', '.join(steps)}")
    notes = [one for one in view.timeline if one.event == Event.NOTED and one.text.strip()]
    lines += [_note(one, zone) for one in notes[-NOTES:]]
    walked = walked or _last_walk(view)
    return "\n".join([*lines, walked]).strip()


def device_words(device: DeviceRow) -> str:
    """Give a device: `LT-220 laptop, ThinkPad X1, Windows 11 23H2`."""
    name = f"{device.name} {device.kind}".strip()
    system = f"{device.os} {device.os_version}".strip()
    return ", ".join(part for part in (name, device.model, system) if part)


def _note(entry: EntryRow, zone: tzinfo) -> str:
    return f"- {entry.at.astimezone(zone):%d %b %H:%M} {entry.actor}: {_short(entry.text, NOTE)}"


def _last_walk(view: TicketView) -> str:
    """Give the transcript that the last guide left on the ticket."""
    walks = [one.text for one in view.timeline if one.event == Event.GUIDE]
    return next((text for text in reversed(walks) if text.startswith("Guide: ")), "")


def _short(text: str, most: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"
