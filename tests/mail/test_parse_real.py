"""Real awkward mails: none raises, and what people see in them is found."""

import json
import os
import re
import unicodedata
from pathlib import Path
from typing import Any

from deskterm.mail.parse import parse_mail


def _squashed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_the_awkward_mails_are_read_as_their_readers_expect(shared_data: Path) -> None:
    wrong: dict[str, list[str]] = {"subject": [], "sender": [], "files": [], "body": []}
    cases = _lines(shared_data / "mail/parse.jsonl")
    for case in cases:
        mail = parse_mail((shared_data / "mail" / case["file"]).read_bytes())
        want = case["expect"]
        names = [_spaced(one.name) for one in mail.files]
        text = _squashed(mail.body + "\n" + mail.body_alt)
        found = {
            "subject": _spaced(mail.subject) == _spaced(want.get("subject", mail.subject)),
            "sender": not want.get("from_email")
            or mail.from_email.lower() == want["from_email"].lower(),
            "files": all(_spaced(one) in names for one in want.get("attachment_names_subset", [])),
            "body": all(one in text for one in want.get("body_snippets", [])),
        }
        for key, good in found.items():
            if not good:
                wrong[key].append(case["id"])
    assert len(cases) == 107
    assert wrong["subject"] == wrong["sender"] == wrong["files"] == []
    assert len(wrong["body"]) <= 2, wrong["body"]


def test_no_real_mail_raises_and_every_text_can_be_stored(shared_data: Path) -> None:
    lines = _lines(shared_data / "mail/nocrash.jsonl")
    for line in lines:
        mail = parse_mail((shared_data / "mail" / line["file"]).read_bytes())
        texts = (mail.subject, mail.body, mail.body_alt, mail.from_name, mail.from_email)
        assert not any("\x00" in text for text in texts)
        "".join(texts).encode("utf-8")
    assert len(lines) == 291


def test_the_standard_library_s_own_test_mails_are_read() -> None:
    folder = Path(os.__file__).parent / "test/test_email/data"
    mails = {one.name: parse_mail(one.read_bytes()) for one in folder.glob("msg_*.txt")}
    assert len(mails) >= 45
    assert mails["msg_07.txt"].subject == "Here is your dingus fish"
    assert [one.name for one in mails["msg_07.txt"].files] == ["dingusfish.gif"]
    assert mails["msg_35.txt"].body.startswith("counter to RFC 2822")
    assert mails["msg_43.txt"].is_auto
    assert not mails["msg_01.txt"].is_auto
