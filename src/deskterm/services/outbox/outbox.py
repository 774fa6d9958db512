"""The outbox as technicians see it: what waits, what failed, what a letter says, and its words."""

from collections.abc import Sequence

from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.mail_rows import LetterRow, Sent
from deskterm.domain.text import storable
from deskterm.settings import Settings
from deskterm.storage.driver import Database, Row, json_text, moment, moment_or_none
from deskterm.storage.store import Store

_COLUMNS = (
    "id, ticket_id, recipient, template, state, created_at, not_before, attempts, error, sent_at"
)
_LETTER = (
    "id, ticket_id, person_id, recipient, recipient_name, template, message_id, entries, "
    "created_at, attempts, sha256, state"
)


class Outbox:
    """Sends letters and shows them."""

    def __init__(self, store: Store, me: str, settings: Settings) -> None:
        self._store = store
        self._me = me
        self._settings = settings

    def send(self, at_once: bool = False) -> Sent:
        """Send the letters that are due; `at_once` also those that wait for more to join them."""
        from deskterm.services.outbox.sending import Sending

        return Sending(self._store, self._settings).run(at_once)

    def queue(self, sent: bool = False, limit: int = 200) -> list[LetterRow]:
        """Give the letters that wait or failed, newest first; with `sent` all of them."""
        condition = "" if sent else "WHERE state IN ('queued', 'claimed', 'failed')"
        with self._store.reading() as database:
            rows = database.all(
                f"SELECT {_COLUMNS} FROM outbox {condition} "  # noqa: S608 - constants
                "ORDER BY id DESC LIMIT :limit",
                limit=limit,
            )
        return [_row(row) for row in rows]

    def retry(self, numbers: Sequence[int] = (), *, op_id: str | None = None) -> int:
        """Queue failed letters again, all of them where none is named; gives how many."""
        with self._store.work(self._me, op_id) as work:
            work.claim("mail retry")
            wanted = numbers or [
                row["id"]
                for row in work.spine.all(
                    "SELECT id FROM outbox WHERE state = 'failed' ORDER BY id"
                )
            ]
            for number in dict.fromkeys(wanted):
                self._again(work.spine, number, work.at)
                change = {"state": ("failed", "queued")}
                work.record(("letter", number), "mail", changes=change)
        return len(set(wanted))

    def _again(self, database: Database, number: int, now: object) -> None:
        changed = database.run(
            "UPDATE outbox SET state = 'queued', not_before = :now, created_at = :now, "
            "attempts = 0 WHERE id = :id AND state = 'failed'",
            now=now,
            id=number,
        )
        if not changed:
            row = database.one("SELECT state FROM outbox WHERE id = :id", id=number)
            if row is None:
                raise NotFoundError(f"there is no letter {number}; see `deskterm mail queue`.")
            raise RefusedError(f"letter {number} is {row['state']}: only failed ones are retried.")

    def preview(self, ticket: int) -> list[str]:
        """Give the letters of a ticket as mails, newest last: frozen ones as they left."""
        from email import message_from_bytes
        from email.policy import default

        with self._store.reading() as database, database.snapshot():
            mails = _mails(database, ticket)
        texts = []
        for raw in mails:
            message = message_from_bytes(raw, policy=default)
            head = "\n".join(f"{name}: {value}" for name, value in message.items())
            body = message.get_body(("plain",))
            texts.append(f"{head}\n\n{body.get_content() if body else ''}")
        return texts

    def template(self, name: str) -> str:
        """Give a letter's template, the desk's own or the first one; raises UsageError."""
        from deskterm.mail.templates import shipped
        from deskterm.services.outbox.public_view import read_edited

        default = shipped(name)
        with self._store.reading() as database:
            return read_edited(database).get(name, default)

    def set_template(self, name: str, text: str | None, *, op_id: str | None = None) -> None:
        """Keep the desk's own template of a letter, or with None go back to the first one.

        Raises UsageError naming the line where it cannot be rendered.
        """
        from deskterm.mail.render import check_template
        from deskterm.mail.templates import check_name
        from deskterm.services.outbox.public_view import read_edited

        check_name(name)
        if text is not None:
            check_template(name, text)
        key = f"letter.{name}"
        with self._store.work(self._me, op_id) as work:
            work.claim("letter template")
            before = read_edited(work.spine).get(name)
            work.spine.run("DELETE FROM desk_setting WHERE key = :key", key=key)
            if text is not None:
                work.spine.run(
                    "INSERT INTO desk_setting (key, value) VALUES (:key, :value)",
                    key=key,
                    value=json_text(storable(text)),
                )
            work.record(("setting", 0), "edited", data={"key": key}, changes={key: (before, text)})


def _mails(database: Database, ticket: int) -> list[bytes]:
    from deskterm.services.outbox.frozen import compose
    from deskterm.services.outbox.public_view import read_edited, read_face

    rows = database.all(
        f"SELECT {_LETTER} FROM outbox WHERE ticket_id = :id "  # noqa: S608 - constants
        "AND state <> 'withdrawn' ORDER BY id DESC LIMIT 20",
        id=ticket,
    )
    if not rows:
        raise NotFoundError(f"no letter was written about #{ticket}.")
    face, edited = read_face(database), read_edited(database)
    return [
        _frozen(database, row) or compose(database, [row], face, edited) for row in reversed(rows)
    ]


def _frozen(database: Database, row: Row) -> bytes:
    if row["sha256"] is None:
        return b""
    kept = database.one("SELECT bytes FROM blob WHERE sha256 = :sha256", sha256=row["sha256"])
    return bytes(kept["bytes"]) if kept else b""


def _row(row: Row) -> LetterRow:
    return LetterRow(
        id=row["id"],
        ticket_id=row["ticket_id"],
        recipient=row["recipient"],
        template=row["template"],
        state=row["state"],
        created_at=moment(row["created_at"]),
        not_before=moment(row["not_before"]),
        attempts=row["attempts"],
        error=row["error"],
        sent_at=moment_or_none(row["sent_at"]),
    )
