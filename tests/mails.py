"""Makers of mails for the inbox, and what became of them."""

import json
from collections.abc import Sequence
from typing import Any

from deskterm.bootstrap import Desk
from deskterm.domain.mail_rows import Processed


def mail_bytes(subject: str = "Printer", body: str = "It is broken.", **headers: str) -> bytes:
    """Build a mail from Ada; `message_id` becomes `Message-Id` and so on."""
    fields = {"From": "Ada Moss <ada@example.org>", "To": "help@localhost", "Subject": subject}
    fields |= {name.replace("_", "-").title(): text for name, text in headers.items()}
    lines = [f"{name}: {text}" for name, text in fields.items() if text]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def take(desk: Desk, *mails: bytes) -> Processed:
    """Receive and process mails."""
    for raw in mails:
        desk.inbox.receive(raw)
    return desk.inbox.process()


def secret(desk: Desk) -> str:
    """Give the desk's newest secret."""
    with desk.store.reading() as database:
        row = database.one("SELECT value FROM secret WHERE name = 'token' ORDER BY id DESC LIMIT 1")
    assert row is not None
    return str(row["value"])


def last_entry(desk: Desk, event: str = "received") -> dict[str, Any]:
    """Give the newest ledger entry of that kind, with what it keeps."""
    with desk.store.reading() as database:
        row = database.one(
            "SELECT public, text, data, actor, subject_id FROM ledger WHERE event = :event "
            "AND kind = 'ticket' ORDER BY id DESC LIMIT 1",
            event=event,
        )
    assert row is not None
    return {
        **{key: row[key] for key in ("public", "text", "subject_id", "actor")},
        **json.loads(row["data"]),
    }


def send_all(desk: Desk) -> Sequence[dict[str, Any]]:
    """Let every letter leave, and give those that left."""
    desk.outbox.send(at_once=True)
    with desk.store.reading() as database:
        rows = database.all("SELECT id, ticket_id, recipient, message_id FROM outbox ORDER BY id")
    return [
        {key: row[key] for key in ("id", "ticket_id", "recipient", "message_id")} for row in rows
    ]


def bounce_bytes(
    to: str, recipient: str, status: str = "5.1.1", action: str = "failed", original: str = ""
) -> bytes:
    """Build a delivery status notification about one recipient."""
    return (
        f"From: MAILER-DAEMON@mx.test\r\nTo: {to}\r\nReturn-Path: <>\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\n\r\nI could not deliver it.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} says the server\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Message-ID: {original}\r\nSubject: x\r\n\r\ny\r\n--b--\r\n"
    ).encode()
