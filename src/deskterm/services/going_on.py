"""Many lines of which a bad one stops no other: those that can be done are done, the rest named."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from deskterm.domain.asking import How
from deskterm.domain.errors import DatabaseError, DeskError
from deskterm.domain.rows import Done
from deskterm.services.rhythm import following
from deskterm.storage.work import operation_id

TOGETHER = 200
"""Lines of one operation; where one of them is refused, each is an operation of its own."""
T = TypeVar("T")


class Line(NamedTuple, Generic[T]):
    """What a line asks for, or why it asks for nothing."""

    where: str
    """`list.csv:12`."""
    asked: T | DeskError


def each(
    lines: Iterable[Line[T]], do: Callable[[Sequence[T], How], Done], how: How, kind: str
) -> Done:
    """Do all lines that can be done; `failed` names each other with its place and sentence.

    Under a named operation each part has an id that follows from it: asking again does nothing.
    """
    root = operation_id(how.op_id)
    whole = Done(root, kind, dry=how.dry)
    rest = iter(lines)
    for place in range(0, 10**9, TOGETHER):
        some = list(islice(rest, TOGETHER))
        if not some:
            break
        for done in _some(some, do, how._replace(op_id=following(root, str(place)))):
            whole = _and(whole, done)
    return whole


def _some(
    lines: Sequence[Line[T]], do: Callable[[Sequence[T], How], Done], how: How
) -> Iterator[Done]:
    good = []
    for line in lines:
        if isinstance(line.asked, DeskError):
            yield _refused(line.where, line.asked)
        else:
            good.append((line.where, line.asked))
    together = _tried("", [asked for _, asked in good], do, how) if good else None
    if together is not None and not together.failed:
        yield together
        return
    for where, asked in good:  # which line it is shows where each is done alone
        alone = how._replace(op_id=following(str(how.op_id), where))
        yield _tried(where, [asked], do, alone)


def _tried(
    where: str, asked: Sequence[T], do: Callable[[Sequence[T], How], Done], how: How
) -> Done:
    try:
        return do(asked, how)
    except DatabaseError:
        raise
    except DeskError as error:
        return _refused(where, error)


def _refused(where: str, error: DeskError) -> Done:
    said = str(error) if str(error).startswith(where) else f"{where}: {error}"
    return Done("", "", failed=((0, said, error.exit_code),))


def _and(whole: Done, done: Done) -> Done:
    return whole._replace(
        subjects=(*whole.subjects, *done.subjects),
        changes=(*whole.changes, *done.changes),
        failed=(*whole.failed, *done.failed),
        letters=whole.letters + done.letters,
        repeated=whole.repeated or done.repeated,
        notes=(*whole.notes, *done.notes),
    )
