"""Shipping a release to many: whom its problem hurt, each with a closed ticket of their own."""

from bench.measure import Table, Watch
from bench.people import make_people
from deskterm import settings
from deskterm.bootstrap import open_desk
from deskterm.models import metadata
from deskterm.storage.work import Work


def ship(url: str, repeat: int) -> None:
    """Tell `repeat` thousand people of a release, in one operation, and take it back."""
    many = repeat * 1_000
    desk = open_desk(settings.load({"db": url}, as_login="cy"))
    name = f"Router {many}.{desk.releases.list()[0].id + 1 if desk.releases.list() else 1}"
    problem = desk.problems.new({"title": f"The VPN drops, {name}"}).of("problem")[0]
    with desk.work("bench") as work:
        _hurt(work, problem, many)
    words = {"problems": f"P{problem}", "words": "The VPN stays up.", "how": "Restart it once."}
    desk.records.add("release", name, words)
    table = Table(f"a release told to {many} people, one operation", 1)
    watch = Watch()
    found = desk.releases.plan(name)
    table.rate("plan: who is told and why", len(found.told), watch.read())
    watch = Watch()
    desk.releases.ship(name)
    table.rate("ship, with ledger and letters", len(found.told), watch.read(), "833/s")
    watch = Watch()
    desk.ledger.undo()
    table.rate("undo: letters stopped, nobody told", len(found.told), watch.read(), "833/s")
    desk.close()


def _hurt(work: Work, problem: int, many: int) -> None:
    """Give that many people a closed ticket of the problem each."""
    spine = work.spine
    row = spine.returned("SELECT coalesce(max(id), 0) AS ticket FROM ticket")
    ticket = row["ticket"]
    people = list(enumerate(make_people(work, many), 1))
    copy = spine.returned("SELECT min(id) AS id FROM ticket WHERE NOT is_open")
    columns = (column.name for column in metadata.tables["ticket"].columns)
    names = ", ".join(name for name in columns if name not in ("id", "requester_id"))
    spine.many(
        f"INSERT INTO ticket (id, requester_id, {names}) "
        f"SELECT :id, :person, {names} FROM ticket WHERE id = :like",
        [{"id": ticket + n, "person": one, "like": copy["id"]} for n, one in people],
    )
    spine.many(
        "INSERT INTO problem_ticket (ticket_id, problem_id) VALUES (:ticket, :problem)",
        [{"ticket": ticket + n, "problem": problem} for n, _ in people],
    )
    spine.run("UPDATE counter SET value = :most WHERE name = 'ticket'", most=ticket + many)
