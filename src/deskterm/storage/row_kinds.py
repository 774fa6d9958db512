"""The rows the desk keeps beside its tickets: of each kind its table, columns and what hangs on it.

One declared table, from which a `HeldRow` reads, writes and restores them (`storage/held_row.py`).
"""

from functools import partial
from typing import TYPE_CHECKING

from deskterm.calendars.offers import PROMISED
from deskterm.storage import row_parts
from deskterm.storage.row_kind import MEANS_KINDS, RowKind

if TYPE_CHECKING:
    from deskterm.storage.held_values import Changes
    from deskterm.storage.work import Work

_GONE_ON = "It has gone on meanwhile."


def _problem_follows(work: "Work", number: int, changes: "Changes") -> None:
    """The impact of a problem's tickets follows its state."""
    del changes
    from deskterm.storage.ticket.impact import touch

    touch(work, number)


def _promises_follow(kind: str, work: "Work", number: int, changes: "Changes") -> None:
    """What is promised follows calendars, offers, and where people and sites belong."""
    from deskterm.storage import calendars

    calendars.follow(kind, work, number, changes)


ROW_KINDS: dict[str, RowKind] = {
    **MEANS_KINDS,
    "technician": RowKind(
        "technician",
        (
            *("name", "email", "level", "active", "notify", "mail"),
            *("focus_from", "focus_until", "focus_reason", "roles"),
        ),
        "technician {}",
        key="login",
        flags=frozenset({"active"}),
        jsons=frozenset({"roles"}),
        moments=frozenset({"focus_from", "focus_until"}),
        new={"since": "now"},
        goes=(("notice", "login"),),
        used=(
            ("ticket", "assignee"),
            ("membership", "login"),
            ("callback", "owner"),
            ("absence", "login"),
            ("absence", "deputy"),
            ("visit", "technician"),
            ("time_entry", "technician"),
            ("competence", "login"),
            ("review", "login"),
            ("review", "reviewer"),
            ("improvement", "owner"),
            ("decision", "asked_by"),
            ("member", "login"),
        ),
    ),
    "group": RowKind(
        "desk_group",
        ("name", "level", "restricted"),
        "group {}",
        flags=frozenset({"restricted"}),
        parts={"member": row_parts.MEMBER},
        goes=(("membership", "group_id"),),
        used=(
            ("ticket", "group_id"),
            ("ticket", "from_group_id"),
            ("category", "group_id"),
            ("mailbox", "group_id"),
            ("offer", "group_id"),
            ("ticket_template", "group_id"),
        ),
    ),
    "category": RowKind(
        "category",
        ("path", "group_id", "active"),
        "category {}",
        naming="path",
        flags=frozenset({"active"}),
        used=(
            ("ticket", "category_id"),
            ("solution", "category_id"),
            ("problem", "category_id"),
            ("mailbox", "category_id"),
            ("competence", "category_id"),
            ("ticket_template", "category_id"),
            ("retention", "category_id"),
        ),
    ),
    "handover": RowKind(
        "handover",
        ("login", "words", "items"),
        "hand-over {}",
        naming="login",
        jsons=frozenset({"items"}),
        new={"at": "now"},
        goes=(("handover_read", "handover_id"),),
    ),
    "review": RowKind(
        "review",
        (
            *("ticket_id", "login", "period", "reviewer", "answers", "note", "filled_at"),
            *("seen_at", "reply"),
        ),
        "review {}",
        naming="login",
        moments=frozenset({"filled_at", "seen_at"}),
        jsons=frozenset({"answers"}),
        new={"drawn_at": "now"},
        clash=_GONE_ON,
    ),
    "competence": RowKind(
        "competence",
        ("login", "category_id", "level", "source"),
        "competence {}",
        naming="login",
    ),
    "service": RowKind(
        "service",
        ("name",),
        "service {}",
        used=(
            ("ticket", "service_id"),
            ("offer", "service_id"),
            ("ticket_template", "service_id"),
            *(("feedback", "service_id"), ("decision", "service_id")),
        ),
    ),
    "calendar": RowKind(
        "calendar",
        ("name", "zone", "hours", "days", "country", "subdivision", "feed", "desk"),
        "calendar {}",
        flags=frozenset({"desk"}),
        jsons=frozenset({"days"}),
        used=(("recurring", "calendar_id"), ("offer", "calendar_id"), ("site", "calendar_id")),
        follows=partial(_promises_follow, "calendar"),
    ),
    "offer": RowKind(
        "offer",
        (
            *("name", "service_id", "description", "channels", "group_id", "cost"),
            *("first_day", "last_day", *PROMISED),
        ),
        "offer {}",
        jsons=frozenset({"channels"}),
        parts={
            "version": row_parts.VERSION,
            "told": row_parts.news_told("offer"),
            **row_parts.OFFERED,
        },
        goes=(
            ("offer_version", "offer_id"),
            *((f"offer_{one}", "offer_id") for one in row_parts.OFFERED),
        ),
        follows=partial(_promises_follow, "offer"),
    ),
    "field": RowKind(
        "field_definition",
        ("label", "choices", "required_for", "position", "organisation_id", "web", "labels"),
        "field {}",
        naming="label",
        key="name",
        jsons=frozenset({"choices", "labels"}),
    ),
    "view": RowKind("saved_view", ("name", "owner", "query", "position"), "view {}"),
    "organisation": RowKind(
        "organisation",
        ("name", "language", "client", "address", "desk_name", "mission", "greeting", "style"),
        "organisation {}",
        flags=frozenset({"client"}),
        used=(
            *(("person", "organisation_id"), ("offer_organisation", "organisation_id")),
            *(("ticket", "organisation_id"), ("solution", "organisation_id")),
            *(("problem", "organisation_id"), ("announcement", "organisation_id")),
            *(("canned_text", "organisation_id"), ("guide", "organisation_id")),
            *(("field_definition", "organisation_id"), ("improvement", "organisation_id")),
            ("allowed_client", "organisation_id"),
        ),
    ),
    "site": RowKind(
        "site",
        ("name", "address", "travel", "calendar_id"),
        "site {}",
        used=(
            ("person", "site_id"),
            ("device", "site_id"),
            ("problem", "site_id"),
            ("visit", "site_id"),
            ("offer_site", "site_id"),
        ),
        follows=partial(_promises_follow, "site"),
    ),
    "person": RowKind(
        "person",
        (
            *("name", "phone", "department", "location", "title", "segment"),
            *("organisation_id", "site_id", "notes", "language", "active", "news"),
            "link_round",
        ),
        "person #{}",
        flags=frozenset({"active", "news"}),
        parts={
            "address": row_parts.ADDRESS,
            "broken": row_parts.BROKEN,
            "told": row_parts.news_told("person"),
        },
        follows=partial(_promises_follow, "person"),
        goes=(("person_address", "person_id"),),
        used=(
            ("ticket", "requester_id"),
            ("recurring", "person_id"),
            ("ticket", "approver_id"),
            ("watcher", "person_id"),
            ("device", "person_id"),
            ("ledger", "person_id"),
            ("outbox", "person_id"),
            ("problem_told", "person_id"),
            ("release_told", "person_id"),
            ("news_told", "person_id"),
            ("feedback", "person_id"),
            ("member", "person_id"),
        ),
    ),
    "device": RowKind(
        "device",
        (
            *("name", "kind", "model", "os", "os_version", "serial"),
            *("person_id", "site_id", "facts"),
        ),
        "device {}",
        jsons=frozenset({"facts"}),
        used=(("ticket", "device_id"),),
    ),
    "remote": RowKind(
        "remote", ("name", "run", "kind", "os", "active"), "remote {}", flags=frozenset({"active"})
    ),
    "absence": RowKind(
        "absence",
        ("login", "from_at", "until_at", "deputy", "reason"),
        "absence {}",
        naming="login",
        moments=frozenset({"from_at", "until_at"}),
    ),
    "rule": RowKind(
        "rule",
        ("name", "position", "query", "sets", "stops", "active"),
        "rule {}",
        flags=frozenset({"stops", "active"}),
        jsons=frozenset({"sets"}),
        reset={"trouble": ""},
    ),
    "mailbox": RowKind(
        "mailbox",
        ("name", "kind", "address", "group_id", "category_id", "channel", "active", "source"),
        "mailbox {}",
        flags=frozenset({"active"}),
        jsons=frozenset({"source"}),
        new={"since": "now", "last_uid": 0},
        reset={"trouble": "", "trouble_kind": "", "next_try": None},
        goes=(("mail_receipt", "mailbox_id"),),
    ),
    "mail": RowKind("inbox", ("state",), "mail {}", naming="state", clash=_GONE_ON),
    "letter": RowKind(
        "outbox",
        ("state", "not_before"),
        "letter {}",
        naming="state",
        moments=frozenset({"not_before"}),
        clash=_GONE_ON,
    ),
    "errand": RowKind(
        "errand",
        ("state", "not_before", "problem_id"),
        "errand {}",
        naming="state",
        moments=frozenset({"not_before"}),
        clash=_GONE_ON,
    ),
    "guide": RowKind(
        "guide",
        ("active", "organisation_id"),
        "guide version {}",
        naming="active",
        flags=frozenset({"active"}),
    ),
    "announcement": RowKind(
        "announcement",
        (
            *("text", "audience", "kind", "letters", "problem_id", "organisation_id"),
            *("from_at", "until_at", "remind_at", "ended_at", "withdrawn", "closing"),
            *("updates", "due", "due_at", "told", "trouble"),
        ),
        "announcement {}",
        naming="text",
        flags=frozenset({"letters", "withdrawn"}),
        moments=frozenset({"from_at", "until_at", "remind_at", "ended_at", "due_at"}),
        new={"actor": "me"},
        parts={"told": row_parts.news_told("announcement")},
        clash="People were told of it: `announce update`, `end` or `withdraw` tells them more.",
    ),
    "solution": RowKind(
        "solution",
        (
            *("title", "symptoms", "environment", "cause", "resolution", "tip"),
            *("confidence", "audience", "category_id", "organisation_id", "fixed_in"),
            *("owner", "review_by", "published_at"),
        ),
        "S{}",
        naming="title",
        moments=frozenset({"published_at"}),
        parts={"use": row_parts.USE, "told": row_parts.news_told("solution")},
        versioned=True,
    ),
    "problem": RowKind(
        "problem",
        (
            *("title", "state", "cause", "workaround", "reproduction", "model", "os"),
            *("site_id", "category_id", "organisation_id", "severity", "owner"),
            *("product", "found", "fixed", "effort", "measure", "measure_on"),
            *("measure_cost", "measure_owner", "reason"),
        ),
        "P{}",
        naming="title",
        new={"created_at": "now"},
        parts={
            "told": row_parts.TOLD,
            "tracked": row_parts.TRACKED,
            "promise": row_parts.PROMISE,
        },
        versioned=True,
        follows=_problem_follows,
    ),
    "release": RowKind(
        "release",
        (
            *("name", "product", "product_version", "words", "how", "owner"),
            *("planned_at", "shipped_at", "withdrawn_at", "reason"),
        ),
        "release {}",
        moments=frozenset({"planned_at", "shipped_at", "withdrawn_at"}),
        parts={"fixes": row_parts.FIXES, "told": row_parts.NEWS, "answer": row_parts.ANSWER},
        goes=(("release_problem", "release_id"), ("release_told", "release_id")),
        versioned=True,
    ),
    "improvement": RowKind(
        "improvement",
        (
            *("name", "words", "figure", "query", "target", "owner", "first_day", "last_day"),
            *("organisation_id", "reason", "baseline", "result"),
        ),
        "action {}",
        used=(("decision", "improvement_id"),),
    ),
    "decision": RowKind(
        "decision",
        (
            *("name", "words", "asked_by", "asked_on", "answer", "taken_by", "taken_on"),
            *("improvement_id", "service_id"),
        ),
        "decision {}",
    ),
    "feedback": RowKind(
        "feedback",
        ("name", "words", "source", "said_on", "consent", "person_id", "service_id"),
        "feedback {}",
        flags=frozenset({"consent"}),
    ),
    "member": RowKind("member", ("name", "role", "login", "person_id"), "member {}"),
    "retention": RowKind(
        "retention",
        ("name", "category_id", "days", "what", "active"),
        "retention {}",
        flags=frozenset({"active"}),
    ),
}
"""Ledger kind → how its rows are kept. Tickets are held by `Hold`; settings by their names."""
