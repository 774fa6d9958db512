"""`python -m bench.send_faults [KILLS] [URL]`: kill real senders at random moments and count.

Without a URL a new SQLite file in a temporary folder is used; a PostgreSQL database must be empty
but for its schema. Two senders run at once. Ends with 1 where a letter was lost or changed.
"""

import random
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench.begin import begin
from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.requests import NewTicket
from tests.faults.crowd import looking_at
from tests.faults.post import STEPS, Post, Senders, free_what_died, post_office, senders, untrue

PER_KILL = 3
"""Letters written for each kill."""


def main(kills: int, url: str) -> int:
    """Do that many kills against the desk; gives the exit code."""
    begin(url)
    desk = open_desk(settings.load({"db": url}, as_login="cy"))
    desk.desk_settings.set("mail.most_per_hour", "0")
    _write_letters(desk, kills * PER_KILL)
    chance, started = random.Random(kills), time.monotonic()
    with (
        post_office() as (post, port),
        senders(url, port) as one,
        senders(url, port) as two,
        looking_at(url) as database,
    ):
        killed = 0
        while killed < kills:
            with_it = threading.Thread(target=two.run)
            with_it.start()
            killed += _once(chance, post, one) == -9
            with_it.join()
            free_what_died(database)
            row = database.one("SELECT count(*) AS n FROM outbox WHERE state <> 'sent'")
            if row and row["n"] == 0:
                _write_letters(desk, PER_KILL * 10)
        post.at = lambda _: False
        one.run()
        wrong = untrue(database, post.kept)
    ids = {kept.message_id for kept in post.kept}
    print(
        f"{killed} kills, {len(ids)} letters, {len(post.kept) - len(ids)} arrived twice under the "
        f"same Message-ID, {len(wrong)} lost or changed, {time.monotonic() - started:.0f} s"
    )
    for sentence in wrong[:20]:
        print(f"  {sentence}")
    desk.close()
    return 1 if wrong else 0


def _write_letters(desk: Desk, many: int) -> None:
    desk.tickets.new_many(
        [NewTicket(requester=f"p{number}@example.org", subject="Bench") for number in range(many)]
    )


def _once(chance: random.Random, post: Post, crew: Senders) -> int:
    """Let a sender run, killed at a random step of a random letter, or at a random moment."""
    step, wait = chance.choice([*STEPS, "any"]), chance.randrange(8)
    seen = [0]

    def watch(now: str) -> bool:
        if now != step:
            return False
        seen[0] += 1
        if seen[0] == wait + 1:
            crew.kill()
        return False

    post.at = watch
    if step == "any":
        threading.Timer(chance.uniform(0.0, 0.3), crew.kill).start()
    return crew.run()


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        given = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder) / 'desk.sqlite'}"
        sys.exit(main(wanted, given))
