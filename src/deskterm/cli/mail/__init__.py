"""`deskterm mail …`: mail in and out."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from deskterm import disk
from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import flags
from deskterm.domain.errors import DeskError, RefusedError, TemporaryError, UsageError

if TYPE_CHECKING:
    from deskterm.mail.parsed import ParsedMail

noun = Noun("mail", "Mail in and out: receive, parse, inbox, import, process, queue, send.")
noun.later("inbox", "mailbox", "letters", "wording")

_WORDS_CAP = 100_000_000


@noun.verb("receive", "deskterm mail receive --envelope-to help@example.org < message")
def receive(
    envelope_from: Annotated[
        str, Option("--envelope-from", metavar="A", help="Who the mail server says sent it.")
    ] = "",
    envelope_to: Annotated[
        str, Option("--envelope-to", metavar="A", help="Whom it was delivered to.")
    ] = "",
) -> None:
    """Keep the mail on standard input durably and end; it is processed by whoever does the jobs.

    Exit code 0 once it is kept, also for a mail that nobody can read; 75 to be sent again later.
    """
    trouble = _kept(envelope_from, envelope_to)
    if trouble:
        raise TemporaryError(f"the mail was not taken, send it again: {trouble}")


@noun.verb("parse", "deskterm mail parse --jsonl *.eml")
@reading
def parse(
    call: Call,
    file: Annotated[list[Path], Argument(metavar="FILE...", help="Raw mails.")],
    jsonl: Annotated[bool, Option("--jsonl", help="One JSON object a line.")] = False,
) -> int:
    """Read raw mails without a database and show what they say."""
    from deskterm.mail.parse import parse_mail

    kind = "jsonl" if jsonl else output.chosen(call.output)
    records = []
    failed = 0
    for one in file:
        try:
            mail = parse_mail(disk.read_bytes(one))
        except OSError as error:
            say(f"deskterm: {one}: {error.strerror}.")
            failed += 1
            continue
        record = _record(one, mail)
        if kind == "jsonl":
            output.one(record, "jsonl")
        else:
            records.append(record)
    if kind == "json":
        output.many(records, (), "json")
    elif kind != "jsonl":
        for record in records:
            _page(record)
    return _code(failed, len(file))


@noun.verb("reply-text", "deskterm mail reply-text --jsonl - < replies.jsonl")
def reply_text(
    file: Annotated[str, Argument(metavar="FILE|-", help="A reply, or JSON lines of them.")],
    jsonl: Annotated[
        bool, Option("--jsonl", help="Lines of {id, input, kind: text|html}.")
    ] = False,
    html: Annotated[bool, Option("--html", help="The file holds HTML.")] = False,
) -> None:
    """Give the new words of replies, without what they quote; no database."""
    from deskterm.mail.reply import reply_of

    text = _words(file)
    if not jsonl:
        output.prose(reply_of(text, "html" if html else "text"))
        return
    for place, line in enumerate(text.splitlines(), 1):
        if line.strip():
            asked = _asked(line, place)
            reply = reply_of(asked["input"], asked.get("kind", "text"))
            output.one({"id": asked["id"], "reply": reply}, "jsonl")


def _kept(envelope_from: str, envelope_to: str) -> str:
    """Keep the mail on standard input; gives why it could not be kept now, or nothing."""
    from deskterm.bootstrap import open_store
    from deskterm.services.inbox.receive import SIZE_CAP, receive

    raw = _stdin(SIZE_CAP + 1)
    if len(raw) > SIZE_CAP:
        raise RefusedError(f"a mail of more than {SIZE_CAP:,} bytes is kept by no database.")
    try:
        store = open_store(flags.settings())
        try:
            receive(store, raw, envelope_from, envelope_to)
        finally:
            store.close()
    except DeskError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - whatever happened, the mail server must try again
        return f"{type(error).__name__}: {error}"
    return ""


def _stdin(most: int) -> bytes:
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        return sys.stdin.read(most).encode("utf-8", "surrogateescape")
    return bytes(stream.read(most))


def _words(file: str) -> str:
    """Give the text of a file or of standard input; raises UsageError."""
    if file == "-":
        return _stdin(_WORDS_CAP).decode("utf-8", "replace")
    try:
        return disk.read_bytes(Path(file))[:_WORDS_CAP].decode("utf-8", "replace")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}.") from error


def _asked(line: str, number: int) -> dict[str, str]:
    """Give one line of `reply-text`; raises UsageError that names the line."""
    try:
        asked = json.loads(line)
    except ValueError as error:
        raise UsageError(f"line {number} is no JSON: {error}.") from error
    if not isinstance(asked, dict) or not isinstance(asked.get("input"), str) or "id" not in asked:
        raise UsageError(f"line {number} needs id and input.")
    if asked.get("kind", "text") not in ("text", "html"):
        raise UsageError(f"line {number}: kind is text or html, not {asked['kind']!r}.")
    return asked


def _told(mail: "ParsedMail") -> dict[str, object] | None:
    """Give what a bounce says, as a record."""
    if mail.bounce is None:
        return None
    from dataclasses import asdict  # 5 ms, and not for receiving

    return {
        "failed": mail.bounce.failed,
        "hard": mail.bounce.hard,
        "recipients": [asdict(one) for one in mail.bounce.recipients],
        "original_ids": list(mail.bounce.original_ids),
        "reason": mail.bounce.reason,
    }


def _record(file: Path, mail: "ParsedMail") -> dict[str, object]:
    """Give what the mail in a file says as a record."""
    from deskterm.mail.reply import new_words

    return {
        "file": str(file),
        "subject": mail.subject,
        "from_email": mail.from_email,
        "from_name": mail.from_name,
        "body": mail.body,
        "body_alt": mail.body_alt,
        "reply": new_words(mail).text,
        "attachments": [found.name for found in mail.files],
        "message_id": mail.message_id,
        "is_auto": mail.is_auto,
        "auto_reason": mail.machine.reason,
        "is_bounce": mail.is_bounce,
        "bounce": _told(mail),
        "date": mail.date,
        "problems": list(mail.problems),
        "over_limit": mail.over_limit,
    }


def _page(record: dict[str, object]) -> None:
    for key in ("file", "from_name", "from_email", "subject", "attachments", "auto_reason"):
        if record[key]:
            output.prose(f"{key}: {record[key]}")
    output.prose(f"\n{record['body']}\n")


def _code(failed: int, total: int) -> int:
    if not failed:
        return 0
    return 3 if total == 1 else 1
