"""What an export of another help desk holds, told to whoever is about to bring it in."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from deskterm.cli import output
from deskterm.cli.errors import say

if TYPE_CHECKING:
    from deskterm.services.importing import Imported
    from deskterm.services.importing.survey import Survey, Word

_SHOWN = 20


def looked(done: "Imported", format_: str | None) -> None:
    """Tell what would arrive, what is left out, what is guessed, and give a map to edit."""
    survey, source = done.survey, done.source
    if survey is None or source is None:
        return
    if output.chosen(format_) in ("json", "jsonl"):
        output.one(as_values(done), format_)
        return
    output.prose("\n".join(_lines(done, survey, source.left_out, source.guessed)))
    output.prose(f"\n# A map to edit: save it and give it with --map\n{done.mapping}")


def as_values(done: "Imported") -> dict[str, object]:
    """Give it all as plain values, for scripts."""
    survey, source = done.survey, done.source
    counts = done._asdict()
    for name in ("survey", "source", "operation_id", "repeated"):
        counts.pop(name)
    told = survey.told() if survey else {}
    if source is not None:
        told |= {"left_out": dict(source.left_out), "guessed": list(source.guessed)}
        told |= {"columns": dict(source.columns)}
    return {"operation": done.operation_id, **counts, "export": told}


def warned(done: "Imported") -> None:
    """Say on stderr what was left out, guessed and odd, after an import."""
    if done.source is not None:
        for name, many in done.source.left_out.most_common(_SHOWN):
            say(f"Left out: {name} ({many}).")
        for sentence in done.source.guessed:
            say(f"Guessed: {sentence}.")
    if done.survey is not None:
        for sentence in _flags(done.survey):
            say(f"{sentence}.")
    for sentence in done.failed[:_SHOWN]:
        say(f"deskterm: {sentence}")
    few(done.flags, len(done.failed) - _SHOWN)


def few(sentences: Iterable[str], more: int = 0) -> None:
    """Say the first sentences, and how many there are besides."""
    told = list(sentences)
    for sentence in told[:_SHOWN]:
        say(sentence)
    rest = max(0, more) + max(0, len(told) - _SHOWN)
    if rest:
        say(f"… and {rest} more like these.")


def _lines(
    done: "Imported", survey: "Survey", left_out: Mapping[str, int], guessed: Iterable[str]
) -> list[str]:
    here, new = survey.people()
    between = (
        f"opened {survey.oldest:%Y-%m-%d} to {survey.newest:%Y-%m-%d}" if survey.oldest else ""
    )
    states = ", ".join(f"{many} {name}" for name, many in sorted(survey.ends.items()))
    found = [
        "Arrives",
        f"  new tickets             {done.tickets:>9}   {between}",
        f"  here already, unchanged {done.already:>9}",
        f"  here already, changed   {done.changed:>9}",
        f"  work to do              {survey.is_open():>9}   {states}",
        f"  words, public           {survey.public:>9}",
        f"  words, internal         {survey.internal:>9}",
        f"  files                   {survey.files:>9}",
        f"  files only named        {survey.lost_files:>9}",
        f"  people, known here      {here:>9}",
        f"  people, new             {new:>9}",
        *_table("States: word, what it becomes, tickets", survey.states()),
        *_table("Urgency", survey.urgencies()),
        *_table("Owners", survey.owners()),
        *_table("Groups", survey.groups()),
        *_table("Fields", survey.fields()),
        "Left out",
        *([f"  {name} ({many})" for name, many in left_out.items()] or ["  nothing"]),
        *(f"  {sentence}" for sentence in done.failed[:_SHOWN]),
    ]
    if len(done.failed) > _SHOWN:
        found.append(f"  … and {len(done.failed) - _SHOWN} more like these")
    doubts = [*guessed, *_flags(survey)]
    found += ["Guessed or odd", *([f"  {one}" for one in doubts] or ["  nothing"])]
    return found


def _flags(survey: "Survey") -> list[str]:
    from deskterm.services.importing.survey import FLAGS

    return [f"tickets {FLAGS.get(name, name)} ({many})" for name, many in survey.flags.items()]


def _table(title: str, words: "list[Word]") -> list[str]:
    if not words:
        return []
    rows = [
        f"  {one.word[:40]:<40} {one.becomes:<24} {one.tickets:>7}{'' if one.sure else '  guess'}"
        for one in words[:_SHOWN]
    ]
    more = [f"  … and {len(words) - _SHOWN} more"] if len(words) > _SHOWN else []
    return [title, *rows, *more]
