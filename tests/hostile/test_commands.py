"""Hostile arguments, guides, mails, imports and files, on a real pseudo-terminal."""

import json
import os
import re
from pathlib import Path

import pytest

from deskterm.domain.text import storable
from tests.cli.test_mail_hostile import raw_mail
from tests.hostile.cases import Case
from tests.hostile.conftest import Ward
from tests.hostile.terminal import on_terminal

USAGE = {0, 2, 3, 5, 6}


def _guide(texts: list[str]) -> str:
    """Give one guide that asks, says and offers every text; YAML's quotes take JSON's escapes."""
    lines = ["id: hostile", f"title: {texts[0]}", "applies_to: {category: [other]}", "start: n0"]
    lines.append("nodes:")
    for place, text in enumerate(texts):
        goal = f"n{place + 1}" if place + 1 < len(texts) else "fix"
        choices = f"[{{answer: {text}, to: {goal}}}, {{answer: Don't know, to: up}}]"
        lines.append(
            f"  n{place}: {{ask: {text}, say: {text}, why: {text}, fact: f{place}, "
            f"choices: {choices}}}"
        )
    text = texts[0]
    lines.append(f"  fix: {{do: {text}, verify: {text}, choices: {{Fixed: done, No: up}}}}")
    lines.append(f"  up: {{outcome: escalate, group: desk, summary: {text}, actions: [{text}]}}")
    lines.append(f"  done: {{outcome: solved, resolution: {text}}}")
    lines.append("tests: [{answers: [Don't know], ends: up}]")
    return "\n".join(lines) + "\n"


def _aimed(ward: Ward) -> list[tuple[Case, str]]:
    found = [(case, case.argument) for case in ward.cases]
    return [(case, text) for case, text in found if text and len(text) < 3_000]


def test_refusals_repeat_no_foreign_byte(ward: Ward) -> None:
    """Every place that names a wrong value back: one or two lines, nothing acts, right code."""
    commands = 0
    aimed = [(case, text) for case, text in _aimed(ward) if case.terminal]
    for case, text in aimed:
        for words in (
            ("ticket", "list", "--", f"nothing:{text}"),
            ("ticket", "show", "--", text),
            ("ticket", "list", f"--columns={text}"),
            ("ticket", "list", f"--sort={text}"),
            ("ticket", "list", f"-o{text}"),
            ("ticket", "note", "1", "--body=x", f"--op={text}"),
            ("ticket", "wait", "1", "--for=other", f"--until={text}"),
            ("ticket", "assign", "1", f"--to={text}"),
            ("ticket", "set", "1", f"--category={text}"),
            ("ticket", "close", "1", f"--as={text}", "--reason=x"),
            (f"--as={text}", "ticket", "take", "1"),
            (f"--db={text}", "ticket", "list"),
            (f"--db=sqlite:///{ward.folder}/no/{text}", "ticket", "list"),
            ("--", text),
            ("ticket", "--", text),
            ("search", "--", text),
            ("undo", "--", text),
        ):
            shown = ward.terminal.run(*words)
            commands += 1
            assert shown.code in USAGE, (case.id, words, shown)
            assert shown.trouble() == "", (case.id, words, shown)
    assert commands == 17 * len(aimed)
    assert len(aimed) > 35


def test_hostile_guides_are_linted_shown_and_run_without_effect(ward: Ward) -> None:
    texts = [storable(text) for _, text in _aimed(ward) if text.strip() and "{" not in text]
    assert len(texts) >= 80
    file = ward.folder / "guide.yaml"
    file.write_text(_guide([json.dumps(text) for text in texts]), encoding="utf-8")
    known: tuple[tuple[object, ...], ...] = (
        ("guide", "lint", file),
        ("guide", "test", file),
        ("guide", "import", file),
        ("guide", "list"),
        ("guide", "show", "hostile"),
        ("guide", "show", "hostile", "-o", "json"),
        ("guide", "run", "hostile", "--answers", json.dumps(["1"] * (len(texts) + 1))),
        ("guide", "run", "hostile", "--ticket", "1", "--answers", '["1", "1", "2"]'),
        ("ticket", "show", "1", "--full"),
        ("mail", "preview", "1"),
    )
    for words in known:
        shown = ward.terminal.run(*words)
        assert shown.trouble() == "", (words, shown)
        assert shown.code == 0, (words, shown.text[-600:])
    files = []
    for place, text in enumerate(texts):
        broken = _guide([json.dumps(text)]).replace("start: n0", f"start: {json.dumps(text)}")
        files.append(ward.folder / f"broken{place}.yaml")
        files[-1].write_text(broken, encoding="utf-8")
    shown = ward.terminal.run("guide", "lint", *files)
    assert (shown.code, shown.trouble()) == (2, ""), shown.text[-300:]
    for file in files:
        assert f"{file.name}:" in shown.text


def test_hostile_mails_are_received_processed_and_shown(ward: Ward) -> None:
    for case in ward.cases:
        one = {"id": case.id, "class": case.kind, "where": case.where, "payload": case.payload}
        text = raw_mail(one).decode("utf-8", "surrogateescape")
        shown = ward.terminal.run("mail", "receive", stdin=text)
        assert (shown.code, shown.trouble()) == (0, ""), case.id
    shown = ward.terminal.run("mail", "process", "-o", "json")
    assert (shown.code, shown.trouble()) == (0, "")
    counts = json.loads(shown.text)
    assert sum(counts.values()) == len(ward.cases)
    for form in ("table", "csv", "jsonl"):
        shown = ward.terminal.run("mail", "inbox", "list", "--limit", "200", "-o", form)
        assert (shown.code, shown.trouble()) == (0, ""), form
    for number in range(1, len(ward.cases) + 1):
        shown = ward.terminal.run("mail", "inbox", "show", number)
        assert (shown.code, shown.trouble()) == (0, ""), number
    for words in (("mail", "queue"), ("mail", "queue", "--all"), ("work", "--once")):
        shown = ward.terminal.run(*words)
        assert shown.code in (0, 1), (words, shown)
        assert shown.trouble() == "", words


def _named(ward: Ward, places: set[str]) -> list[Case]:
    """Give the cases that stood on these lines of a file."""
    return [case for place, case in enumerate(ward.cases, 1) if str(place) in places]


def test_hostile_imports_are_kept_or_refused_in_one_sentence(ward: Ward) -> None:
    other = f"sqlite:///{ward.folder / 'import.sqlite'}"
    assert ward.terminal.run("--db", other, "db", "init").code == 0
    file = ward.folder / "old.jsonl"
    lines = {
        case.id: {
            "id": case.id,
            "title": f"x {case.payload}",
            "body": case.payload,
            "requester": case.payload,
            "category": case.payload,
            "opened": "2099-01-01T00:00:00Z" if case.id == "H160" else "2024-05-01T08:00:00Z",
            "actor": "max",
            "a field": case.payload,
        }
        for case in ward.cases
    }
    file.write_text("".join(json.dumps(line) + "\n" for line in lines.values()))
    words = ("--db", other, "import", "tickets", file, "--keep-going")
    shown = ward.terminal.run(*words)
    assert (shown.code, shown.trouble(progress=True)) == (1, ""), shown
    refused = set(re.findall(r"old\.jsonl:(\d+): requester", shown.text))
    assert 5 < len(refused) < 20, "what tries to be two; what has no address is a name"
    for line in lines.values():
        line["requester"] = "max"
    file.write_text("".join(json.dumps(lines[one.id]) + "\n" for one in _named(ward, refused)))
    shown = ward.terminal.run(*words)
    assert (shown.code, shown.trouble(progress=True)) == (0, ""), shown
    listed = ward.terminal.run("--db", other, "ticket", "list", "is:any", "--limit=200", "-ojsonl")
    assert len(listed.text.splitlines()) == len(ward.cases)
    for noun in (("ticket", "list", "is:any"), ("log",), ("person", "list"), ("category", "list")):
        for form in ("table", "csv", "tsv"):
            shown = ward.terminal.run("--db", other, *noun, "-o", form)
            assert (shown.code, shown.trouble()) == (0, ""), noun
    made = ward.terminal.run("--db", other, "category", "list", "-o", "jsonl")
    paths = [json.loads(line)["path"] for line in made.text.splitlines()]
    assert max(path.count("/") for path in paths) == 7, "two thousand levels became eight"
    deep = ward.terminal.run("--db", other, "category", "add", "/".join("abcdefghij"))
    assert (deep.code, deep.trouble()) == (2, "")
    entries = ward.terminal.run("--db", other, "log", "--limit", "500", "-o", "jsonl")
    assert {json.loads(line)["actor"] for line in entries.text.splitlines()} <= {
        "import",
        "cy",
        "desk",
    }


def test_hostile_file_names_are_attached_by_their_safe_name(ward: Ward, tmp_path: Path) -> None:
    """A file system takes any byte but NUL and the slash; no terminal gets them as they are."""
    attached = 0
    for case in ward.cases:
        text = case.argument
        if case.where != "attachment name" or not text:
            continue
        name = text.replace("/", "_").encode()[:200].decode("utf-8", "ignore").lstrip(".")
        file = tmp_path / (name or "x")
        file.write_bytes(b"content")
        shown = ward.terminal.run("ticket", "note", "1", "--body", "see file", "--attach", file)
        assert (shown.code, shown.trouble()) == (0, ""), case.id
        attached += 1
        file.unlink()
        shown = ward.terminal.run("ticket", "note", "1", "--body", "gone", "--attach", file)
        assert shown.code in (2, 3), (case.id, shown)
        assert shown.trouble() == "", case.id
    assert attached >= 8
    shown = ward.terminal.run("ticket", "show", "1", "--full")
    assert (shown.code, shown.trouble()) == (0, "")


def test_an_export_is_exact_and_its_talk_is_clean(ward: Ward) -> None:
    folder = ward.folder / "export"
    shown = ward.terminal.run("export", folder)
    assert (shown.code, shown.trouble(progress=True)) == (0, ""), shown
    text = "".join(file.read_text() for file in folder.rglob("*.jsonl"))
    assert text.isascii()
    for case in ward.cases:
        inside = json.dumps(storable(case.payload))[1:-1]
        assert inside in text or json.dumps(json.dumps(storable(case.payload)))[3:-3] in text


# --- what single cases ask for beyond being harmless -----------------------------------------


def _found(ward: Ward, *words: str) -> int:
    shown = ward.terminal.run("ticket", "list", "-o", "jsonl", "--limit", "500", "--", *words)
    assert shown.code == 0, shown
    return len(shown.text.splitlines())


def test_sql_and_wildcards_are_words(ward: Ward) -> None:
    """H164, H165: bound parameters, no row more; % and _ are themselves."""
    total = _found(ward, "is:any")
    assert total >= len(ward.cases)
    assert _found(ward, "is:any", '"\' OR 1=1 --"') < total
    assert _found(ward, "is:any", '"%_%"') < total // 4
    assert ward.terminal.run("search", "--", "' OR 1=1 --").code == 0
    assert _found(ward, "is:any") == total


@pytest.mark.parametrize(
    "words", ['" OR NEAR( *', "NEAR(", "*", '"', "a AND", "^x", "{a b}", "(a+)+$"]
)
def test_no_search_syntax_reaches_the_index(ward: Ward, words: str) -> None:
    """H166, H168: an operator of FTS5 or tsquery is text, and no regular expression is taken."""
    shown = ward.terminal.run("search", "--", words)
    assert shown.code in (0, 2), shown
    assert shown.trouble() == ""
    for word in ("fts5", "syntax error", "sqlite", "tsquery"):
        assert word not in shown.text.lower()


def test_sort_keys_come_from_a_fixed_list(ward: Ward) -> None:
    """H167."""
    shown = ward.terminal.run("ticket", "list", "--sort", "priority; DROP TABLE ticket")
    assert shown.code == 2
    assert _found(ward, "is:any") >= len(ward.cases)


def test_a_text_that_starts_with_a_dash_is_a_text(ward: Ward) -> None:
    """H169: `--` is honoured and a subject may look like an option."""
    words = ("--from=dash@example.test", "--subject=--help", "-o", "json")
    shown = ward.terminal.run("ticket", "new", *words)
    assert shown.code == 0, shown
    number = json.JSONDecoder().raw_decode(shown.text)[0]["id"]  # told besides: who is new
    shown = ward.terminal.run("ticket", "show", number, "-o", "json")
    assert json.loads(shown.text)["subject"] == "--help"
    assert ward.terminal.run("ticket", "list", "--", "--help").code in (0, 2)


def test_one_event_is_one_line(ward: Ward) -> None:
    """H173: a line end in a text forges no line of a listing or of the log."""
    number = ward.tickets["H173"]
    for form in ("tsv", "jsonl"):
        shown = ward.terminal.run("log", "-o", form, "--limit", "500")
        assert not [line for line in shown.text.splitlines() if line.startswith("2026-01-01 INFO")]
        shown = ward.terminal.run("ticket", "list", f"-o{form}", "--limit", "500", "--", "is:any")
        starts = [line.split("\t")[0] for line in shown.text.splitlines()]
        if form == "tsv":
            assert starts.count(str(number)) == 1
            assert all(start.isdigit() for start in starts)


def test_a_guessed_number_and_no_number_answer_alike(ward: Ward) -> None:
    """H180: nothing is restricted yet; an unknown number says so and no more."""
    shown = ward.terminal.run("ticket", "show", "99999")
    assert shown.code == 3
    assert shown.text == "deskterm: there is no ticket #99999.\n"


def test_templates_are_never_taken_from_texts(ward: Ward) -> None:
    """H077, H172: letters show what stands in a text, letter for letter."""
    case = next(one for one in ward.cases if one.id == "H172")
    number = ward.tickets["H172"]
    assert ward.terminal.run("ticket", "reply", number, f"--body={case.payload}").code == 0
    shown = ward.terminal.run("mail", "preview", number)
    assert "{{ ''.__class__ }} {ticket.__init__.__globals__}" in shown.text
    assert "<class" not in shown.text


def test_the_editor_gets_an_argument_list_and_a_private_file(ward: Ward, tmp_path: Path) -> None:
    """H170: the ticket's text names no file and reaches no shell."""
    told = tmp_path / "told"
    editor = tmp_path / "my editor"
    editor.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$#" "$1" > "{told}"\nstat -c %a "$1" >> "{told}"\n'
        'printf "title: x\\n" >> "$1"\n'
    )
    editor.chmod(0o700)
    made = ward.terminal.run("solution", "new", "--title=sh -c evil", "--resolution=x", "-ojson")
    name = f"S{json.loads(made.text)['id']}"
    environment = {"EDITOR": f"'{editor}'", "DESKTERM_DB": ward.url, "DESKTERM_AS": "cy"}
    on_terminal("solution", "edit", name, environment={**environment, "NO_COLOR": "1"})
    count, file, mode = told.read_text().splitlines()
    assert count == "1"
    assert mode == "600"
    assert "evil" not in file
    assert not os.path.exists(file)


def test_a_pager_starts_no_shell_and_passes_no_control(ward: Ward) -> None:
    """H171: whatever the person's LESS says, text on a terminal lent to a pager cannot act."""
    from deskterm.screens.files import _for_pagers

    hostile = {"LESS": "-R", "LESSOPEN": "|sh %s", "PAGER": "less", "HOME": str(ward.folder)}
    assert _for_pagers(hostile) == {
        "PAGER": "less",
        "HOME": str(ward.folder),
        "LESSSECURE": "1",
    }
