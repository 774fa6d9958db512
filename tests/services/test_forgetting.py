"""Who asks to be forgotten is: nowhere in the database stands what named them (I10)."""

from pathlib import Path

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.asking import How
from deskterm.domain.errors import RefusedError
from deskterm.domain.requests import NewFile, NewTicket
from deskterm.domain.veil import GONE, Veil
from deskterm.services.privacy import Forgetting, hand_out, hand_out_client
from deskterm.storage import dump
from deskterm.storage.soundness import trouble
from tests.builders import value
from tests.mails import take
from tests.services.test_guides import PLAIN, group
from tests.verbs import verbs

NAME, ADDRESS = "Wilhelmina Ozollapa", "mina.ozollapa@harbour.example"
WORD = "kaleidoskop"
"""What only she says."""
SECRETS = ("Wilhelmina", "Ozollapa", "ozollapa", WORD, "+49 711 5550123")
MAIL = f"""\
From: {NAME} <{ADDRESS}>
To: desk@example.org
Subject: My {WORD} is dark
Message-ID: <one@mail.invalid>
Content-Type: text/plain

Hello, my {WORD} is dark. Call +49 711 5550123.
"""


def told(desk: Desk) -> tuple[int, int]:
    """Give her ticket and another's in which she is named."""
    take(desk, MAIL.encode())
    desk.inbox.process()
    (own,) = desk.board.ids("is:open")
    desk.records.set("person", ADDRESS, {"phone": "+49 711 5550123", "notes": "Wilhelmina sings"})
    other = desk.tickets.new(
        NewTicket(subject=f"Colleague of {NAME}", requester="Bo <bo@clinic.example>")
    ).tickets[0]
    verbs(desk).reply([own], "Dear Wilhelmina, we look at it.")
    file = NewFile("ozollapa.txt", "text/plain", WORD.encode())
    verbs(desk).note([own], f"{NAME} called; file attached.", (file,))
    verbs(desk).note([other], f"Asked {ADDRESS}; ÉMILE too.")
    verbs(desk).change([own], values={"problem": "Ms Ozollapa's lamp"})
    group(desk)
    desk.guides.add(PLAIN)
    desk.runs.note(desk.runs.start("small", own).id, f"{NAME} reads the lights out.")
    verbs(desk).solve([own], "Wilhelmina has a new lamp.")
    desk.drafts.put("reply", own, "Dear Ms Ozollapa, you wrote")
    desk.solutions.draft(own, {"symptoms": f"{NAME} saw nothing"})
    return own, other


def everything(desk: Desk) -> str:
    """Give every row of every table as text, bytes as what they say."""
    found = []
    with desk.store.reading() as database:
        for shape in dump.shapes():
            names = ", ".join(column.name for column in shape.columns)
            for row in database.all(f'SELECT {names} FROM "{shape.name}"'):
                cells = [row[column.name] for column in shape.columns]
                texts = [c.decode("utf-8", "replace") if isinstance(c, bytes) else c for c in cells]
                found.append(f"{shape.name}: {texts!r}")
    return "\n".join(found)


def test_nothing_in_the_database_names_who_was_forgotten(desk: Desk) -> None:
    own, other = told(desk)
    before = everything(desk)
    assert all(word in before for word in SECRETS)
    figures = (value(desk, own, "state"), value(desk, own, "solved_at"))
    dry = Forgetting(desk).person(ADDRESS, How(dry=True))
    assert "Would be covered" in dry.notes[0]
    assert everything(desk) == before
    done = Forgetting(desk).person(ADDRESS)
    assert "Backups made before" in done.notes[-1]
    left = everything(desk)
    assert [line for line in left.split("\n") if any(word in line for word in SECRETS)] == []
    assert (value(desk, own, "state"), value(desk, own, "solved_at")) == figures
    assert value(desk, own, "subject") == GONE
    assert "we look at it" in repr(desk.tickets.show(own).timeline)
    assert "ÉMILE" in repr(desk.tickets.show(other).timeline)
    assert not desk.search.find(WORD)
    with desk.store.reading() as database:
        assert trouble(database) == []


def test_forgetting_is_not_undone_and_may_be_done_again(desk: Desk) -> None:
    own, _ = told(desk)
    person = int(value(desk, own, "requester_id"))
    done = Forgetting(desk).person(ADDRESS)
    with pytest.raises(RefusedError, match="stands nowhere any more"):
        desk.ledger.undo(done.operation_id)
    verbs(desk).note([own], "She is Wilhelmina Ozollapa.")
    Forgetting(desk).person(f"#{person}")
    assert "Ozollapa" in everything(desk)  # nobody knows any more what her name was
    assert Forgetting(desk).person(f"#{person}").notes[0] == "Covered: nothing was left of them."


def test_who_was_merged_into_somebody_is_forgotten_with_them(desk: Desk) -> None:
    told(desk)
    desk.records.set("person", "Mina Oz <mina@old.example>", {})
    desk.tickets.new(NewTicket(subject="Old Mina Oz", requester="mina@old.example"))
    desk.records.merge("person", "mina@old.example", ADDRESS)
    Forgetting(desk).person(ADDRESS)
    assert "Mina Oz" not in everything(desk)
    assert "mina@old" not in everything(desk)


def test_somebody_who_works_here_is_not_forgotten_before_they_leave(desk: Desk) -> None:
    told(desk)
    desk.records.set("technician", "mina", {"email": ADDRESS})
    with pytest.raises(RefusedError, match="mina works here"):
        Forgetting(desk).person(ADDRESS)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET text = 'x' WHERE id = 1",
        "UPDATE ledger SET actor = 'x' WHERE id IN (SELECT entry_id FROM redaction)",
        "UPDATE ledger SET text = 'x' WHERE id IN (SELECT entry_id FROM redaction)",
        "UPDATE redaction SET closed = FALSE",
        "DELETE FROM redaction",
        "DELETE FROM ledger",
    ],
)
def test_the_ledger_lets_words_go_by_a_redaction_alone(desk: Desk, statement: str) -> None:
    told(desk)
    Forgetting(desk).person(ADDRESS)
    with (
        desk.store.reading() as database,
        pytest.raises(Exception, match=r"append-only|redaction is kept"),
    ):
        database.run(statement)


def test_all_that_is_known_of_somebody_is_handed_out(desk: Desk, tmp_path: Path) -> None:
    told(desk)
    folder = tmp_path / "for-her"
    counts = hand_out(desk.store, ADDRESS, folder)
    assert counts == {"tickets": 1, "words": counts["words"], "mails": 1, "letters": 0, "files": 1}
    texts = "".join(file.read_text("utf-8") for file in folder.rglob("*.*") if file.is_file())
    assert all(word in texts for word in (NAME, ADDRESS, WORD, "Wilhelmina sings"))
    assert "bo@clinic" not in texts


@pytest.mark.parametrize(
    "name", [".*", "a", "[forgotten]", "x" * 20_000, "(", "Ann\\b", "安 娜", ""]
)
def test_a_hostile_name_covers_nothing_else(name: str) -> None:
    veil = Veil(1, [name], [], [])
    assert veil.cover("Nothing here is theirs: a (b) and .+") == (
        "Nothing here is theirs: a (b) and .+"
    )


def test_a_name_that_is_a_word_is_covered_where_it_is_a_name() -> None:
    veil = Veil(1, ["Will May"], [], [])
    assert veil.cover("Dear Will, we will see in may.", own=True) == (
        "Dear [forgotten], we will see in may."
    )


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ADA  MOSS and Adamant Mossy", "[forgotten] and Adamant Mossy"),
        ("x ada@a.example, xada@a.example", "x forgotten-7-1@forgotten.invalid, xada@a.example"),
        ("Ada alone stays", "Ada alone stays"),
    ],
)
def test_whole_words_are_covered(text: str, left: str) -> None:
    assert Veil(7, ["Ada Moss"], ["ada@a.example"], []).cover(text) == left


def test_a_client_is_handed_out_and_forgotten_with_all_that_is_its(
    desk: Desk, tmp_path: Path
) -> None:
    desk.records.set("organisation", "Harbour Masters", {"mission": f"No {WORD} dark"})
    own, other = told(desk)
    desk.records.set("person", ADDRESS, {"organisation": "Harbour Masters"})
    solution = desk.solutions.of_ticket(own) or 0
    desk.solutions.edit(solution, {"client": "Harbour Masters", "cause": f"The {WORD}"})
    desk.problems.new({"title": f"Dark {WORD}"}, [own])
    text = {"short": "dark", "words": f"Your {WORD}", "organisation": "Harbour Masters"}
    desk.records.set("text", "Darkness", text)
    counts = hand_out_client(desk.store, "Harbour Masters", tmp_path / "theirs")
    assert (counts["people"], counts["tickets"], counts["solutions"], counts["texts"]) == (
        1,
        1,
        1,
        1,
    )
    Forgetting(desk).client("Harbour Masters")
    left = everything(desk)
    named = (*SECRETS, "Harbour Masters")
    assert [line for line in left.split("\n") if any(word in line for word in named)] == []
    assert value(desk, other, "state") == "new"
    with desk.store.reading() as database:
        assert trouble(database) == []
