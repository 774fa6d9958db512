"""Shortcut files for a desktop: they open one address in the browser (A9)."""

from xml.sax.saxutils import escape

from deskterm.domain.errors import UsageError
from deskterm.domain.text import header_safe

_URL = "[InternetShortcut]\r\nURL=ADDRESS\r\n"
_DESKTOP = "[Desktop Entry]\nType=Link\nName=NAME\nURL=ADDRESS\nIcon=help-contents\n"
_WEBLOC = """<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>URL</key><string>ADDRESS</string></dict></plist>
"""
KINDS = {".url": _URL, ".desktop": _DESKTOP, ".webloc": _WEBLOC}
"""Suffix → the form that Windows, Linux desktops and macOS open."""


def written(suffix: str, name: str, address: str) -> str:
    """Give a shortcut's text; raises UsageError for a suffix that no system knows."""
    form = KINDS.get(suffix.lower())
    if form is None:
        known = ", ".join(KINDS)
        raise UsageError(f"{suffix!r} is no shortcut: name the file with one of {known}.")
    name, address = header_safe(name), header_safe(address)
    address = escape(address) if form is _WEBLOC else address
    return form.replace("NAME", name, 1).replace("ADDRESS", address, 1)
