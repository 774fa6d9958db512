"""Entries that are not the owner's own are remembered by their unit of work: perhaps news."""

from typing import Any

from deskterm.domain.news import Happened, mentions
from deskterm.domain.vocabulary import PROCESSES
from deskterm.storage.spine import Hold


def remember(  # noqa: PLR0913 - the facts of one entry
    held: Hold,
    number: int,
    event: str,
    text: str,
    *,
    before: str | None,
    changes: dict[str, Any],
    entry: dict[str, Any],
) -> None:
    """Keep an entry of a held ticket for the notices; `before` is who owned it before."""
    work = held.work
    speaker = entry.get("actor") or work.actor
    free = "group_id" in changes and held["assignee"] is None
    staff = speaker == work.actor and speaker not in PROCESSES
    work.happened.append(
        Happened(
            ticket=held.id,
            entry=number,
            event=event,
            doers=frozenset((speaker, work.actor)),
            public=entry.get("public", False),
            urgent=held["urgent"],
            owner=held["assignee"],
            owner_before=before,
            group=held["group_id"] if free else None,
            named=mentions(text) if staff else (),
            data=entry.get("data") or {},
        )
    )
