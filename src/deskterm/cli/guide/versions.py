"""`deskterm guide import, versions, diff`: new versions of a guide, and what changed."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import ACROSS, Call, asking, changing_with, reading
from deskterm.cli.errors import say
from deskterm.cli.guide.convert import utf8_text
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.domain.errors import UsageError
from deskterm.guides.mermaid.chart import ChartError
from deskterm.guides.model import Finding, GuideError

CHARTS = (".mmd", ".mermaid", ".md")
_ID = Annotated[str, Argument(metavar="ID")]


@changing_with(ACROSS)
def import_(
    call: Call,
    file: Annotated[Path, Argument(metavar="FILE")],
    note: Annotated[str, Option(metavar="TEXT", help="Why it was changed.")] = "",
    client: Annotated[
        str | None, Option(metavar="NAME", help="Whose it is; empty: anybody's.")
    ] = None,
) -> None:
    """Put a guide on the desk; a text that differs becomes its next version.

    A Mermaid flowchart (.mmd, .md) is turned into a guide first, as `guide convert` does.
    """
    text = guide_text_of(file)
    with opened() as desk:
        try:
            done = desk.guides.add(text, str(file), note=note, client=client, how=asking(call))
        except GuideError as error:
            tell(list(error.findings), call._replace(output=call.output or "tsv"))
            raise UsageError(f"{file} was not imported: {error}{_hint(file)}") from None
    record = {"operation": done.operation_id, "note": "; ".join(done.notes), "dry_run": done.dry}
    if output.chosen(call.output) in ("json", "jsonl", "csv"):
        output.one(record | {"repeated": done.repeated}, call.output)
    for said in done.notes:
        say(("Would be: " if done.dry else "") + said)


@reading
def versions(call: Call, id_: _ID) -> None:
    """List the versions of a guide: who wrote each, when and why."""
    with opened() as desk:
        rows = desk.guides.versions(id_)
    names = ("version", "at", "author", "active", "note", "title")
    output.many([row._asdict() for row in rows], names, call.output)


def diff(
    id_: _ID,
    old: Annotated[
        int | None, Option("--from", metavar="N", help="Default: the one before.")
    ] = None,
    new: Annotated[int | None, Option("--to", metavar="M", help="Default: newest.")] = None,
) -> None:
    """Show what differs between two versions of a guide."""
    with opened() as desk:
        text = desk.guides.diff(id_, old, new)
    if text:
        output.prose(text)
    else:
        say("Nothing differs.")


def register(noun: Noun) -> None:
    """Add the verbs to `deskterm guide`."""
    noun.verb("import", "deskterm guide import our-vpn.yaml")(import_)
    noun.verb("versions", "deskterm guide versions vpn")(versions)
    noun.verb("diff", "deskterm guide diff vpn --from 1 --to 2")(diff)


def guide_text_of(file: Path) -> str:
    """Give the YAML of a guide file or a flowchart; raises UsageError with the line."""
    text = utf8_text(file)
    if file.suffix not in CHARTS:
        return text
    from deskterm.guides.mermaid.reader import read_chart
    from deskterm.guides.mermaid.to_guide import guide_text

    try:
        return guide_text(read_chart(text), file.stem)
    except ChartError as error:
        raise UsageError(f"{file}:{error.line}: {error.message}") from None


def _hint(file: Path) -> str:
    if file.suffix not in CHARTS:
        return ""
    return (
        f" (lines of the guide made from it: deskterm guide convert {file.name} -o yaml > "
        f"{file.stem}.yaml, complete it, import that)"
    )


def tell(found: list[Finding], call: Call) -> int:
    """Tell the findings; gives 2 where one is an error."""
    if output.chosen(call.output) in ("json", "jsonl", "csv"):
        records = [asdict(finding) for finding in found]
        output.many(records, ("file", "line", "severity", "message"), call.output)
    else:
        for finding in found:
            output.prose(str(finding))
    errors = sum(finding.severity == "error" for finding in found)
    say(f"{errors} errors, {len(found) - errors} warnings.")
    return 2 if errors else 0
