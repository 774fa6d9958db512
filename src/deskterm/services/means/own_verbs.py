"""Own verbs: a program gets a ticket as JSON; what it says is a note, a draft or fields (C8, I8).

It is an argument list that no shell reads, shown before it runs, so long and so much and no more.
What a program may be stands in the machine's settings. A draft is never sent by itself.
"""

import json
import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError, UsageError
from deskterm.domain.means import FIELDS, REPLY, Outcome, OwnVerb, VerbRow
from deskterm.domain.text import clean, storable
from deskterm.domain.verbs import Change, Note
from deskterm.services.child import end, listen, plain
from deskterm.storage.names import unknown
from deskterm.storage.reads import means

if TYPE_CHECKING:
    from deskterm.domain.asking import Request
    from deskterm.domain.rows import Done, TicketView
    from deskterm.services.drafts import Drafts
    from deskterm.services.tickets.operation import Tickets

_COMPLAINT = 2_000
_REST = 0.2
"""Seconds that a program gets to end after it has said all."""


class Ran(NamedTuple):
    """What came of running a program."""

    code: int | None
    """Its exit code; None where it was ended or never began."""
    said: str
    complaint: str
    """The first line of what it wrote to its standard error, else of what it said."""
    trouble: str
    """Why it was ended, or did not begin; empty where it ended by itself."""

    @property
    def why(self) -> str:
        """Say what went wrong, in a sentence's part; empty where nothing did."""
        if self.trouble:
            return self.trouble
        return f"ended with exit code {self.code}: {self.complaint}" if self.code else ""


def run(
    argv: Sequence[str],
    given: object,
    seconds: float,
    most: int,
    besides: Mapping[str, str] | None = None,
) -> Ran:
    """Run a program with JSON on its standard input; what went wrong is an answer, too.

    `besides` is added to its environment, in which nothing of the desk's secrets is.
    """
    line = json.dumps(plain_json(given), ensure_ascii=True, sort_keys=True)
    with tempfile.TemporaryFile() as put_in, tempfile.TemporaryFile() as complaints:
        put_in.write(line.encode("ascii") + b"\n")
        put_in.seek(0)
        began = monotonic()
        try:
            process = subprocess.Popen(
                list(argv),
                stdin=put_in,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env=plain(os.environ) | dict(besides or {}),
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            return Ran(None, "", "", f"could not be run: {why}")
        with process:
            said, trouble = listen(process, seconds, most)
            code = None if trouble else _ended(process, began + seconds - monotonic())
            if code is None:
                trouble = trouble or f"ended after {seconds:g} s"
                end(process)
        complaints.seek(0)
        told = complaints.read(_COMPLAINT).decode("utf-8", "replace")
    text = storable(said.decode("utf-8", "replace"))
    return Ran(code, text, _first_line(told) or _first_line(text), trouble)


def _ended(process: "subprocess.Popen[bytes]", left: float) -> int | None:
    try:
        return process.wait(max(_REST, left))
    except subprocess.TimeoutExpired:
        return None


def _first_line(text: str) -> str:
    line = next((one for one in text.split("\n") if one.strip()), "")
    return clean(line, one_line=True)[:300]


def plain_json(value: object) -> object:
    """Give a value as JSON has it: rows are objects, times are ISO 8601 in UTC."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: plain_json(one) for name, one in value._asdict().items()}
    if isinstance(value, Mapping):
        return {str(name): plain_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain_json(one) for one in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)


MOST = 100_000
"""Bytes that a program may say."""
_CHANGES = ("subject", "problem", "urgent", "category", "service", "group", "device", "fields")
"""What the JSON of a verb that gives fields may set."""


class OwnVerbs:
    """The desk's own verbs on this machine; `programs` are those that it allows, by name."""

    def __init__(self, tickets: "Tickets", drafts: "Drafts", programs: "Mapping[str, str]") -> None:
        self._tickets = tickets
        self._drafts = drafts
        self._programs = programs

    def list(self) -> list[VerbRow]:
        """Give the verbs that are in use, by name."""
        with self._tickets.store.reading() as database:
            return means.own_verbs(database)

    def ready(self, name: str) -> OwnVerb:
        """Give a verb with the argument list that would run here, to be shown.

        Raises NotFoundError, RefusedError where this machine does not allow its program.
        """
        found = self.list()
        row = next((one for one in found if one.name.casefold() == name.strip().casefold()), None)
        if row is None:
            known = [one.name for one in found]
            raise NotFoundError(unknown("verb", name[:60], known, "deskterm verb list"))
        words = shlex.split(row.run)
        command = self._programs.get(words[0])
        if not command:
            raise RefusedError(
                f"this machine does not allow the program {words[0][:40]!r} of verb {row.name}: "
                f'`deskterm settings edit`, below [programs]: {words[0][:40]} = "/path/to/it".'
            )
        argv = (*shlex.split(command), *words[1:])
        return OwnVerb(row, argv, clean(shlex.join(argv), one_line=True))

    def run(self, name: str, number: int) -> Outcome:
        """Run a verb on a ticket and give what it said; nothing is changed yet.

        Raises RefusedError where it takes too long, says too much, or fails.
        """
        verb = self.ready(name)
        view = self._tickets.show(number)
        ran = run(verb.argv, {"verb": verb.row.name, "ticket": view}, verb.row.seconds, MOST)
        if ran.why:
            raise RefusedError(f"verb {verb.row.name}: its program {ran.why}.")
        if not ran.said.strip():
            raise RefusedError(f"verb {verb.row.name}: its program said nothing.")
        request = _change(verb.row.name, ran.said) if verb.row.gives == FIELDS else None
        return Outcome(verb.row, view.id, view.version, ran.said.strip(), request)

    def take(self, outcome: Outcome, how: How = NOW) -> "Done | None":
        """Do with a verb's words what it is for; of a draft, None: it waits for a person.

        Raises ConflictError where the ticket was changed while the program ran; what was said is
        kept as a draft.
        """
        now = self._tickets.show(outcome.ticket)
        changed = now.version != outcome.version
        if outcome.row.gives == REPLY:
            if not how.dry:
                self._keep(outcome.ticket, "reply", outcome.said)
            if changed:
                raise ConflictError(_changed(now, "it is kept as the draft of your answer"))
            return None
        if changed:
            if not how.dry:
                self._keep(outcome.ticket, "note", outcome.said)
            raise ConflictError(_changed(now, "its words are kept as the draft of a note"))
        asked: Request = outcome.request or Note(f"{outcome.row.name}:\n{outcome.said}")
        seen = {outcome.ticket: outcome.version}
        return self._tickets.do([outcome.ticket], asked, how._replace(seen=seen, strict=True))

    def _keep(self, number: int, kind: str, words: str) -> None:
        before = self._drafts.get(kind, number)
        self._drafts.put(kind, number, f"{before}\n\n{words}".strip() if before else words)


def _changed(view: "TicketView", kept: str) -> str:
    return f"#{view.id} was changed while the program ran (now version {view.version}): {kept}."


def _change(name: str, said: str) -> Change:
    """Give the change that a program's JSON asks for; raises UsageError."""
    try:
        given = json.loads(said)
    except ValueError as error:
        raise UsageError(f"verb {name}: its program said no JSON ({error}).") from None
    if not isinstance(given, dict) or not given:
        raise UsageError(f"verb {name}: its program gives a JSON object, such as {{}} of fields.")
    strange = sorted(str(one)[:40] for one in given if one not in _CHANGES)
    if strange:
        known = ", ".join(_CHANGES)
        raise UsageError(f"verb {name}: {strange[0]!r} cannot be set so; {known} can.")
    from deskterm.domain.asking import request_of

    asked = request_of({"do": "change", **given})
    assert isinstance(asked, Change)
    return asked
