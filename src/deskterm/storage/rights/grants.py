"""Which role may do what with which table: the one list that grants are laid and checked by.

Everybody reads everything but secrets. `i`, `u`, `d` are INSERT, UPDATE, DELETE; where only some
columns may be changed they are named. Whatever stands in no list is read only for people, so that
a new table gives no rights before somebody has thought of it (tests/arch asks for it).
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from deskterm.domain.team import Role


class Right(NamedTuple):
    """What may be done with one table besides reading it."""

    may: str
    """Of `i`, `u`, `d`."""
    columns: tuple[str, ...] = ()
    """Only these may be changed (`u`); none named: all."""


HISTORY = ("operation", "ledger", "redaction", "seal")
"""Written once, by triggers' leave; nobody changes or removes it."""
OWNERS = ("redaction", "retained", "allowed_client")
"""Written by the owner of the database alone: who forgets somebody, and says who sees what."""
SECRETS = ("secret",)
"""Read by workers alone."""

WORK: Mapping[str, Right] = {
    **dict.fromkeys(
        (
            *("step", "field_value", "watcher", "link", "question", "entry_place"),
            *("callback", "visit", "draft", "notice", "saved_view", "absence", "taken_back"),
            *("canned_text", "checklist_item", "day_mark"),
            *("competence", "review", "handover", "handover_read", "presence", "time_entry"),
            *("person_address", "solution_use", "problem_ticket", "problem_told"),
            *("problem_promise", "release_problem", "release_told", "news_told"),
            *("improvement", "decision", "feedback"),
            *("tracked", "tracked_comment", "course", "course_due", "result", "result_due"),
        ),
        Right("iud"),
    ),
    **dict.fromkeys(
        (
            *("ticket", "person", "device", "technician", "guide", "guide_run", "solution"),
            *("problem", "release", "announcement", "counter", "measure", "errand"),
        ),
        Right("iu"),
    ),
    **dict.fromkeys(("ledger", "attachment", "blob", "mail_reference"), Right("i")),
    "operation": Right("i"),
    "outbox": Right("iu", ("state", "not_before", "entries", "template", "attempts", "created_at")),
    "inbox": Right("u", ("state", "reason", "ticket_id", "attempts")),
    "rule": Right("u", ("trouble",)),
}
"""What the day's work needs: technicians, managers and workers have it."""
_MAILBOX = ("name", "kind", "address", "group_id", "category_id", "channel", "active", "source")
"""Of a mailbox: what the ledger tells of where it changes; how far it was read is a worker's."""
_PROGRESS = ("trouble", "trouble_kind", "next_try", "since")
"""Of a mailbox: put back with every change, so that it is tried anew."""
SETTLED: Mapping[str, Right] = dict.fromkeys(
    (
        *("desk_group", "membership", "category", "service", "field_definition", "rule"),
        *("desk_setting", "calendar", "remote", "offer", "offer_organisation", "offer_segment"),
        *("offer_site", "offer_version"),
        *("organisation", "site", "technician", "person", "device", "problem", "release"),
        *("announcement", "solution", "mail_receipt"),
        *("macro", "checklist", "ticket_template", "recurring", "own_verb", "recurring_made"),
        *("announcement", "solution", "mail_receipt", "member", "retention"),
    ),
    Right("iud"),
) | {"mailbox": Right("iud", (*_MAILBOX, *_PROGRESS))}
"""What the desk has settled: managers change it."""
JOBS: Mapping[str, Right] = {
    **dict.fromkeys(
        (
            *("lease", "learned_word", "learned_head", "learned_ticket", "learned_lesson"),
            *("mail_receipt", "secret", "recurring_made", "hook_run", "day_total"),
        ),
        Right("iud"),
    ),
    **dict.fromkeys(("outbox", "inbox", "organisation", "site"), Right("iu")),
    "mailbox": Right(
        "u",
        (
            "uid_validity",
            "last_uid",
            "last_success",
            "trouble",
            "trouble_kind",
            "next_try",
            "since",
        ),
    ),
    "calendar": Right("u"),
    "recurring": Right("u", ("trouble",)),
    "seal": Right("i"),
}
"""What the jobs need besides: only workers have it."""

MAY: Mapping[Role, tuple[Mapping[str, Right], ...]] = {
    Role.TECHNICIAN: (WORK,),
    Role.MANAGER: (WORK, SETTLED),
    Role.WORKER: (WORK, JOBS),
    Role.AUDITOR: (),
    Role.BACKUP: (),
}


def rights(role: Role) -> Iterator[tuple[str, Right]]:
    """Give each table that a role may change, with what of it; one table may come twice."""
    for granted in MAY[role]:
        yield from granted.items()


def who_may(table: str) -> list[Role]:
    """Give the roles that may change a table, or read it where it is secret."""
    return [role for role in Role if any(name == table for name, _ in rights(role))]
