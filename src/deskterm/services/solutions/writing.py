"""Writing solutions (E1): drafts, edits, reviews, publishing, retiring; every edit is kept."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, cast

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.rows import Done, TicketView
from deskterm.domain.solutions import AFTER, FIELDS
from deskterm.domain.text import is_blank, storable
from deskterm.domain.vocabulary import Audience, Confidence, Event
from deskterm.services import crossing
from deskterm.services.leaking import LeaksError
from deskterm.services.solutions.reading import Reading, check_words, solution_leaks
from deskterm.services.solutions.records import apply, check_seen, create, held
from deskterm.services.solutions.twins import refuse_twins
from deskterm.services.tickets.operation import done, ensure_technician, repeated
from deskterm.storage.names import login_of, number_of
from deskterm.storage.reads import solutions as reads
from deskterm.storage.reads.clients import of_solutions
from deskterm.storage.runs import category_paths
from deskterm.storage.ticket.hold import hold
from deskterm.storage.work import RepeatedError, Work
from deskterm.triage.leaks import Leak, sentence

if TYPE_CHECKING:
    from deskterm.models import Solution

NEW = "solution new"
_NAMED = {
    "category": ("category_id", "category"),
    "client": ("organisation_id", "organisation"),
}
"""Field → its column, and the kind of record it names."""
LONGEST_TITLE = 200
LONGEST_TEXT = 100_000


class Writing(Reading):
    """Use cases that change solutions."""

    def new(self, values: Mapping[str, str], how: How = NOW, *, anyway: bool = True) -> Done:
        """Write a draft from given fields; gives its number in `solutions`.

        With `anyway=False` raises TwinsError where one reads nearly the same.
        """
        return self.new_many([values], how, anyway=anyway)

    def new_many(
        self,
        given: Iterable[Mapping[str, str]],
        how: How = NOW,
        *,
        anyway: bool = True,
    ) -> Done:
        """Write many drafts as one operation: all of them or none."""
        numbers: list[int] = []
        try:
            with self._working(NEW, how) as work:
                for values in given:
                    if not anyway:
                        refuse_twins(work.spine, values)
                    numbers.append(create(work, {"owner": self.me, **_columns(work, values)}))
        except RepeatedError as done_before:
            return repeated(self.store, NEW, done_before.operation_id)
        return done(NEW, work, ())

    def starter(self, how: How = NOW) -> Done:
        """Write the starter solutions as drafts; those whose title is there already are left out.

        A category that this desk does not have is left empty.
        """
        from deskterm.services.starters import starter_solutions

        with self.store.reading() as database:
            known = {row["title"].casefold() for row in reads.texts(database)}
            paths = set(category_paths(database))
        fresh = [one for one in starter_solutions(paths) if one["title"].casefold() not in known]
        return self.new_many(fresh, how)

    def draft(
        self,
        ticket: int,
        values: Mapping[str, str] | None = None,
        how: How = NOW,
        *,
        anyway: bool = True,
    ) -> Done:
        """Make a resolved ticket a draft, its facts filled in; `values` win over them.

        Raises RefusedError where the ticket has no resolution, or became a solution before; with
        `anyway=False` TwinsError where one reads nearly the same.
        """
        view = self.tickets.show(ticket)
        if not view.resolution.strip():
            raise RefusedError(f"#{view.id} has no resolution yet: solve it first.")
        given = {name: value for name, value in (values or {}).items() if value}
        try:
            with self._working(NEW, how) as work:
                _refuse_second(work, view.id)
                fields = {**facts(view), **given}
                columns = crossing.owned(work, _columns(work, fields), [view.id])
                if not anyway:
                    refuse_twins(work.spine, fields, whose=columns.get("organisation_id"))
                number = create(work, {"owner": self.me, **columns, "source_ticket_id": view.id})
                _tell_ticket(work, view.id, number, str(columns["title"]))
        except RepeatedError as done_before:
            return repeated(self.store, NEW, done_before.operation_id)
        return done(NEW, work, (view.id,))

    def edit(
        self,
        number: int,
        values: Mapping[str, str],
        how: How = NOW,
        *,
        anyway: bool = True,
        yes: bool = False,
    ) -> Done:
        """Change fields; raises ConflictError naming what others changed since it was read.

        Of one that is read beyond the desk, new leaks are refused (LeaksError), unless `yes`.
        """

        def change(work: Work, solution: "Solution") -> list[str]:
            if not anyway:
                refuse_twins(work.spine, values, number)
            audience = solution.audience or Audience.TECHNICIANS
            columns = _columns(work, values)
            said = _freed(work, solution, columns, across=how.across)
            before = set() if said else set(_leaks(work, number, audience))
            written = apply(work, solution, columns, "edit", said)
            fresh = tuple(one for one in _leaks(work, number, audience) if one not in before)
            if fresh and not yes:
                raise _leaking(number, audience, fresh)
            if not written:
                return [f"S{number} is as it was: nothing was altered."]
            return [said] if said else []

        return self._change("solution edit", number, change, how)

    def review(
        self,
        number: int,
        to: str | None = None,
        note: str = "",
        how: How = NOW,
    ) -> Done:
        """Raise the confidence one step, or set it; a review also takes the flag away."""
        check_words(to, None)
        if to == Confidence.ARCHIVED:
            return self.retire(number, note, how)

        def change(work: Work, solution: "Solution") -> list[str]:
            after = to or AFTER[Confidence(solution.confidence)]
            apply(work, solution, {"confidence": str(after)}, "review", note, always=True)
            return []

        return self._change("solution review", number, change, how)

    def publish(
        self,
        number: int,
        audience: str = Audience.TECHNICIANS,
        confidence: str | None = None,
        how: How = NOW,
        *,
        yes: bool = False,
    ) -> Done:
        """Let people read it; a draft becomes `not validated`, or `confidence`.

        Beyond the technicians it is checked for leaks first: raises LeaksError, unless `yes`.
        """
        check_words(confidence, audience)

        def change(work: Work, solution: "Solution") -> list[str]:
            after = confidence or _lifted(solution)
            if after == Confidence.ARCHIVED:
                raise RefusedError(f"S{number} is archived: review it before it is published.")
            found = _leaks(work, number, audience)
            if found and not yes:
                raise _leaking(number, audience, found)
            columns: dict[str, object] = {"audience": str(audience), "confidence": str(after)}
            if solution.published_at is None:
                columns["published_at"] = work.at
            apply(work, solution, columns, "publish", " ".join(_in_spite(found)), always=True)
            return _in_spite(found)

        return self._change("solution publish", number, change, how)

    def retire(
        self,
        number: int,
        note: str = "",
        how: How = NOW,
    ) -> Done:
        """Archive it: it is kept, but neither suggested nor shown on the site."""

        def change(work: Work, solution: "Solution") -> list[str]:
            if solution.confidence == Confidence.ARCHIVED:
                raise RefusedError(f"S{number} is archived already.")
            apply(work, solution, {"confidence": str(Confidence.ARCHIVED)}, "retire", note)
            return []

        return self._change("solution retire", number, change, how)

    def _change(
        self,
        kind: str,
        number: int,
        change: "Callable[[Work, Solution], list[str]]",
        how: How,
    ) -> Done:
        try:
            with self._working(kind, how) as work:
                solution = held(work, number)
                check_seen(work, solution, how)
                notes = change(work, solution)
        except RepeatedError as done_before:
            return repeated(self.store, kind, done_before.operation_id)
        return done(kind, work, (), notes=notes).about("solution", number)

    @contextmanager
    def _working(self, kind: str, how: How) -> Iterator[Work]:
        actor = how.actor or self.me
        with self.store.work(actor, how.op_id, models=True, dry=how.dry) as work:
            work.claim(kind)
            ensure_technician(work.spine, actor, work)
            yield work


def facts(view: TicketView) -> dict[str, str]:
    """Give the fields of a draft as a resolved ticket tells them."""
    first = next((line.strip() for line in view.problem.splitlines() if line.strip()), "")
    title = first if 0 < len(first) <= 120 else view.subject
    parts = [f"{name}: {value}" for name, value in view.fields.items()]
    if view.device is not None:
        device = view.device
        system = f"{device.os} {device.os_version}".strip()
        parts = [part for part in (device.kind, device.model, system) if part] + parts
    return {
        "title": title[:LONGEST_TITLE],
        "symptoms": view.body or view.subject,
        "environment": "\n".join(parts),
        "cause": view.problem if view.problem.strip() != title.strip() else "",
        "resolution": view.resolution,
        "category": view.category or "",
    }


def _columns(work: Work, values: Mapping[str, str]) -> dict[str, object]:
    """Give the columns for fields as typed; raises UsageError, NotFoundError."""
    unknown = sorted(set(values) - set(FIELDS))
    if unknown:
        raise UsageError(f"a solution has no field {unknown[0]!r}; it has {', '.join(FIELDS)}.")
    found: dict[str, object] = {}
    for name, value in values.items():
        text = storable(value).strip()
        if len(text) > LONGEST_TEXT:
            raise UsageError(f"{name} is too long: {LONGEST_TEXT} characters at most.")
        if name == "title":
            found[name] = _title(text)
        elif name in _NAMED:
            column, kind = _NAMED[name]
            found[column] = number_of(work.spine, kind, text) if text else None
        elif name == "owner":
            found[name] = _owner(work, text)
        elif name == "review_by":
            found[name] = day(text)
        else:
            found[name] = text
    return found


def _freed(work: Work, solution: "Solution", columns: Mapping[str, object], *, across: bool) -> str:
    """Give the sentence for one that is another client's now, or everyone's; empty: it stays.

    Raises AcrossClientsError unless that was meant.
    """
    if "organisation_id" not in columns:
        return ""
    number, target = int(solution.id or 0), columns["organisation_id"]
    source = of_solutions(work.spine, [number])[number]
    known = crossing.of_work(work)
    return known.check(f"S{number}", source, cast("int | None", target), across=across)


def _title(text: str) -> str:
    line = " ".join(text.split())
    if is_blank(line):
        raise UsageError("a solution needs a title.")
    if len(line) > LONGEST_TITLE:
        raise UsageError(f"the title is too long: {LONGEST_TITLE} characters at most.")
    return line


def _owner(work: Work, text: str) -> str:
    if text in ("", "me", work.actor):
        return work.actor if text else ""
    return login_of(work.spine, text)


def day(text: str) -> str | None:
    """Give a date as it is stored; raises UsageError."""
    if not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"{text[:40]!r} is no date: write it like 2027-03-31.") from None


def _refuse_second(work: Work, ticket: int) -> None:
    number = reads.of_ticket(work.spine, ticket)
    if number is not None:
        raise RefusedError(f"#{ticket} is S{number} already: edit that one.")


def _tell_ticket(work: Work, ticket: int, number: int, title: str) -> None:
    one = hold(work, [ticket])[ticket]
    if one["solution_id"] is None:
        one.set(solution_id=number)
    data = {"solution": number, "verb": "drafted"}
    one.write(Event.SOLUTION, f"S{number} {title}: drafted from this ticket", data=data)


def _lifted(solution: "Solution") -> str:
    """Publishing is somebody looking at it: a draft is one no more."""
    draft = solution.confidence == Confidence.DRAFT
    return str(Confidence.NOT_VALIDATED) if draft else solution.confidence


def _leaks(work: Work, number: int, audience: str) -> tuple[Leak, ...]:
    if audience == Audience.TECHNICIANS:
        return ()
    return tuple(solution_leaks(work.spine, reads.one_row(work.spine, number)))


def _leaking(number: int, audience: str, found: tuple[Leak, ...]) -> LeaksError:
    return LeaksError(
        f"S{number} is not published for {audience}: it names {sentence(found)}. "
        "Edit it, or say yes to publish it all the same.",
        found,
    )


def _in_spite(found: tuple[Leak, ...]) -> list[str]:
    return [f"published in spite of {sentence(found)}."] if found else []
