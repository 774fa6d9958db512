"""Texts that strangers may put into a letter: words that want to be headers, addresses or controls.

Written for this project; `every` adds those of the collection beside it, where that is there.
"""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.cases import load

COLLECTION = Path(__file__).parents[2] / "shared" / "data" / "hostile.jsonl"
_LONGEST = 2_000
"""Longer ones are tried elsewhere: no header says more than its first two hundred signs."""
OWN = (
    "a\r\nBcc: evil@e.test",
    "a\rBcc: evil@e.test",
    "a\nContent-Type: text/html\n\n<h1>Pay now</h1>",
    "Invoice\r\nContent-Type: text/html\r\n\r\n<h1>Pay now</h1>\r\n<!--",
    "\r\n\r\nGood day, click here",
    "x\x0bBcc: a@e.test\x0cCc: b@e.test\x1cTo: c@e.test\x85From: d@e.test",
    "x\u2028Bcc: a@e.test\u2029Cc: b@e.test",
    "nul \x00 escape \x1b[31m bell \x07 title \x1b]0;owned\x07 delete \x7f",
    "csi \x9b31m and osc \x9d52;c;aGk=\x9c",
    "\u202egpj.exe\u202c and \u2066isolate",
    "tags \U000e0041\U000e0042, lone \ud800 half",
    "=?utf-8?q?half of a word",
    "half of a word?=",
    "=?utf-8?q?one=0d=0aBcc:_a@e.test?= =?utf-8?q?=0d=0aCc:_b@e.test?=",
    "=?=?utf-8?q?=3d?utf-8?q?x=0d=0aBcc:_a@e.test?=?=",
    "=?utf-7?q?+AA0ACg-Bcc: a@e.test?=",
    "=?utf-8*en?b?DQpCY2M6IGFAZS50ZXN0?=",
    '"Ada" <victim@e.test>, evil <evil@e.test>',
    "Friends: a@e.test, b@e.test;",
    'back\\slash \\" quote " and (comment (nested) @ here',
    "<x@e.test>\r\nRCPT TO:<evil@e.test>",
    "../../etc/passwd; name*0*=utf-8''x%0d%0aBcc:",
    'x"; filename="y.exe\r\nContent-Transfer-Encoding: 8bit',
    ".\r\nMAIL FROM:<x@e.test>",
    "--boundary\r\nContent-Type: text/html\r\n\r\nx\r\n--boundary--",
    "{{ 7 * 7 }} {% for x in y %}",
    "<script>alert(1)</script>&lt;b&gt;",
    "Grüße aus 渡辺 Ωmega e\u0301 👩\u200d💻 क्\u200dष",
    "é" * 300,
    "a" * 400,
    "a " * 300,
    "=?" * 200,
    "   ",
    "",
)


def every() -> Iterator[str]:
    """Give each text plain, as an encoded word, and as an encoded word inside an encoded word."""
    for plain in (*OWN, *_collected()):
        yield plain
        yield word(plain)
        yield word(word(plain))


def word(text: str, kind: str = "q") -> str:
    """Give a text as one encoded word, whatever it is made of."""
    body = text.encode("utf-8", "surrogatepass")
    if kind == "b":
        return f"=?utf-8?b?{b64encode(body).decode()}?="
    return "=?utf-8?q?" + "".join(f"={byte:02x}" for byte in body) + "?="


def _collected() -> list[str]:
    return [case.payload[:_LONGEST] for case in load(COLLECTION)] if COLLECTION.exists() else []
