"""`deskterm mail template …`: the words of letters."""

from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, changing
from deskterm.cli.errors import say
from deskterm.cli.given import given_text
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.record import changed, listed
from deskterm.cli.session import flags, opened
from deskterm.cli.targets import number
from deskterm.domain.errors import UsageError

ACTIONS = ("list", "show", "set", "edit", "reset", "preview")
_COLUMNS = ("name", "language", "source", "about")


@changing
def template(
    call: Call,
    what: Annotated[list[str] | None, Argument(metavar="[ACTION] LETTER [FILE]")] = None,
    language: Annotated[str, Option(metavar="de", help="The words in that language.")] = "",
    ticket: Annotated[str | None, Option(help="With preview: about that ticket.")] = None,
    html: Annotated[bool, Option("--html", help="With preview: the HTML of it.")] = False,
    set_: Annotated[
        str | None,
        Option("--set", metavar="FILE|-", help="The desk's own words from now on."),
    ] = None,
    client: Annotated[
        str, Option(metavar="NAME", help="The words of letters to that client's people.")
    ] = "",
    reset: Annotated[bool, Option("--reset", help="Back to the first words.")] = False,
) -> None:
    """List, show, set, edit, reset or preview the words of a letter; `list` names the letters.

    Without an action the letter is shown. `edit` opens your editor. What cannot be rendered is
    refused with its line, and nothing is changed.
    """
    action, name, file = _asked(what or [], set_, reset)
    if action == "list":
        listed(call, lambda desk: desk.wording.list(language), _COLUMNS)
    elif action == "preview":
        _preview(name, (language, client), ticket, html=html)
    elif action in ("set", "edit", "reset"):
        _change(call, action, (name, file), (language, client))
    if action in ("show", "set", "reset"):
        with opened() as desk:
            output.prose(desk.wording.text(name, language, client))


def _asked(words: list[str], set_: str | None, reset: bool) -> tuple[str, str, str]:
    """Give (action, letter, file) of what was written; a letter alone is shown."""
    action = words[0] if words and words[0] in ACTIONS else ""
    rest = words[1:] if action else words
    if not words or (action == "list" and not rest):
        return "list", "", ""
    if set_ is not None or reset:
        action, rest = ("set", [*rest, set_]) if set_ is not None else ("reset", rest)
    action = action or "show"
    wanted = 2 if action == "set" else 1
    if action == "list" or len(rest) != wanted:
        example = f"deskterm mail template {action} opened{' FILE' if action == 'set' else ''}"
        raise UsageError(f"name one letter: `{example}`.")
    return action, rest[0], rest[1] if wanted == 2 else ""


def _change(call: Call, action: str, letter: tuple[str, str], whose: tuple[str, str]) -> None:
    (name, file), (language, client) = letter, whose
    text: str | None = None
    if action == "set":
        text = given_text(file)
    elif action == "edit":
        from deskterm.cli.editor import edited

        with opened() as desk:
            before = desk.wording.text(name, language, client)
        text = edited(flags.settings()["editor"], before)
        if text == before:
            say("Unchanged.")
            return
    told = f"Letter {name} has {'the first' if text is None else 'your'} words"
    changed(call, lambda desk, how: desk.wording.set(name, text, language, how, client), told)


def _preview(name: str, whose: tuple[str, str], ticket: str | None, *, html: bool) -> None:
    with opened() as desk:
        about = number(ticket) if ticket is not None else None
        shown = desk.wording.preview(name, whose[0], about, client=whose[1])
    if html:
        output.prose(shown.html)
        return
    output.prose(f"Subject: {shown.subject}\n\n{shown.text}")


def register(noun: Noun) -> None:
    """Add the verb to `deskterm mail`."""
    example = "deskterm mail template preview solved --ticket 12 --language de"
    noun.verb("template", example)(template)
