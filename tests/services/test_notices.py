"""Technicians' own notices: written with the operation, withdrawn with it, seen once (C5)."""

from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.asking import How
from deskterm.domain.requests import NewTicket
from deskterm.services.notices import Notices
from tests.builders import count, open_ticket
from tests.verbs import verbs

ADA = "Ada Moss <ada@example.org>"


def of(desk: Desk, login: str) -> Notices:
    return Notices(desk.store, login)


def kinds(desk: Desk, login: str) -> list[tuple[str, int]]:
    return [(one.kind, one.ticket_id) for one in of(desk, login).list()]


def known(desk: Desk, *logins: str) -> None:
    for login in logins:
        desk.admin.set_technician(login, {})


def test_a_ticket_given_to_somebody_is_their_news_and_not_the_givers(desk: Desk) -> None:
    known(desk, "ben")
    number = open_ticket(desk, "VPN down", urgent=True)
    verbs(desk).assign([number], to="ben")
    (one,) = of(desk, "ben").list()
    assert (one.kind, one.who, one.subject, one.urgent) == ("assigned", "cy", "VPN down", True)
    assert one.entry_id == desk.tickets.show(number).timeline[-1].id
    assert desk.notices.list() == []


def test_a_customers_answer_is_the_owners_news_also_by_mail(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).take([number])
    with desk.store.reading() as database:
        letter = database.one("SELECT message_id FROM outbox WHERE ticket_id = :id", id=number)
    assert letter is not None
    desk.inbox.receive(
        b"From: ada@example.org\r\nSubject: Re\r\nIn-Reply-To: "
        + letter["message_id"].encode()
        + b"\r\n\r\nask @cy, it is @cy\r\n"
    )
    desk.inbox.process()
    (one,) = desk.notices.list()
    assert (one.kind, one.who, one.public) == ("replied", "Ada Moss", True)


def test_only_a_technicians_words_name_a_technician(desk: Desk) -> None:
    known(desk, "ben", "zoe")
    desk.admin.set_technician("zoe", {"active": False})
    number = open_ticket(desk, body="@ben is the one to ask")
    assert kinds(desk, "ben") == []
    verbs(desk).note([number], "@ben: could you? @zoe @nobody @cy")
    assert kinds(desk, "ben") == [("mentioned", number)]
    assert count(desk, "notice") == 1


def test_an_urgent_ticket_is_news_for_its_group_and_for_everybody_where_it_has_none(
    desk: Desk,
) -> None:
    known(desk, "ben", "zoe")
    desk.admin.set_member("second level", "ben")
    theirs = open_ticket(desk, urgent=True, group="second level")
    assert (kinds(desk, "ben"), kinds(desk, "zoe")) == ([("alarm", theirs)], [])
    calm = open_ticket(desk)
    assert kinds(desk, "zoe") == []
    verbs(desk).change([calm], values={"urgent": True})
    assert kinds(desk, "zoe") == [("alarm", calm)]
    assert desk.notices.list() == []
    verbs(desk).take([calm, theirs])
    assert kinds(desk, "zoe") == kinds(desk, "ben") == []


def test_whoever_wants_to_hears_of_every_new_ticket(desk: Desk) -> None:
    known(desk, "ben", "zoe")
    ben = open_desk(desk.settings)
    ben.me = "ben"
    ben.attention.set({"notify": "assigned,new"})
    number = open_ticket(desk)
    assert (kinds(desk, "ben"), kinds(desk, "zoe")) == ([("new", number)], [])
    open_ticket(desk, take=True)
    assert len(kinds(desk, "ben")) == 1
    ben.close()


def test_a_group_hears_of_what_is_handed_to_it_except_whoever_did_it(desk: Desk) -> None:
    for login in ("ben", "zoe", "cy"):
        desk.admin.set_member("second level", login)
    number = open_ticket(desk)
    verbs(desk).escalate([number], "second level", "Tried all.")
    assert kinds(desk, "ben") == kinds(desk, "zoe") == [("handed", number)]
    assert kinds(desk, "cy") == []


def test_a_colleagues_change_is_told_only_where_it_was_chosen(desk: Desk) -> None:
    known(desk, "ben")
    number = open_ticket(desk)
    verbs(desk).assign([number], to="ben")
    verbs(desk).note([number], "looked at it")
    assert kinds(desk, "ben") == [("assigned", number)]
    with desk.store.reading() as database:
        database.run("UPDATE technician SET notify = 'changed' WHERE login = 'ben'")
    verbs(desk).note([number], "and again")
    assert kinds(desk, "ben") == [("changed", number), ("assigned", number)]


def test_undo_withdraws_what_was_not_seen_and_a_dry_run_or_a_repeat_tells_nobody(
    desk: Desk,
) -> None:
    known(desk, "ben")
    number = open_ticket(desk)
    operation = "7e57ab1e-0000-4000-8000-000000000007"
    verbs(desk).assign([number], to="ben", how=How(dry=True))
    for _ in range(2):
        verbs(desk).assign([number], to="ben", how=How(operation))
    assert count(desk, "notice") == 1
    desk.ledger.undo()
    assert count(desk, "notice") == 0
    verbs(desk).assign([number], to="ben")
    of(desk, "ben").seen_ticket(number)
    desk.ledger.undo()
    assert [one.seen_at is not None for one in of(desk, "ben").list()] == [True]


def test_a_glance_counts_and_gives_what_is_fresh_once(desk: Desk) -> None:
    known(desk, "ben")
    first, second = open_ticket(desk), open_ticket(desk, urgent=True, take=True)
    ben = of(desk, "ben")
    assert (ben.glance().unseen, ben.glance().newest, ben.glance().fresh) == (0, 0, ())
    verbs(desk).assign([first], to="ben")
    seen = ben.glance()
    assert (seen.unseen, seen.urgent, seen.fresh) == (1, 0, ())
    verbs(desk).assign([second], to="ben")
    fresh = ben.glance(seen.newest)
    assert ([one.ticket_id for one in fresh.fresh], fresh.unseen, fresh.urgent) == ([second], 2, 1)
    assert ben.glance(fresh.newest).fresh == ()
    assert ben.seen([fresh.fresh[0].id, fresh.fresh[0].id, 999]) == 1
    assert ben.seen_all() == 1
    assert ben.glance(fresh.newest).unseen == 0


def test_nobody_marks_anothers_notices(desk: Desk) -> None:
    known(desk, "ben")
    verbs(desk).assign([open_ticket(desk)], to="ben")
    (one,) = of(desk, "ben").list()
    assert desk.notices.seen([one.id]) == desk.notices.seen_ticket(one.ticket_id) == 0


def test_many_tickets_given_at_once_are_told_in_one_operation(desk: Desk) -> None:
    known(desk, "ben")
    numbers = list(desk.tickets.new_many([NewTicket(requester=ADA, subject="x")] * 30).tickets)
    verbs(desk).assign(numbers, to="ben")
    assert sorted(one.ticket_id for one in of(desk, "ben").list()) == numbers
    verbs(desk).close(numbers, "spam")
    assert count(desk, "notice") == 30
