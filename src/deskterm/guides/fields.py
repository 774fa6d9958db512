"""Reading a YAML table field by field, every mistake kept with its line and what to do."""

import difflib
from collections.abc import Iterable
from datetime import date

from deskterm.domain.patterns import pattern
from deskterm.guides.model import Finding
from deskterm.guides.yamltree import Items, Scalar, Table, Tree

NAME = pattern(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
FACT_NAME = pattern(r"[a-z][a-z0-9_]{0,40}\Z")
_NOTHING = frozenset(("", "~", "null"))
_TRUE, _FALSE = frozenset(("true", "yes", "on")), frozenset(("false", "no", "off"))


class Remarks:
    """The findings of one file, in the order they were made."""

    def __init__(self, file: str) -> None:
        self.file, self.findings = file, list[Finding]()

    def error(self, line: int, message: str) -> None:
        """Keep what makes the guide unusable."""
        self.findings.append(Finding(self.file, line, "error", message))

    def warning(self, line: int, message: str) -> None:
        """Keep what would make it better."""
        self.findings.append(Finding(self.file, line, "warning", message))


class Fields:
    """One table of the file, read by key; unknown and doubled keys are errors."""

    def __init__(self, tree: Tree, what: str, keys: str, remarks: Remarks) -> None:
        self.what, self.remarks, self.line = what, remarks, tree.line
        self._values: dict[str, Tree] = {}
        self._lines: dict[str, int] = {}
        allowed = keys.split()
        if not isinstance(tree, Table):
            remarks.error(tree.line, f"{what}: expected `key: value` pairs ({', '.join(allowed)})")
            return
        for key, value in tree.entries:
            self._take(key, value, allowed)

    def _take(self, key: Scalar, value: Tree, allowed: list[str]) -> None:
        if key.text in self._values:
            self.remarks.error(key.line, f"{self.what}: {key.text!r} stands twice: keep one")
        elif key.text not in allowed:
            near = difflib.get_close_matches(key.text, allowed, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"possible: {', '.join(allowed)}"
            self.remarks.error(key.line, f"{self.what}: unknown key {key.text[:60]!r}; {hint}")
        elif not (isinstance(value, Scalar) and value.plain and value.text in _NOTHING):
            self._values[key.text], self._lines[key.text] = value, key.line

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def tree(self, key: str) -> Tree | None:
        """Give the value as it was read."""
        return self._values.get(key)

    def line_of(self, key: str) -> int:
        """Give the line of a key, or of the table where it is missing."""
        return self._lines.get(key, self.line)

    def wrong(self, key: str, expected: str) -> None:
        """Say that a value has the wrong shape."""
        self.remarks.error(self.line_of(key), f"{self.what}: `{key}` must be {expected}")

    def text(self, key: str, needed: bool = False) -> str:
        """Give a text, line ends and outer spaces tidied; "" where there is none."""
        value = self._values.get(key)
        if value is None:
            if needed:
                self.remarks.error(self.line, f"{self.what}: `{key}` is missing: add it")
            return ""
        if not isinstance(value, Scalar):
            self.wrong(key, "a text; put texts with { or [ at the start in quotes")
            return ""
        return value.text.strip()

    def name(self, key: str, needed: bool = False) -> str:
        """Give a short name: lower-case letters, digits, - and _."""
        text = self.text(key, needed)
        if text and not NAME.match(text):
            self.wrong(key, f"a short name of a-z, 0-9, - and _, not {text[:60]!r}")
        return text

    def words(self, key: str) -> tuple[str, ...]:
        """Give a list of texts; one text alone is a list of one."""
        value = self._values.get(key)
        if isinstance(value, Scalar):
            return (value.text.strip(),)
        if not isinstance(value, Items):
            if value is not None:
                self.wrong(key, "a list of texts")
            return ()
        texts = [item.text.strip() for item in value.items if isinstance(item, Scalar)]
        if len(texts) < len(value.items):
            self.wrong(key, "a list of texts; put texts with : or { in quotes")
        return tuple(texts)

    def items(self, key: str) -> Iterable[Tree]:
        """Give the elements of a list."""
        value = self._values.get(key)
        if isinstance(value, Items):
            return value.items
        if value is not None:
            self.wrong(key, "a list")
        return ()

    def number(self, key: str) -> float | None:
        """Give a number, or None where there is none."""
        text = self.text(key)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if value != value or abs(value) > 1e12:
            self.wrong(key, f"a number, not {text[:60]!r}")
            return None
        return value

    def flag(self, key: str) -> bool | None:
        """Give true or false, or None where there is none."""
        text = self.text(key).casefold()
        if text and text not in _TRUE | _FALSE:
            self.wrong(key, "true or false")
        return text in _TRUE if text else None

    def day(self, key: str) -> date | None:
        """Give a date."""
        text = self.text(key)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.wrong(key, f"a date such as 2027-05-01, not {text[:60]!r}")
            return None
