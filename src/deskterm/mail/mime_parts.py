"""The parts of a letter as bytes: text, HTML, files, and what holds them together."""

import quopri
from base64 import encodebytes
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from deskterm.domain.text import safe_filename, storable
from deskterm.mail.header_lines import LINE_END, Field, attachment_field, media_type

_END = LINE_END.encode()
_LONGEST_LINE = 900


class Part(NamedTuple):
    """Header lines and the bytes below them, which end with a line end."""

    fields: tuple[Field, ...]
    body: bytes

    def raw(self) -> bytes:
        """Give the part as it is written."""
        head = "".join(f"{field}{LINE_END}" for field in self.fields)
        return head.encode() + _END + self.body


def text_part(text: str, sub: str) -> Part:
    """Give words as `text/plain` or `text/html`."""
    lines = storable(text).replace("\r\n", "\n").replace("\r", "\n")
    whole = lines.rstrip("\n") + "\n"
    plain = whole.isascii() and all(len(line) <= _LONGEST_LINE for line in whole.split("\n"))
    charset, coding = ("us-ascii", "7bit") if plain else ("utf-8", "quoted-printable")
    body = whole.encode() if plain else quopri.encodestring(whole.encode())
    fields = (
        Field("Content-Type", f'text/{sub}; charset="{charset}"'),
        Field("Content-Transfer-Encoding", coding),
    )
    return Part(fields, body.replace(b"\n", _END))


def file_part(name: str, kind: str, body: bytes) -> Part:
    """Give an attached file, in base64."""
    fields = (
        Field("Content-Type", "/".join(media_type(kind))),
        Field("Content-Transfer-Encoding", "base64"),
        attachment_field(safe_filename(name)),
    )
    return Part(fields, encodebytes(body).replace(b"\n", _END) or _END)


def joined(parts: Sequence[Part], sub: str) -> Part:
    """Give several parts as one; a single one stays as it is."""
    if len(parts) == 1:
        return parts[0]
    written = [part.raw() for part in parts]
    # Made of what is inside, so that nothing inside can hold it.
    border = f"=_{sha256(_END.join(written)).hexdigest()[:40]}".encode()
    body = b"".join(b"--%b\r\n%b" % (border, one) for one in written)
    kind = Field("Content-Type", f'multipart/{sub};{LINE_END} boundary="{border.decode()}"')
    return Part((kind,), b"%b--%b--\r\n" % (body, border))
