"""Tables as programs save them: charset, delimiter and head found out, or told; packed or not.

UTF-8 and UTF-16 by their marks or by fitting, older charsets by the look of the bytes; the
delimiter from Excel's own line `sep=;` or from what divides the rows evenly.
"""

import codecs
import csv
import gzip
import io
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from deskterm import disk
from deskterm.domain.errors import DeskError, UsageError
from deskterm.domain.text import cell_exact, cell_safe
from deskterm.mail.charset import detected

_CELL = 64 * 1024 * 1024
_SAMPLE = 256 * 1024
_ENDINGS = (".csv", ".tsv", ".txt")
_DELIMITERS = (",", ";", "\t", "|")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


_IN_MEMORY = 64 * 1024 * 1024
_MOST_FILES = 1_000_000
_PACKED = (".zip", ".tar", ".tgz", ".tar.gz")


class Told(NamedTuple):
    """What is known of a table beforehand; empty: find out."""

    delimiter: str = ""
    encoding: str = ""
    guess: bool = True
    """Whether the look of the bytes may decide; else what is no UTF-8 is refused."""


class Row(NamedTuple):
    """One row under the heads."""

    where: str
    """File and line."""
    line: int
    cells: list[str]


class Table:
    """A file of rows under one line of heads."""

    def __init__(self, file: Path, told: Told = Told()) -> None:  # noqa: B008 - a frozen value
        self.file = file
        self.guessed: list[str] = []
        """What was found out and could be wrong, in words."""
        self.encoding = known_encoding(told.encoding) or self._encoding(told.guess)
        lines = _first_lines(file, self.encoding)
        self._marked = bool(lines) and lines[0].lower().startswith("sep=")
        if self._marked:
            named = lines.pop(0)[4:].strip("\r\n")[:1]
        self.delimiter = told.delimiter or (named if self._marked and named else divider(lines))

    def rows(self) -> Iterator[Row | DeskError]:
        """Give the head line and every row below that has a word in it, or what is wrong with it.

        Raises UsageError where the file cannot be read.
        """
        csv.field_size_limit(_CELL)
        with opened(self.file) as raw, io.TextIOWrapper(raw, self.encoding, newline="") as stream:
            lines = disk.lines_of(stream, self.file.name)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            while True:
                line = reader.line_num + 1
                where = f"{self.file.name}:{line}"
                try:
                    row = next(reader)
                except StopIteration:
                    return
                except UnicodeDecodeError as error:
                    raise UsageError(
                        f"{where}: this is not {self.encoding} ({error.reason}); name the encoding."
                    ) from None
                except csv.Error as error:
                    yield UsageError(f"{where}: this is no CSV row ({error}).")
                    continue
                if any(row) and not (line == 1 and self._marked):
                    yield Row(where, line, [exact(cell) for cell in row])

    def _encoding(self, guess: bool) -> str:
        """Give the charset by its mark, by fitting, or by the look of the bytes."""
        with opened(self.file) as raw:
            sample = raw.read(_SAMPLE)
        for mark, name in _MARKS:
            if sample.startswith(mark):
                return name
        if b"\x00" in sample:
            return "utf-16-be" if sample[::2].count(0) > sample[1::2].count(0) else "utf-16-le"
        strange = _first_strange(self.file) if guess else b""
        if not strange:
            return "utf-8-sig"
        name = detected(strange) or "cp1252"
        try:
            strange.decode(name)
        except UnicodeDecodeError:
            raise UsageError(
                f"{self.file}: this is no UTF-8, and the bytes do not tell what else; name the "
                'encoding, such as encoding = "cp1252" in a map.'
            ) from None
        self.guessed.append(f"{self.file.name} is no UTF-8: it is read as {name} (encoding = …)")
        return name


def is_table(file: Path) -> bool:
    """Tell whether a file is a table by its name; raises UsageError for a spreadsheet's own."""
    if ending(file) in (".xlsx", ".xls", ".ods"):
        raise UsageError(f"{file}: a spreadsheet's own file; save it as CSV (UTF-8) and give that.")
    return file.is_file() and ending(file) in _ENDINGS


def known_encoding(name: str) -> str:
    """Give the name of an encoding that there is; raises UsageError."""
    try:
        "".encode(name or "utf-8")
    except LookupError:
        raise UsageError(f"there is no encoding {name[:40]!r}; such as cp1252.") from None
    return "utf-8-sig" if name.lower().replace("_", "-") in ("utf-8", "utf8") else name


def exact(cell: str) -> str:
    """Take back the sign that our own CSV puts before a formula; other apostrophes stay."""
    bare = cell_exact(cell)
    return bare if bare != cell and cell_safe(bare) == cell else cell


def divider(lines: Sequence[str]) -> str:
    """Give the sign that divides the rows most evenly into the most cells."""
    best, most = ",", (0.0, 1)
    for sign in _DELIMITERS:
        try:
            rows = list(csv.reader(lines, delimiter=sign))
        except csv.Error:
            continue
        widths = [len(row) for row in rows if row]
        if not widths or widths[0] < 2:
            continue
        whole = widths[:-1] if len(widths) > 2 else widths
        even = sum(width == widths[0] for width in whole) / len(whole)
        if (round(even, 1), widths[0]) > most:
            best, most = sign, (round(even, 1), widths[0])
    return best


def _first_lines(file: Path, encoding: str) -> list[str]:
    """Give the lines at the beginning, as far as they can be read."""
    with opened(file) as raw:
        sample = raw.read(_SAMPLE)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    return decoder.decode(sample).splitlines(keepends=True)[:200]


def _first_strange(file: Path) -> bytes:
    """Give what stands around the first bytes that are no UTF-8; empty where all are."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with opened(file) as raw:
        while True:
            part = raw.read(_SAMPLE)
            try:
                decoder.decode(part, final=not part)
            except UnicodeDecodeError:
                return part
            if not part:
                return b""


def ending(file: Path) -> str:
    """Give how a file's name ends, in lower case, as if it were not packed."""
    name = file.name.lower().removesuffix(".gz")
    return PurePosixPath(name).suffix


def opened(file: Path) -> IO[bytes]:
    """Open a file for reading, unpacked where it is `.gz`; raises UsageError that says why not."""
    try:
        stream = file.open("rb")
        if stream.read(2) != b"\x1f\x8b":
            stream.seek(0)
            return stream
        with stream, gzip.open(file) as packed:
            return copied(iter(partial(packed.read, 1 << 20), b""))
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{file}: cannot be read ({reason}).") from error


def copied(parts: Iterable[bytes]) -> IO[bytes]:
    """Give a file of these bytes to read; it has no name and is gone when it is closed.

    Raises UsageError where they would take more than half of what room is left.
    """
    room = shutil.disk_usage(tempfile.gettempdir()).free // 2
    with ExitStack() as kept:
        plain = kept.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
        for part in parts:
            room -= plain.write(part)
            if room < 0:
                raise UsageError("what is in the file is more than there is room for.")
        plain.seek(0)
        kept.pop_all()
        return plain


def unpacked(path: Path, kept: ExitStack, deep: int = 2) -> Path:
    """Give the folder of an export: of an archive what is in it, of a folder the only one below.

    What was unpacked is gone when `kept` is closed. Raises UsageError where it is no archive.
    """
    if path.is_file() and path.name.lower().endswith(_PACKED):
        folder = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="deskterm-")))
        try:
            _unpack(path, folder)
        except (OSError, EOFError, zipfile.BadZipFile, tarfile.TarError, RuntimeError) as error:
            raise UsageError(f"{path}: cannot be unpacked ({error}).") from error
        path = folder
    while path.is_dir():
        inside = [one for one in path.iterdir() if _is_meant(one.name)]
        if len(inside) != 1 or inside[0].is_symlink():
            return path
        if inside[0].is_file():
            packed = deep and inside[0].name.lower().endswith(_PACKED)
            return unpacked(inside[0], kept, deep - 1) if packed else path
        path = inside[0]
    return path


def _is_meant(name: str) -> bool:
    return name[:1] != "." and name != "__MACOSX"


def _unpack(path: Path, folder: Path) -> None:
    """Write the plain files of an archive; what names a place outside is left there."""
    room = shutil.disk_usage(folder).free // 2
    for number, (name, size, read) in enumerate(_members(path)):
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if not parts or ".." in parts or not all(map(_is_meant, parts)) or parts[0] == "/":
            continue
        room -= size
        if room < 0 or number > _MOST_FILES:
            raise OSError("there is not enough room for what is in it")
        target = folder.joinpath(*parts)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with disk.writing(target) as stream:
            source = read()
            if source is not None:
                with source:
                    shutil.copyfileobj(source, stream, 1 << 20)


def _members(path: Path) -> Iterator[tuple[str, int, Callable[[], IO[bytes] | None]]]:
    if path.name.lower().endswith(".zip"):
        with zipfile.ZipFile(path) as packed:
            for one in packed.infolist():
                if not one.is_dir():
                    yield one.filename, one.file_size, partial(packed.open, one)
        return
    with tarfile.open(path) as bundle:
        for member in bundle:
            if member.isfile():
                yield member.name, member.size, partial(bundle.extractfile, member)
