"""A remote session from the command line."""

from tests.cli.conftest import Cli


def test_a_session_is_listed_run_and_told(cli_sqlite: Cli) -> None:
    cli = cli_sqlite
    cli("device", "add", "lt-220", "--kind", "laptop")
    said = ("--from", "ada@example.org", "--subject", "Slow", "--device", "lt-220")
    ticket = cli("ticket", "new", *said).out.strip()
    assert cli("ticket", "remote", ticket).code == 5
    assert cli("remote", "add", "shell", "--run", "ssh -oProxyCommand=id {device}").code == 2
    assert cli("remote", "add", "check", "--run", "test {device} = lt-220").code == 0
    assert "test lt-220 = lt-220" in cli("ticket", "remote", ticket, "--list").out
    ran = cli("ticket", "remote", ticket)
    assert "check ended with exit code 0" in ran.err
    page = cli("ticket", "show", ticket, "--full").out
    assert "Remote session to lt-220 began: check." in page
    assert "Remote session check ended after 0:0" in page
    cli("remote", "set", "check", "--run", "no-such-program {device}")
    assert "did not start" in cli("ticket", "remote", ticket).err
