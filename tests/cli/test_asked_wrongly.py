"""What a command says where too little, too much or nothing is meant, and how it ends.

Whoever reads such a sentence must know what to type next; a script knows it by the number.
"""

import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, Ended

WRONG, NONE, REFUSED, FINE = 2, 3, 5, 0

TICKETS = [
    ("attachment cat 1 nothing.txt", NONE, "#1 has no file 'nothing.txt'; it has: none."),
    ("ticket note 1 -q is:open --body x", WRONG, "give ticket numbers or --query, not both."),
    ("ticket note 1 2 --body x --if-version 1", WRONG, "--if-version goes with one ticket."),
    ("ticket note --body x", WRONG, "which ticket? Give a number, several, --query Q, or -"),
    ("ticket close -q nowhere-at-all --as fixed --yes", FINE, "No ticket fits"),
    ("ticket new --keep-going --subject x", WRONG, "--keep-going goes with --jsonl"),
    ("ticket new --subject x", WRONG, "who reports it? Give --from WHO"),
    ("ticket new --from bo --subject x --field os", WRONG, "write it like os=macOS."),
    ("ticket set 1", WRONG, "Give an option such as --category or --urgent."),
    ("ticket step 1 reproduce --done --skip", WRONG, "a step is done or skipped, not both."),
    ("ticket link 1", WRONG, "Give --to 9, or P7 behind the tickets."),
    ("ticket callback 1", WRONG, "say one of --at WHEN, --move WHEN, --done or --cancel."),
    ("ticket split 1 --from 99", NONE, "#1 has no message 99 to split from; see `ticket show 1`."),
    ("ticket list --output eat", WRONG, "use table, json, jsonl, csv"),
    ("time 1", WRONG, "how long? Say --add 20m, or one of start, stop, list, confirm, drop."),
    ("time 1 start --add 20m", WRONG, "--add and start? One at a time."),
    ("time 1 confirm", WRONG, "nothing of yours is proposed there"),
    ("search a", WRONG, "give two characters at least to search for."),
    ("search nowhere-at-all", FINE, "Nothing was found."),
    ("promise drop 9", WRONG, "write it as `deskterm promises` does, call.12.1."),
]
KNOWN = [
    ("solution edit S1", WRONG, "Give --title, --resolution … or --sheet FILE."),
    ("solution new", WRONG, "Give --title, or --ticket N that was resolved."),
    ("solution use S1", WRONG, "on which ticket? Name it behind the solution: S12 40."),
    ("solution publish S1 S2 --op one --audience public", WRONG, "go with one solution."),
    ("problem set P1", WRONG, "Name a fact, such as --workaround TEXT."),
    ("problem tell P1", NONE, "there is no problem P1; see `deskterm problem list`."),
    ("problem bursts", FINE, "No burst: nothing comes more often than usual."),
    ("guide convert nothing.yaml", NONE, "there is no file nothing.yaml."),
    ("guide run nothing", NONE, "there is no guide 'nothing'; see `deskterm guide list`."),
    ("release ship 9", NONE, "there is no release '9': see `deskterm release list`."),
    ("offer decide Wifi perhaps", WRONG, "'perhaps'? Say accept or decline."),
    ("offer prune", FINE, "`offer decide SERVICE accept|decline` keeps what was decided."),
    ("rule set Wifi", WRONG, "what shall be changed?"),
    ("verb run nothing 1", NONE, "there is no verb 'nothing': see `deskterm verb list`."),
]
LETTERS = [
    ("mail inbox eat", WRONG, "Use one of list, show, retry, discard, import, process."),
    ("mail inbox retry", WRONG, "Give numbers, or --state quarantined, to retry all of them."),
    ("mail inbox retry 1 --state quarantined", WRONG, "--state and --query, not both."),
    ("mail inbox retry 999", NONE, "there is no mail 999; see `deskterm mail inbox list`."),
    ("mail inbox discard --state quarantined --yes", FINE, "No mail fits; nothing was changed."),
    ("mail secret eat", WRONG, "mail secret 'eat'? Use list or rotate."),
    ("mail secret rotate", REFUSED, "it cannot be undone: say --yes to do it."),
    ("mail retry --all", FINE, "No letter has failed."),
    ("mail retry 3 --all", WRONG, "name letters or say --all, not both."),
    ("mail retry x", WRONG, "'x' is no letter's number; see `deskterm mail queue`."),
    ("mail mailbox add", WRONG, "and a name: mail mailbox add help …"),
    ("mail mailbox list", FINE, "No mailboxes yet: `deskterm mail mailbox add NAME --host …`"),
    ("mail fetch", FINE, "There is no mailbox to fetch from"),
    ("mail preview", WRONG, "name a ticket, or one letter with --letter ID."),
    ("tracker list", FINE, "No tracker is known; see `deskterm tracker github --help`."),
    ("tracker withdraw", WRONG, "name at least one errand; `deskterm tracker queue` shows them."),
    ("tracker retry", FINE, "Nothing has failed."),
    ("tracker retry x", WRONG, "'x' is no errand's number; see `deskterm tracker queue`."),
]
DESK = [
    ("audit verify --since 2026-13-01", WRONG, "is no day: write it like 2026-11-01."),
    ("group set Network level", WRONG, "'level'? Write FIELD=VALUE."),
    ("me set", WRONG, "nothing to set: say --name, --email, --notify or --mail."),
    ("notices seen", WRONG, "which ones? Name their numbers, or say --all."),
    ("settings set nothing 1", NONE, "there is no setting 'nothing'"),
    ("retention run --dry-run", FINE, "There are no rules: deskterm retention set"),
    ("figures series nothing", WRONG, "there is no figure 'nothing'; known: logged, closed"),
    ("review show 1", NONE, "there is no review 1; see `deskterm review list`."),
    ("review draw", FINE, "0 to be reviewed; `deskterm review list` has them."),
    ("competence gaps", FINE, "no ticket with a category was logged; nothing can be lacking."),
    ("competence remove cy network", NONE, "nothing is said of 'cy network' yet"),
    ("handover seen 9", NONE, "there is no hand-over 9; see `deskterm handover list`."),
    ("absence end 9", NONE, "9 is not off; see `deskterm absence list`."),
    ("person show nobody", NONE, "nobody here is known as 'nobody'; see `deskterm person list`."),
    ("web serve", WRONG, "say `deskterm web`, `web snippet` or `web words`"),
    ("import desk nothing", WRONG, "nothing is no finished export"),
]


@pytest.mark.parametrize("rows", [TICKETS, KNOWN, LETTERS, DESK], ids=lambda rows: rows[0][0])
def test_a_command_that_cannot_be_done_says_what_to_type_and_changes_nothing(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[tuple[str, int, str]]
) -> None:
    monkeypatch.chdir(tmp_path)
    for subject in ("No wifi", "No wifi in the hall"):
        assert cli("ticket", "new", "--from", "Ada <a@b.example>", "--subject", subject).code == 0
    assert cli("solution", "new", "--title", "Restart it").code == 0
    before = _done(cli)
    ended = {words: cli(*shlex.split(words)) for words, _, _ in rows}
    told = [(words, *_end(ended[words], said)) for words, _, said in rows]
    assert told == rows
    assert _done(cli) == before


def _end(ended: Ended, said: str) -> tuple[int, str]:
    """Give how it ended, and what was to be said where it was said; else all that was."""
    return ended.code, said if said in " ".join(ended.err.split()) else ended.err


def _done(cli: Cli) -> list[int]:
    """Give what the one who types did; the desk itself brings its guides along when first asked."""
    return [one["id"] for one in cli("log", "-o", "json").json if one["actor"] == "cy"]
