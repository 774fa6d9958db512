"""Hostile inputs of the project's own: what every clone has, whatever lies beside it.

Each is told by its class (see `coverage.py`), where it comes in, and its payload.
"""

from typing import Any

ESC, BELL, BACK, CSI = "\x1b", "\x07", "\x08", "\x9b"
_MANY = 1_500

_CASES: tuple[tuple[str, str, str], ...] = (
    # What a drawing library would take for markup.
    ("textual-markup", "subject", "[@click=app.exit]press me[/]"),
    ("textual-markup", "body", "[reverse]your desk[/reverse] [link=https://evil.test]here[/link]"),
    ("textual-markup-crash", "subject", "closing [/nothing] of none ["),
    ("textual-markup-crash", "body", "rows[0][-1] = {'[': ']'} \\["),
    ("rich-emoji", "subject", ":fire: the :printer: :x:"),
    # What a terminal would obey.
    ("terminal-escape:clear", "subject", f"gone{ESC}[3J{ESC}c"),
    ("terminal-escape:title", "body", f"{ESC}]2;root shell{BELL}mail"),
    ("terminal-escape:osc8", "body", f"{ESC}]8;;https://evil.test{BELL}safe{ESC}]8;;{BELL}"),
    ("terminal-escape:clipboard", "mail header", f"{ESC}]52;c;cm0gLXJm{BELL}"),
    ("terminal-escape:c1-csi", "mail header", f"Mia {CSI}2J"),
    ("terminal-escape:forged-line", "body", f"x{ESC}[F{ESC}[2Kclosed by ben"),
    ("terminal-escape:backspace", "subject", f"refused{BACK * 7}granted"),
    ("terminal-escape:overwrite", "body", "please pay\rplease wait"),
    # What eyes would misread.
    ("unicode:bidi-override", "subject", "report \u202eslx.exe"),
    ("unicode:bidi-isolate", "body", "to \u2067ada\u2069 only"),
    ("unicode:zero-width", "subject", "pass\u200bword\u2060reset\ufeff"),
    ("unicode:tag-chars", "body", "hello\U000e0068\U000e0069"),
    ("unicode:stacked", "subject", "o" + "\u0308\u0301" * 60),
    ("unicode:homoglyph-domain", "mail header", "desk@ex\u0430mple.test"),
    ("unicode:lone-surrogate", "body", "half \udcff of a sign"),
    # Headers of mails.
    ("mail:crlf-subject", "subject", "one\r\nBcc: eve@evil.test"),
    ("mail:cr-only", "subject", "two\rX-Forged: yes"),
    ("mail:encoded-crlf", "mail header", "=?utf-8?q?three=0d=0aBcc:_eve@evil.test?="),
    (
        "mail:encoded-twice",
        "mail header",
        "=?utf-8?b?PT91dGYtOD9xP3g9MGQ9MGFCY2M6X2V2ZUBldmlsLnRlc3Q/PQ==?=",
    ),
    ("mail:two-at-signs", "mail header", "From: ada@example.test@evil.test"),
    ("mail:sender-comment", "mail header", "From: eve@evil.test (ada@example.test)"),
    ("mail:brackets", "mail header", "Cc: " + "<" * _MANY),
    ("mail:machine-headers", "mail header", "X-Deskterm-Ticket: 1\r\nX-Ticket-State: closed"),
    ("mail:dot-line", "body", "first\r\n.\r\nMAIL FROM:<eve@evil.test>"),
    ("thread:claimed-number", "subject", "Re: [#1] about your ticket"),
    ("thread:joined-by-copy", "mail header", "Cc: mallory@evil.test, root@evil.test"),
    ("thread:old-date", "mail header", "Date: Thu, 01 Jan 1970 00:00:00 +0000"),
    ("thread:same-id", "mail header", "Message-ID: <once@people.test>"),
    # Pages.
    ("html", "body", "<script>document.title='x'</script><p onclick=go()>text</p>"),
    ("html", "body", "<img src=https://evil.test/seen.png><p>seen</p>"),
    ("html", "body", "<style>p{display:none}</style><a href='javascript:x'>y</a>"),
    # Links.
    ("link", "body", "[https://bank.test](javascript:alert(1))"),
    ("link", "body", "https://user:pw@evil.test/https://bank.test"),
    ("link", "body", "file:///etc/hostname data:text/html,x vbscript:y"),
    # Names of files.
    ("attachment-name:upwards", "attachment name", "../../../home/ben/.profile"),
    ("attachment-name:root", "attachment name", "/etc/cron.d/deskterm"),
    ("attachment-name:windows", "attachment name", "..\\Startup\\go.bat"),
    ("attachment-name:nul", "attachment name", "notes.pdf\x00.sh"),
    ("attachment-name:home", "attachment name", "~root"),
    ("attachment-name:long", "attachment name", "n" * _MANY + ".txt"),
    ("attachment-name:empty", "attachment name", ""),
    ("attachment-name:hidden", "attachment name", ".bash_login"),
    ("attachment-name:escape", "attachment name", f"a{ESC}[2Jb.txt"),
    # Contents of files, written byte for byte.
    ("attachment:archive-bomb", "attachment content", "PK\x03\x04\xff\xff" * 60),
    ("attachment:picture-bomb", "attachment content", "MM\x00*" + "\xfe" * 300),
    ("attachment:packed", "attachment content", "\x1f\x8b\x08" + "\x00" * 400),
    ("attachment:launcher", "attachment content", "[Desktop Entry]\nType=Application\nExec=reboot"),
    ("thread:quoted-note", "body", "> internal: the spare key is 4711\nplease explain"),
    # Tables and commands.
    ("csv-formula", "subject", '=HYPERLINK("https://evil.test";"bill")'),
    ("csv-formula", "subject", "@SUM(1+1)"),
    ("csv-formula", "import field", "-2+3|calc"),
    ("cmd:sql", "import field", "x'; DELETE FROM ticket; --"),
    ("cmd:like", "import field", "%%__%"),
    ("cmd:template", "import field", "{{ 7*7 }} {% for a in b %} ${HOME} `id`"),
    ("cmd:option", "subject", "--db=/dev/null"),
    ("cmd:log-forge", "import field", "done\n2026-05-05 12:00 cy closed #1"),
)

HOSTILE: tuple[dict[str, Any], ...] = tuple(
    {"id": f"W{number:03}", "class": kind, "where": where, "payload": payload}
    for number, (kind, where, payload) in enumerate(_CASES, 1)
)
"""The cases, as the lines of a collection give them."""


def own(kind: str) -> dict[str, Any]:
    """Give the one case of a class."""
    (found,) = (one for one in HOSTILE if one["class"] == kind)
    return found
