"""A new desk for a benchmark: opening a database by its URL never makes one."""

from deskterm.storage.store import Store


def begin(url: str) -> None:
    """Make the desk where there is none yet."""
    store = Store(url, new=True)
    with store.reading():
        pass
    store.close()
