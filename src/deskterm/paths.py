"""Where deskterm keeps things on this machine."""

import os
from pathlib import Path

from deskterm.domain.errors import DatabaseError


def data_folder() -> Path:
    """Give the user's data folder, made with mode 0700 at first use; raises DatabaseError."""
    return _private(_folder("DESKTERM_DATA", "XDG_DATA_HOME", ".local/share"))


def config_file() -> Path:
    """Give the path of the machine's settings file; it need not exist."""
    named = os.environ.get("DESKTERM_CONFIG")
    return Path(named) if named else _folder("", "XDG_CONFIG_HOME", ".config") / "settings.toml"


def default_database() -> Path:
    """Give the path of the desk's own SQLite file."""
    return data_folder() / "desk.sqlite"


def outgoing_maildir() -> Path:
    """Give the Maildir into which letters are delivered where no SMTP server is set."""
    return data_folder() / "outgoing"


def _folder(own: str, xdg: str, below_home: str) -> Path:
    """Follow our own variable, the XDG variable, then the platform's convention."""
    if own and os.environ.get(own):
        return Path(os.environ[own])
    if os.name == "posix" and os.uname().sysname == "Linux":
        base = os.environ.get(xdg)
        return (Path(base) if base else Path.home() / below_home) / "deskterm"
    import platformdirs  # noqa: PLC0415 - 6 ms, and needed only off Linux

    dirs = platformdirs.PlatformDirs("deskterm", appauthor=False)
    return Path(dirs.user_data_dir if own else dirs.user_config_dir)


def _private(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(
            f"the folder {folder} cannot be made: {error.strerror}. "
            "Name another one with DESKTERM_DATA, or a database with --db."
        ) from error
    return folder
