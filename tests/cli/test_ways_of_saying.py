"""What a person may say in the way that comes to mind, and what is said back."""

from tests.cli.conftest import Cli


def _tickets(cli: Cli, many: int) -> None:
    lines = "\n".join(f'{{"from": "u{n}@x.example", "subject": "paper {n}"}}' for n in range(many))
    assert cli("ticket", "new", "--jsonl", "-", stdin=lines).code == 0


def test_problem_named_behind_the_tickets_is_the_one_meant(cli: Cli) -> None:
    _tickets(cli, 3)
    assert cli("problem", "new", "No paper").out.strip() == "P1"
    assert cli("problem", "link", 1, 2, "P1").code == 0
    assert cli("ticket", "link", 3, "P1").code == 0
    assert cli("ticket", "list", "problem:P1 sort:id-asc", "--columns", "id").out.split() == [
        "1",
        "2",
        "3",
    ]
    assert cli("problem", "unlink", 1, "P1").code == 0
    lost = cli("problem", "link", 1, 2)
    assert lost.code == 2
    assert "which problem?" in lost.err


def test_history_says_what_changed_in_words_and_no_raw_value(cli: Cli) -> None:
    _tickets(cli, 1)
    cli("problem", "new", "No paper", "--ticket", 1)
    cli("ticket", "watch", 1, "--add", "Wim <wim@x.example>")
    cli("category", "add", "paper")
    cli("ticket", "set", 1, "--problem", "The tray is empty.")
    cli("ticket", "set", 1, "--category", "paper")
    cli("ticket", "callback", 1, "--at", "tomorrow", "--note", "ask again")
    cli("ticket", "step", 1, "reproduce", "--skip", "--reason", "one printer only")
    cli("ticket", "set", 1, "--needs", "approval", "--approver", "Bo <bo@x.example>")
    told = cli("ticket", "show", 1).out
    for words in (
        "belongs to P1",
        "Wim watches",
        "problem: The tray is empty.",
        "category: paper",
        "call back ",
        "skipped 4 reproduce (one printer only)",
        "approver: Bo",
    ):
        assert words in told
    for raw in ("watcher.", "category_id", "callback.", "problem.1", "['", "True", "approver_id"):
        assert raw not in told
    approval = told[told.index("approval  public") :]
    assert "changed  public" not in approval  # one entry tells of need and approver


def test_a_word_to_many_makes_nobody_their_owner_and_one_to_one_does(cli: Cli) -> None:
    _tickets(cli, 3)
    assert cli("ticket", "reply", "--query", "paper", "--body", "We know.", "--yes").code == 0
    found = cli("ticket", "list", "--columns", "state,assignee").out.splitlines()
    assert [line.strip() for line in found] == ["open"] * 3
    _tickets(cli, 1)
    cli("ticket", "reply", 4, "--body", "On it.")
    assert cli("ticket", "list", "4", "--columns", "assignee").out.strip() == "cy"


def test_lines_of_json_that_are_refused_are_named_by_their_place(cli: Cli) -> None:
    lines = '{"from": "a@x.example", "subject": "a"}\n\n{"from": "b@x.example"}\n'
    blank = cli("ticket", "new", "--jsonl", "-", stdin=lines)
    assert blank.code == 2
    assert "standard input:3: what is wrong?" in blank.err
    lines = '{"from": "a@x.example", "subject": "a", "category": "nowhere"}\n'
    unknown = cli("ticket", "new", "--jsonl", "-", stdin=lines)
    assert unknown.code == 3
    assert "standard input:1: " in unknown.err
    assert cli("ticket", "list").out == ""


def test_who_would_be_told_of_a_problem_is_named(cli: Cli) -> None:
    cli("person", "add", "Ada Moss <ada@x.example>")
    cli("device", "add", "PC-1", "--model", "T14", "--owner", "ada@x.example")
    cli("problem", "new", "Dock drops the screen", "--model", "T14")
    trial = cli("problem", "tell", "P1", "--dry-run")
    assert "Ada Moss\tada@x.example\tPC-1" in trial.out
    assert "told." not in trial.out
    assert "1 letters would be written" in trial.err
    record = cli("problem", "tell", "P1", "--dry-run", "-o", "json").json
    assert [one["name"] for one in record["people"]] == ["Ada Moss"]


def test_solution_takes_the_ticket_behind_it(cli: Cli) -> None:
    _tickets(cli, 1)
    cli("solution", "new", "--title", "Refill", "--resolution", "Put paper in.")
    assert cli("solution", "use", "S1", 1).code == 0
    twice = cli("solution", "use", "S1", 1, "--ticket", 1)
    assert (twice.code, "on which ticket?" in twice.err) == (2, True)


def test_small_words_are_understood(cli: Cli) -> None:
    _tickets(cli, 1)
    cli("ticket", "take", 1)
    assert cli("ticket", "assign", 1, "--to", "nobody").code == 0
    assert cli("ticket", "list", "assignee:none requester:u0", "--columns", "id").out == "1\n"
    assert cli("ticket", "callback", 1, "--at", "next monday").code == 0
    assert cli("ticket", "list", "callback:today").code == 0
    assert cli("mail", "pause", "new server").code == 0
    assert "new server" in cli("mail", "queue").err
    assert "12-25 (each year)" in cli("settings", "list", "-o", "json").json.__str__()


def test_advice_stands_whole_under_its_row_in_a_table(cli: Cli) -> None:
    told = " ".join(cli("insight", "mistakes", "-o", "table").out.split())
    assert "begin with a sentence that somebody is on it." in told
    assert "…" not in told


def test_an_empty_list_says_so_to_people_and_nothing_to_programs(cli: Cli) -> None:
    assert "No ticket fits." in cli("ticket", "list", "-o", "table").err
    silent = cli("ticket", "list", "-o", "csv")
    assert (silent.out.count("\n"), silent.err) == (1, "")
