"""`deskterm time …`: time worked is booked, counted by a clock, confirmed, listed (H9)."""

from collections.abc import Sequence
from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, act, asking, report, targeting
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Option
from deskterm.cli.session import opened
from deskterm.cli.targets import all_numbers
from deskterm.domain.clock import hours_words
from deskterm.domain.errors import UsageError
from deskterm.domain.times import AddTime, JudgeTime, StartClock, StopClock, TimeState

noun = Noun("time", "Time worked: book it, your clock, what is proposed, lists.")
COLUMNS = (
    *("id", "ticket_id", "date", "minutes", "kind", "state", "technician", "service"),
    *("organisation", "requester", "note"),
)
_DOES = ("start", "stop", "list", "confirm", "drop")


@noun.verb("", "deskterm time 12 --add 20m --note 'Cabling.'")
@targeting
def time_(
    call: Call,
    add: Annotated[
        str, Option("--add", metavar="LENGTH", help="20m, 1h30; -10m corrects what was booked.")
    ] = "",
    note: Annotated[str, Option("--note", metavar="TEXT", help="What was done.")] = "",
    on: Annotated[
        str, Option("--on", metavar="DAY", help="When: yesterday, 2026-11-28; else until now.")
    ] = "",
    length: Annotated[
        str, Option("--length", metavar="LENGTH", help="With confirm: what it really took.")
    ] = "",
    period: Annotated[
        str, Option("--period", "-p", metavar="P", help="With list: 30d, 2026-11, a range.")
    ] = "",
    who: Annotated[str, Option("--for", metavar="LOGIN|me", help="With list: one's own.")] = "",
    proposed: Annotated[
        bool, Option("--proposed", help="With list: what is to be confirmed or dropped.")
    ] = False,
) -> int:
    """Book time on tickets, or by one more word: start, stop, list, confirm, drop.

    TARGET --add 20m books it. TARGET start starts your clock, stop stops it (a clock that ran for
    too long is proposed, not booked). TARGET confirm, or confirm N by the number of the time, books
    what is proposed; drop forgets it. list shows what was booked: of tickets, of a period, of what
    --query finds.
    """
    before, verb, after = _parts(call.target)
    if add and verb:
        raise UsageError(f"--add and {verb}? One at a time.")
    if add:
        call = call._replace(target=before)
        return act(call, f"Book {add} on", AddTime(add, note, on))
    if verb == "list":
        call = call._replace(target=(*before, *after))
        states = (TimeState.PROPOSED,) if proposed else (TimeState.BOOKED,)
        return _list(call, period, who, states)
    if verb in ("confirm", "drop"):
        return _judge(call, (before, after), keep=verb == "confirm", length=length)
    call = call._replace(target=(*before, *after))
    if verb == "start":
        return act(call, "Start the clock on", StartClock(note), one="a clock runs on one ticket.")
    if verb == "stop":
        return _stop(call, note)
    raise UsageError("how long? Say --add 20m, or one of start, stop, list, confirm, drop.")


def _parts(words: Sequence[str]) -> tuple[Sequence[str], str, Sequence[str]]:
    """Give the tickets, the verb, and what stands behind it."""
    for place, word in enumerate(words):
        if word in _DOES:
            return words[:place], word, words[place + 1 :]
    return words, "", ()


def _stop(call: Call, note: str) -> int:
    """Stop one's clock, wherever it runs."""
    if not call.target and call.query is None:
        with opened() as desk:
            runs = desk.times.running()
        if runs is None:
            raise UsageError("your clock does not run; `deskterm time 12 start` starts it.")
        call = call._replace(target=(str(runs),))
    return act(call, "Stop the clock on", StopClock(note), one="a clock runs on one ticket.")


def _judge(
    call: Call, named: tuple[Sequence[str], Sequence[str]], *, keep: bool, length: str
) -> int:
    """Confirm or drop what is proposed: by its numbers, or all that is one's own on tickets."""
    tickets, times = ([one for word in words for one in all_numbers(word)] for words in named)
    code = 0
    with opened() as desk:
        if times:
            found = [(desk.times.ticket_of(one), one) for one in times]
        else:
            found = [(ticket, one) for ticket in tickets for one in desk.times.proposed(ticket)]
        if not found:
            raise UsageError("nothing of yours is proposed there; `deskterm time list --proposed`.")
        for ticket, one in found:
            done = desk.tickets.do([ticket], JudgeTime(one, keep, length), asking(call))
            code = max(code, report(desk, done, call, single=True))
    return code


def _list(call: Call, period: str, who: str, states: Sequence[str]) -> int:
    with opened() as desk:
        query = call.query or ""
        if call.target:
            ids = ",".join(str(one) for word in call.target for one in all_numbers(word))
            query = f"id:{ids} ({query})" if query else f"id:{ids}"
        rows = desk.times.list(when=period, query=query, technician=who, states=states)
        zone = desk.board.zone()
    records = [
        {**row._asdict(), "minutes": row.minutes}
        | {"date": row.started_at.astimezone(zone).date().isoformat()}
        for row in rows
    ]
    output.many(records, COLUMNS, call.output)
    if output.chosen(call.output) == "table":
        say(f"{len(rows)} entries, {hours_words(sum(row.seconds for row in rows))}.")
    return 0
