"""Any bytes are read: no exception, nothing that cannot be stored or would end a header."""

from hypothesis import given, settings
from hypothesis import strategies as st

from deskterm.mail.html import html_text
from deskterm.mail.parse import parse_mail
from deskterm.mail.reaction import is_only_thanks

_PIECES = st.sampled_from(
    [
        b"From: ",
        b"Subject: ",
        b"To: ",
        b"Content-Type: multipart/mixed; boundary=b\n",
        b"Content-Type: text/html; charset=",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: x-uuencode\n",
        b"Content-Disposition: attachment; filename*0*=utf-8''a",
        b"--b\n",
        b"--b--\n",
        b"\n",
        b"\r\n",
        b"\r",
        b"\n\n",
        b"=?utf-8?q?=C3",
        b"=?utf-7?b?",
        b"?=",
        b"<a@b.c>",
        b"(",
        b'"',
        b"utf-16\n",
        b"hz\n",
        b"<div><p>",
        b"</table>",
        b"&#xD800;",
    ]
)
_MAILS = st.lists(_PIECES | st.binary(max_size=12), max_size=40).map(b"".join)


@settings(max_examples=150, deadline=None)
@given(_MAILS)
def test_any_bytes_are_a_mail(raw: bytes) -> None:
    mail = parse_mail(raw)
    values = [mail.subject, mail.from_name, mail.from_email, *mail.references]
    values += [box.address for box in (*mail.to, *mail.cc)] + [one.name for one in mail.files]
    for value in values:
        assert not set(value) & {"\r", "\n", "\x00"}
    "".join([*values, mail.body, mail.body_alt]).encode("utf-8")
    assert "\x00" not in mail.body


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="<>/&;=\"' abdipstrxloc-!#", max_size=300))
def test_any_markup_becomes_text(html: str) -> None:
    text = html_text(html)
    assert len(text) <= 4 * len(html) + 20
    is_only_thanks(text)
