"""A problem in an outside tracker from the command line: the shipped program, a real server."""

from pathlib import Path

import trustme

from tests.cli.conftest import Cli
from tests.forges import TOKEN, forge


def test_a_problem_goes_to_a_forge_over_tls_and_its_end_comes_back(
    cli: Cli, tmp_path: Path
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    ticket = cli("ticket", "new", "--from", "ada@example.org", "--subject", "VPN drops").out.strip()
    cli("problem", "new", "VPN timer", "--ticket", ticket, "--workaround", "Connect again.")
    assert cli("problem", "track", "P1").code == 2
    with forge("github", authority.issue_cert("localhost")) as server:
        where = f"acme/router --url {server.address} --token 'echo {TOKEN}'"
        where += f" --ca-file {tmp_path / 'ca.pem'}"
        cli("settings", "set", "trackers.github", f"deskterm tracker github {where}")
        cli("settings", "set", "undo_seconds", "0")
        trial = cli("problem", "track", "P1", "--dry-run")
        assert "nothing was said" in trial.err
        queued = cli("problem", "track", "P1")
        assert "open github: waits for the jobs" in queued.err
        assert cli("tracker", "queue", "-o", "json").json[0]["problem"] == "P1"
        server.faults = ["401"]
        assert cli("tracker", "run").code == 0
        assert "the token is refused" in cli("tracker", "queue").out
        assert "the token is refused" in cli("doctor").out
        assert cli("tracker", "retry").code == 0
        assert cli("work", "--once", "-o", "json").json["errands"] == 1
        assert server.issue(1)["title"] == "VPN timer"
        server.issue(1).update(state="closed", milestone={"title": "2.4.1"})
        server.hear(1, "dev", "Please try 2.4.1")
        (row,) = cli("problem", "track", "P1", "--now", "-o", "json").json
        assert (row["ref"], row["state"], row["fixed_in"]) == ("1", "closed", "2.4.1")
        assert row["comments"] == ["dev in github 1: Please try 2.4.1"]
        assert row["proposed"] == {"fixed": "2.4.1"}
        assert cli("problem", "track", "P1", "--take").code == 0
        assert cli("problem", "show", "P1", "-o", "json").json["fixed"] == "2.4.1"
        said = cli("problem", "track", "P1", "--comment", "Ask Ada Moss at ada@example.org")
        assert (said.code, server.comments[1][0]["body"]) == (5, "Please try 2.4.1")
        assert cli("problem", "track", "P1", "--comment", "It works.", "--now").code == 0
        assert "It works." in server.comments[1][1]["body"]
        assert cli("problem", "track", "P1", "--comment", "a", "--off").code == 2
        assert cli("problem", "track", "P1", "--off", "-o", "json").json == []
        assert {one["name"] for one in cli("tracker", "list", "-o", "json").json} == {"github"}


def test_a_shipped_tracker_answers_line_by_line_and_never_shows_its_token(
    cli_sqlite: Cli,
) -> None:
    lines = '{"do": "read", "problem": {"ref": "x"}}\n\nnonsense\n{"do": "dance"}\n'
    said = cli_sqlite("tracker", "gitlab", "a/b", "--token", f"echo {TOKEN}", stdin=lines)
    assert [line.partition('"error"')[2][3:20] for line in said.out.splitlines()] == [
        "'x' is no issue's",
        "this line asks fo",
        "this line asks fo",
    ]
    failed = cli_sqlite("tracker", "github", "a/b", "--token", f"sh -c 'echo {TOKEN}; exit 3'")
    assert failed.code == 2
    assert "the command of --token failed" in failed.err
    assert TOKEN not in failed.err + said.out + said.err
    assert cli_sqlite("tracker", "github", "a/b", "--token", "true").code == 2
