"""One ticket as text for people: `deskterm ticket show`."""

from collections.abc import Iterable, Iterator, Mapping

from deskterm.cli.output import when
from deskterm.domain.clock import hours_words
from deskterm.domain.rows import EntryRow, PersonRow, TicketView
from deskterm.domain.text import clean
from deskterm.domain.vocabulary import STEP_TITLES, Step
from deskterm.widgets.value_words import Names, change_lines

_LONG = 20
"""Lines of one message that are shown without --full."""
_UNSURE = "whose it is was read out of a forwarded mail: `ticket confirm {}`, or `set --from`"
_SIGNS = {"done": "✓", "skipped": "–", "open": " "}


def page(
    view: TicketView, names: Names, *, full: bool, whole: Mapping[int, str] | None = None
) -> str:
    """Give the whole page; every value in it is still foreign text and is cleaned on output.

    `names` are those behind the numbers that changes hold, `whole` has the text of the mail behind
    an entry whose quotes were folded away.
    """
    return f"{standing(view, full=full)}\n\n{_timeline(view, names, full, whole or {})}".rstrip()


def standing(view: TicketView, *, full: bool) -> str:
    """Give how it stands, without what was done: facts, what was said, steps."""
    parts = [_head(view), _facts(view), _said(view, full), _steps(view)]
    return "\n\n".join(part for part in parts if part)


def _one(text: str) -> str:
    return clean(text, one_line=True)


def _head(view: TicketView) -> str:
    urgent = "  ! urgent" if view.urgent else ""
    owner = view.assignee or "nobody"
    return f"#{view.id} {_one(view.subject)}\n{view.state}{urgent}  owner {owner}  {view.channel}"


def _facts(view: TicketView) -> str:
    facts = [
        ("From", _person(view.requester)),
        ("Confirm", _UNSURE.format(view.id) if view.requester_unsure else None),
        *(("Asked", f"{one.words} `ticket allow {view.id}`, or decline") for one in view.questions),
        ("Letters", _broken(view.requester)),
        ("Opened", when(view.opened_at)),
        ("Category", view.category),
        ("Service", view.service),
        ("Group", f"{view.group} (level {view.level})" if view.group else None),
        ("Device", _device(view)),
        ("Affected", _asked(view)),
        ("Waiting", _waiting(view)),
        ("Needs", _needs(view)),
        ("Problem", view.problem),
        ("Reproduce", view.reproduction),
        ("Worked", hours_words(view.worked) if view.worked else None),
        ("Checklist", f"{view.items_done} of {view.items} done" if view.items else None),
        ("Resolution", view.resolution),
        ("Belongs to", ", ".join(f"P{p.id} {p.title} ({p.state})" for p in view.problems)),
        ("Solution", f"S{view.solution_id} {view.solution}" if view.solution_id else None),
        ("Rated", f"{view.rating} of 5 {view.rating_comment}".strip() if view.rating else None),
        ("Closed", f"{when(view.closed_at)} {view.outcome or ''} {view.close_reason}".strip()),
        ("Watchers", ", ".join(view.watchers)),
        ("Links", ", ".join(f"{one.kind} #{one.ticket_id}" for one in view.links)),
        *sorted(view.fields.items()),
    ]
    return "\n".join(f"{name:<11}{_one(str(value))}" for name, value in facts if value)


def _broken(person: PersonRow | None) -> str | None:
    if person is None or not person.broken:
        return None
    one = person.broken[0]
    return f"come back from {one.address} since {when(one.since)}: {one.reason}"


def _person(person: PersonRow | None) -> str | None:
    if person is None:
        return None
    about = [person.department, person.location, person.phone, person.segment]
    address = f" <{person.addresses[0]}>" if person.addresses else ""
    return "  ".join([person.name + address, *(part for part in about if part)])


def _device(view: TicketView) -> str | None:
    if view.device is None:
        return None
    return " ".join(filter(None, [view.device.name, view.device.model, view.device.os]))


def _asked(view: TicketView) -> str | None:
    """What was asked of urgency: how many people, can they work, by when."""
    many = f"{view.people} people" if view.people != 1 else "one person"
    able = {None: "", True: "cannot work", False: "can work meanwhile"}[view.cannot_work]
    by = f"needed by {when(view.needed_by)}" if view.needed_by else ""
    return ", ".join(part for part in (many if view.people else "", able, by) if part) or None


def _waiting(view: TicketView) -> str | None:
    if view.waiting_for is None:
        return None
    until = f" until {when(view.waiting_until)}" if view.waiting_until else ""
    return f"for {view.waiting_for}{until} {view.waiting_reason}".rstrip()


def _needs(view: TicketView) -> str | None:
    if view.needs == "nothing":
        return None
    whose = f" of {view.approver}" if view.approver else ""
    return f"{view.needs}{whose}" + (
        f", {view.approval} {when(view.approval_at)}" if view.approval else ""
    )


def _said(view: TicketView, full: bool) -> str:
    return _indented(view.body, full)


def _steps(view: TicketView) -> str:
    lines = []
    for place, step in enumerate(view.steps, 1):
        who = f"  {step.actor} {when(step.at)}" if step.actor else ""
        reason = f"  skipped: {_one(step.reason)}" if step.status == "skipped" else ""
        sign = _SIGNS[step.status]
        lines.append(f"{sign} {place} {STEP_TITLES[Step(step.step)]:<24}{who}{reason}".rstrip())
    return "\n".join(lines)


def _timeline(view: TicketView, names: Names, full: bool, whole: Mapping[int, str]) -> str:
    return "\n".join(
        "\n".join(_entry(entry, change_lines(entry, names), full, whole)) for entry in view.timeline
    )


def _entry(
    entry: EntryRow, changes: Iterable[str], full: bool, whole: Mapping[int, str]
) -> Iterator[str]:
    side = "public" if entry.public else "internal"
    undone = "  (undone)" if entry.undone else ""
    yield f"{when(entry.at)}  {_one(entry.who)}  {entry.event}  {side}  [{entry.id}]{undone}"
    yield from (f"    {line}" for line in changes)
    if entry.text:
        yield _indented(whole.get(entry.id, entry.text), full)
    if entry.data.get("folded") and entry.id not in whole:
        yield f"    … {entry.data['folded']} quoted lines (--full)"
    yield from (f"    next: {_one(str(action))}" for action in entry.data.get("actions") or ())
    for one in entry.attachments:
        yield f"    file {one.id}: {_one(one.name)} ({one.size} bytes)"


def _indented(text: str, full: bool) -> str:
    lines = clean(text).splitlines()
    if not full and len(lines) > _LONG:
        lines = [*lines[:_LONG], f"… {len(lines) - _LONG} more lines (--full)"]
    return "\n".join(f"    {line}" for line in lines)
