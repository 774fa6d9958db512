"""Hostile text on tickets, through the commands, on a real pseudo-terminal, counted per case."""

import csv
import io
import json

import pytest

from deskterm.domain.text import cell_exact, clean, header_safe, storable
from tests.hostile.conftest import FORMATS, Ward
from tests.hostile.terminal import on_terminal

CASES = 93
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def test_every_case_became_a_ticket_and_nothing_reached_the_terminal(ward: Ward) -> None:
    assert len(ward.tickets) == len(ward.cases) == CASES


@pytest.mark.parametrize("form", FORMATS)
def test_listings_hold_no_foreign_byte(ward: Ward, form: str) -> None:
    every = ("--limit", "200", "-o", form)
    for words in (
        ("ticket", "list", "is:any", *every),
        ("ticket", "list", "is:any", "--columns", "id,subject,requester", *every),
        ("log", *every),
        ("person", "list", *every),
    ):
        shown = ward.terminal.run(*words)
        assert (shown.code, shown.trouble()) == (0, ""), words
        if form in ("json", "jsonl"):
            assert shown.text.isascii()
        if form in ("jsonl", "tsv") and words[0] == "ticket":
            assert len(shown.text.splitlines()) == CASES


def test_each_ticket_whole_is_clean_for_eyes_and_exact_for_programs(ward: Ward) -> None:
    for case in ward.cases:
        number = ward.tickets[case.id]
        page = ward.terminal.run("ticket", "show", number, "--full")
        assert (page.code, page.trouble()) == (0, ""), case.id
        record = json.loads(ward.terminal.run("ticket", "show", number, "-o", "json").text)
        assert record["body"] == storable(case.payload), case.id
        assert record["problem"] == storable(case.payload), case.id
        kept = {"hostile": storable(case.payload)} if case.payload else {}  # empty is none
        assert record["fields"] == kept, case.id
        if case.payload.isprintable() and case.payload.strip():
            assert case.payload.strip() in " ".join(page.text.split()) or len(case.payload) > 90


def test_subjects_are_kept_as_they_came(ward: Ward) -> None:
    lines = ward.terminal.run("ticket", "list", "is:any", "--limit", "200", "-o", "jsonl").text
    subjects = {record["id"]: record["subject"] for record in map(json.loads, lines.splitlines())}
    for case in ward.cases:
        assert subjects[ward.tickets[case.id]] == storable(case.payload or "empty"), case.id


def test_csv_starts_no_formula_and_its_texts_come_back(ward: Ward) -> None:
    text = ward.terminal.run("ticket", "list", "is:any", "--limit", "200", "-o", "csv").text
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == CASES
    by_number = {int(row["id"]): row for row in rows}
    for case in ward.cases:
        cell = by_number[ward.tickets[case.id]]["subject"]
        assert not cell.startswith(FORMULA), case.id
        assert cell_exact(cell) == clean(storable(case.payload or "empty")), case.id


def test_a_csv_that_was_exported_imports_to_the_same_texts(ward: Ward) -> None:
    """An imported subject is one line without space around it; nothing else may differ."""
    text = ward.terminal.run("ticket", "list", "is:any", "--limit", "200", "-o", "csv").text
    (ward.folder / "again.csv").write_text(text, encoding="utf-8", newline="")
    (ward.folder / "map.toml").write_text(
        'time = "%Y-%m-%dT%H:%M:%SZ"\n[columns]\n'
        'id = "id"\nsubject = "title"\nopened_at = "opened"\n'
    )
    other = f"sqlite:///{ward.folder / 'again.sqlite'}"
    assert ward.terminal.run("--db", other, "db", "init").code == 0
    files = (ward.folder / "again.csv", "--map", ward.folder / "map.toml")
    shown = ward.terminal.run("--db", other, "import", "tickets", *files, "-o", "json")
    assert (shown.code, shown.trouble(progress=True)) == (0, ""), shown
    query = ("ticket", "list", "is:any", "--limit", "200", "-o", "jsonl")
    lines = ward.terminal.run("--db", other, *query).text.splitlines()
    found = sorted(json.loads(line)["subject"] for line in lines)
    wanted = sorted(header_safe(clean(storable(c.payload or "empty"))) for c in ward.cases)
    assert found == wanted


def test_each_change_with_a_hostile_text_is_done_and_told_cleanly(ward: Ward) -> None:
    met = 0
    for case in ward.cases:
        text, number = case.argument, ward.tickets[case.id]
        if not text or not text.strip():
            continue
        met += 1
        changes: tuple[tuple[str, ...], ...] = (
            ("note", f"--body={text}"),
            ("reply", f"--body={text}"),
            ("set", f"--subject={text}", f"--reproduction={text}", f"--problem={text}"),
            ("escalate", "--group=second level", f"--summary={text}", f"--action={text}"),
            ("solve", f"--resolution={text}"),
        )
        for verb, *words in changes:
            shown = ward.terminal.run("ticket", verb, number, *words)
            assert (shown.code, shown.trouble()) == (0, ""), (case.id, verb, shown)
        for noun, *words in (("ticket", "show", "--full"), ("mail", "preview")):
            shown = ward.terminal.run(noun, words[0], number, *words[1:])
            assert (shown.code, shown.trouble()) == (0, ""), (case.id, noun)
    assert met == 89


def test_names_of_everything_are_clean_in_every_listing(ward: Ward) -> None:
    kept = 0
    for case in ward.cases:
        text = case.argument
        if not text or len(text) > 2_000:
            continue
        who = f"{case.id.lower()}@example.test"
        records: tuple[tuple[str, ...], ...] = (
            ("person", "set", who, f"--name={text}", f"--notes={text}", f"--device={text}"),
            ("category", "add", "--", text),
            ("field", "add", f"--label={text}", f"--choice={text}", "--", text),
            ("solution", "new", f"--title={text}", f"--symptoms={text}", f"--resolution={text}"),
            (("group", "add", "--", text), ("org", "add", "--", text))[len(text) % 2],
            ("view", "save", "--", text, "is:any"),
        )
        for words in records:
            shown = ward.terminal.run(*words)
            assert shown.code in (0, 2, 5), (case.id, words[:2], shown)
            assert shown.trouble() == "", (case.id, words[:2])
            kept += shown.code == 0
    assert kept > 250
    for noun in ("person", "category", "group", "org", "field", "view", "solution"):
        for form in FORMATS:
            shown = ward.terminal.run(noun, "list", "-o", form)
            assert (shown.code, shown.trouble()) == (0, ""), (noun, form)
    for number in (1, 2, 3, 20, 40):
        for noun, name in (("solution", f"S{number}"), ("person", f"#{number}")):
            shown = ward.terminal.run(noun, "show", name)
            assert (shown.code, shown.trouble()) == (0, ""), name


def test_style_is_the_only_escape_where_colour_is_allowed(ward: Ward) -> None:
    words = ("--db", ward.url, "ticket", "list", "is:any", "--limit", "200")
    shown = on_terminal(*words, environment={"NO_COLOR": ""})
    assert (shown.code, shown.trouble(styled=True)) == (0, "")
    assert "\x1b[1m" in shown.text
    plain = on_terminal(*words, environment={"NO_COLOR": "1"})
    assert (plain.code, plain.trouble()) == (0, "")
