"""`deskterm guide …`: the shelf, checks, and walking a guide by numbered prompts."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import ACROSS, Call, changing_with, reading
from deskterm.cli.errors import say
from deskterm.cli.guide.convert import utf8_text
from deskterm.cli.guide.versions import tell
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.cli.targets import number
from deskterm.domain.errors import UsageError
from deskterm.guides.format import read
from deskterm.guides.lint import Surroundings, lint
from deskterm.guides.model import Finding, Guide
from deskterm.guides.trial import try_out

noun = Noun("guide", "Troubleshooting guides: walk, check, import.")
noun.later("convert", "versions", "stats")

_FILES = Annotated[list[Path], Argument(metavar="FILE...", help="YAML files.")]


@noun.verb("list", "deskterm guide list")
@reading
def list_(call: Call) -> None:
    """List the guides: the starter library and those imported."""
    with opened() as desk:
        lines = desk.guides.list()
    records = [asdict(line) for line in lines]
    output.many(records, ("id", "title", "version", "categories", "origin"), call.output)


@noun.verb("show", "deskterm guide show vpn")
@reading
def show(call: Call, id_: Annotated[str, Argument(metavar="ID")]) -> None:
    """Show a guide: what it asks, where each answer leads, how it ends."""
    from deskterm.cli.guide.pages import guide_page, guide_record

    with opened() as desk:
        guide = desk.guides.show(id_)
    if output.chosen(call.output) in ("json", "jsonl"):
        output.one(guide_record(guide), call.output)
    else:
        output.prose(guide_page(guide))


@noun.verb("lint", "deskterm guide lint our-vpn.yaml")
@reading
def lint_(
    call: Call,
    files: Annotated[list[Path] | None, Argument(metavar="[FILE...]")] = None,
) -> int:
    """Check guide files without a database; without a file, the guides on this desk."""
    if not files:
        with opened() as desk:
            return tell(list(desk.guides.check()), call)
    found: list[Finding] = []
    guides, findings = _read(files)
    found += findings
    around = Surroundings(_starters() | guides, today=datetime.now(UTC).date())
    for guide in guides.values():
        found += lint(guide, around)
    return tell(found, call)


@noun.verb("test", "deskterm guide test our-vpn.yaml")
@reading
def test(call: Call, files: _FILES) -> int:
    """Run the tests that stand inside guide files."""
    guides, findings = _read(files)
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        return tell(errors, call)
    library = _starters() | guides
    verdicts = [one for guide in guides.values() for one in try_out(guide, library)]
    failed = [verdict for verdict in verdicts if not verdict.passed]
    records = [asdict(verdict) | {"passed": verdict.passed} for verdict in verdicts]
    if output.chosen(call.output) in ("json", "jsonl", "csv"):
        output.many(records, ("guide", "line", "ends", "passed", "reason"), call.output)
    for one in failed:
        say(f"{guides[one.guide].file}:{one.line}: expected {one.ends}: {one.reason}")
    say(f"{len(verdicts) - len(failed)} of {len(verdicts)} tests passed.")
    return 1 if failed else 0


@noun.verb("export", "deskterm guide export vpn > vpn.yaml")
def export(id_: Annotated[str, Argument(metavar="ID")]) -> None:
    """Write the YAML text of a guide, as its author wrote it, to standard output."""
    with opened() as desk:
        text = desk.guides.export(id_)
    output.raw(text.encode("utf-8"))


@noun.verb("runs", "deskterm guide runs --ticket 12")
@reading
def runs(
    call: Call,
    ticket: Annotated[str | None, Option(metavar="N", help="Only of this ticket.")] = None,
    mine: Annotated[bool, Option("--mine", help="Only your own.")] = False,
) -> None:
    """List the runs that are not over."""
    with opened() as desk:
        rows = desk.runs.open_runs(number(ticket) if ticket else None, mine)
    names = ("id", "ticket_id", "slug", "title", "owner", "status", "updated_at")
    output.many([{name: getattr(row, name) for name in names} for row in rows], names, call.output)


@noun.verb("run", "deskterm guide run vpn --ticket 12")
@changing_with(ACROSS)
def run(
    call: Call,
    id_: Annotated[str, Argument(metavar="ID", help="The guide, or the number of a run.")],
    ticket: Annotated[
        str | None, Option(metavar="N", help="The ticket it is for; without: a rehearsal.")
    ] = None,
    answers: Annotated[
        str | None,
        Option(metavar="JSON", help='A list of answers, or {"node or fact": "answer"}.'),
    ] = None,
    group: Annotated[
        str, Option(metavar="G", help="Escalate to this group instead of the guide's.")
    ] = "",
    problem: Annotated[
        str, Option(metavar="P7", help="Where it ends in a problem: join this one.")
    ] = "",
) -> int:
    """Walk a guide by numbered prompts, or with the answers given; its end changes the ticket."""
    from deskterm.cli.guide.walk import Walker

    given = _answers(answers)
    with opened() as desk:
        walker = Walker(desk, call, group, problem)
        walker.begin(id_, number(ticket) if ticket else None)
        if given is not None:
            return walker.with_answers(given)
        return walker.by_prompt()


def _answers(text: str | None) -> list[str] | dict[str, str] | None:
    """Read --answers; raises UsageError."""
    if text is None:
        return None
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"--answers is no JSON: {error}.") from None
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        return [str(one) for one in value]
    if isinstance(value, dict) and all(isinstance(v, str | int | float) for v in value.values()):
        return {str(name): str(one) for name, one in value.items()}
    raise UsageError('--answers is a list such as ["Yes", 2] or an object {"node": "Yes"}.')


def _read(files: list[Path]) -> tuple[dict[str, Guide], list[Finding]]:
    """Read the files as far as they can be read; one id in two files is an error."""
    guides: dict[str, Guide] = {}
    found: list[Finding] = []
    for file in files:
        guide, remarks = read(utf8_text(file), str(file))
        found += remarks
        if guide is not None and guide.id in guides:
            words = f"id {guide.id!r} is that of {guides[guide.id].file} too: rename one"
            found.append(Finding(str(file), 1, "error", words))
        elif guide is not None:
            guides[guide.id] = guide
    return guides, found


def _starters() -> dict[str, Guide]:
    """Give the starter library, so that a file may lead through it."""
    from deskterm.services.starters import starter_texts

    guides = (read(text, f"{name}.yaml")[0] for name, text in starter_texts().items())
    return {guide.id: guide for guide in guides if guide is not None}
