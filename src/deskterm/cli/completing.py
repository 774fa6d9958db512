"""Completion in the shell: the terms of a query, with the names the desk knows."""

from pathlib import Path
from typing import Any

from deskterm.cli.session import flags, opened
from deskterm.domain.errors import DeskError


def query_words(ctx: Any, incomplete: str) -> list[tuple[str, str]]:
    """Give what the word at the cursor may become, each with its meaning.

    A desk that is not there yet is not made for a key press. What needs quotes is left to the
    person: each shell quotes in its own way.
    """
    flags.db = ctx.find_root().params.get("db")
    try:
        found = _offers(incomplete)
    except DeskError:
        return []
    return [(word, text) for word, text in found if '"' not in word]


def _offers(incomplete: str) -> list[tuple[str, str]]:
    url = flags.settings().database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        from deskterm.triage.complete import complete

        done = complete(incomplete, len(incomplete), lambda _: ())
    else:
        with opened() as desk:
            done = desk.search.complete(incomplete, len(incomplete))
    return [(incomplete[: done.start] + offer.text, offer.help) for offer in done.offers]
