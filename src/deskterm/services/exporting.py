"""The whole desk as JSON lines in a folder, from one snapshot, and back into an empty desk."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from deskterm import __version__, disk
from deskterm.domain import clock
from deskterm.domain.errors import DatabaseError, RefusedError, UsageError
from deskterm.storage import bulk
from deskterm.storage.demo import first_filled
from deskterm.storage.driver import shown_url
from deskterm.storage.reads.clients import sees_all
from deskterm.storage.schema import HEAD
from deskterm.storage.soundness import trouble

if TYPE_CHECKING:
    from deskterm.storage.driver import Database
    from deskterm.storage.dump import Shape
    from deskterm.storage.store import Store

FORMAT = 1
_MOST_ROW = 1_000_000_000
"""Bytes of one row of an export: a whole mail or file stands in one, as base64."""
MANIFEST = "manifest.json"
SEALED = "secrets.sealed"
"""The secrets that sign letters, under a passphrase."""
_IN_USE = ("operation", "ticket", "person", "inbox", "solution", "device")
Told = Callable[[str, int], None]
"""Called with a table's name and how many rows are done."""
Counts = dict[str, int]


def export(
    store: "Store", folder: Path, told: Told | None = None, passphrase: str | None = None
) -> Counts:
    """Write every table into a new or empty folder; gives rows by table.

    Secrets stay behind, or with a passphrase go along sealed with it. The folder gets mode 0700,
    its files 0600. Raises UsageError where the folder is in use; what was begun is taken away where
    it fails.
    """
    made = _prepare(folder)
    written: list[Path] = []
    try:
        counts = _export(store, folder, written, told)
        if passphrase is not None:
            counts["secret"] = _seal(store, folder, written, passphrase)
    except BaseException:
        for file in written:
            file.unlink(missing_ok=True)
        if made:
            folder.rmdir()
        raise
    return counts


def _prepare(folder: Path) -> bool:
    """Make the folder, or see that it is empty; tells whether it was made."""
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        if not folder.is_dir():
            raise UsageError(f"{folder} is a file; name a folder.") from None
        if any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty; name a new folder.") from None
        folder.chmod(0o700)
        return False
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made ({error.strerror}).") from error
    return True


def _export(store: "Store", folder: Path, written: list[Path], told: Told | None) -> Counts:
    from deskterm.storage import dump

    tables: dict[str, dict[str, Any]] = {}
    with store.reading() as database, database.patiently(), database.snapshot():
        if not sees_all(database):
            raise RefusedError(
                "you see a part of this desk, and a copy of a part would restore no desk: somebody "
                "with the role backup, a manager or the owner makes it."
            )
        for shape in dump.shapes():
            file = folder / f"{shape.name}.jsonl"
            digest, rows = hashlib.sha256(), 0
            with _created(file, written) as stream:
                for row in dump.read_rows(database, shape):
                    line = json.dumps(row, sort_keys=True).encode("ascii") + b"\n"
                    digest.update(line)
                    stream.write(line)
                    rows += 1
                    if told and rows % 1000 == 0:
                        told(shape.name, rows)
            tables[shape.name] = {"rows": rows, "sha256": digest.hexdigest()}
    manifest = {
        "format": FORMAT,
        "schema": HEAD,
        "deskterm": __version__,
        "made_at": clock.to_text(clock.now()),
        "tables": tables,
    }
    with _created(folder / MANIFEST, written) as stream:
        stream.write(json.dumps(manifest, indent=2, sort_keys=True).encode("ascii") + b"\n")
    return {name: one["rows"] for name, one in tables.items()}


def _seal(store: "Store", folder: Path, written: list[Path], passphrase: str) -> int:
    from deskterm.services.sealed import seal
    from deskterm.storage.secrets import every

    with store.reading() as database:
        found = every(database)
    with _created(folder / SEALED, written) as stream:
        stream.write(seal(json.dumps(found).encode(), passphrase))
    return len(found)


def _unsealed(folder: Path, passphrase: str) -> list[dict[str, str]]:
    """Give the secrets that an export carries; raises UsageError."""
    from deskterm.services.sealed import unseal

    file = folder / SEALED
    try:
        content = disk.read_bytes(file)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror}).") from error
    found = json.loads(unseal(content, passphrase, str(file)))
    return [{name: str(one[name]) for name in ("name", "value", "created_at")} for one in found]


def check(folder: Path, passphrase: str | None = None) -> None:
    """See that a folder is an export of this program's, before a desk is made for it.

    Raises UsageError, also where the passphrase does not open its secrets.
    """
    _manifest(folder)
    if passphrase is not None:
        _unsealed(folder, passphrase)


def is_nowhere(url: str) -> bool:
    """Tell whether there is no desk at a database's URL: no file, or no schema."""
    from deskterm.storage import schema
    from deskterm.storage.driver import connect, path_of

    if url.startswith("sqlite") and not path_of(url).exists():
        return True
    database = connect(url)
    try:
        return schema.revision(database) is None
    finally:
        database.close()


def carries_secrets(folder: Path) -> bool:
    """Tell whether an export carries the desk's secrets, sealed."""
    return (folder / SEALED).is_file()


@contextmanager
def _created(file: Path, written: list[Path]) -> Iterator[IO[bytes]]:
    with disk.writing(file) as stream:
        yield stream
    written.append(file)


def restore(
    store: "Store", folder: Path, told: Told | None = None, passphrase: str | None = None
) -> Counts:
    """Fill an empty desk from an export, all of it or nothing; gives rows by table.

    With the passphrase of its secrets those come along; else the new desk keeps its own one.
    Raises UsageError where the export is damaged or of another schema, RefusedError where the
    desk is in use.
    """
    from deskterm.storage import dump
    from deskterm.storage.secrets import replace_all

    manifest = _manifest(folder)
    secrets = _unsealed(folder, passphrase) if passphrase is not None else None
    shapes = dump.shapes()
    _check_files(folder, manifest, shapes)
    with store.reading() as database, database.patiently():
        database.begin()
        _refuse_in_use(database)
        dump.clear(database, shapes)
        counts = {}
        for shape in shapes:
            _fill(database, shape, folder / f"{shape.name}.jsonl")
            counts[shape.name] = dump.count(database, shape.name)
            if told:
                told(shape.name, counts[shape.name])
        _compare(database, counts, manifest)
        if secrets is not None:
            replace_all(database, secrets)
        bulk.resume_numbering(database, [shape.name for shape in shapes if shape.numbered])
        database.commit()
    return counts


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads(disk.read_text(folder / MANIFEST))
        tables = {n: (int(t["rows"]), str(t["sha256"])) for n, t in found["tables"].items()}
        form, schema = found["format"], found["schema"]
    except OSError as error:
        raise UsageError(
            f"{folder} is no finished export: {MANIFEST} cannot be read ({error.strerror})."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(f"{folder / MANIFEST} is damaged ({type(error).__name__}).") from error
    if form != FORMAT or schema != HEAD:
        raise UsageError(
            f"{folder} holds format {form}, schema {schema}; this program reads format {FORMAT}, "
            f"schema {HEAD}. Export it again with this version of deskterm."
        )
    return tables


def _check_files(folder: Path, manifest: dict[str, Any], shapes: "list[Shape]") -> None:
    """See that every file is there as it was written, before anything is changed."""
    odd = sorted({shape.name for shape in shapes} ^ set(manifest))
    if odd:
        raise UsageError(f"{folder / MANIFEST}: table {odd[0]!r} does not fit this program.")
    for name, (_, wanted) in manifest.items():
        file = folder / f"{name}.jsonl"
        digest = hashlib.sha256()
        try:
            with file.open("rb") as stream:
                while part := stream.read(1 << 20):
                    digest.update(part)
        except OSError as error:
            raise UsageError(f"{file}: cannot be read ({error.strerror}).") from error
        if digest.hexdigest() != wanted:
            raise UsageError(f"{file} is not as it was exported (its checksum differs).")


def _refuse_in_use(database: "Database") -> None:
    table = first_filled(database, _IN_USE)
    if table:
        raise RefusedError(
            f"the desk {shown_url(database.url)} is in use (it has rows in {table!r}); "
            "an export goes into an empty one, as `deskterm --db URL db init --empty` makes it."
        )


def _fill(database: "Database", shape: "Shape", file: Path) -> None:
    from deskterm.storage import dump

    def rows() -> Iterator[list[object]]:
        with file.open("rb") as stream:
            for place, line in enumerate(disk.lines_of(stream, file.name, _MOST_ROW), 1):
                try:
                    yield dump.to_row(shape, json.loads(line))
                except (ValueError, TypeError, RecursionError, OverflowError) as error:
                    raise UsageError(f"{file.name}:{place}: {error}.") from error

    dump.write_rows(database, shape, rows())


def _compare(database: "Database", counts: Counts, manifest: dict[str, Any]) -> None:
    """The drill: what was written is what was exported, and the desk is whole."""
    for name, (wanted, _) in manifest.items():
        if counts[name] != wanted:
            raise DatabaseError(f"{name}: {counts[name]} rows arrived, {wanted} were exported.")
    found = trouble(database)
    if found:
        raise DatabaseError(f"the export is not whole: {found[0]}.")
