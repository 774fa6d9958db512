"""Bad input: one sentence on stderr that says what, where and what to do; nothing on stdout."""

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.faults.conftest import Call, Ended

UUID = "7e57ab1e-0000-4000-8000-000000000001"


class Bad(NamedTuple):
    """A wrong call: the words, the exit code, what the sentence names."""

    words: tuple[str, ...]
    code: int
    names: str
    stdin: str = ""


NEW = ("ticket", "new", "--from", "ada@example.org", "--subject", "x")
BAD: dict[str, Bad] = {
    # queries: the sentence points at the character
    "query: unknown term": Bad(("ticket", "list", "colour:red"), 2, "colour"),
    "query: unknown state": Bad(("ticket", "list", "is:lost"), 2, "lost"),
    "query: open bracket": Bad(("ticket", "list", "(is:open"), 2, "("),
    "query: open quote": Bad(("ticket", "list", '"vpn'), 2, '"'),
    "query: bad span": Bad(("ticket", "list", "age>2x"), 2, "2x"),
    "query: bad date": Bad(("ticket", "list", "created:2026-13"), 2, "2026-13"),
    "query: bad sort": Bad(("ticket", "list", "sort:taste"), 2, "taste"),
    "query: dangling or": Bad(("ticket", "list", "vpn or"), 2, "or"),
    "query in bulk": Bad(("ticket", "take", "--query", "is:lost"), 2, "lost"),
    "query in a view": Bad(("view", "save", "Odd", "is:lost"), 2, "lost"),
    "query in the log": Bad(("log", "is:lost"), 2, "lost"),
    # unknown things
    "unknown ticket": Bad(("ticket", "show", "99"), 3, "#99"),
    "unknown target": Bad(("ticket", "note", "99", "--body", "x"), 3, "#99"),
    "unknown ticket to merge into": Bad(("ticket", "merge", "1", "--into", "99"), 3, "#99"),
    "unknown ticket to link": Bad(("ticket", "link", "1", "--to", "99"), 3, "#99"),
    "unknown person": Bad(("person", "show", "nobody@example.org"), 3, "nobody"),
    "unknown technician": Bad(("ticket", "assign", "1", "--to", "no.such"), 3, "no.such"),
    "unknown group": Bad(("ticket", "escalate", "1", "--group", "nobody"), 3, "nobody"),
    "unknown category": Bad(("ticket", "set", "1", "--category", "nowhere"), 3, "nowhere"),
    "unknown guide": Bad(("guide", "show", "nothing"), 3, "nothing"),
    "unknown solution": Bad(("solution", "show", "S99"), 3, "S99"),
    "unknown view": Bad(("view", "delete", "Nothing", "--yes"), 3, "Nothing"),
    "unknown operation": Bad(("undo", UUID), 3, UUID),
    "unknown letter": Bad(("mail", "preview", "99"), 3, "#99"),
    "unknown mail": Bad(("mail", "inbox", "show", "99"), 3, "99"),
    # what the lifecycle forbids
    "verify before solved": Bad(("ticket", "verify", "1", "--by=craft", "--result=ok"), 5, "solve"),
    "resume what does not wait": Bad(("ticket", "resume", "1"), 5, "waiting"),
    "close before proof": Bad(("ticket", "close", "2", "--as", "solved"), 5, "verif"),
    "close before solved": Bad(("ticket", "close", "1", "--as", "solved"), 5, "resolution"),
    "reopen what is open": Bad(("ticket", "reopen", "1", "--reason", "x"), 5, "reopened"),
    "merge into itself": Bad(("ticket", "merge", "1", "--into", "1"), 5, "itself"),
    "link to itself": Bad(("ticket", "link", "1", "--to", "1"), 5, "itself"),
    "unmerge what is not merged": Bad(("ticket", "unmerge", "1"), 5, "#1"),
    # values of options
    "number": Bad(("ticket", "show", "one"), 2, "one"),
    "huge number": Bad(("ticket", "show", "9" * 30), 2, "number"),
    "no target": Bad(("ticket", "take"), 2, "which ticket"),
    "target and query": Bad(("ticket", "take", "1", "--query", "is:open"), 2, "not both"),
    "operation id": Bad(("ticket", "take", "1", "--op", "again"), 2, "again"),
    "until": Bad(("ticket", "wait", "1", "--for", "other", "--until", "someday"), 2, "someday"),
    "waiting for": Bad(("ticket", "wait", "1", "--for", "godot"), 2, "godot"),
    "outcome": Bad(("ticket", "close", "1", "--as", "done"), 2, "done"),
    "verifier": Bad(("ticket", "verify", "2", "--by", "me", "--result", "ok"), 2, "me"),
    "result": Bad(("ticket", "verify", "2", "--by", "craft", "--result", "fine"), 2, "fine"),
    "step": Bad(("ticket", "step", "1", "dance"), 2, "dance"),
    "step skipped without reason": Bad(("ticket", "step", "1", "propose", "--skip"), 2, "reason"),
    "link kind": Bad(("ticket", "link", "1", "--to", "2", "--kind", "cousin"), 2, "cousin"),
    "needs": Bad(("ticket", "set", "1", "--needs", "luck"), 2, "luck"),
    "nothing to set": Bad(("ticket", "set", "1"), 2, "option"),
    "empty note": Bad(("ticket", "note", "1", "--body", "  "), 2, "empty"),
    "field": Bad((*NEW, "--field", "os"), 2, "os"),
    "channel": Bad((*NEW, "--channel", "pigeon"), 2, "pigeon"),
    "requester": Bad(("ticket", "new", "--from", "a@b@c", "--subject", "x"), 2, "a@b@c"),
    "no requester": Bad(("ticket", "new", "--subject", "x"), 2, "--from"),
    "nothing wrong": Bad(("ticket", "new", "--from", "ada@example.org"), 2, "--body"),
    "column": Bad(("ticket", "list", "--columns", "id,mood"), 2, "mood"),
    "sort": Bad(("ticket", "list", "--sort", "mood"), 2, "mood"),
    "format": Bad(("ticket", "list", "-o", "xml"), 2, "xml"),
    "limit": Bad(("ticket", "list", "--limit", "0"), 2, "limit"),
    "limit of words": Bad(("ticket", "list", "--limit", "many"), 2, "limit"),
    "version": Bad(("ticket", "take", "1", "--if-version", "new"), 2, "version"),
    "version of many": Bad(("ticket", "take", "1", "2", "--if-version", "1"), 2, "one ticket"),
    "an old version": Bad(("ticket", "take", "2", "--if-version", "1"), 4, "version"),
    "login": Bad(("--as", "a b", "ticket", "take", "1"), 2, "login"),
    "unknown noun": Bad(("tickets",), 2, "tickets"),
    "unknown verb": Bad(("ticket", "eat", "1"), 2, "eat"),
    "unknown option": Bad(("ticket", "list", "--colour"), 2, "--colour"),
    "missing value": Bad(("ticket", "list", "--limit"), 2, "--limit"),
    "split place": Bad(("ticket", "split", "1", "--from", "x"), 2, "x"),
    "split nowhere": Bad(("ticket", "split", "1", "--from", "999"), 3, "999"),
    # standard input
    "ids of words": Bad(("ticket", "take", "-"), 2, "word", "word\n"),
    "ids of broken JSON": Bad(("ticket", "take", "-"), 2, "line 2", '1\n{"id":\n'),
    "many: no JSON": Bad(
        ("ticket", "new", "--jsonl", "-"), 2, ":2", '{"from":"a@b.c","subject":"x"}\n{'
    ),
    "many: no object": Bad(("ticket", "new", "--jsonl", "-"), 2, ":1", "[1]\n"),
    "many: unknown key": Bad(("ticket", "new", "--jsonl", "-"), 2, "colour", '{"colour":"red"}\n'),
    "many: no requester": Bad(
        ("ticket", "new", "--jsonl", "-"), 2, "who is it", '{"subject":"x"}\n'
    ),
    "many: urgent maybe": Bad(
        ("ticket", "new", "--jsonl", "-"), 2, "urgent", '{"urgent":"maybe"}\n'
    ),
    "answers": Bad(("guide", "run", "vpn", "--answers", "{"), 2, "answers"),
}
SETTINGS = {
    "no TOML": ("theme = ", "settings.toml"),
    "unknown setting": ('colour = "red"\n', "colour"),
    "wrong type": ("confirm_over = true\n", "confirm_over"),
    "wrong number": ('undo_seconds = "soon"\n', "undo_seconds"),
    "no text": ("\udcff\udcfe", "settings.toml"),
}
VARIABLES = {"DESKTERM_CONFIRM_OVER": "many", "DESKTERM_UNDO_SECONDS": "soon"}


def _desk(url: str, call: Call) -> None:
    """Ticket 1 is new, ticket 2 is solved."""
    for _ in range(2):
        assert call(url, *NEW).code == 0
    assert call(url, "ticket", "solve", "2", "--resolution", "x").code == 0


def _one_sentence(ended: Ended, code: int, names: str) -> None:
    assert (ended.code, ended.out) == (code, ""), ended
    assert ended.err.startswith("deskterm: "), ended
    assert names.lower() in ended.err.lower(), ended
    assert "Traceback" not in ended.err
    assert "mistake in deskterm" not in ended.err
    lines = ended.err.rstrip("\n").splitlines()
    caret = len(lines) == 3 and lines[2].strip() == "^"
    assert len(lines) == 1 or caret, ended
    assert caret or lines[0].rstrip().endswith((".", "?", "…")), ended


def test_wrong_calls_are_one_sentence_with_the_right_code(sqlite_url: str, call: Call) -> None:
    _desk(sqlite_url, call)
    wrong = []
    for name, bad in BAD.items():
        ended = call(sqlite_url, *bad.words, stdin=bad.stdin.encode())
        try:
            _one_sentence(ended, bad.code, bad.names)
        except AssertionError as error:
            wrong.append(f"{name}: {str(error).splitlines()[0]}")
    assert not wrong, "\n".join(wrong)


def test_a_query_error_points_at_its_character(sqlite_url: str, call: Call) -> None:
    ended = call(sqlite_url, "ticket", "list", "is:open colour:red vpn")
    lines = ended.err.splitlines()
    assert lines[1].strip() == "is:open colour:red vpn"
    assert lines[1][lines[2].index("^") :].startswith("colour")


def test_nothing_was_changed_by_any_of_them(sqlite_url: str, call: Call) -> None:
    _desk(sqlite_url, call)
    assert call(sqlite_url, "guide", "list").code == 0, "the starter guides arrive at first use"
    before = call(sqlite_url, "db", "status", "-o", "json").out
    for bad in BAD.values():
        call(sqlite_url, *bad.words, stdin=bad.stdin.encode())
    assert call(sqlite_url, "db", "status", "-o", "json").out == before


@pytest.mark.parametrize("name", SETTINGS)
def test_a_bad_settings_file_is_named(
    name: str, sqlite_url: str, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, names = SETTINGS[name]
    file = tmp_path / "settings.toml"
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    monkeypatch.setenv("DESKTERM_CONFIG", str(file))
    for words in (("ticket", "list"), NEW, ("db", "status")):
        ended = call(sqlite_url, *words)
        _one_sentence(ended, 2, names)
        assert str(file) in ended.err


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_bad_variable_is_named(
    variable: str, sqlite_url: str, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, VARIABLES[variable])
    _one_sentence(call(sqlite_url, "ticket", "list"), 2, variable)


FILES: dict[str, tuple[tuple[str, ...], bytes, int]] = {
    "tickets: no JSON": (("import", "tickets", "{}.jsonl"), b"{oops\n", 2),
    "tickets: nothing in it": (("import", "tickets", "{}.jsonl"), b'{"id": 1}\n', 2),
    "tickets: a bad time": (
        ("import", "tickets", "{}.jsonl"),
        b'{"id": 1, "title": "x", "opened": "never"}\n',
        2,
    ),
    "tickets: no text": (("import", "tickets", "{}.jsonl"), b"\xff\xfe\x00", 2),
    "tickets: CSV without a mapping": (("import", "tickets", "{}.csv"), b"a,b\n1,2\n", 2),
    "tickets: another kind": (("import", "tickets", "{}.xls"), b"x", 2),
    "people: no column": (("person", "import", "{}.csv"), b"colour\nred\n", 2),
    "people: a bad address": (("person", "import", "{}.csv"), b"name,email\nAda,a@b@c\n", 2),
    "people: no text": (("person", "import", "{}.csv"), b"name\n\xff\xfe\n", 2),
    "guide: no YAML": (("guide", "import", "{}.yaml"), b"nodes: [", 2),
    "guide: nothing": (("guide", "import", "{}.yaml"), b"", 2),
    "guide: an alias bomb": (
        ("guide", "import", "{}.yaml"),
        b"a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]\n",
        2,
    ),
    "backup: no database": (("db", "restore", "{}.sqlite"), b"hello", 6),
    "template: no letter": (("mail", "template", "nonsense", "--set", "{}.txt"), b"x", 2),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_one_sentence(name: str, sqlite_url: str, call: Call, tmp_path: Path) -> None:
    words, content, code = FILES[name]
    url = sqlite_url if "restore" not in words else f"sqlite:///{tmp_path / 'new.sqlite'}"
    filled = [word.replace("{}", str(tmp_path / "given")) for word in words]
    for word in filled:
        if word.startswith(str(tmp_path)):
            Path(word).write_bytes(content)
    ended = call(url, *filled)
    assert ended.code == code, ended
    assert ended.out == "" or words[0] == "guide", "what a guide's file lacks is data, as in lint"
    assert "deskterm: " in ended.err, ended
    assert "Traceback" not in ended.err
    assert "mistake in deskterm" not in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ("import", "tickets", "{}"),
        ("person", "import", "{}"),
        ("guide", "import", "{}"),
        ("guide", "lint", "{}"),
        ("mail", "import", "{}"),
        ("mail", "parse", "{}"),
        ("db", "restore", "{}"),
        ("ticket", "note", "1", "--body", "x", "--attach", "{}"),
        ("mail", "template", "opened", "--set", "{}"),
        ("ticket", "new", "--jsonl", "{}"),
        ("import", "desk", "{}"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_file_that_is_not_there_is_named(
    words: tuple[str, ...], sqlite_url: str, call: Call, tmp_path: Path
) -> None:
    missing = tmp_path / "gone.jsonl"
    ended = call(sqlite_url, *(word.replace("{}", str(missing)) for word in words))
    assert ended.code in (2, 3), ended
    assert ended.out == ""
    assert "gone.jsonl" in ended.err
    assert "Traceback" not in ended.err
    assert "mistake in deskterm" not in ended.err
