"""`deskterm search`, queries on the command line and their completion in the shell."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli


def opened(cli: Cli, subject: str, *more: str) -> None:
    ended = cli("ticket", "new", "--from", "Ada <ada@example.org>", "--subject", subject, *more)
    assert ended.code == 0, ended.err


def kinds(cli: Cli, *words: str) -> list[tuple[str, object]]:
    """Give what was found besides the starter guides that every desk has."""
    ended = cli("search", "-o", "json", "--", *words)
    assert ended.code == 0, ended.err
    return [(hit["kind"], hit["id"]) for hit in ended.json if hit["kind"] != "guide"]


def test_search_finds_tickets_and_people_by_words(cli: Cli) -> None:
    opened(cli, "VPN drops")
    opened(cli, "Printer offline", "--urgent")
    assert kinds(cli, "vpn") == [("ticket", 1)]
    assert kinds(cli, "printer", "off") == [("ticket", 2)]
    assert kinds(cli, "ada") == [("person", 1)]
    assert kinds(cli, "#2") == [("ticket", 2)]


def test_ticket_terms_narrow_the_tickets_only(cli: Cli) -> None:
    opened(cli, "Ada cannot print")
    opened(cli, "Ada has no network", "--urgent")
    assert kinds(cli, "ada", "urgent:yes") == [("ticket", 2), ("person", 1)]


@pytest.mark.parametrize(
    "words",
    ["' OR 1=1 --", "%_%", '" OR NEAR( *', "priority; DROP TABLE ticket", "(a+)+$", "--help"],
)
def test_hostile_words_are_words(cli: Cli, words: str) -> None:
    opened(cli, "No sound")
    assert kinds(cli, words) == []
    assert kinds(cli, "sound") == [("ticket", 1)]


def test_below_two_characters_is_refused_and_nothing_found_is_no_failure(cli: Cli) -> None:
    assert cli("search", "x").code == 2
    ended = cli("search", "nothing-like-this")
    assert (ended.code, ended.out) == (0, "")
    assert "Nothing was found" in ended.err


def test_a_malformed_query_is_one_sentence_with_a_caret(cli_sqlite: Cli) -> None:
    ended = cli_sqlite("ticket", "list", "is:open categry:x")
    assert ended.code == 2
    assert ended.out == ""
    sentence, shown, caret = ended.err.rstrip("\n").split("\n")
    assert "did you mean 'category'" in sentence
    assert caret.index("^") == shown.index("categry")


@pytest.mark.parametrize(
    "query",
    ["is:nowhere", "problem:vpn", "release:2", "sort:priority;x", "category:nowhere", "(", "x"],
)
def test_a_query_that_cannot_be_answered_ends_with_the_usage_code(
    cli_sqlite: Cli, query: str
) -> None:
    for ended in (
        cli_sqlite("ticket", "list", query),
        cli_sqlite("ticket", "note", "--query", query, "--body", "x", "--no-input"),
    ):
        assert ended.code == 2
        assert "Traceback" not in ended.err


def test_sort_takes_only_known_keys(cli_sqlite: Cli) -> None:
    ended = cli_sqlite("ticket", "list", "--sort", "priority; DROP TABLE ticket")
    assert ended.code == 2
    assert "nothing is sorted by" in ended.err


def test_the_shell_completes_queries_and_makes_no_desk_for_it(
    cli_sqlite: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from deskterm.cli.program import command

    def completed(typed: str) -> list[str]:
        from typer._completion_classes import FishComplete

        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", typed)
        complete = FishComplete(command(), {}, "deskterm", "_DESKTERM_COMPLETE")
        args, incomplete = complete.get_completion_args()
        return [item.value for item in complete.get_completions(args, incomplete)]

    assert "category:network/wifi" in completed("deskterm ticket list category:net")
    assert completed("deskterm ticket close --query is:clo") == ["is:closed"]
    missing = tmp_path / "nowhere.sqlite"
    typed = f"deskterm --db sqlite:///{missing} ticket list urg"
    assert completed(typed) == ["urgent:"]
    assert not missing.exists()


def test_somebody_of_that_name_comes_before_tickets_that_hold_it(cli: Cli) -> None:
    new = ("ticket", "new", "--from")
    cli(*new, "Mia Bouchard <mia@example.org>", "--subject", "No sound")
    cli(*new, "bo@example.org", "--subject", "Need the same rights as Mia Bouchard")
    found = cli("search", "mia", "bou", "-o", "json").json
    assert next((one["kind"], one["title"]) for one in found) == ("person", "Mia Bouchard")
