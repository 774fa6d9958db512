"""Telling many of an announcement: the jobs write its letters in batches, each person once."""

from collections.abc import Sequence

from bench.measure import Table, Watch
from bench.people import make_people
from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain import clock
from deskterm.services.announcements.telling import Announcing


def _among_people(url: str, many: int) -> tuple[Desk, str, Sequence[int]]:
    """Give a desk that waits for no undo, and people made for it: the name of their segment too."""
    desk = open_desk(settings.load({"db": url, "undo_seconds": 0}, as_login="cy"))
    with desk.work("bench") as work:
        made = make_people(work, many)
        name = f"bench {made[0]}"
        with work.spine.patiently():
            work.spine.run(
                "UPDATE person SET segment = :name WHERE id IN :ids", name=name, ids=made
            )
    return desk, name, made


def announce(url: str, repeat: int) -> None:
    """Tell `repeat` thousand people of an outage, of an update and of its end."""
    many = repeat * 1_000
    desk, segment, _ = _among_people(url, many)
    table = Table(f"an announcement told to {many} people, in batches", 1)
    query = f'segment:"{segment}"'
    watch = Watch()
    found = desk.announcements.audience(query)
    table.rate("audience: who and how many", len(found.told), watch.read())
    number = desk.announcements.new("VPN is down.", {"to": query}).of("announcement")[0]
    _told(desk, table, "announced")
    desk.announcements.update(number, "VPN is back at noon.")
    _told(desk, table, "updated")
    desk.announcements.end(number, "It works again.")
    _told(desk, table, "ended")
    desk.close()


def outreach(url: str, repeat: int) -> None:
    """Tell `repeat` thousand owners of a known incident; the same people a tip, a welcome."""
    many = repeat * 1_000
    desk, model, made = _among_people(url, many)
    with desk.work("bench") as work:
        work.spine.many(
            "INSERT INTO device (name, kind, model, os, os_version, serial, person_id, facts) "
            "VALUES (:name, 'laptop', :model, '', '', '', :person, '{}')",
            [{"name": f"{model} {one}", "model": model, "person": one} for one in made],
        )
    table = Table(f"{many} people told in batches", 1)
    problem = desk.problems.new({"title": "It freezes.", "model": model}).of("problem")[0]
    watch = Watch()
    table.rate("owners told", desk.problems.tell(problem).letters, watch.read(), "833/s")
    facts = {"title": "It froze", "resolution": "Update.", "tip": "Update before you call."}
    number = desk.solutions.new(facts).of("solution")[0]
    desk.solutions.publish(number, "public")
    watch = Watch()
    told = desk.announcements.tip(number, f'segment:"{model}"')
    table.rate("a tip", told.letters, watch.read(), "833/s")
    watch = Watch()
    welcomed = desk.announcements.welcome(f'segment:"{model}"')
    table.rate("a welcome", welcomed.letters, watch.read(), "833/s")
    desk.close()


def _told(desk: Desk, table: Table, name: str) -> None:
    """Let the jobs write all letters, a turn after the other."""
    watch, told = Watch(), 0
    job = Announcing(desk.store, desk.letters)
    told += job.run(clock.now())
    while job.more:
        told += job.run(clock.now())
    table.rate(f"{name}, with ledger and letters", told, watch.read(), "833/s")
