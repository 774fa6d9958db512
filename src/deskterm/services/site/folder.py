"""Writing the site's folder: only files of its own are replaced or removed, each one whole.

A list in the folder names what was made. It is written before the first file and after the last,
so that a site that was interrupted is mended by the next run.
"""

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from deskterm import disk
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.patterns import pattern

LIST = ".deskterm-site.json"
_OWN = pattern(
    r"(?:(?:index|offer)\.html|feed\.xml|solutions/\d{1,15}(?:-[a-z0-9-]{1,60})?\.html)\Z"
)


class Written(NamedTuple):
    """What writing a site did."""

    folder: Path
    pages: int
    written: int
    unchanged: int
    removed: int


def write(folder: Path, files: Mapping[str, str]) -> Written:
    """Make the folder hold these files; raises RefusedError before anything foreign is touched."""
    wanted = {name: text.encode("utf-8") for name, text in files.items()}
    try:
        before = _prepare(folder, wanted)
        hashes = {name: sha256(content).hexdigest() for name, content in wanted.items()}
        _put(folder / LIST, _listed({**before, **dict.fromkeys(wanted, "")}))
        changed = [name for name in wanted if not _is_there(folder / name, hashes[name])]
        for name in sorted(changed, key=lambda name: (name == "index.html", name)):
            (folder / name).parent.mkdir(exist_ok=True)
            _put(folder / name, wanted[name])
        gone = [name for name in before if name not in wanted and _remove(folder, name)]
        _put(folder / LIST, _listed(hashes))
    except OSError as error:
        where = error.filename or folder
        raise RefusedError(f"the site cannot be written: {where}: {error.strerror}.") from error
    pages = sum(name.startswith("solutions/") for name in wanted)
    return Written(folder, pages, len(changed), len(wanted) - len(changed), len(gone))


def _prepare(folder: Path, wanted: Mapping[str, bytes]) -> dict[str, str]:
    """Make or check the folder; gives the files that an earlier run made, with their hashes."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file: name a folder for the site.")
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / LIST).exists():
        if any(folder.iterdir()):
            raise RefusedError(
                f"{folder} is not empty and was not made by deskterm: name a new folder."
            )
        return {}
    before = _read(folder)
    for path in {(folder / name).parent for name in wanted} - {folder}:
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            raise RefusedError(f"{path} is none of the site's own: move it away.")
    for name in wanted:
        if name not in before and os.path.lexists(folder / name):
            raise RefusedError(f"{folder / name} is none of the site's own: move it away.")
    return before


def _read(folder: Path) -> dict[str, str]:
    file = folder / LIST
    try:
        found = json.loads(disk.read_text(file))["files"]
        return {str(name): str(value) for name, value in found.items() if _OWN.match(str(name))}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RefusedError(
            f"{file} cannot be read: it names the files that deskterm made. Name a new folder."
        ) from None


def _listed(files: Mapping[str, str]) -> bytes:
    return json.dumps({"made_by": "deskterm", "files": files}, indent=1, sort_keys=True).encode()


def _is_there(file: Path, digest: str) -> bool:
    if file.is_symlink() or not file.is_file():
        return False
    return sha256(file.read_bytes()).hexdigest() == digest


def _put(file: Path, content: bytes) -> None:
    """Put a file in place in one step, for everybody; a reader sees the old one or the new one."""
    disk.write(file, content, replace=True, mode=0o644)


def _remove(folder: Path, name: str) -> bool:
    file = folder / name
    if file.parent.is_symlink() or file.is_dir():
        return False
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    return True
