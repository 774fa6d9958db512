"""The feed of changes by others, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from deskterm.bootstrap import Desk
from deskterm.storage.changes import Changes
from deskterm.storage.driver import connect
from tests.builders import open_ticket


def heard(changes: Changes) -> bool:
    """Tell whether a change is heard within some rounds."""
    return any(changes.wait(0.1) for _ in range(30))


def test_the_first_answer_asks_for_a_full_refresh(desk: Desk) -> None:
    with Changes(desk.store.url) as changes:
        assert changes.wait(0.01)
        assert not changes.wait(0.01)


def test_a_change_by_another_connection_is_heard(desk: Desk) -> None:
    with Changes(desk.store.url) as changes:
        changes.wait(0.01)
        open_ticket(desk)
        assert heard(changes)
        assert not changes.wait(0.01)


def test_closing_under_a_waiting_thread_is_safe(desk: Desk) -> None:
    with ThreadPoolExecutor(1) as pool:
        for _ in range(20):
            changes = Changes(desk.store.url)

            def listen(changes: Changes = changes) -> int:
                return sum(changes.wait(0.001) for _ in range(40))

            listening = pool.submit(listen)
            changes.close()
            assert listening.result() <= 1
            assert not changes.wait(0.001)


def test_a_flood_of_announcements_is_answered_by_few_looks(postgres_url: str) -> None:
    """Whoever may connect may announce anything: boards look once for all that waits."""
    with Changes(postgres_url) as changes, closing(connect(postgres_url)) as other:
        changes.wait(0.01)
        other.all(
            "SELECT pg_notify('deskterm', n || repeat('x', 200)) FROM generate_series(1, 20000) n"
        )
        assert heard(changes)
        looks = 1
        while changes.wait(1.0):
            looks += 1
        assert looks < 100
