"""Which other process holds an SQLite database's write lock, where the system tells."""

import os
from pathlib import Path

_WRITE_LOCK = 120
"""The byte of the `-shm` file that whoever writes has locked (SQLite's WAL format, 2.3.1)."""


def holder(path: Path) -> str:
    """Give words for who is writing: `process 4711`, or `another program` where it is not known."""
    try:
        found = os.stat(f"{path}-shm")
        locks = Path("/proc/locks").read_text(encoding="ascii")
    except (OSError, UnicodeError):
        return "another program"
    file = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    for line in locks.splitlines():
        words = line.split()
        if len(words) >= 8 and words[3] == "WRITE" and words[5] == file:
            first, last = int(words[6]), words[7]
            if first <= _WRITE_LOCK and (last == "EOF" or int(last) >= _WRITE_LOCK):
                return f"process {words[4]}"
    return "another program"
