"""Technicians' own notices: written with the operation, withdrawn with it, seen once (C5)."""

from datetime import timedelta
from uuid import uuid4

from deskterm.bootstrap import Desk, open_desk
from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.requests import NewTicket
from deskterm.domain.vocabulary import Event
from deskterm.mail.tokens import recipient_address
from deskterm.services.inbox.receive import receive
from deskterm.services.notices import Notices
from deskterm.services.overdue import Troubles
from deskterm.services.telling import Telling
from deskterm.storage import mailboxes
from deskterm.storage.reads.public import news_lines
from deskterm.storage.ticket.hold import hold
from tests.builders import count, open_ticket
from tests.mails import mail_bytes, secret, take
from tests.verbs import verbs

ADA = "Ada Moss <ada@example.org>"


def of(desk: Desk, login: str) -> Notices:
    return Notices(desk.store, login)


def kinds(desk: Desk, login: str) -> list[tuple[str, int | None]]:
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
    assert desk.notices.seen([one.id]) == desk.notices.seen_ticket(one.ticket_id or 0) == 0


def test_many_tickets_given_at_once_are_told_in_one_operation(desk: Desk) -> None:
    known(desk, "ben")
    numbers = list(desk.tickets.new_many([NewTicket(requester=ADA, subject="x")] * 30).tickets)
    verbs(desk).assign(numbers, to="ben")
    assert sorted(one.ticket_id or 0 for one in of(desk, "ben").list()) == numbers
    verbs(desk).close(numbers, "spam")
    assert count(desk, "notice") == 30


def wrong(desk: Desk, login: str = "cy") -> list[tuple[str, str, int, str]]:
    """What a technician is told of that is no ticket, the newest first."""
    return [
        (one.kind, one.about, one.about_id, one.text)
        for one in of(desk, login).list()
        if one.ticket_id is None
    ]


def test_a_mailbox_that_cannot_be_read_is_told_to_its_group_once_until_it_is_read(
    desk: Desk,
) -> None:
    known(desk, "cy", "ben", "zoe")
    desk.admin.set_member("second level", "ben")
    desk.mailboxes.add("box", "mbox", {"group": "second level"}, {"path": "/srv/box"})
    (box,) = desk.mailboxes.all()
    now = clock.now()

    def look(trouble: str, minutes: int) -> None:
        with desk.store.reading() as database:
            if trouble:
                mailboxes.troubled(database, box.id, "folder", trouble, None)
            else:
                mailboxes.looked(database, box.id, 0, 0, now + timedelta(minutes=minutes))
        Troubles(desk.store).run(now + timedelta(minutes=minutes))

    look("there is no /srv/box", 5)
    assert wrong(desk, "ben") == [], "a server is started anew in less"
    look("there is no /srv/box", 20)
    look("there is no /srv/box", 21)
    told = ("mailbox", "mailbox", box.id, "box cannot be read: there is no /srv/box")
    assert (wrong(desk, "ben"), wrong(desk, "zoe")) == ([told], [])
    assert of(desk, "ben").list()[0].urgent
    look("", 30)
    assert wrong(desk, "ben") == [], "nobody need know any more"
    look("there is no /srv/box", 60)
    assert wrong(desk, "ben") == [told]


def test_mail_of_machines_that_opens_no_ticket_is_told_to_the_mailboxs_group_by_the_hour(
    desk: Desk,
) -> None:
    known(desk, "cy", "ben", "zoe")
    desk.admin.set_member("second level", "ben")
    desk.mailboxes.add("mon", "pipe", {"group": "second level"}, {})
    for number in range(2):
        receive(
            desk.store,
            b"From: bob@example.org\r\nAuto-Submitted: auto-replied\r\n"
            b"Subject: Away\r\n\r\nUntil Monday, %d.\r\n" % number,
            mailbox="mon",
        )
    desk.inbox.process()
    assert desk.inbox.of_machines() == 2
    hour = clock.now() + timedelta(hours=1)
    for _ in range(2):
        Troubles(desk.store).run(hour)
    Troubles(desk.store).run(hour + timedelta(hours=1))
    said = "2 mails of machines came to mon and opened no ticket: I shows what."
    assert (wrong(desk, "ben"), wrong(desk, "zoe")) == ([("filed", "inbox", 0, said)], [])


def test_a_release_whose_letters_fail_is_told_to_whoever_shipped_it_and_its_owner(
    desk: Desk,
) -> None:
    known(desk, "cy", "ben", "zoe")
    number = open_ticket(desk, "VPN drops", requester=ADA)
    problem = desk.problems.new({"title": "VPN", "cause": "x"}, [number]).of("problem")[0]
    desk.records.add(
        "release",
        "Router 2.4",
        {"problems": f"P{problem}", "words": "It holds.", "owner": "ben"},
    )
    desk.releases.ship("Router 2.4")
    Troubles(desk.store).run(clock.now())
    assert wrong(desk) == []
    with desk.store.reading() as database:
        database.run("UPDATE outbox SET state = 'failed' WHERE template = 'released'")
    for _ in range(2):
        Troubles(desk.store).run(clock.now())
    said = "Router 2.4: 1 letter was given up, of 1; M shows why."
    told = [("undelivered", "release", 1, said)]
    assert (wrong(desk), wrong(desk, "ben"), wrong(desk, "zoe")) == (told, told, [])
    assert of(desk, "ben").list()[0].name == "R1"


def test_managers_are_told_of_last_weeks_poor_ratings_by_app_and_by_mail(desk: Desk) -> None:
    known(desk, "cy", "ben")
    desk.records.set("technician", "ben", {"roles": "manager", "email": "ben@example.org"})
    for score in (1, 5):
        number = open_ticket(desk)
        verbs(desk).close([number], "unsolved", "no")
        verbs(desk).change([number], values={})
        with desk.store.work("cy", str(uuid4())) as work:
            work.claim("rate")
            held = hold(work, [number])[number]
            held.set(rating=score)
            held.write(Event.RATED, data={"score": score})
    week = clock.now() + timedelta(days=7)
    desk.jobs.run_all()
    job = Troubles(desk.store)
    assert [job.tell_ratings(week), job.tell_ratings(week)] == [True, False]
    assert not Troubles(desk.store).tell_ratings(week)
    ((kind, about, _, said),) = wrong(desk, "ben")
    assert (kind, about) == ("poor", "ratings")
    assert said.startswith("1 of 2 ratings of last week (")
    assert wrong(desk) == []
    assert Telling(desk.store, timedelta(0)).run(week) == 1
    with desk.store.reading() as database:
        letter = database.one("SELECT id FROM outbox WHERE template = 'tech_notices'")
        assert letter is not None
        (line,) = news_lines(database, [letter["id"]])
    assert (line.ticket_id, line.subject, line.internal) == (None, said, False)


def test_mail_of_a_machine_on_a_ticket_that_nobody_owns_is_its_groups_news(desk: Desk) -> None:
    known(desk, "cy", "ben", "zoe")
    desk.admin.set_member("second level", "ben")
    number = open_ticket(desk, group="second level")
    to = recipient_address("help@localhost", number, secret(desk))
    take(desk, mail_bytes("Away", "Here", auto_submitted="auto-replied", to=to))
    assert (kinds(desk, "ben"), kinds(desk, "zoe")) == ([("filed", number)], [])
