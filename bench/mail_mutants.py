"""Mutated mails, read as the desk reads them: `uv run python -m bench.mail_mutants [--each N]`.

No exception, and no mail over a second of CPU. Prints how many were read and the slowest; a mail
that fails is named with the numbers that make it again.
"""

import argparse
import os
import random
import time
from collections.abc import Sequence
from pathlib import Path

from deskterm.mail.desk_view import OwnDesk, seen_by
from deskterm.mail.forwarded import read_forward
from deskterm.mail.parse import parse_mail
from deskterm.mail.reply import new_words
from deskterm.mail.structure import MailLimits
from deskterm.mail.verdict import verdict

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "mail"
DESK = OwnDesk(frozenset({"help@desk.example"}), ("a secret",))
SENT = ("Hello Ada,\n\nWhich floor are you on?\n\nTo add something, just answer this letter.\n",)
_TOKENS = (
    b"\n\n", b"\r", b"\0", b"\n--", b"--\n", b"=?utf-8?b?", b"?=", b"=\n", b"<", b">", b"\n> ",
    b"(" * 200, b"From: ", b"Content-Type: multipart/mixed; boundary=",
    b"Content-Type: text/html\n\n", b"<div>" * 300, b"Content-Transfer-Encoding: base64\n",
    b"charset=utf-16", b"\xff\xfe", b"\x1b$B", b"begin 644 x\n", b"\n-- \n", b"wrote:\n",
    b"Sent from my iPhone\n", b"Final-Recipient: rfc822; a@b\n", b'{"event":"bounce"',
    b"winmail.dat", b"application/pkcs7-mime", b"application/ms-tnef", b"\x22\x3e\x9f\x78",
    b"| a\n| b\n",
)  # fmt: skip


def mutated(mails: Sequence[bytes], seed: int) -> bytes:
    """Give one of the mails with one to six changes; the same for the same seed."""
    chance = random.Random(seed)
    raw = mails[chance.randrange(len(mails))]
    for _ in range(chance.randint(1, 6)):
        raw = _changed(raw, mails, chance)[:400_000]
    return raw


def _changed(raw: bytes, mails: Sequence[bytes], chance: random.Random) -> bytes:
    start = chance.randrange(len(raw) + 1)
    stop = min(len(raw), start + chance.choice((1, 4, 40, 400, 4_000)))
    piece = raw[start:stop]
    kind = chance.randrange(7)
    if kind == 0:
        return raw[:start] + raw[stop:]
    if kind == 1:
        return raw[:start] + chance.choice(_TOKENS) + raw[start:]
    if kind == 2:
        return raw[:stop] + piece * chance.choice((1, 3, 30, 300)) + raw[stop:]
    if kind == 3:
        return raw[:start] + chance.randbytes(len(piece)) + raw[stop:]
    if kind == 4:
        other = mails[chance.randrange(len(mails))]
        return raw[:start] + other[chance.randrange(len(other) + 1) :]
    if kind == 5:
        return raw[:start] + piece[::-1] + raw[stop:]
    return raw[:start]


def read(raw: bytes) -> None:
    """Read a mail in every way that the inbox does."""
    mail = seen_by(parse_mail(raw), DESK)
    words = new_words(mail, SENT)
    read_forward(mail, MailLimits())
    verdict(words.text, mail.from_name)
    "".join((mail.subject, mail.body, words.text, mail.from_name)).encode()


def standard_mails() -> list[bytes]:
    """Give the mails of CPython's own tests."""
    folder = Path(os.__file__).parent / "test/test_email/data"
    return [one.read_bytes() for one in sorted(folder.glob("*.txt"))]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.mail_mutants", description=__doc__)
    parser.add_argument("--each", type=int, default=200, help="mutated mails for each real one")
    parser.add_argument("--first", type=int, default=0, help="begin with this seed")
    given = parser.parse_args()
    mails = standard_mails() + [one.read_bytes() for one in sorted(DATA.rglob("*.eml"))]
    many = given.each * len(mails)
    slowest, failed = (0.0, -1), 0
    for seed in range(given.first, given.first + many):
        raw = mutated(mails, seed)
        start = time.process_time()
        try:
            read(raw)
        except Exception as error:  # noqa: BLE001 - a failure is what is counted here
            failed += 1
            print(f"seed {seed}: {type(error).__name__}: {error}")
        slowest = max(slowest, (time.process_time() - start, seed))
    print(f"{'mutated mails read':<32}{many - failed:,} of {many:,} (goal: all)")
    print(f"{'slowest (goal 1,000 ms of CPU)':<32}{slowest[0] * 1000:>7.0f} ms  seed {slowest[1]}")


if __name__ == "__main__":
    main()
