"""The sender is killed at every step: nothing lost, doubled only under the same Message-ID."""

from deskterm.bootstrap import Desk
from tests.builders import open_ticket
from tests.faults.crowd import looking_at
from tests.faults.post import STEPS, Post, Senders, free_what_died, post_office, senders, untrue


def test_a_sender_killed_at_any_step_loses_and_changes_no_letter(desk: Desk) -> None:
    for who in range(len(STEPS)):
        open_ticket(desk, requester=f"p{who}@example.org")
    url = desk.store.url
    with post_office() as (post, port), senders(url, port) as crew, looking_at(url) as database:
        for step in STEPS:
            assert _killed_at(step, post, crew) == -9, step
            free_what_died(database)
        post.at = lambda _: False
        assert crew.run() == 0
        assert untrue(database, post.kept) == []
    twice = len(post.kept) - len({one.message_id for one in post.kept})
    assert twice == 1, "only the one whose acceptance was never heard of"


def _killed_at(step: str, post: Post, crew: Senders) -> int:
    """Let a sender run until it comes to a step; gives how it ended."""

    def watch(seen: str) -> bool:
        if seen == step:
            crew.kill()
        return seen == step

    post.at = watch
    return crew.run()
